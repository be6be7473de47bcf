// The page: whose eyes, which place, and who hears what. Every part is built once here and wired together.

import * as api from "./api.js";
import { startClock } from "./clockbar.js";
import { Composer } from "./composer.js";
import { announce, el, icon, toast } from "./dom.js";
import { startDrawer } from "./drawer.js";
import { startGuide } from "./guide.js";
import { Interactions } from "./interactions.js";
import { closeListbox } from "./listbox.js";
import { closeMenu, openMenu } from "./menu.js";
import { openModal } from "./modal.js";
import { Sidebar } from "./sidebar.js";
import { World } from "./state.js";
import { setClock, setZone } from "./time.js";
import { Timeline } from "./timeline.js";
import { editInPlace } from "./editing.js";

const TYPING_SHOWN = 8000;
const byIdOf = (id) => document.getElementById(id);

class Page {
  constructor(world) {
    this.world = world;
    this.channel = null;
    this.names = {
      user: (id) => world.user(id)?.name ?? null,
      role: (id) => world.roles.get(id)?.name.replace(/^@/, "") ?? null,
      channel: (id) => (world.place(id) ? world.title(world.place(id)) : null),
      open: (id) => this.open(id),
    };
    this.interactions = new Interactions();
    this.interactions.openModal = (modal) => this.modal(modal);
    this.timeline = new Timeline(world, this.desk(), this.interactions);
    this.composer = new Composer(world, this.interactions, {
      names: this.names,
      onEmptyUp: () => this.editLast(),
    });
    this.drawer = startDrawer();
    this.sidebar = new Sidebar(world, {
      become: (persona) => this.become(persona.id),
      open: (id) => this.open(id),
      openDm: () => this.openDm(),
    });
    world.addEventListener("messages", ({ detail }) => this.heardMessage(detail));
    world.addEventListener("places", () => this.placesChanged());
    window.addEventListener("popstate", () => this.follow());
    byIdOf("retry").addEventListener("click", () => this.live?.retryNow());
  }

  /** What a message may ask of the page. */
  desk() {
    return {
      world: this.world,
      names: this.names,
      dismiss: (message) => this.remove(message),
      remove: (message) => this.remove(message),
      reply: (message) => this.composer.reply(message),
      edit: (message, node) => this.edit(message, node),
      openThread: (id) => this.open(id),
      openMenu: (message, anchor) =>
        openMenu(message, anchor, {
          world: this.world,
          place: this.world.place(this.channel),
          hands: {
            reply: (one) => this.composer.reply(one),
            use: (command, target) => this.composer.run(command.name, { target_id: target }),
          },
        }),
    };
  }

  /** See the world through another person's eyes. */
  async become(id, wanted = null) {
    if (id === this.world.me?.id) return;
    const persona = this.world.personas.get(id);
    const before = this.channel;
    this.live?.close();
    this.interactions.abandon();
    closeMenu();
    closeListbox();
    this.live = new api.Live(id, {
      onReady: () => this.resync(persona, wanted ?? before),
      onEvent: (event) => this.heard(event),
      onLost: () => this.lost(),
    });
  }

  /**
   * Read everything anew; the first time for a persona this is also what shows her. Done when it has been
   * read, be it by a later reading that overtook this one.
   */
  resync(persona, wanted = null) {
    return (this.synced = this.readAnew(persona, wanted));
  }

  async readAnew(persona, wanted) {
    const mine = (this.syncing = Symbol("sync"));
    this.held = [];
    try {
      const snapshot = await api.snapshot(persona.id);
      if (mine !== this.syncing) return await this.synced;
      const arrived = this.world.me?.id !== persona.id;
      if (arrived) this.channel = null; // what the persona before had open is none of hers until she arrives
      const held = this.held;
      this.held = null;
      setClock(snapshot.clock);
      this.world.load(persona, snapshot);
      byIdOf("lost").hidden = true;
      if (arrived) this.arrive(persona, wanted);
      for (const event of held) this.heard(event);
      this.timeline.refresh();
    } catch (problem) {
      if (mine !== this.syncing) return await this.synced;
      this.held = null;
      if (!(problem instanceof api.Refused)) throw problem;
      this.live.again();
    }
  }

