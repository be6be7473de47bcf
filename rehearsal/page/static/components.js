// The buttons, menus and layout blocks a bot puts under or into a message.

import { el, icon } from "./dom.js";
import { emojiText, selectMenu } from "./choices.js";
import { link, render } from "./markup.js";
import { hex } from "./pieces.js";

const BUTTON_STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "secondary" };
const SELECTS = new Set([3, 5, 6, 7, 8]);

/**
 * Draw components. `desk` gives {world, names, press(custom_id), select(custom_id, values)}; both return a
 * promise of null or of the sentence that tells why it failed.
 */
export function components(list, desk) {
  return (list ?? []).map((component) => one(component, desk)).filter(Boolean);
}

function one(component, desk) {
  const children = () => components(component.components, desk);
  switch (component.type) {
    case 1:
      return el("div", { class: "row" }, children());
    case 2:
      return button(component, desk);
    case 9:
      return el(
        "div",
        { class: "section" },
        el("div", { class: "section-text" }, children()),
        components([component.accessory], desk),
      );
    case 10:
      return el("div", { class: "markup" }, render(component.content, desk.names));
    case 11:
      return picture(component.media, component.description);
    case 12:
      return el(
        "div",
        { class: "row" },
        component.items.map((item) => picture(item.media, item.description)),
      );
    case 13:
      return picture(component.file, component.name);
    case 14:
      return component.divider === false
        ? el("div", { class: `gap gap-${component.spacing ?? 1}` })
        : el("hr", { class: `gap-${component.spacing ?? 1}` });
    case 17:
      return container(component, children());
    default:
      return SELECTS.has(component.type) ? menu(component, desk) : unknown(component);
  }
}

function container(component, children) {
  const coloured = component.accent_color !== null && component.accent_color !== undefined;
  return el(
    "div",
    {
      class: coloured ? "container container-accent" : "container",
      style: coloured ? { "--accent-line": hex(component.accent_color) } : {},
    },
    children,
  );
}

function button(component, desk) {
  const label = emojiText(component.emoji).trim();
  const words = [
    label ? el("span", { class: "emoji", text: label }) : null,
    component.label ? el("span", { text: component.label }) : null,
  ];
  const style = BUTTON_STYLES[component.style] ?? "secondary";
  if (component.style === 5) {
    const away = component.disabled ? "" : link(component.url ?? "", "");
    if (typeof away === "string")
      return el(
        "button",
        { type: "button", class: "button button-link", disabled: true },
        words,
        icon("link"),
      );
    away.className = "button button-link";
    away.append(...words.filter(Boolean), icon("link"));
    return away;
  }
  const node = el(
    "button",
    {
      type: "button",
      class: `button button-${style}`,
      disabled: component.disabled || component.style === 6,
    },
    words,
  );
  node.addEventListener("click", () => busy(node, () => desk.press(component.custom_id)));
  return node;
}

/** Show on a control that its interaction is under way; a second press meanwhile does nothing. */
async function busy(node, begin) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  try {
    await begin();
  } finally {
    node.removeAttribute("aria-busy");
  }
}

function menu(component, desk) {
  const { node } = selectMenu(component, desk.world, {
    onDone: (values) => busy(node, () => desk.select(component.custom_id, values)),
  });
  return node;
}

/** Pictures of this machine are shown; of others only named, since the page sends no request away. */
export function picture(media, description) {
  const own = URL.canParse(media.url) && new URL(media.url).origin === location.origin;
  if (own && media.content_type?.startsWith("image/"))
    return el("img", { class: "picture", src: media.url, alt: description ?? "" });
  const name = description || media.url.split("/").at(-1);
  const card = link(media.url, name);
  if (typeof card === "string") return el("span", { class: "file-card" }, icon("file"), name);
  card.classList.add("file-card");
  card.prepend(icon("file"));
  return card;
}

const unknown = (component) =>
  el("div", {
    class: "subtext",
    text: `(a part of this message cannot be shown here: component type ${component.type})`,
  });
