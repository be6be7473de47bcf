// The menu of a message: copy, reply, and the bot's message and user commands under "Apps".

import { el, icon, rove, toast } from "./dom.js";

const USER_COMMAND = 2;
const MESSAGE_COMMAND = 3;
let open = null;

/** Commands that can be used in this place: those of servers do not exist in direct messages. */
export function usable(world, place) {
  const direct = Boolean(place.with);
  const fits = (command) =>
    command.contexts
      ? command.contexts.includes(direct ? 1 : 0)
      : !direct || (command.dm_permission !== false && !command.guild_id);
  return world.commands.filter(fits);
}

/** Open the menu at `anchor`; `hands` is {reply(message), use(command, targetId)}. */
export function openMenu(message, anchor, { world, place, hands }) {
  closeMenu();
  const commands = usable(world, place);
  const entry = (label, glyph, act) => {
    const item = el(
      "button",
      { type: "button", role: "menuitem", class: "menu-item", tabindex: -1 },
      icon(glyph),
      el("span", { text: label }),
    );
    item.addEventListener("click", () => {
      closeMenu(true);
      act();
    });
    return item;
  };
  const plain = [entry("Reply", "reply", () => hands.reply(message))];
  if (message.content) plain.push(entry("Copy text", "file", () => copy(message.content)));
  const apps = [
    ...commands
      .filter((command) => command.type === MESSAGE_COMMAND)
      .map((command) => entry(command.name, "apps", () => hands.use(command, message.id))),
    ...commands
      .filter((command) => command.type === USER_COMMAND)
      .map((command) =>
        entry(`${command.name} (author)`, "apps", () => hands.use(command, message.author.id)),
      ),
  ];
  const box = el(
    "div",
    { class: "menu", role: "menu", "aria-label": "Message" },
    plain,
    el("div", { class: "menu-title", role: "presentation" }, "Apps ▸"),
    apps.length ? apps : el("div", { class: "menu-empty", text: "No app has an action for this message." }),
  );
  document.body.append(box);
  const around = anchor.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(around.right - box.offsetWidth, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${Math.max(8, Math.min(around.bottom + 4, innerHeight - box.offsetHeight - 8))}px`;
  rove(box, ".menu-item");
  const outside = (event) => box.contains(event.target) || closeMenu();
  open = { box, anchor, outside };
  document.addEventListener("pointerdown", outside, true);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" && event.key !== "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    closeMenu(true);
  });
  box.querySelector(".menu-item").focus();
}

/** Close the menu that is open, if any; `back` returns the focus to what opened it. */
export function closeMenu(back = false) {
  if (!open) return;
  const { box, anchor, outside } = open;
  open = null;
  document.removeEventListener("pointerdown", outside, true);
  box.remove();
  if (back) anchor.focus();
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied.");
  } catch {
    toast("The browser did not allow copying.", { error: true });
  }
}
