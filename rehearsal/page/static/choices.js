// The select menus of messages and forms, as a button that opens a list. One menu of any kind: of given options,
// of people, of roles, of both, or of channels.

import { announce, el, icon } from "./dom.js";
import { Listbox } from "./listbox.js";
import { dot } from "./pieces.js";

const USERS = 5;
const ROLES = 6;
const BOTH = 7;
const CHANNELS = 8;

/** Everything that can be picked in a select component. */
export function itemsOf(component, world) {
  const users = () =>
    world
      .users()
      .map((user) => ({
        value: user.id,
        label: user.name,
        hint: user.bot ? "app" : null,
        mark: dot(user.color),
      }));
  const roles = () =>
    [...world.roles.values()].map((role) => ({
      value: role.id,
      label: `@${role.name.replace(/^@/, "")}`,
      hint: "role",
    }));
  const channels = () => {
    const allowed = component.channel_types;
    return [...world.channels.values(), ...(allowed?.some((kind) => kind > 9) ? world.threads.values() : [])]
      .filter((place) => !allowed?.length || allowed.includes(place.type))
      .map((place) => ({ value: place.id, label: `#${place.name}` }));
  };
  if (component.type === USERS) return users();
  if (component.type === ROLES) return roles();
  if (component.type === BOTH) return [...users(), ...roles()];
  if (component.type === CHANNELS) return channels();
  return component.options.map((option) => ({
    value: option.value,
    label: emojiText(option.emoji) + option.label,
    hint: option.description,
  }));
}

export const emojiText = (emoji) => (emoji?.name ? (emoji.id ? `:${emoji.name}: ` : `${emoji.name} `) : "");

function chosenAtFirst(component) {
  const given = component.options?.filter((option) => option.default).map((option) => option.value);
  return new Set(given ?? component.default_values?.map((entry) => String(entry.id)) ?? []);
}

/**
 * A select menu. `onDone(values)` is called when a choice has been made (for several: when the list closes and
 * the choice has changed). Returns {node, values()}.
 */
export function selectMenu(component, world, { label, onDone = () => {}, describedBy = null }) {
  const most = component.max_values ?? 1;
  const least = component.min_values ?? 1;
  const chosen = chosenAtFirst(component);
  const multiple = most > 1;
  const shown = el("span", { class: "select-shown" });
  const node = el(
    "button",
    {
      type: "button",
      class: "select",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-describedby": describedBy,
      disabled: component.disabled,
    },
    shown,
    icon("down"),
  );
  let list = null;

  function show() {
    const names = itemsOf(component, world)
      .filter((item) => chosen.has(item.value))
      .map((item) => item.label);
    shown.textContent = names.join(", ") || component.placeholder || "Make a choice";
    node.classList.toggle("select-empty", names.length === 0);
    node.setAttribute(
      "aria-label",
      `${label ?? component.placeholder ?? "Choose"}: ${names.join(", ") || "nothing chosen"}`,
    );
  }

  function toggle(item) {
    if (!multiple) {
      const again = chosen.has(item.value);
      chosen.clear();
      if (!again || least > 0) chosen.add(item.value);
    } else if (chosen.has(item.value)) {
      chosen.delete(item.value);
    } else if (chosen.size < most) {
      chosen.add(item.value);
    } else {
      announce(`At most ${most} can be chosen.`);
    }
    show();
    if (!multiple) onDone([...chosen]);
  }

  function open() {
    const before = [...chosen].sort().join();
    list = new Listbox(node, {
      label: label ?? component.placeholder ?? "Choices",
      items: itemsOf(component, world),
      selected: chosen,
      multiple,
      onPick: toggle,
      onClose: () => {
        if (multiple && [...chosen].sort().join() !== before) onDone([...chosen]);
      },
    });
  }

  node.addEventListener("click", () => (list?.open ? list.close() : open()));
  node.addEventListener("keydown", (event) => {
    if (list?.open) {
      if (event.key === " ") {
        event.preventDefault();
        list.pick();
      } else if (event.key === "Tab") {
        list.close();
      } else if (list.key(event)) {
        event.stopPropagation();
      }
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      open();
    }
  });
  show();
  return { node, values: () => [...chosen] };
}
