// The framed cards of a message.

import { el } from "./dom.js";
import { picture } from "./components.js";
import { link, render, renderInline } from "./markup.js";
import { hex } from "./pieces.js";
import { stamp } from "./time.js";

/** Draw one embed; `names` as in markup.js. */
export function embed(data, names) {
  const card = el("div", { class: "embed", style: data.color ? { "--accent-line": hex(data.color) } : {} });
  const body = el("div", { class: "embed-body" });
  if (data.author?.name) body.append(el("div", { class: "embed-author", text: data.author.name }));
  if (data.title) body.append(title(data, names));
  if (data.description) body.append(el("div", { class: "markup" }, render(data.description, names)));
  if (data.fields?.length)
    body.append(
      el(
        "div",
        { class: "embed-fields" },
        data.fields.map((field, at) => fieldOf(field, abreast(data.fields, at), names)),
      ),
    );
  if (data.image?.url) body.append(picture(data.image, data.image.description));
  const date = data.timestamp ? new Date(data.timestamp) : null;
  if (data.footer?.text || date) {
    const when =
      date && el("time", { datetime: date.toISOString(), data: { style: "stamp" }, text: stamp(date) });
    const words = data.footer?.text ? el("span", { text: data.footer.text }) : null;
    body.append(el("div", { class: "embed-footer" }, words, words && when ? " · " : null, when));
  }
  card.append(body);
  if (data.thumbnail?.url) card.append(picture(data.thumbnail, data.thumbnail.description));
  return card;
}

function title(data, names) {
  const box = el("div", { class: "embed-title", role: "heading", "aria-level": 4 });
  const inside = data.url ? link(data.url, "") : box;
  if (typeof inside !== "string" && inside !== box) box.append(inside);
  (typeof inside === "string" ? box : inside).append(renderInline(data.title, names));
  return box;
}

/** How many fields stand in the row of the field at `at`: inline ones share it, three at most. */
function abreast(fields, at) {
  if (!fields[at].inline) return 1;
  let from = at;
  let to = at;
  while (fields[from - 1]?.inline) from--;
  while (fields[to + 1]?.inline) to++;
  return Math.min(3, to - from + 1);
}

function fieldOf(field, width, names) {
  return el(
    "div",
    { class: `embed-field embed-field-${width}` },
    el("div", { class: "embed-field-name" }, renderInline(field.name, names)),
    el("div", { class: "markup" }, render(field.value, names)),
  );
}
