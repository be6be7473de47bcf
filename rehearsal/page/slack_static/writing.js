// Where one writes: a line that grows, and in channels the slash command with what may stand behind it.

import { el, freshId, icon, toast } from "./dom.js";

const MOST = 9;

export class Writing {
  /** `hands` is {send(text), command(text) or null, hints(), editLast()}; there are no commands in threads. */
  constructor(box, inputId, hands) {
    this.hands = hands;
    this.listId = freshId("commands");
    this.input = el("textarea", {
      id: inputId,
      rows: 1,
      autocomplete: "off",
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-haspopup": "listbox",
      "aria-controls": this.listId,
    });
    this.list = el("div", { class: "hints", id: this.listId, role: "listbox", "aria-label": "Commands", hidden: true });
    const send = el("button", { type: "button", class: "icon-button send", "aria-label": "Send", title: "Send" }, icon("send"));
    send.addEventListener("click", () => this.send());
    this.line = el("div", { class: "write" }, this.input, send);
    box.append(this.list, this.line);
    this.at = 0;
    this.offered = [];
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
  }

  place(label, { shut = "" } = {}) {
    this.input.disabled = Boolean(shut);
    this.input.placeholder = shut || label;
    this.input.setAttribute("aria-label", shut || label);
    this.line.classList.toggle("shut", Boolean(shut));
    this.typed();
  }

  typed() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 180)}px`;
    const text = this.input.value;
    if (!this.hands.command || !text.startsWith("/") || text.includes("\n")) return this.close();
    const { command, hints } = this.hands.hints();
    const typed = text.toLowerCase();
    const wanted = typed.slice(1).replace(/^chair ?/, "").trim();
    const begins = hints.filter((hint) => `${command} ${hint.command}`.startsWith(typed));
    const holds = hints.filter((hint) => wanted.length > 1 && hint.command.includes(wanted));
    this.offered = [...new Set([...begins, ...holds])].slice(0, MOST);
    if (!this.offered.length || hints.some((hint) => text.toLowerCase().startsWith(`${command} ${hint.command} `)))
      return this.close();
    this.at = 0;
    this.draw(command);
    return undefined;
  }

  draw(command) {
    this.list.replaceChildren(
      ...this.offered.map((hint, number) =>
        el(
          "div",
          {
            class: `hint-row ${number === this.at ? "active" : ""}`,
            role: "option",
            id: `${this.listId}-${number}`,
            "aria-selected": String(number === this.at),
            on: {
              pointerdown: (event) => {
                event.preventDefault();
                this.at = number;
                this.complete();
              },
            },
          },
          el("b", { text: `${command} ${hint.command}` }),
          el("span", { text: hint.about }),
        ),
      ),
    );
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.input.setAttribute("aria-activedescendant", `${this.listId}-${this.at}`);
  }

  close() {
    this.offered = [];
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  complete() {
    const { command } = this.hands.hints();
    this.input.value = `${command} ${this.offered[this.at].command} `;
    this.close();
    this.input.focus();
  }

  key(event) {
    if (this.offered.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.at = (this.at + (event.key === "ArrowDown" ? 1 : this.offered.length - 1)) % this.offered.length;
      this.draw(this.hands.hints().command);
    } else if (this.offered.length && event.key === "Tab") {
      event.preventDefault();
      this.complete();
    } else if (this.offered.length && event.key === "Escape") {
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      const whole = this.offered[this.at] && `${this.hands.hints().command} ${this.offered[this.at].command}`;
      if (whole && whole !== this.input.value.trim()) this.complete();
      else this.send();
    } else if (event.key === "ArrowUp" && !this.input.value) {
      event.preventDefault();
      this.hands.editLast();
    }
  }

  async send() {
    const text = this.input.value.trim();
    if (!text || this.sending) return;
    const { command } = this.hands.hints();
    this.sending = true;
    try {
      if (text === command || text.startsWith(`${command} `)) {
        if (!this.hands.command) throw new Error("Slack has no slash commands in threads. Use it in the channel.");
        await this.hands.command(text.slice(command.length).trim());
      } else if (text.startsWith("/")) throw new Error(`${text.split(" ")[0]} is not a valid command here. Try ${command} help.`);
      else await this.hands.send(text);
      this.input.value = "";
      this.typed();
    } catch (problem) {
      toast(problem.message, { error: true });
    } finally {
      this.sending = false;
      this.input.focus();
    }
  }
}