  arrive(persona, wanted) {
    const root = document.documentElement;
    root.style.setProperty("--persona", persona.avatar_color);
    root.dataset.role = persona.role;
    byIdOf("who").replaceChildren(
      icon(persona.role === "supervisor" ? "shield" : "eye"),
      el("span", {}, "You are ", el("b", { text: persona.name })),
      el("span", { class: "role", text: persona.role }),
    );
    byIdOf("guild").textContent = this.world.guild?.name ?? "Rehearsal";
    sessionStorage.setItem("as", persona.id);
    announce(`You are ${persona.name}, ${persona.role}`);
    const home = this.world.home();
    if (wanted && !this.world.place(wanted) && this.asked === wanted)
      toast(`${persona.name} cannot see that place.`);
    this.asked = null;
    const target = this.world.place(wanted)
      ? wanted
      : (sessionStorage.getItem(`channel-${persona.id}`) ?? home);
    this.open(this.world.place(target) ? target : home, { replace: this.started !== true });
    this.started = true;
  }

  open(id, { replace = false, quiet = false } = {}) {
    const place = this.world.place(id);
    if (!place) return;
    this.drawer.close();
    this.channel = id;
    sessionStorage.setItem(`channel-${this.world.me.id}`, id);
    const address = `/?${new URLSearchParams({ as: this.world.me.id, channel: id })}`;
    if (!quiet && address !== location.pathname + location.search)
      history[replace ? "replaceState" : "pushState"](null, "", address);
    this.world.markRead(this.world.me.id, id);
    this.sidebar.show(id);
    this.title(place);
    this.composer.open(place);
    this.timeline.open(id);
    this.showTyping(null);
    if (matchMedia("(pointer: fine)").matches && !document.querySelector("dialog[open]"))
      byIdOf("input").focus();
  }

  title(place) {
    const glyph = place.with ? "at" : this.world.isThread(place) ? "thread" : "hash";
    const name = this.world.title(place);
    document.title = `${place.with ? "@" : "#"}${name} · ${this.world.me.name} · Third Chair rehearsal`;
    const parent = this.world.isThread(place) ? this.world.place(place.parent_id) : null;
    const back =
      parent &&
      el("button", {
        type: "button",
        class: "crumb",
        text: `#${parent.name}`,
        "aria-label": `Back to #${parent.name}`,
        on: { click: () => this.open(parent.id) },
      });
    byIdOf("title").replaceChildren(
      ...[
        back,
        back && el("span", { class: "crumb-sign", "aria-hidden": "true", text: "›" }),
        icon(glyph),
        el("h1", { text: name }),
      ].filter(Boolean),
    );
    byIdOf("topic").textContent =
      place.topic ?? (place.with ? "Between you and the bot. Nobody else sees this." : "");
    byIdOf("welcome-title").textContent = place.with ? name : this.world.isThread(place) ? name : `#${name}`;
  }

  follow() {
    const asked = new URLSearchParams(location.search);
    const [as, channel] = [asked.get("as"), asked.get("channel")];
    if (as && as !== this.world.me.id && this.world.personas.has(as)) this.become(as, channel);
    else if (channel) this.open(channel, { quiet: true });
  }

  heard(event) {
    const { type, data } = event;
    if (type === "elsewhere") return this.world.markUnread(data.persona, data.channel_id, data.direct);
    if (this.interactions.hear(event)) return undefined;
    if (type === "clock") return setClock(data.iso);
    if (type === "typing") return this.showTyping(data);
    if (this.held) return this.held.push(event);
    if (!this.world.apply(event)) {
      if (type === "message_create") this.markUnread(data);
      this.resyncSoon();
    }
    return undefined;
  }

