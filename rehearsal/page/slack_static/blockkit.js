// Block Kit as nodes of the page. What can be pressed calls `hands.act(actionId, chosen)`.

import { el } from "./dom.js";
import { plain, render } from "./mrkdwn.js";

/** Nodes for blocks; `hands` is {names, act(actionId, chosen)}. */
export const drawBlocks = (blocks, hands) => blocks.map((block) => draw(block, hands)).filter(Boolean);

const text = (object, names) =>
  object.type === "mrkdwn"
    ? render(object.text, names)
    : object.text.split("\n").map((line) => el("div", { class: "line", text: line }));

function draw(block, hands) {
  switch (block.type) {
    case "header":
      return el("h3", { class: "block-header", text: block.text.text });
    case "section":
      return el(
        "div",
        { class: "block-section" },
        block.text && el("div", { class: "block-text" }, text(block.text, hands.names)),
        block.accessory && element(block.accessory, hands),
      );
    case "context":
      return el(
        "div",
        { class: "block-context" },
        block.elements.map((each) => el("div", {}, text(each, hands.names))),
      );
    case "divider":
      return el("hr");
    case "actions":
      return el(
        "div",
        { class: "block-actions" },
        block.elements.map((each) => element(each, hands)),
      );
    default:
      return null; // an input is a form's, see forms.js
  }
}

const STYLES = { primary: "button-primary", danger: "button-danger" };

function element(made, hands) {
  if (made.type === "button") {
    const button = el("button", {
      type: "button",
      class: `button ${STYLES[made.style] ?? "button-plain"}`,
      text: plain(made.text.text),
    });
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-busy")) return;
      button.setAttribute("aria-busy", "true");
      await hands.act(made.action_id);
      button.removeAttribute("aria-busy");
    });
    return button;
  }
  if (!made.options) return null;
  const menu = el(
    "select",
    { class: "field", "aria-label": made.placeholder?.text ?? "Choose" },
    el("option", { value: "", text: made.placeholder?.text ?? "Choose…" }),
    made.options.map((option) => el("option", { value: option.value, text: option.text.text })),
  );
  menu.value = made.initial_option?.value ?? "";
  menu.addEventListener("change", () => menu.value && hands.act(made.action_id, menu.value));
  return menu;
}
