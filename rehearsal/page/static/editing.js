// Changing one's own message where it stands.

import * as api from "./api.js";
import { el } from "./dom.js";

/** Put a field in place of the message's words; `done()` takes the focus afterwards. */
export function editInPlace(message, node, { world, done }) {
  if (node.querySelector(".editing")) return node.querySelector(".editing textarea").focus();
  const field = el("textarea", {
    class: "field",
    rows: 2,
    "aria-label": "Edit your message",
    maxlength: 2000,
  });
  field.value = message.content;
  const problem = el("p", { class: "problem", role: "alert" });
  const save = el("button", { type: "submit", class: "text-button", text: "save" });
  const cancel = el("button", {
    type: "button",
    class: "text-button",
    text: "cancel",
    on: { click: () => leave() },
  });
  const form = el(
    "form",
    { class: "editing" },
    field,
    el("div", { class: "editing-hint" }, "Esc to ", cancel, " · Enter to ", save),
    problem,
  );
  const body = node.querySelector(".message-body");
  const hidden = [...body.querySelectorAll(":scope > .markup")];

  function leave() {
    form.remove();
    for (const part of hidden) part.hidden = false;
    done();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (field.value.trim() === message.content) return leave();
    try {
      const changed = await api.act(world.me.id, "edit", { message_id: message.id, content: field.value });
      leave();
      world.put(changed, "update");
    } catch (refusal) {
      problem.textContent = refusal.message;
    }
    return undefined;
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    } else {
      return;
    }
    event.stopPropagation();
  });
  for (const part of hidden) part.hidden = true;
  body.insertBefore(form, hidden[0] ?? null);
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  return undefined;
}