  /** Channels, rights or commands moved: several such events come together, one snapshot tells them all. */
  resyncSoon() {
    clearTimeout(this.soon);
    const { me } = this.world;
    this.soon = setTimeout(() => me && this.world.me === me && this.resync(me), 60);
  }

  heardMessage(detail) {
    if (detail.channel === this.channel) {
      this.timeline.changed(detail);
      if (detail.kind === "create" && detail.message.author.id !== this.world.me.id) this.showTyping(null);
    } else if (detail.message.id === this.channel) {
      this.timeline.refresh();
    } else if (detail.kind === "create") {
      this.markUnread(detail.message);
    }
  }

  /** Mark the place of a message that is not on the screen; only a server's messages carry its id. */
  markUnread(message) {
    const { me } = this.world;
    if (message.author.id === me.id) return;
    const direct = !message.guild_id || (message.mentions ?? []).some((user) => user.id === me.id);
    this.world.markUnread(me.id, message.channel_id, direct);
  }

  placesChanged() {
    if (this.channel === null) return;
    const place = this.world.place(this.channel);
    if (!place) {
      toast("That place is gone, or you may no longer see it.");
      return this.open(this.world.home());
    }
    this.title(place);
    this.composer.place = place;
    this.composer.refresh();
    return undefined;
  }

  lost() {
    byIdOf("lost").hidden = false;
    this.interactions.abandon();
  }

  async openDm() {
    this.composer.leaving(true);
    try {
      const dm = await api.act(this.world.me.id, "open_dm");
      await this.resync(this.world.me);
      this.open(dm.id);
    } catch (problem) {
      toast(problem.message, { error: true });
    }
    this.composer.leaving(false);
  }

  async remove(message) {
    if (message.local) return this.world.remove(message.channel_id, message.id);
    try {
      await api.act(this.world.me.id, "delete", { message_id: message.id });
      this.world.remove(message.channel_id, message.id);
    } catch (problem) {
      toast(problem.message, { error: true });
    }
    byIdOf("input").focus();
    return undefined;
  }

  editLast() {
    const own = this.world
      .in(this.channel)
      .filter((message) => message.author?.id === this.world.me.id)
      .at(-1);
    if (!own) return this.timeline.focusLast();
    const { node } = this.timeline.drawn.get(own.id);
    return this.edit(own, node);
  }

  edit(message, node) {
    const done = () => {
      this.timeline.refresh();
      byIdOf("input").focus();
    };
    editInPlace(message, node, { world: this.world, done });
  }

  modal(modal) {
    closeListbox();
    openModal(modal, {
      world: this.world,
      names: this.names,
      submit: (values) =>
        this.interactions.begin(this.world.me.id, "submit_modal", { modal_id: modal.modal_id, values }),
    });
  }

  showTyping(data) {
    const line = byIdOf("typing");
    clearTimeout(this.typingTimer);
    line.textContent = "";
    if (!data || data.channel_id !== this.channel || data.user_id === this.world.me.id) return;
    line.textContent = `${this.names.user(data.user_id) ?? "Somebody"} is typing…`;
    this.typingTimer = setTimeout(() => this.showTyping(null), TYPING_SHOWN);
  }
}

async function start() {
  startClock();
  startGuide();
  const asked = new URLSearchParams(location.search);
  let told;
  try {
    told = await api.personas();
  } catch (problem) {
    byIdOf("lost").hidden = false;
    setTimeout(start, 2000);
    return announce(problem.message);
  }
  setZone(told.zone);
  byIdOf("neighbour").hidden = !told.slack;
  const page = new Page(new World(told.personas));
  const known = (id) => told.personas.some((persona) => persona.id === id);
  const as = [asked.get("as"), sessionStorage.getItem("as"), told.personas[0]?.id].find(known);
  if (!as) return toast("There is nobody in this rehearsal yet.", { error: true });
  page.asked = asked.get("channel");
  return page.become(as, asked.get("channel"));
}

start();
