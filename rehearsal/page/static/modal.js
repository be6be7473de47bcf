// The forms a bot opens: a dialog that keeps what was written until the bot has taken it.

import { selectMenu } from "./choices.js";
import { el, freshId, iconButton } from "./dom.js";
import { render } from "./markup.js";
import { avatar } from "./pieces.js";

const PARAGRAPH = 2;

/** Show a form; `submit(values)` returns a promise of null or of the sentence that tells what is wrong. */
export function openModal(modal, { world, names, submit }) {
  const titleId = freshId("modal");
  const problem = el("p", { class: "problem", role: "alert" });
  const parts = modal.components.flatMap((component) => partsOf(component, world, names)).filter(Boolean);
  const fields = parts.filter((part) => part.id);
  const send = el("button", { type: "submit", class: "button button-primary", text: "Submit" });
  const cancel = el("button", {
    type: "button",
    class: "button button-secondary",
    text: "Cancel",
    on: { click: () => leave() },
  });
  const form = el(
    "form",
    { class: "modal-form", novalidate: true },
    el(
      "header",
      { class: "modal-head" },
      avatar(world.user(world.bot.id), "avatar-small"),
      el("h2", { id: titleId, text: modal.title }),
      iconButton("close", "Close this form", () => leave()),
    ),
    el(
      "div",
      { class: "modal-fields" },
      parts.map((part) => part.node),
      problem,
    ),
    el("footer", { class: "modal-foot" }, cancel, send),
  );
  const dialog = el("dialog", { class: "modal", "aria-labelledby": titleId }, form);
  const valuesNow = () => Object.fromEntries(fields.map((field) => [field.id, field.value()]));
  const atFirst = JSON.stringify(valuesNow());

  /** Closing by mistake must not cost anybody a page of writing. */
  function leave() {
    if (JSON.stringify(valuesNow()) === atFirst) return dialog.close();
    const asking = form.querySelector(".confirm button");
    if (asking) return asking.click();
    const keep = el("button", { type: "button", class: "button button-primary", text: "Keep writing" });
    const drop = el("button", {
      type: "button",
      class: "button button-danger",
      text: "Discard",
      on: { click: () => dialog.close() },
    });
    const ask = el(
      "div",
      { class: "confirm", role: "alertdialog", "aria-label": "Discard what you wrote?" },
      el("span", { text: "Discard what you wrote?" }),
      keep,
      drop,
    );
    keep.addEventListener("click", () => {
      ask.remove();
      fields[0]?.focus();
    });
    form.append(ask);
    keep.focus();
    return undefined;
  }

  async function hand(event) {
    event.preventDefault();
    problem.textContent = "";
    const unfit = fields.map((field) => [field, field.check()]).filter(([, sentence]) => sentence);
    if (unfit.length) return unfit[0][0].focus();
    send.disabled = true;
    send.setAttribute("aria-busy", "true");
    const sentence = await submit(valuesNow());
    send.disabled = false;
    send.removeAttribute("aria-busy");
    if (!sentence) return dialog.close();
    problem.textContent = `${sentence.replace(/\.?$/, ".")} What you wrote is still here: try again.`;
    return undefined;
  }

  form.addEventListener("submit", hand);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      // A browser lets a dialog refuse only the first of several Escapes; the key itself can always be held.
      event.preventDefault();
      return leave();
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    return undefined;
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  (fields[0] ?? { focus: () => send.focus() }).focus();
}

function partsOf(component, world, names) {
  if (component.type === 1)
    return component.components.map((inner) => field(inner, inner.label, null, world));
  if (component.type === 18)
    return [field(component.component, component.label, component.description, world)];
  if (component.type === 10)
    return [{ node: el("div", { class: "markup" }, render(component.content, names)) }];
  return [];
}

/** One field: {node, id, value(), check() -> sentence or "", focus()}. */
function field(component, label, description, world) {
  const id = freshId("field");
  const hintId = `${id}-hint`;
  const wrongId = `${id}-wrong`;
  const required = component.required ?? true;
  const wrong = el("p", { class: "problem", id: wrongId });
  const made = control(component, { id, label, required, world, describedBy: `${hintId} ${wrongId}` });
  const grouped = component.type === 21 || component.type === 22;
  const heading = [
    el("span", { text: label }),
    required && component.type !== 23
      ? el("span", { class: "needed", "aria-hidden": "true", text: " *" })
      : null,
  ];
  const head = el(grouped ? "legend" : "label", { class: "label", for: grouped ? null : id }, heading);
  const hint = el("p", {
    class: "hint",
    id: hintId,
    text: [description, limits(component)].filter(Boolean).join(" "),
  });
  const box = el(
    grouped ? "fieldset" : "div",
    { class: "modal-field" },
    head,
    hint,
    made.node,
    made.count,
    wrong,
  );
  return {
    node: box,
    id: component.custom_id,
    value: made.value,
    focus: made.focus,
    check() {
      const sentence = made.check(required);
      wrong.textContent = sentence;
      made.invalid?.(Boolean(sentence));
      return sentence;
    },
  };
}

