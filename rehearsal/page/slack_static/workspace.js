// What one person can see in her workspace now, kept up to date by the live events. Nothing is drawn here.

const order = (a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0);

export class Workspace {
  constructor(personas) {
    this.personas = new Map(personas.map((persona) => [`${persona.team}/${persona.id}`, persona]));
    this.me = null;
  }

  load(persona, snapshot) {
    this.me = persona;
    Object.assign(this, {
      team: snapshot.team,
      bot: snapshot.bot,
      users: snapshot.users,
      command: snapshot.command,
      hints: snapshot.hints,
      shortcuts: snapshot.shortcuts,
      views: snapshot.views,
      home: snapshot.home,
    });
    this.channels = new Map(snapshot.channels.map((channel) => [channel.id, channel]));
    this.messages = new Map();
    for (const [channel, said] of Object.entries(snapshot.messages))
      for (const message of said) this.put({ ...message, channel });
    for (const note of snapshot.ephemerals) this.put(note);
  }

  put(message) {
    if (!this.messages.has(message.channel)) this.messages.set(message.channel, new Map());
    this.messages.get(message.channel).set(message.ts, message);
  }

  /** Take one event in; return what it touches: "talk", "home", "view", "places" or null. */
  apply({ type, data }) {
    switch (type) {
      case "message":
      case "message_changed":
      case "ephemeral":
      case "ephemeral_changed":
        this.put(data);
        return this.channels.has(data.channel) ? "talk" : "places";
      case "message_deleted":
      case "ephemeral_deleted":
        this.messages.get(data.channel)?.delete(data.ts);
        return "talk";
      case "view": {
        const at = this.views.findIndex((view) => view.id === data.id);
        if (at >= 0) this.views[at] = data;
        else if (data.previous_view_id) this.views.push(data);
        else this.views = [data];
        return "view";
      }
      case "view_closed":
        this.views = this.views.filter((view) => view.id !== data.id);
        return "view";
      case "home":
        this.home = data;
        return "home";
      default:
        return null;
    }
  }

  /** Everything that stands in a channel outside its threads, oldest first. */
  top(channel) {
    return this.all(channel).filter((message) => !message.thread_ts || message.thread_ts === message.ts);
  }

  /** A thread's replies, with the notes that only she sees in it. */
  replies(channel, ts) {
    return this.all(channel).filter((message) => message.thread_ts === ts && message.ts !== ts);
  }

  message(channel, ts) {
    return this.messages.get(channel)?.get(ts) ?? null;
  }

  all(channel) {
    return [...(this.messages.get(channel)?.values() ?? [])].sort(order);
  }

  name(user) {
    return this.users[user] ?? user;
  }

  colour(user) {
    return this.personas.get(`${this.team.id}/${user}`)?.avatar_color ?? "#3f0f40";
  }

  title(channel) {
    return channel.is_im ? this.bot.name : channel.name;
  }

  /** The direct messages with the bot, where they have begun. */
  direct() {
    return [...this.channels.values()].find((channel) => channel.is_im) ?? null;
  }
}
