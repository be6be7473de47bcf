// Where one writes: plain messages with mentions, replies and edits, and the way into slash commands.

import * as api from "./api.js";
import { el, iconButton, toast } from "./dom.js";
import { commandForm, slashes } from "./commands.js";
import { gist } from "./message.js";
import { Listbox, closeListbox, filtered } from "./listbox.js";
import { dot } from "./pieces.js";

const LONGEST = 2000;
const COUNT_FROM = 1800;

export class Composer {
  /** `names` as in markup.js; `onEmptyUp()` runs on ArrowUp in an empty field. */
  constructor(world, interactions, { names, onEmptyUp }) {
    Object.assign(this, { world, interactions, names });
    this.box = document.getElementById("composer");
    this.bar = document.getElementById("replying");
    this.line = document.getElementById("line");
    this.input = document.getElementById("input");
    this.count = document.getElementById("count");
    this.drafts = new Map();
    this.place = null;
    this.onTheWay = false;
    this.answered = null;
    this.mentions = new Map();
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("click", () => this.suggest());
    this.input.addEventListener("blur", () => closeListbox());
    this.input.addEventListener("keydown", (event) => this.key(event, onEmptyUp));
    document.getElementById("slash").addEventListener("click", () => this.slash());
    document.getElementById("send").addEventListener("click", () => this.send());
  }

  /** Write in `place` from now on; what was begun elsewhere is kept for the return. */
  open(place) {
    this.onTheWay = false;
    if (this.draftKey) this.drafts.set(this.draftKey, this.input.value);
    this.place = place;
    this.draftKey = `${this.world.me.id}/${place.id}`;
    this.leaveCommand();
    this.reply(null);
    this.input.value = this.drafts.get(this.draftKey) ?? "";
    this.refresh();
    this.typed({ quiet: true });
  }

  /** Take no words while another place is being opened: what is typed for there must not be said here. */
  leaving(onTheWay) {
    this.onTheWay = onTheWay;
    this.refresh();
  }

  /** Take over changed rights. */
  refresh() {
    const { place } = this;
    const open = this.world.canSend(place) && !this.onTheWay;
    this.input.disabled = !open;
    document.getElementById("slash").disabled = !open;
    this.line.classList.toggle("shut", !open);
    const where = place.with
      ? `@${this.world.title(place)}`
      : this.world.isThread(place)
        ? `“${place.name}”`
        : `#${place.name}`;
    const shut = this.onTheWay
      ? "Opening …"
      : place.locked
        ? "This thread is locked."
        : `${this.world.me.name} cannot write in ${where}.`;
    this.input.placeholder = open ? `Message ${where}` : shut;
    this.input.setAttribute("aria-label", open ? `Message ${where}` : shut);
  }

