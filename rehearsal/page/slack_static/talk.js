// Messages: who said what, notes that only she sees, the way into a thread, and the menu of each message.

import { drawBlocks } from "./blockkit.js";
import { el, icon, iconButton, rove } from "./dom.js";
import { render } from "./mrkdwn.js";
import { appBadge, avatar } from "./pieces.js";
import { hourMinute, longDay, sameDay, stamp } from "./time.js";

const when = (message) => new Date(Number(message.ts) * 1000);
const GROUPED_WITHIN = 5 * 60_000;

/**
 * Draws a list of messages. `hands` is {names, press(message, action, chosen), openThread(message), edit(message),
 * remove(message), dismiss(message), shortcut(message, callback)}.
 */
export class Talk {
  constructor(list, workspace, hands) {
    this.list = list;
    this.workspace = workspace;
    this.hands = hands;
    this.scroller = list.parentElement;
    this.atEnd = true;
    this.scroller.addEventListener("scroll", () => (this.atEnd = this.isAtEnd()));
    // A thread that opens at the side makes this narrower, and what was the end is no longer.
    new ResizeObserver(() => this.atEnd && this.goToEnd()).observe(list);
    list.addEventListener("keydown", (event) => this.walk(event));
  }

  /** Show these messages; stays at the end if it was there. `threads` says whether threads open from here. */
  show(messages, { threads = true, toEnd = false } = {}) {
    this.atEnd ||= toEnd;
    const focused = document.activeElement?.closest?.("[data-ts]")?.dataset.ts;
    const focusedOn = document.activeElement?.dataset?.key;
    const drawn = [];
    let before = null;
    for (const message of messages) {
      if (!before || !sameDay(when(before), when(message)))
        drawn.push(el("li", { class: "day", role: "separator" }, el("span", { text: longDay(when(message)) })));
      drawn.push(this.draw(message, before, threads));
      before = message;
    }
    this.list.replaceChildren(...drawn);
    if (this.atEnd) this.goToEnd();
    if (focused) {
      const row = this.list.querySelector(`[data-ts="${focused}"]`);
      (row?.querySelector(`[data-key="${CSS.escape(focusedOn ?? "")}"]`) ?? row)?.focus({ preventScroll: true });
    }
  }

  isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < 60;
  }

  goToEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  draw(message, before, threads) {
    const { workspace, hands } = this;
    const bot = Boolean(message.bot_id);
    const name = workspace.name(message.user);
    const grouped =
      before &&
      before.user === message.user &&
      !before.is_ephemeral === !message.is_ephemeral &&
      when(message) - when(before) < GROUPED_WITHIN &&
      sameDay(when(before), when(message)) &&
      !message.is_ephemeral;
    const words = message.blocks?.length
      ? drawBlocks(message.blocks, { names: hands.names, act: (id, chosen) => hands.press(message, id, chosen) })
      : el("div", { class: "block-text" }, render(message.text, hands.names));
    const replies = threads && !message.is_ephemeral ? workspace.replies(message.channel, message.ts) : [];
    return el(
      "li",
      {
        class: `said ${grouped ? "grouped" : ""} ${message.is_ephemeral ? "ephemeral" : ""}`,
        data: { ts: message.ts },
        tabindex: -1,
      },
      message.is_ephemeral &&
        el("p", { class: "only-you" }, icon("eye"), "Only visible to you"),
      el(
        "div",
        { class: "said-row" },
        grouped
          ? el("time", { class: "gutter", dateTime: when(message).toISOString(), text: hourMinute(when(message)) })
          : avatar({ name, color: bot ? "#4a154b" : workspace.colour(message.user), bot }),
        el(
          "div",
          { class: "said-body" },
          !grouped &&
            el(
              "div",
              { class: "said-head" },
              el("b", { text: name }),
              bot && appBadge(),
              el("time", { class: "when", dateTime: when(message).toISOString(), text: stamp(when(message)) }),
            ),
          words,
          message.edited && !bot && el("span", { class: "edited", text: " (edited)" }),
          message.is_ephemeral &&
            el("button", {
              type: "button",
              class: "text-button dismiss",
              text: "Dismiss message",
              on: { click: () => hands.dismiss(message) },
            }),
          replies.length > 0 && this.threadLink(message, replies),
        ),
      ),
      !message.is_ephemeral && this.tools(message, threads),
    );
  }

  threadLink(message, replies) {
    const count = replies.filter((reply) => !reply.is_ephemeral).length;
    const said = count === 1 ? "1 reply" : `${count} replies`;
    return el(
      "button",
      {
        type: "button",
        class: "thread-open",
        data: { key: "thread" },
        on: { click: () => this.hands.openThread(message) },
      },
      el("b", { text: said }),
      el("span", { text: ` Last ${stamp(when(replies.at(-1)))}` }),
    );
  }

  tools(message, threads) {
    const own = message.user === this.workspace.me.id;
    const more = iconButton("more", "More actions", () => this.menu(message, more, own));
    more.setAttribute("aria-haspopup", "menu");
    return el(
      "div",
      { class: "said-tools", role: "toolbar", "aria-label": "Message" },
      threads && iconButton("thread", "Reply in thread", () => this.hands.openThread(message)),
      more,
    );
  }

  menu(message, anchor, own) {
    const entries = this.workspace.shortcuts.map((each) => [
      each.name,
      "apps",
      () => this.hands.shortcut(message, each.callback_id),
    ]);
    if (own) {
      entries.unshift(["Edit message", "edit", () => this.hands.edit(message)]);
      entries.push(["Delete message", "bin", () => this.hands.remove(message)]);
    }
    const box = el("div", { class: "menu", role: "menu", "aria-label": "Message" });
    const shut = (back) => {
      document.removeEventListener("pointerdown", outside, true);
      box.remove();
      if (back) anchor.focus();
    };
    const outside = (event) => box.contains(event.target) || shut(false);
    for (const [label, glyph, act] of entries)
      box.append(
        el(
          "button",
          {
            type: "button",
            role: "menuitem",
            class: "menu-item",
            tabindex: -1,
            on: {
              click: () => {
                shut(true);
                act();
              },
            },
          },
          icon(glyph),
          el("span", { text: label }),
        ),
      );
    document.body.append(box);
    const around = anchor.getBoundingClientRect();
    box.style.left = `${Math.max(8, Math.min(around.right - box.offsetWidth, innerWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${Math.max(8, Math.min(around.bottom + 4, innerHeight - box.offsetHeight - 8))}px`;
    rove(box, ".menu-item");
    document.addEventListener("pointerdown", outside, true);
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" && event.key !== "Tab") return;
      event.preventDefault();
      event.stopPropagation();
      shut(true);
    });
    box.querySelector(".menu-item").focus();
  }

  /** Arrow keys walk from message to message. */
  walk(event) {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    const row = event.target.closest?.(".said");
    if (!row || event.target !== row) return;
    const rows = [...this.list.querySelectorAll(".said")];
    const next = rows[rows.indexOf(row) + (event.key === "ArrowUp" ? -1 : 1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  focusLast() {
    [...this.list.querySelectorAll(".said")].at(-1)?.focus();
  }
}
