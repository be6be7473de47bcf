// Slack's modals: the topmost of a stack in a dialog, which keeps what was written until the bot has taken it.

import { drawBlocks } from "./blockkit.js";
import { el, freshId, iconButton, toast } from "./dom.js";

export class Forms {
  /** `hands` is {names, channels(), act(viewId, actionId, chosen), submit(viewId, given), close(viewId)}. */
  constructor(hands) {
    this.hands = hands;
    this.shown = null;
    this.dialog = null;
  }

  /** Show the topmost view, or nothing; the same view unchanged stays as it is, with what was typed. */
  show(views) {
    const view = views.at(-1) ?? null;
    if (!view) return this.put(null);
    if (this.shown?.id === view.id && this.shown.hash === view.hash) return undefined;
    return this.put(view);
  }

  put(view) {
    this.shown = view;
    const before = this.dialog;
    this.dialog = null;
    if (before) {
      before.close();
      before.remove();
    }
    if (!view) return;
    const titleId = freshId("view");
    const problem = el("p", { class: "problem", role: "alert" });
    const fields = new Map();
    const body = el("div", { class: "modal-fields" });
    const names = this.hands.names;
    const act = (action, chosen) => this.hands.act(view.id, action, chosen);
    for (const block of view.blocks) {
      if (block.type !== "input") body.append(...drawBlocks([block], { names, act }));
      else {
        const made = this.field(block);
        fields.set(block.block_id, made);
        body.append(made.node);
      }
    }
    body.append(problem);
    const send = view.submit && el("button", { type: "submit", class: "button button-success", text: view.submit.text });
    const close = el("button", {
      type: "button",
      class: "button button-plain",
      text: view.close?.text ?? "Close",
      on: { click: () => this.leave(view) },
    });
    const form = el(
      "form",
      { class: "modal-form", novalidate: true },
      el(
        "header",
        { class: "modal-head" },
        el("h2", { id: titleId, text: view.title.text }),
        iconButton("close", "Close this form", () => this.leave(view)),
      ),
      body,
      el("footer", { class: "modal-foot" }, close, send),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(view, fields, send, problem);
    });
    const dialog = (this.dialog = el("dialog", { class: "modal slack-modal", "aria-labelledby": titleId }, form));
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        this.leave(view);
      } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && view.submit) form.requestSubmit();
    });
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    this.atFirst = this.written(fields);
    this.fields = fields;
    document.body.append(dialog);
    dialog.showModal();
    (fields.values().next().value?.input ?? send ?? close).focus();
  }

  written(fields) {
    return JSON.stringify([...fields.values()].map((field) => field.value()));
  }

  leave(view) {
    const lost = this.fields.size && this.written(this.fields) !== this.atFirst;
    const asked = this.dialog.querySelector(".confirm");
    if (!lost || asked) return this.hands.close(view.id);
    const keep = el("button", { type: "button", class: "button button-plain", text: "Keep writing" });
    const drop = el("button", {
      type: "button",
      class: "button button-danger",
      text: "Discard",
      on: { click: () => this.hands.close(view.id) },
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
      this.fields.values().next().value.input.focus();
    });
    this.dialog.firstElementChild.append(ask);
    keep.focus();
    return undefined;
  }

  async send(view, fields, button, problem) {
    problem.textContent = "";
    for (const field of fields.values()) field.wrong("");
    const unfit = [...fields.values()].filter((field) => field.missing());
    for (const field of unfit) field.wrong("Please fill this in.");
    if (unfit.length) return unfit[0].input.focus();
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    try {
      const given = Object.fromEntries([...fields.values()].map((field) => [field.name, field.value()]));
      const errors = (await this.hands.submit(view.id, given)) ?? {};
      for (const [block, sentence] of Object.entries(errors))
        if (fields.has(block)) fields.get(block).wrong(sentence);
        else problem.textContent = sentence;
      fields.get(Object.keys(errors)[0])?.input.focus();
    } catch (error) {
      problem.textContent = `${error.message} What you wrote is still here.`;
    } finally {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
    return undefined;
  }

  /** One input: {node, name, input, value(), missing(), wrong(sentence)}. */
  field(block) {
    const made = block.element;
    const id = freshId("field");
    const wrongId = `${id}-wrong`;
    const wrong = el("p", { class: "problem", id: wrongId });
    const control = this.control(made, id, `${id}-hint ${wrongId}`);
    const grouped = made.type === "checkboxes";
    const label = [block.label.text, block.optional ? el("span", { class: "optional", text: " (optional)" }) : null];
    const node = el(
      grouped ? "fieldset" : "div",
      { class: "modal-field" },
      el(grouped ? "legend" : "label", { class: "label", for: grouped ? null : id }, label),
      control.node,
      wrong,
      block.hint && el("p", { class: "hint", id: `${id}-hint`, text: block.hint.text }),
    );
    return {
      node,
      name: made.action_id,
      input: control.input,
      value: control.value,
      missing: () => !block.optional && control.value().length === 0,
      wrong: (sentence) => {
        wrong.textContent = sentence;
        if (sentence) control.input.setAttribute("aria-invalid", "true");
        else control.input.removeAttribute("aria-invalid");
      },
    };
  }

  control(made, id, described) {
    const common = { id, class: "field", "aria-describedby": described };
    if (made.type === "checkboxes") {
      const ticked = new Set((made.initial_options ?? []).map((option) => option.value));
      const boxes = made.options.map((option) =>
        el("input", { type: "checkbox", value: option.value, checked: ticked.has(option.value) }),
      );
      const ticks = boxes.map((box, at) =>
        el("label", { class: "tick" }, box, el("span", { text: made.options[at].text.text })),
      );
      const value = () => boxes.filter((box) => box.checked).map((box) => box.value);
      return { node: el("div", { class: "ticks", "aria-describedby": described }, ticks), input: boxes[0], value };
    }
    const input = this.single(made, common);
    return { node: input, input, value: () => input.value };
  }

  single(made, common) {
    const choice = (options, chosen) => {
      const menu = el(
        "select",
        common,
        el("option", { value: "", text: made.placeholder?.text ?? "Choose…" }),
        options.map(([value, said]) => el("option", { value, text: said })),
      );
      menu.value = chosen ?? "";
      return menu;
    };
    switch (made.type) {
      case "static_select":
      case "radio_buttons":
        return choice(
          made.options.map((option) => [option.value, option.text.text]),
          made.initial_option?.value,
        );
      case "conversations_select":
      case "channels_select":
        return choice(
          this.hands.channels().map((channel) => [channel.id, `#${channel.name}${channel.is_private ? " (private)" : ""}`]),
          made.initial_conversation ?? made.initial_channel,
        );
      case "datepicker":
        return el("input", { ...common, type: "date", value: made.initial_date });
      case "timepicker":
        return el("input", { ...common, type: "time", value: made.initial_time });
      case "plain_text_input": {
        const more = { maxlength: made.max_length, placeholder: made.placeholder?.text };
        if (!made.multiline) return el("input", { ...common, ...more, type: "text", value: made.initial_value });
        const box = el("textarea", { ...common, ...more, rows: 6 });
        box.value = made.initial_value ?? "";
        return box;
      }
      default:
        toast(`This rehearsal has no field of the kind ${made.type}.`, { error: true });
        return el("input", { ...common, type: "text" });
    }
  }
}
