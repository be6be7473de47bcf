// What one person can see right now, kept up to date by the live events. No drawing here: views listen to
// "places" (channel lists, commands, rights), "messages" (detail: channel, message, kind) and "unread".

const TEXT_KINDS = new Set([0, 5]);
const THREAD_KINDS = new Set([10, 11, 12]);
const EPHEMERAL = 64;

/** Order of two snowflakes, which are too long for numbers. */
export const byId = (a, b) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

export const nameOf = (user) => user.global_name ?? user.username;

export class World extends EventTarget {
  constructor(personas) {
    super();
    this.personas = new Map(personas.map((persona) => [persona.id, persona]));
    this.me = null;
    this.guild = null;
    this.bot = null;
    this.roles = new Map();
    this.channels = new Map();
    this.threads = new Map();
    this.dms = new Map();
    this.commands = [];
    this.messages = new Map();
    this.complete = new Set();
    this.unread = readUnread();
  }

  /** Take over everything `persona` sees; older messages that were read back earlier are kept. */
  load(persona, snapshot) {
    const same = this.me?.id === persona.id;
    this.me = persona;
    this.guild = snapshot.guild;
    this.bot = snapshot.bot;
    this.roles = new Map(snapshot.roles.map((role) => [role.id, role]));
    this.channels = byKey(snapshot.channels);
    this.threads = byKey(snapshot.threads);
    this.dms = byKey(snapshot.dms);
    this.commands = snapshot.commands;
    if (!same) {
      this.messages = new Map();
      this.complete = new Set();
    }
    for (const [channel, recent] of Object.entries(snapshot.messages)) {
      const window = recent[0]?.id;
      const kept = same
        ? this.in(channel).filter((message) => message.local || (window && byId(message.id, window) < 0))
        : [];
      const whole = [...kept, ...recent, ...(snapshot.ephemerals[channel] ?? [])];
      this.messages.set(channel, new Map(whole.map((message) => [message.id, message])));
      if (recent.length < 50 && kept.length === 0) this.complete.add(channel);
    }
    this.tell("places");
    this.tell("unread");
  }

  place(id) {
    return this.channels.get(id) ?? this.threads.get(id) ?? this.dms.get(id) ?? null;
  }

  /** The messages of a place, oldest first. */
  in(channel) {
    return [...(this.messages.get(channel)?.values() ?? [])].sort((a, b) => byId(a.id, b.id));
  }

  message(channel, id) {
    return this.messages.get(channel)?.get(id) ?? null;
  }

  title(place) {
    return place.with ? nameOf(place.with) : place.name;
  }

  isThread(place) {
    return THREAD_KINDS.has(place.type);
  }

  canSend(place) {
    return place.can_send ?? !place.locked;
  }

  user(id) {
    const persona = this.personas.get(id);
    if (persona) return { id, name: persona.name, color: persona.avatar_color, bot: false };
    if (this.bot?.id === id) return { id, name: nameOf(this.bot), color: "#4f63d9", bot: true };
    return null;
  }

  /** Everybody, the bot last. */
  users() {
    return [...this.personas.keys(), this.bot?.id].filter(Boolean).map((id) => this.user(id));
  }

  /** The default place: the first channel that has something in it, else the first. */
  home() {
    const places = [...this.channels.values()].filter((place) => TEXT_KINDS.has(place.type));
    return (places.find((place) => this.in(place.id).length) ?? places[0])?.id ?? null;
  }

  threadsOf(channel) {
    return [...this.threads.values()]
      .filter((thread) => thread.parent_id === channel)
      .sort((a, b) => byId(a.id, b.id));
  }

  /** Apply one live event; returns false when only a fresh snapshot can tell the rest. */
  apply({ type, data }) {
    const [about, happened] = type.split(/_(?=[a-z]+$)/);
    if (about !== "message" && about !== "ephemeral") return false;
    if (!this.place(data.channel_id)) return false;
    if (happened === "delete") this.remove(data.channel_id, data.id);
    else this.put(data, happened);
    return true;
  }

  put(message, kind) {
    const channel = message.channel_id;
    if (!this.messages.has(channel)) this.messages.set(channel, new Map());
    const known = this.messages.get(channel);
    // Both the answer to a request and the socket tell of one's own message: the second tells nothing new.
    if (known.has(message.id) === (kind === "create")) return;
    const fresh = !known.has(message.id);
    known.set(message.id, message);
    if (fresh && !(message.flags & EPHEMERAL)) this.count(channel, 1);
    this.tell("messages", { channel, message, kind: fresh ? "create" : "update" });
  }

  remove(channel, id) {
    const message = this.message(channel, id);
    if (!message) return;
    this.messages.get(channel).delete(id);
    if (!(message.flags & EPHEMERAL)) this.count(channel, -1);
    this.tell("messages", { channel, message, kind: "delete" });
  }

  /** Put older messages in front of those that are known. */
  extend(channel, older) {
    const known = this.messages.get(channel);
    for (const message of older) if (!known.has(message.id)) known.set(message.id, message);
    if (older.length < 50) this.complete.add(channel);
  }

  /** Show a note that exists on this screen only, after the last message. */
  note(channel, text) {
    const last = this.in(channel).at(-1)?.id ?? channel;
    const id = String(BigInt(last) + 1n);
    const message = {
      id,
      channel_id: channel,
      local: true,
      flags: EPHEMERAL,
      content: text,
      timestamp: null,
      author: this.bot,
    };
    this.put(message, "create");
  }

  /** The thread that hangs on a message, as this person knows it. */
  threadAt(message) {
    return this.threads.get(message.id) ?? null;
  }

  count(channel, step) {
    const thread = this.threads.get(channel);
    if (!thread) return;
    thread.message_count = Math.max(0, (thread.message_count ?? 0) + step);
    const starter = this.message(thread.parent_id, thread.id);
    if (starter) this.tell("messages", { channel: thread.parent_id, message: starter, kind: "update" });
  }

  /** Mark a place as holding something new for a persona; `direct` is a DM, a mention or an ephemeral note. */
  markUnread(persona, channel, direct) {
    const marks = (this.unread[persona] ??= {});
    marks[channel] = Boolean(direct || marks[channel]);
    this.keepUnread();
  }

  markRead(persona, channel) {
    if (!this.unread[persona] || !(channel in this.unread[persona])) return;
    delete this.unread[persona][channel];
    this.keepUnread();
  }

  /** "" (nothing new), "new", or "direct" for a place of a persona, or for all her places together. */
  unreadState(persona, channel = null) {
    const marks = this.unread[persona] ?? {};
    const found = channel === null ? Object.values(marks) : channel in marks ? [marks[channel]] : [];
    return found.length === 0 ? "" : found.some(Boolean) ? "direct" : "new";
  }

  keepUnread() {
    sessionStorage.setItem("unread", JSON.stringify(this.unread));
    this.tell("unread");
  }

  tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

const byKey = (places) => new Map(places.map((place) => [place.id, place]));

function readUnread() {
  try {
    return JSON.parse(sessionStorage.getItem("unread")) ?? {};
  } catch {
    return {};
  }
}
