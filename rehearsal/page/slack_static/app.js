// The page with Slack's look: whose eyes, which channel, which thread. Every part is built once here.

import { drawBlocks } from "./blockkit.js";
import { startClock } from "./clockbar.js";
import { announce, el, icon, toast } from "./dom.js";
import { startDrawer } from "./drawer.js";
import { Forms } from "./forms.js";
import { HOME, Places, supervises } from "./places.js";
import { Talk } from "./talk.js";
import { setClock, setZone } from "./time.js";
import * as wire from "./wire.js";
import { Workspace } from "./workspace.js";
import { Writing } from "./writing.js";

const byId = (id) => document.getElementById(id);
const key = (persona) => `${persona.team}/${persona.id}`;

class Page {
  constructor(told) {
    this.workspace = new Workspace(told.personas);
    this.channel = null;
    this.threadTs = null;
    this.unread = new Set();
    this.names = {
      user: (id) => this.workspace.name(id),
      channel: (id) => this.workspace.channels.get(id)?.name ?? "private-channel",
      open: (id, ts) => this.open(id, { thread: ts }),
    };
    const hands = {
      names: this.names,
      press: (message, action_id, chosen) => this.do("press", { ts: message.ts, action_id, ...given(chosen) }),
      openThread: (message) => this.openThread(message.thread_ts ?? message.ts),
      edit: (message) => this.edit(message),
      remove: (message) => this.do("delete", { channel_id: message.channel, ts: message.ts }),
      dismiss: (message) => this.dismiss(message),
      shortcut: (message, callback_id) =>
        this.do("shortcut", { channel_id: message.channel, ts: message.ts, callback_id }),
    };
    this.talk = new Talk(byId("messages"), this.workspace, hands);
    this.side = new Talk(byId("thread-messages"), this.workspace, hands);
    const hinted = () => ({ command: this.workspace.command, hints: this.workspace.hints });
    this.writing = new Writing(byId("composer"), "input", {
      send: (text) => this.ask("send", { channel_id: this.place(), text }),
      command: (text) => this.ask("command", { channel_id: this.place(), text }),
      hints: hinted,
      editLast: () => this.editLast(),
    });
    this.replying = new Writing(byId("thread-composer"), "thread-input", {
      send: (text) => this.ask("send", { channel_id: this.channel, text, thread_ts: this.threadTs }),
      command: null,
      hints: hinted,
      editLast: () => this.side.focusLast(),
    });
    this.forms = new Forms({
      names: this.names,
      channels: () => [...this.workspace.channels.values()].filter((channel) => !channel.is_im),
      act: (view_id, action_id, chosen) => this.do("press_in_view", { view_id, action_id, ...given(chosen) }),
      submit: (view_id, filled) => this.ask("submit", { view_id, given: filled }),
      close: (view_id) => this.do("close_view", { view_id }),
    });
    this.drawer = startDrawer();
    this.places = new Places(this.workspace, {
      become: (persona) => this.become(persona),
      open: (id) => this.open(id),
    });
    byId("thread-close").addEventListener("click", () => this.closeThread());
    byId("reload").addEventListener("click", () => this.reload());
    byId("retry").addEventListener("click", () => this.live?.retryNow());
    byId("thread").addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) this.closeThread();
    });
  }

  become(persona) {
    this.live?.close();
    this.live = new wire.Live(persona, {
      onReady: () => this.resync(persona),
      onEvent: (event) => this.heard(persona, event),
      onLost: () => (byId("lost").hidden = false),
    });
  }

  async resync(persona) {
    const mine = (this.syncing = Symbol("sync"));
    this.held = [];
    let snapshot;
    try {
      snapshot = await wire.snapshot(persona);
    } catch (problem) {
      if (!(problem instanceof wire.Refused)) throw problem;
      return this.live.again();
    }
    if (mine !== this.syncing) return undefined;
    const held = this.held;
    this.held = null;
    const arrived = this.workspace.me !== persona;
    setClock(snapshot.clock);
    this.workspace.load(persona, snapshot);
    byId("lost").hidden = true;
    if (arrived) this.arrive(persona);
    else this.draw();
    this.forms.show(this.workspace.views);
    for (const event of held) this.heard(persona, event);
    return undefined;
  }

  arrive(persona) {
    const root = document.documentElement;
    root.style.setProperty("--persona", persona.avatar_color);
    root.dataset.role = supervises(persona) ? "supervisor" : "trainee";
    byId("who").replaceChildren(
      icon(supervises(persona) ? "shield" : "eye"),
      el("span", {}, "You are ", el("b", { text: persona.name })),
      el("span", { class: "role", text: root.dataset.role }),
    );
    byId("workspace").textContent = this.workspace.team.name;
    sessionStorage.setItem("slack-as", key(persona));
    announce(`You are ${persona.name}, ${root.dataset.role}`);
    this.unread.clear();
    this.closeThread({ quiet: true });
    const asked = new URLSearchParams(location.search).get("channel") ?? this.channel;
    const known = this.workspace.channels.get(asked) ? asked : asked === HOME ? HOME : null;
    const first = [...this.workspace.channels.values()].find((channel) => this.workspace.top(channel.id).length);
    this.channel = null;
    this.open(known ?? first?.id ?? [...this.workspace.channels.keys()][0]);
  }

  open(id, { thread = null } = {}) {
    if (id !== HOME && !this.workspace.channels.has(id)) return toast("You cannot see that channel.");
    this.drawer.close();
    const changed = this.channel !== id;
    this.channel = id;
    this.unread.delete(id);
    if (changed) this.closeThread({ quiet: true });
    const asked = new URLSearchParams({ team: this.workspace.team.id, as: this.workspace.me.id, channel: id });
    history.replaceState(null, "", `/slack/?${asked}`);
    if (id === HOME) this.do("open_home");
    this.draw({ toEnd: changed });
    if (thread) this.openThread(thread);
    else if (matchMedia("(pointer: fine)").matches && !document.querySelector("dialog[open]")) byId("input").focus();
    return undefined;
  }

  /** Where a command or message goes: her home belongs to the direct messages with the bot. */
  place() {
    return this.channel === HOME ? (this.workspace.direct()?.id ?? HOME) : this.channel;
  }

  draw({ toEnd = false } = {}) {
    this.places.draw(this.channel, this.unread);
    const { workspace } = this;
    const atHome = this.channel === HOME;
    const channel = workspace.channels.get(this.channel);
    const app = atHome || channel?.is_im;
    const name = app ? workspace.bot.name : (channel?.name ?? "…");
    document.title = `${name} · ${workspace.me.name} · Slack rehearsal`;
    byId("title").replaceChildren(icon(app ? "apps" : channel?.is_private ? "lock" : "hash"), el("h1", { text: name }));
    byId("topic").textContent = app
      ? "The app. Nobody else sees this."
      : channel?.is_ext_shared
        ? "Shared with another organisation"
        : channel?.is_private
          ? "Private channel"
          : "";
    this.drawTabs(app);
    byId("messages").hidden = atHome;
    byId("home").hidden = !atHome;
    byId("composer").hidden = atHome;
    if (atHome) this.drawHome();
    else this.talk.show(workspace.top(this.channel), { toEnd });
    if (channel) {
      const shut = channel.is_archived ? "This channel is archived." : "";
      this.writing.place(`Message ${app ? name : `#${name}`}`, { shut });
    }
    if (this.threadTs) this.drawThread({ toEnd });
  }

  drawTabs(app) {
    const tabs = byId("tabs");
    tabs.hidden = !app;
    if (!app) return;
    const direct = this.workspace.direct();
    const tab = (id, label) =>
      el("button", {
        type: "button",
        role: "tab",
        class: "tab",
        text: label,
        "aria-selected": String(this.channel === id),
        on: { click: () => this.open(id) },
      });
    tabs.replaceChildren(tab(HOME, "Home"), direct ? tab(direct.id, "Messages") : "");
  }

  drawHome() {
    const { home } = this.workspace;
    const act = (action_id, chosen) => this.do("press_in_view", { view_id: home.id, action_id, ...given(chosen) });
    byId("home").replaceChildren(
      ...(home ? drawBlocks(home.blocks, { names: this.names, act }) : [el("p", { class: "topic", text: "One moment …" })]),
    );
  }

  openThread(ts) {
    this.threadTs = ts;
    byId("thread").hidden = false;
    byId("thread-place").textContent = `#${this.workspace.channels.get(this.channel)?.name ?? ""}`;
    this.drawThread({ toEnd: true });
    byId("thread-input").focus();
  }

  drawThread({ toEnd = false } = {}) {
    const root = this.workspace.message(this.channel, this.threadTs);
    const replies = this.workspace.replies(this.channel, this.threadTs);
    this.side.show([root, ...replies].filter(Boolean), { threads: false, toEnd });
    this.replying.place("Reply …");
  }

  closeThread({ quiet = false } = {}) {
    this.threadTs = null;
    byId("thread").hidden = true;
    if (!quiet) byId("input").focus();
  }

  heard(persona, event) {
    if (event.type === "clock") return setClock(event.data.iso);
    if (this.held) return this.held.push(event);
    if (persona !== this.workspace.me) return undefined;
    const touched = this.workspace.apply(event);
    if (touched === "places") return this.resync(persona);
    if (touched === "view") return this.forms.show(this.workspace.views);
    const { data } = event;
    if (event.type === "message" || event.type === "ephemeral") {
      if (data.channel !== this.channel) this.unread.add(data.channel);
      else if (data.user !== persona.id) announce(`${this.workspace.name(data.user)}: ${data.text}`.slice(0, 300));
    }
    // What answers her, and what she says herself, she sees at once.
    return this.draw({ toEnd: event.type === "ephemeral" || (event.type === "message" && data.user === persona.id) });
  }

  /** Do something as the person; what is refused is shown. */
  async do(verb, args) {
    try {
      return await this.ask(verb, args);
    } catch (problem) {
      return toast(problem.message, { error: true });
    }
  }

  ask(verb, args) {
    return wire.act(this.workspace.me, verb, args);
  }

  dismiss(message) {
    this.workspace.messages.get(message.channel)?.delete(message.ts);
    this.draw();
    byId("input").focus();
  }

  edit(message) {
    const row = document.querySelector(`[data-ts="${message.ts}"] .block-text`);
    if (!row) return;
    const box = el("textarea", { class: "field editing-box", "aria-label": "Edit message", rows: 2 });
    box.value = message.text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
    row.replaceChildren(box, el("p", { class: "hint", text: "Enter saves, Escape leaves it as it was" }));
    box.focus();
    box.addEventListener("keydown", async (event) => {
      event.stopPropagation();
      if (event.key === "Escape") this.draw();
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      await this.do("edit", { channel_id: message.channel, ts: message.ts, text: box.value });
      this.draw();
      byId("input").focus();
    });
  }

  editLast() {
    const own = this.workspace.top(this.channel).filter((message) => message.user === this.workspace.me.id);
    if (own.length) this.edit(own.at(-1));
    else this.talk.focusLast();
  }

  async reload() {
    await this.do("reload");
    toast("Reloaded, as Slack does it: notes that only you see are gone. A card of care stays in your direct messages.");
  }
}

const given = (chosen) => (chosen === undefined ? {} : { chosen });

async function start() {
  let told;
  try {
    told = await wire.personas();
  } catch (problem) {
    byId("lost").hidden = false;
    setTimeout(start, 2000);
    return announce(problem.message);
  }
  startClock();
  setZone(told.zone);
  byId("neighbour").hidden = !told.discord;
  const page = new Page(told);
  const asked = new URLSearchParams(location.search);
  const everybody = page.workspace.personas;
  const wanted = [`${asked.get("team")}/${asked.get("as")}`, sessionStorage.getItem("slack-as")];
  const persona = wanted.map((each) => everybody.get(each)).find(Boolean) ?? told.personas[0];
  if (!persona) return toast("There is nobody in this rehearsal yet.", { error: true });
  return page.become(persona);
}

start();