  typed({ quiet = false } = {}) {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 220)}px`;
    const left = LONGEST - this.input.value.length;
    this.count.textContent = this.input.value.length > COUNT_FROM ? String(left) : "";
    this.count.classList.toggle("over", left < 0);
    if (!quiet) this.suggest();
  }

  /** Offer commands after "/", people after "@", channels after "#". */
  suggest() {
    const { value, selectionStart: caret } = this.input;
    const slash = /^\/([^\n]*)$/.exec(value);
    const sign = /(?:^|\s)([@#])([^\s@#]*)$/.exec(value.slice(0, caret));
    if (slash) return this.offerCommands(slash[1]);
    if (sign) return this.offerNames(sign[1], sign[2]);
    this.list?.close();
    return undefined;
  }

  offerCommands(query) {
    const wanted = query.trimStart().toLowerCase();
    const all = slashes(this.world, this.place);
    const exact = all.find((item) => `${item.value} ` === wanted);
    if (exact) return this.command(exact);
    const items = all
      .filter((item) => item.value.includes(wanted.trim()))
      .sort((a, b) => b.value.startsWith(wanted) - a.value.startsWith(wanted));
    this.offer("Commands", items, (item) => this.command(item), "No command begins like that.");
    return undefined;
  }

  offerNames(sign, query) {
    const people = this.world
      .users()
      .map((user) => ({ value: `<@${user.id}>`, label: `@${user.name}`, mark: dot(user.color) }));
    const roles = [...this.world.roles.values()]
      .filter((role) => role.mentionable)
      .map((role) => ({ value: `<@&${role.id}>`, label: `@${role.name}`, hint: "role" }));
    const places = [...this.world.channels.values()].map((place) => ({
      value: `<#${place.id}>`,
      label: `#${place.name}`,
    }));
    const items = filtered(sign === "@" ? [...people, ...roles] : places, sign + query, 10);
    if (items.length === 0) return this.list?.close();
    return this.offer(sign === "@" ? "People" : "Channels", items, (item) => {
      const caret = this.input.selectionStart;
      this.mentions.set(item.label, item.value);
      this.input.setRangeText(`${item.label} `, caret - query.length - 1, caret, "end");
      this.typed({ quiet: true });
    });
  }

  offer(label, items, onPick, empty) {
    if (this.list?.open && this.list.box.getAttribute("aria-label") === label) {
      this.list.onPick = onPick;
      this.list.show(items);
    } else {
      this.list = new Listbox(this.input, { label, items, onPick, empty });
    }
  }

  key(event, onEmptyUp) {
    if (event.isComposing) return;
    if (this.list?.open && event.key === "Tab" && this.list.items.length) {
      event.preventDefault();
      this.list.pick();
    } else if (this.list?.open && this.list.key(event)) {
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && this.answered) {
      this.reply(null);
    } else if (event.key === "ArrowUp" && this.input.value === "") {
      event.preventDefault();
      onEmptyUp();
    }
  }

  slash() {
    this.leaveCommand();
    this.input.value = "/";
    this.input.focus();
    this.typed();
  }

  async send() {
    const { place } = this;
    if (!this.input.value.trim()) return this.input.focus();
    if (/^\/[\w-]/.test(this.input.value))
      toast("That begins like a command: choose one from the list to run it. It is sent as a message.");
    const written = this.input.value;
    const content = [...this.mentions].reduce(
      (text, [label, value]) => text.replaceAll(label, value),
      written,
    );
    if (content.length > LONGEST)
      return toast(
        `Your message is ${content.length - LONGEST} characters too long. It is still here: shorten it or send it in parts.`,
        { error: true },
      );
    const reply = this.answered?.id ?? null;
    this.input.value = "";
    this.typed({ quiet: true });
    this.reply(null);
    try {
      this.world.put(
        await api.act(this.world.me.id, "send", { channel_id: place.id, content, reply_to: reply }),
        "create",
      );
      this.mentions.clear();
    } catch (problem) {
      toast(problem.message, { error: true });
      if (this.place === place && this.input.value === "") this.input.value = written;
      else this.drafts.set(`${this.world.me.id}/${place.id}`, written);
      this.typed({ quiet: true });
    }
    return undefined;
  }

  reply(message) {
    this.answered = message;
    this.bar.hidden = !message;
    if (!message) return;
    const writer = this.world.user(message.author.id)?.name ?? message.author.username;
    this.bar.replaceChildren(
      el(
        "span",
        {},
        "Replying to ",
        el("b", { text: writer }),
        el("span", { class: "replying-gist", text: ` ${gist(message, this.names)}` }),
      ),
      iconButton("close", "Do not reply", () => this.reply(null)),
    );
    this.leaveCommand();
    this.input.focus();
  }

  command(slash) {
    this.list?.close();
    this.reply(null);
    this.input.value = "";
    const form = commandForm(slash, {
      world: this.world,
      place: this.place,
      leave: () => {
        this.leaveCommand();
        this.input.focus();
      },
      run: (name, options) => {
        this.leaveCommand();
        this.input.focus();
        return this.run(name, { options });
      },
    });
    this.leaveCommand();
    this.form = form.node;
    this.line.hidden = true;
    this.box.append(form.node);
    form.focus();
  }

  leaveCommand() {
    closeListbox();
    this.form?.remove();
    this.form = null;
    this.line.hidden = false;
  }

  /** Use a command here; a failure is told in the channel, to this person alone. */
  async run(name, args) {
    const { place } = this;
    const failure = await this.interactions.begin(this.world.me.id, "command", {
      channel_id: place.id,
      name,
      ...args,
    });
    if (failure)
      this.world.note(
        place.id,
        failure === "This interaction failed" ? "The application did not respond." : failure,
      );
  }
}
