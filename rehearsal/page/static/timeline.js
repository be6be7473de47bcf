// The messages of the place that is open: drawn once each, redrawn when they change, older ones on demand.

import * as api from "./api.js";
import { announce, el, toast } from "./dom.js";
import { gist, isEphemeral, messageNode, starterOf } from "./message.js";
import { nameOf } from "./state.js";
import { longDay, sameDay } from "./time.js";

const TOGETHER = 7 * 60_000;
const NEAR_THE_END = 120;

export class Timeline {
  /** `desk` as in message.js, without press, select and jump, which are ours. */
  constructor(world, desk, interactions) {
    this.world = world;
    this.interactions = interactions;
    this.list = document.getElementById("messages");
    this.scroller = document.getElementById("scroller");
    this.older = document.getElementById("older");
    this.newest = document.getElementById("newest");
    this.welcome = document.getElementById("welcome");
    this.drawn = new Map();
    this.failures = new Map();
    this.channel = null;
    this.desk = {
      ...desk,
      press: (message, customId) => this.act(message, "press", { custom_id: customId }),
      select: (message, customId, values) => this.act(message, "select", { custom_id: customId, values }),
      jump: (id) => this.jump(id),
    };
    this.older.addEventListener("click", () => this.readBack());
    this.newest.addEventListener("click", () => this.toEnd());
    this.scroller.addEventListener("scroll", () => this.watchScroll(), { passive: true });
    this.list.addEventListener("keydown", (event) => this.keys(event));
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(this.scroller);
  }

  /** Show a place from its newest message. */
  open(channel) {
    this.channel = channel;
    this.drawn.clear();
    this.failures.clear();
    this.list.replaceChildren();
    this.refresh();
    this.toEnd();
  }

  /** Draw what changed; keep the reader where she is, or at the end when she is there. */
  refresh() {
    if (this.channel === null) return;
    const messages = this.world.in(this.channel);
    const wanted = [];
    let before = null;
    for (const message of messages) {
      const date = message.timestamp ? new Date(message.timestamp) : null;
      const newDay = date && (!before?.timestamp || !sameDay(new Date(before.timestamp), date));
      if (newDay)
        wanted.push(
          this.keep(`day-${message.id}`, longDay(date), () =>
            el("li", { class: "day", role: "separator" }, el("span", { text: longDay(date) })),
          ),
        );
      wanted.push(this.messageOf(message, !newDay && together(before, message)));
      before = message;
    }
    const nodes = new Set(wanted);
    for (const child of [...this.list.children]) if (!nodes.has(child)) child.remove();
    wanted.forEach((node, index) => {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] ?? null);
    });
    const whole = this.world.complete.has(this.channel);
    this.older.hidden = whole;
    this.welcome.hidden = !whole;
    if (this.stuck) this.toEnd();
  }

  messageOf(message, grouped) {
    const thread = this.world.threadAt(message);
    const starter = starterOf(message, this.world);
    const failure = this.failures.get(starter?.id ?? message.id);
    const version = JSON.stringify([
      message,
      starter,
      grouped,
      failure,
      thread?.message_count,
      thread?.name,
      thread?.locked,
    ]);
    return this.keep(message.id, version, () => messageNode(message, this.desk, { grouped, failure }));
  }

  keep(key, version, draw) {
    const known = this.drawn.get(key);
    if (known?.version === version || known?.node.querySelector(".editing")) return known.node;
    const node = draw();
    const focused = known?.node.contains(document.activeElement);
    this.drawn.set(key, { version, node });
    if (focused) queueMicrotask(() => node.focus());
    return node;
  }

  /** Take a change of one message of the open place. */
  changed({ message, kind }) {
    if (kind === "delete") this.drawn.delete(message.id);
    this.refresh();
    if (kind === "create" && message.author.id !== this.world.me.id)
      announce(
        `${isEphemeral(message) ? "Only for you, " : ""}${nameOf(message.author)}: ${gist(message, this.desk.names)}`,
      );
  }

  async act(message, verb, args) {
    this.fail(message.id, null);
    const failure = await this.interactions.begin(this.world.me.id, verb, {
      message_id: message.id,
      ...args,
    });
    if (failure) this.fail(message.id, failure);
  }

  fail(id, sentence) {
    if (sentence) this.failures.set(id, sentence);
    else if (!this.failures.delete(id)) return;
    this.refresh();
  }

  async readBack() {
    const { channel } = this;
    const first = this.world.in(channel)[0];
    if (!first || this.reading) return;
    this.reading = true;
    const height = this.scroller.scrollHeight - this.scroller.scrollTop;
    try {
      this.world.extend(channel, await api.history(this.world.me.id, channel, first.id));
      if (channel === this.channel) {
        this.stuck = false;
        this.refresh();
        this.scroller.scrollTop = this.scroller.scrollHeight - height;
      }
    } catch (problem) {
      toast(problem.message, { error: true });
    } finally {
      this.reading = false;
    }
  }

  jump(id) {
    const node = this.drawn.get(id)?.node;
    if (!node) return toast("That message is further back.");
    node.scrollIntoView({ block: "center" });
    node.focus();
    node.classList.add("flash");
    setTimeout(() => node.classList.remove("flash"), 1500);
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.stuck = true;
    this.newest.hidden = true;
  }

  watchScroll() {
    const left = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight;
    this.stuck = left < NEAR_THE_END;
    this.newest.hidden = this.stuck;
    if (this.scroller.scrollTop < 40 && !this.older.hidden && !this.stuck) this.readBack();
  }

  keys(event) {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    if (event.target.closest("input, textarea, [aria-haspopup=listbox]")) return;
    const all = [...this.list.querySelectorAll(".message")];
    const at = all.indexOf(event.target.closest(".message"));
    const next = all[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  /** Move the focus to the newest message. */
  focusLast() {
    this.list.querySelector(".message:last-child")?.focus();
  }
}

function together(before, message) {
  if (!before?.timestamp || !message.timestamp || before.author.id !== message.author.id) return false;
  if (isEphemeral(before) !== isEphemeral(message) || ![0, 19, 20].includes(before.type)) return false;
  if (message.type !== 0 || message.interaction_metadata || message.message_reference) return false;
  return new Date(message.timestamp) - new Date(before.timestamp) < TOGETHER;
}