function limits({ type, min_length: least, max_length: most }) {
  if (type !== 4) return "";
  if (least > 1 && most) return `${least} to ${most} characters.`;
  return least > 1 ? `At least ${least} characters.` : "";
}

function control(component, about) {
  if (component.type === 4) return text(component, about);
  if (component.type === 21) return group(component, about, "radio");
  if (component.type === 22) return group(component, about, "checkbox");
  if (component.type === 23) return checkbox(component, about);
  if (component.type === 19) return unavailable("Files cannot be uploaded in this rehearsal.");
  return menu(component, about);
}

function text(component, { id, required, describedBy }) {
  const long = component.style === PARAGRAPH;
  const { max_length: most = 4000, min_length: least = 0 } = component;
  const node = el(long ? "textarea" : "input", {
    id,
    class: "field",
    type: long ? null : "text",
    rows: long ? 5 : null,
    placeholder: component.placeholder,
    "aria-required": String(required),
    "aria-describedby": describedBy,
    autocomplete: "off",
  });
  node.value = component.value ?? "";
  const count = el("span", { class: "count", "aria-hidden": "true" });
  const measure = () => {
    count.textContent = component.max_length ? `${node.value.length} / ${most}` : "";
    count.classList.toggle("over", node.value.length > most);
  };
  node.addEventListener("input", () => {
    measure();
    node.removeAttribute("aria-invalid");
  });
  measure();
  return {
    node,
    count,
    value: () => node.value,
    focus: () => node.focus(),
    invalid: (yes) =>
      yes ? node.setAttribute("aria-invalid", "true") : node.removeAttribute("aria-invalid"),
    check: () => {
      const size = node.value.trim().length;
      if (size === 0) return required ? "Please write something here." : "";
      if (size < least) return `Please write at least ${least} characters (${least - size} more).`;
      return node.value.length > most ? `That is ${node.value.length - most} characters too long.` : "";
    },
  };
}

function menu(component, { id, label, required, world, describedBy }) {
  const { node, values } = selectMenu(component, world, { label, describedBy });
  node.id = id;
  const least = required ? Math.max(1, component.min_values ?? 1) : 0;
  return {
    node,
    value: values,
    focus: () => node.focus(),
    check: () =>
      values().length < least ? `Please choose ${least === 1 ? "one" : `at least ${least}`}.` : "",
  };
}

function group(component, { id }, type) {
  const inputs = component.options.map((option) =>
    el("input", { type, name: id, value: option.value, checked: option.default }),
  );
  const rows = component.options.map((option, at) =>
    el(
      "label",
      { class: "tick" },
      inputs[at],
      el("span", {}, option.label, option.description ? el("small", { text: option.description }) : null),
    ),
  );
  const chosen = () => inputs.filter((input) => input.checked).map((input) => input.value);
  const most = component.max_values ?? inputs.length;
  return {
    node: el("div", { class: "ticks" }, rows),
    value: () => (type === "radio" ? (chosen()[0] ?? null) : chosen()),
    focus: () => (inputs.find((input) => input.checked) ?? inputs[0]).focus(),
    check: (required) => {
      const least = required ? Math.max(1, component.min_values ?? 1) : 0;
      if (chosen().length < least) return `Please choose ${least === 1 ? "one" : `at least ${least}`}.`;
      return type === "checkbox" && chosen().length > most ? `Please choose at most ${most}.` : "";
    },
  };
}

function checkbox(component, { id, describedBy }) {
  const node = el("input", {
    type: "checkbox",
    id,
    checked: component.default,
    "aria-describedby": describedBy,
  });
  return { node, value: () => node.checked, focus: () => node.focus(), check: () => "" };
}

const unavailable = (sentence) => ({
  node: el("p", { class: "hint", text: sentence }),
  value: () => [],
  focus: () => {},
  check: () => "",
});
