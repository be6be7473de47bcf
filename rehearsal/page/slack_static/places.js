// Who one is and where one can go: the rail of personas, channels, direct messages and the app.

import { el, icon, rove } from "./dom.js";
import { avatar } from "./pieces.js";

export const HOME = "home";
export const supervises = (persona) => persona.channels.includes("supervisors");

export class Places {
  /** `hands` is {become(persona), open(channel)}. */
  constructor(workspace, hands) {
    this.workspace = workspace;
    this.hands = hands;
    this.rail = document.getElementById("personas");
    this.nav = document.getElementById("places");
    rove(this.rail, ".persona");
    rove(this.nav, ".place");
  }

  draw(current, unread) {
    const focused = document.activeElement?.dataset?.key;
    const everybody = [...this.workspace.personas.values()];
    const trainees = everybody.filter((persona) => !supervises(persona));
    this.rail.replaceChildren(
      ...this.group("Trainees", trainees),
      ...this.group("Supervisors", everybody.filter(supervises)),
    );
    const { workspace } = this;
    const channels = [...workspace.channels.values()].filter((channel) => !channel.is_im);
    const direct = workspace.direct();
    const place = (id, label, glyph) => this.place(id, label, glyph, current, unread);
    this.nav.replaceChildren(
      el("div", { class: "nav-title", text: "Channels" }),
      ...channels.map((channel) => place(channel.id, channel.name, channel.is_private ? "lock" : "hash")),
      el("div", { class: "nav-title", text: "Direct messages" }),
      direct ? place(direct.id, workspace.bot.name, "at") : el("p", { class: "nav-note", text: "None yet" }),
      el("div", { class: "nav-title", text: "Apps" }),
      place(HOME, `${workspace.bot.name} home`, "apps"),
    );
    if (focused) document.querySelector(`.sidebar [data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  group(title, who) {
    return [el("div", { class: "rail-title", text: title }), ...who.map((persona) => this.persona(persona))];
  }

  persona(persona) {
    const me = persona === this.workspace.me;
    const role = supervises(persona) ? "supervisor" : "trainee";
    const label = `${me ? "You are" : "Become"} ${persona.name}, ${role}`;
    return el(
      "button",
      {
        type: "button",
        class: `persona persona-${role}`,
        tabindex: me ? 0 : -1,
        "aria-label": label,
        "aria-current": me ? "true" : null,
        title: label,
        data: { key: `${persona.team}/${persona.id}` },
        style: { "--avatar": persona.avatar_color },
        on: { click: () => me || this.hands.become(persona) },
      },
      avatar({ name: persona.name, color: persona.avatar_color }),
      el("span", { class: "persona-name", text: persona.name }),
    );
  }

  place(id, label, glyph, current, unread) {
    const isNew = unread.has(id);
    return el(
      "button",
      {
        type: "button",
        class: `place ${isNew ? "place-unread" : ""}`,
        tabindex: current === id ? 0 : -1,
        "aria-current": current === id ? "page" : null,
        data: { key: id },
        on: { click: () => this.hands.open(id) },
      },
      icon(glyph),
      el("span", { class: "place-name", text: label }),
      isNew && el("span", { class: "unread", role: "img", "aria-label": "something new" }),
    );
  }
}
