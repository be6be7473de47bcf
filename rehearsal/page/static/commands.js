// Slash commands: the list that opens on "/", and the form with one field for each option.

import * as api from "./api.js";
import { el, icon, iconButton, freshId } from "./dom.js";
import { combobox, filtered } from "./listbox.js";
import { usable } from "./menu.js";
import { dot } from "./pieces.js";

const CHAT_INPUT = 1;
const [SUB, GROUP, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT] = [
  1, 2, 4, 5, 6, 7, 8, 9, 10, 11,
];

/** Everything that can be typed after a slash here: {path: ["setup", "channel"], label, hint, options}. */
export function slashes(world, place) {
  const found = [];
  const walk = (path, node) => {
    const inner = (node.options ?? []).filter((option) => option.type === SUB || option.type === GROUP);
    if (inner.length) for (const option of inner) walk([...path, option.name], option);
    else
      found.push({
        value: path.join(" "),
        path,
        label: `/${path.join(" ")}`,
        hint: node.description,
        options: node.options ?? [],
        side: world.bot.username,
      });
  };
  for (const command of usable(world, place)) if (command.type === CHAT_INPUT) walk([command.name], command);
  return found.sort((a, b) => a.label.localeCompare(b.label));
}

/** Wrap option values as the people's API wants them: {"sub": {"option": value}}. */
const nested = (path, values) => path.slice(1).reduceRight((inside, name) => ({ [name]: inside }), values);

/**
 * The form of one command. `run(name, options)` sends it; `leave()` goes back to plain writing.
 * Returns {node, focus()}.
 */
export function commandForm(slash, { world, place, run, leave }) {
  const problem = el("p", { class: "problem", role: "alert" });
  const fields = [];
  const strip = el("div", { class: "command-fields" });
  const spare = el("div", { class: "command-spare" });
  const go = el("button", { type: "submit", class: "button button-primary command-go" }, "Run", icon("send"));
  const named = el("span", { class: "command-name" }, slash.label);
  const node = el(
    "form",
    { class: "command", "aria-label": `Command ${slash.label}` },
    el("div", { class: "command-line" }, named, strip, go, iconButton("close", "Leave this command", leave)),
    el(
      "p",
      { class: "command-hint" },
      el("span", { text: slash.hint }),
      el("span", { class: "keys", text: "Enter runs it, Esc goes back" }),
    ),
    spare,
    problem,
  );

  const add = (option) => {
    const field = optionField(option, { world, place, autocomplete });
    fields.push(field);
    strip.append(field.node);
    return field;
  };
  const values = () =>
    Object.fromEntries(
      fields.map((field) => [field.option.name, field.value()]).filter(([, value]) => value !== undefined),
    );
  async function autocomplete(name, typed) {
    const choices = await api
      .act(world.me.id, "autocomplete", {
        channel_id: place.id,
        name: slash.path[0],
        options: nested(slash.path, { ...values(), [name]: typed }),
        focused: name,
      })
      .catch(() => []);
    return choices.map((choice) => ({ value: choice.value, label: choice.name }));
  }
  const optional = slash.options.filter((option) => !option.required);
  for (const option of slash.options) if (option.required || optional.length <= 2) add(option);
  for (const option of optional.length > 2 ? optional : []) {
    const chip = el("button", {
      type: "button",
      class: "chip",
      title: option.description,
      text: `+ ${option.name}`,
    });
    chip.addEventListener("click", () => {
      chip.remove();
      add(option).focus();
    });
    spare.append(chip);
  }

  node.addEventListener("submit", (event) => {
    event.preventDefault();
    const unfit = fields.find((field) => field.check());
    problem.textContent = unfit ? unfit.check() : "";
    for (const field of fields) field.mark(field === unfit);
    if (unfit) return unfit.focus();
    return run(slash.path[0], nested(slash.path, values()));
  });
  node.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    const first = fields[0]?.input;
    if (event.key === "Backspace" && event.target === first && first.value === "") {
      event.preventDefault();
      leave();
    }
  });
  return { node, focus: () => (fields[0] ?? { focus: () => go.focus() }).focus() };
}

