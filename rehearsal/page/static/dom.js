// Building blocks for everything on the page. User text only ever becomes text nodes: no helper here
// takes markup, and the page's policy (require-trusted-types-for) makes the browser refuse it as well.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  hash: "M9 3 7 21M17 3l-2 18M4 8.5h17M3 15.5h17",
  thread: "M4 5h16v10H11l-4 4v-4H4zM8 9h8M8 12h5",
  at: "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0zm0 0v1.5a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-3.6 7.2",
  menu: "M4 6h16M4 12h16M4 18h16",
  close: "M6 6l12 12M18 6 6 18",
  reply: "M9 6 4 11l5 5M4 11h9a7 7 0 0 1 7 7v1",
  edit: "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
  bin: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v6M14 11v6",
  more: "M4.5 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M11.5 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M18.5 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2",
  send: "M4 12 20 4l-5 16-3.5-6.5zM11.5 13.5 20 4",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  lock: "M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11",
  down: "M6 9l6 6 6-6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  shield: "M12 3l7 3v5c0 5-3 8.5-7 10-4-1.5-7-5-7-10V6z",
  apps: "M5 5h5v5H5zM14 5h5v5h-5zM5 14h5v5H5zM14 14h5v5h-5z",
  link: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  pin: "M9 3h6l-1 6 4 4H6l4-4zM12 13v8",
};

/**
 * Make an element. `props` are attributes, except: `class`, `text`, `on` (listeners by event name),
 * `data` (dataset), `style` (custom properties). Absent (null, undefined, false) values are left out.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name === "on")
      for (const [event, heard] of Object.entries(value)) node.addEventListener(event, heard);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "style")
      for (const [key, set] of Object.entries(value)) node.style.setProperty(key, set);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A line drawing, hidden from screen readers: the button around it carries the words. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onClick, extra = "") {
  return el(
    "button",
    {
      type: "button",
      class: `icon-button ${extra}`,
      "aria-label": label,
      title: label,
      on: { click: onClick },
    },
    icon(name),
  );
}

let lastId = 0;
/** An element id that is unique on this page, for labels and descriptions. */
export const freshId = (prefix) => `${prefix}-${++lastId}`;

/** Say something to screen readers without moving the focus. */
export function announce(sentence) {
  const region = document.getElementById("announcer");
  region.append(el("p", { text: sentence }));
  while (region.childElementCount > 5) region.firstElementChild.remove();
}

/** Show a sentence for a while at the bottom of the page; errors stay until they are dismissed. */
export function toast(sentence, { error = false } = {}) {
  const shelf = document.getElementById("toasts");
  const note = el("div", { class: error ? "toast toast-error" : "toast" }, el("span", { text: sentence }));
  note.append(iconButton("close", "Dismiss", () => note.remove()));
  shelf.append(note);
  while (shelf.childElementCount > 3) shelf.firstElementChild.remove();
  if (!error) setTimeout(() => note.remove(), 6000);
}

/** Black or white, whichever is easier to read on `#rrggbb`. */
export function readableOn(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const luminance = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  return luminance > 0.3 ? "#14151a" : "#ffffff";
}

/** Arrow keys, Home and End move the focus among `selector` inside `box`; only one of them is a tab stop. */
export function rove(box, selector, { horizontal = false } = {}) {
  const items = () =>
    [...box.querySelectorAll(selector)].filter((item) => !item.disabled && item.offsetParent !== null);
  const settle = (target) => {
    for (const item of box.querySelectorAll(selector)) item.tabIndex = item === target ? 0 : -1;
  };
  box.addEventListener("focusin", (event) => {
    const item = event.target.closest(selector);
    if (item) settle(item);
  });
  box.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(document.activeElement);
    if (at < 0) return;
    const steps = { ArrowDown: 1, ArrowUp: -1, ...(horizontal ? { ArrowRight: 1, ArrowLeft: -1 } : {}) };
    let next;
    if (event.key in steps) next = all[(at + steps[event.key] + all.length) % all.length];
    else if (event.key === "Home") next = all[0];
    else if (event.key === "End") next = all.at(-1);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  return { settle };
}
