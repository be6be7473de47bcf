// The pop-up list behind every picker: commands, option values, select menus, mentions. The focus stays in the
// control that opened it (aria-activedescendant), so typing and arrow keys work together.

import { announce, el, freshId, icon } from "./dom.js";

/** The list that is open, if any: there is never more than one. */
let current = null;

/** Close whichever list is open. */
export const closeListbox = () => current?.close();

export class Listbox {
  /**
   * `owner` is the focused control; `items` are {value, label, hint?, mark?}. `onPick(item)` is called with the
   * chosen one; in a `multiple` list picking toggles and the list stays. `onClose` runs however it ends.
   */
  constructor(
    owner,
    {
      label,
      items = [],
      selected = new Set(),
      multiple = false,
      onPick,
      onClose = () => {},
      empty = "Nothing fits.",
    },
  ) {
    closeListbox();
    Object.assign(this, { owner, selected, multiple, onPick, onClose, empty });
    this.box = el("div", {
      class: "listbox",
      role: "listbox",
      id: freshId("list"),
      "aria-label": label,
      "aria-multiselectable": multiple || null,
    });
    this.box.addEventListener("pointerdown", (event) => event.preventDefault());
    (owner.closest("dialog") ?? document.body).append(this.box);
    owner.setAttribute("aria-expanded", "true");
    owner.setAttribute("aria-controls", this.box.id);
    this.outside = (event) => {
      if (!this.box.contains(event.target) && !owner.contains(event.target)) this.close();
    };
    this.place = () => position(this.box, owner);
    document.addEventListener("pointerdown", this.outside, true);
    window.addEventListener("resize", this.place);
    document.addEventListener("scroll", this.place, true);
    current = this;
    this.show(items);
  }

  show(items) {
    this.items = items;
    this.active = Math.max(
      0,
      items.findIndex((item) => this.selected.has(item.value)),
    );
    this.draw();
  }

  draw() {
    const rows = this.items.map((item, index) => this.row(item, index));
    this.box.replaceChildren(
      ...(rows.length ? rows : [el("div", { class: "listbox-empty", text: this.empty })]),
    );
    this.point();
    this.place();
  }

  row(item, index) {
    const chosen = this.selected.has(item.value);
    const row = el(
      "div",
      {
        class: "option",
        role: "option",
        id: `${this.box.id}-${index}`,
        "aria-selected": String(chosen),
        on: { click: () => this.pick(index) },
      },
      item.mark ?? null,
      el(
        "span",
        { class: "option-text" },
        el("span", { class: "option-label", text: item.label }),
        item.hint ? el("span", { class: "option-hint", text: item.hint }) : null,
      ),
      item.side ? el("span", { class: "option-side", text: item.side }) : null,
      chosen ? icon("check") : null,
    );
    row.addEventListener("pointermove", () => {
      if (this.active === index) return;
      this.active = index;
      this.point();
    });
    return row;
  }

  point() {
    for (const [index, row] of [...this.box.children].entries())
      row.classList.toggle("active", index === this.active && this.items.length > 0);
    const row = this.items.length ? this.box.children[this.active] : null;
    if (row) {
      this.owner.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else {
      this.owner.removeAttribute("aria-activedescendant");
    }
  }

  pick(index = this.active) {
    const item = this.items[index];
    if (!item) return;
    this.active = index;
    if (this.multiple) {
      this.onPick(item);
      this.draw();
    } else {
      this.close();
      this.onPick(item);
    }
  }

  /** Handle a key of the owner; true when it was for the list. */
  key(event) {
    const last = this.items.length - 1;
    const moves = {
      ArrowDown: this.active >= last ? 0 : this.active + 1,
      ArrowUp: this.active <= 0 ? last : this.active - 1,
      PageDown: Math.min(last, this.active + 8),
      PageUp: Math.max(0, this.active - 8),
    };
    if (event.key in moves && last >= 0) {
      this.active = moves[event.key];
      this.point();
    } else if (event.key === "Enter" && last >= 0) {
      this.pick();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  close() {
    if (current !== this) return;
    current = null;
    this.box.remove();
    document.removeEventListener("pointerdown", this.outside, true);
    window.removeEventListener("resize", this.place);
    document.removeEventListener("scroll", this.place, true);
    this.owner.setAttribute("aria-expanded", "false");
    this.owner.removeAttribute("aria-activedescendant");
    this.owner.removeAttribute("aria-controls");
    this.onClose();
  }

  get open() {
    return current === this;
  }
}

function position(box, owner) {
  const around = owner.getBoundingClientRect();
  const label = owner.closest(".option-field")?.getBoundingClientRect() ?? around;
  const below = innerHeight - around.bottom;
  const above = label.top;
  const up = below < Math.min(box.scrollHeight, 260) && above > below;
  const width = Math.min(Math.max(around.width, 220), innerWidth - 16);
  box.style.width = `${width}px`;
  box.style.left = `${Math.max(8, Math.min(around.left, innerWidth - width - 8))}px`;
  box.style.maxHeight = `${Math.max(120, Math.min(340, (up ? above : below) - 16))}px`;
  box.style.top = up ? "auto" : `${around.bottom + 4}px`;
  box.style.bottom = up ? `${innerHeight - label.top + 4}px` : "auto";
}

/**
 * A text field with suggestions. `source(query)` returns items, at once or later. With `free` any text is a
 * value; without it only a picked item is. Returns {node, input, value(), fail(sentence)}.
 */
export function combobox({ label, source, free = false, initial = "", onChange = () => {} }) {
  let picked = null;
  let list = null;
  let asked = 0;
  const input = el("input", {
    type: "text",
    class: "field",
    role: "combobox",
    "aria-label": label,
    "aria-expanded": "false",
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
    value: initial,
  });

  async function suggest() {
    const mine = ++asked;
    const items = await source(picked ? "" : input.value);
    if (mine !== asked || document.activeElement !== input) return;
    if (items.length === 0 && free) return list?.close();
    if (list?.open) return list.show(items);
    list = new Listbox(input, {
      label,
      items,
      selected: new Set(picked ? [picked.value] : []),
      onPick: choose,
    });
    announce(`${items.length} suggestions`);
  }

  function choose(item) {
    asked++;
    picked = item;
    input.value = item.label;
    input.removeAttribute("aria-invalid");
    onChange();
  }

  input.addEventListener("input", () => {
    picked = null;
    onChange();
    suggest();
  });
  input.addEventListener("focus", suggest);
  input.addEventListener("click", () => list?.open || suggest());
  input.addEventListener("blur", () => {
    asked++;
    list?.close();
  });
  input.addEventListener("keydown", (event) => {
    if (list?.open && event.key === "Tab" && !picked && input.value) list.pick();
    else if (list?.open && list.key(event)) event.stopPropagation();
    else if (event.key === "ArrowDown") suggest();
  });

  return {
    input,
    /** The chosen value; undefined when there is none (or, without `free`, when the text is no choice). */
    value: () => (picked ? picked.value : free && input.value.trim() ? input.value.trim() : undefined),
    /** Whether something is written that is no choice. */
    unfit: () => !free && !picked && input.value.trim() !== "",
  };
}

/** Keep the items whose label (or hint) holds the query, those that begin with it first. */
export function filtered(items, query, most = 25) {
  const wanted = query.trim().toLowerCase();
  const starts = (item) => item.label.toLowerCase().startsWith(wanted);
  return items
    .filter((item) => item.label.toLowerCase().includes(wanted))
    .sort((a, b) => starts(b) - starts(a))
    .slice(0, most);
}