/** One option's field: {node, input, option, value(), check() -> sentence, mark(bad), focus()}. */
function optionField(option, { world, place, autocomplete }) {
  const id = freshId("option");
  const made = inputFor(option, { world, place, autocomplete });
  made.input.id = id;
  made.input.title = option.description;
  const label = el(
    "label",
    { class: "option-name", for: id },
    option.name,
    option.required ? el("span", { class: "needed", "aria-hidden": "true", text: " *" }) : null,
  );
  const node = el("div", { class: "option-field" }, label, made.input);
  made.input.setAttribute(
    "aria-label",
    `${option.name}${option.required ? " (needed)" : ""}: ${option.description}`,
  );
  made.input.placeholder = option.description;
  return {
    node,
    option,
    input: made.input,
    value: made.value,
    focus: () => made.input.focus(),
    mark: (bad) =>
      bad ? made.input.setAttribute("aria-invalid", "true") : made.input.removeAttribute("aria-invalid"),
    check() {
      if (made.unfit()) return made.advice ?? `Choose “${option.name}” from the list.`;
      return option.required && made.value() === undefined
        ? `“${option.name}” is needed: ${option.description}`
        : "";
    },
  };
}

function inputFor(option, { world, place, autocomplete }) {
  const label = option.name;
  const fixed = (items) => combobox({ label, source: (query) => filtered(items, query) });
  if (option.choices?.length)
    return fixed(option.choices.map((choice) => ({ value: choice.value, label: choice.name })));
  if (option.autocomplete)
    return combobox({
      label,
      free: option.type !== INTEGER && option.type !== NUMBER,
      source: (query) => autocomplete(option.name, query),
    });
  if (option.type === BOOLEAN)
    return fixed([
      { value: true, label: "True" },
      { value: false, label: "False" },
    ]);
  if (option.type === INTEGER || option.type === NUMBER) return numberInput(option);
  const users = () =>
    world.users().map((user) => ({ value: user.id, label: user.name, mark: dot(user.color) }));
  const roles = () =>
    [...world.roles.values()].map((role) => ({ value: role.id, label: `@${role.name.replace(/^@/, "")}` }));
  if (option.type === USER) return fixed(users());
  if (option.type === ROLE) return fixed(roles());
  if (option.type === MENTIONABLE) return fixed([...users(), ...roles()]);
  if (option.type === CHANNEL) {
    const places = [...world.channels.values(), ...world.threads.values()].filter(
      (one) => !option.channel_types?.length || option.channel_types.includes(one.type),
    );
    places.sort((a, b) => (b.id === place.id) - (a.id === place.id));
    return fixed(places.map((one) => ({ value: one.id, label: `#${one.name}` })));
  }
  if (option.type === ATTACHMENT) return fileInput();
  return textInput(option);
}

function fileInput() {
  const input = el("input", { type: "file", class: "field" });
  let given; // what was read of the chosen file; undefined while there is none or it is being read
  input.addEventListener("change", () => {
    given = undefined;
    const [file] = input.files;
    if (!file) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      if (input.files[0] === file)
        given = { filename: file.name, content: String(reader.result).split(",")[1] ?? "" };
    });
    reader.readAsDataURL(file);
  });
  return {
    input,
    value: () => given,
    unfit: () => input.files.length > 0 && given === undefined,
    advice: "That file is still being read.",
  };
}

function textInput({ min_length: least = 0, max_length: most = 6000 }) {
  const input = el("input", { type: "text", class: "field", autocomplete: "off" });
  const size = () => input.value.trim().length;
  return {
    input,
    value: () => input.value.trim() || undefined,
    unfit: () => size() > 0 && (size() < least || size() > most),
    advice: `This takes ${least} to ${most} characters.`,
  };
}

function numberInput({ type, min_value: least, max_value: most }) {
  const input = el("input", {
    type: "text",
    inputmode: type === INTEGER ? "numeric" : "decimal",
    class: "field",
    autocomplete: "off",
  });
  const range = [
    least === undefined ? "" : ` from ${least}`,
    most === undefined ? "" : ` up to ${most}`,
  ].join("");
  const read = () => Number(input.value.trim().replace(",", "."));
  const fits = (number) =>
    Number.isFinite(number) &&
    (type !== INTEGER || Number.isInteger(number)) &&
    number >= (least ?? -Infinity) &&
    number <= (most ?? Infinity);
  return {
    input,
    value: () => (input.value.trim() ? read() : undefined),
    unfit: () => input.value.trim() !== "" && !fits(read()),
    advice: `Give a ${type === INTEGER ? "whole number" : "number"}${range}.`,
  };
}
