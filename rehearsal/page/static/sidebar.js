// Who one is and where one can go: the rail of personas and the list of channels, threads and direct messages.

import { el, icon, rove } from "./dom.js";
import { avatar } from "./pieces.js";

const UNREAD_WORDS = { new: ", something new", direct: ", something new for you" };

export class Sidebar {
  /** `hands` is {become(persona), open(channel), openDm()}. */
  constructor(world, hands) {
    this.world = world;
    this.hands = hands;
    this.rail = document.getElementById("personas");
    this.nav = document.getElementById("places");
    this.current = null;
    rove(this.rail, ".persona");
    rove(this.nav, ".place");
    world.addEventListener("places", () => this.draw());
    world.addEventListener("unread", () => this.draw());
  }

  /** Mark the place that is open. */
  show(channel) {
    this.current = channel;
    this.draw();
  }

  draw() {
    if (!this.world.me) return;
    const focused = document.activeElement?.dataset?.key;
    this.rail.replaceChildren(...this.personas());
    this.nav.replaceChildren(...this.places());
    for (const box of [this.rail, this.nav]) {
      const stop = box.querySelector("[aria-current]") ?? box.querySelector("button");
      if (stop) stop.tabIndex = 0;
    }
    if (focused) document.querySelector(`.sidebar [data-key="${focused}"]`)?.focus();
  }

  personas() {
    const everybody = [...this.world.personas.values()];
    const group = (title, role) => [
      el("div", { class: "rail-title", text: title }),
      ...everybody.filter((persona) => persona.role === role).map((persona) => this.persona(persona)),
    ];
    return [...group("Trainees", "trainee"), ...group("Supervisors", "supervisor")];
  }

  persona(persona) {
    const me = persona.id === this.world.me.id;
    const unread = me ? "" : this.world.unreadState(persona.id);
    const label = `${me ? "You are" : "Become"} ${persona.name}, ${persona.role}${UNREAD_WORDS[unread] ?? ""}`;
    return el(
      "button",
      {
        type: "button",
        class: `persona persona-${persona.role}`,
        tabindex: -1,
        "aria-label": label,
        title: label,
        "aria-current": me ? "true" : null,
        data: { key: `persona-${persona.id}` },
        style: { "--avatar": persona.avatar_color },
        on: { click: () => this.hands.become(persona) },
      },
      avatar({ name: persona.name, color: persona.avatar_color }),
      el("span", { class: "persona-name", text: persona.name }),
      unread ? el("span", { class: `unread unread-${unread}` }) : null,
    );
  }

  places() {
    const { world } = this;
    const out = [el("div", { class: "nav-title", text: "Text channels" })];
    for (const channel of world.channels.values()) {
      out.push(this.place(channel, "hash", channel.name));
      const threads = world.threadsOf(channel.id);
      const shown = threads.filter((thread) => !thread.archived || thread.id === this.current);
      out.push(
        ...shown.map((thread) =>
          this.place(thread, thread.locked ? "lock" : "thread", thread.name, "place-thread"),
        ),
      );
      const hidden = threads.length - shown.length;
      if (hidden)
        out.push(
          el("div", {
            class: "nav-note",
            text: `${hidden} archived ${hidden === 1 ? "thread" : "threads"}: open from the message`,
          }),
        );
    }
    out.push(el("div", { class: "nav-title", text: "Direct messages" }));
    const dms = [...world.dms.values()];
    out.push(...dms.map((dm) => this.place(dm, "at", world.title(dm))));
    if (dms.length === 0)
      out.push(
        el(
          "button",
          {
            type: "button",
            class: "place",
            tabindex: -1,
            data: { key: "dm" },
            on: { click: () => this.hands.openDm() },
          },
          icon("at"),
          el("span", { class: "place-name", text: world.bot.username }),
        ),
      );
    return out;
  }

  place(place, glyph, name, extra = "") {
    const unread = place.id === this.current ? "" : this.world.unreadState(this.world.me.id, place.id);
    return el(
      "button",
      {
        type: "button",
        class: `place ${extra} ${unread ? "place-unread" : ""}`,
        tabindex: -1,
        "aria-current": place.id === this.current ? "page" : null,
        "aria-label": `${name}${place.locked ? ", locked" : ""}${UNREAD_WORDS[unread] ?? ""}`,
        data: { key: `place-${place.id}` },
        on: { click: () => this.hands.open(place.id) },
      },
      icon(glyph),
      el("span", { class: "place-name", text: name }),
      unread ? el("span", { class: `unread unread-${unread}` }) : null,
    );
  }
}
