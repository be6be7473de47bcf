// Discord's markdown, as elements. User text is only ever put into text nodes; a link is made for http and
// https addresses alone, everything else stays the text it was.

import { el } from "./dom.js";
import { styled } from "./time.js";

const DEEPEST = 12;
const PAIRS = [
  ["***", "strong", "em"],
  ["**", "strong"],
  ["__", "u"],
  ["~~", "s"],
  ["||", "spoiler"],
  ["*", "em"],
  ["_", "em"],
];

/**
 * Render `text` as a fragment. `names` answers `user(id)`, `role(id)` and `channel(id)` with a name or null and
 * may open a channel (`open(id)`).
 */
export function render(text, names) {
  const out = document.createDocumentFragment();
  text = text.trimEnd();
  const fence = /```(?:([\w+#-]{1,20})\n)?([\s\S]+?)```\n?/g;
  let from = 0;
  for (const found of text.matchAll(fence)) {
    blocks(text.slice(from, found.index), out, names, 0);
    out.append(el("pre", { tabindex: 0 }, el("code", { text: found[2].replace(/^\n|\n$/g, "") })));
    from = found.index + found[0].length;
  }
  blocks(text.slice(from), out, names, 0);
  return out;
}

/** Only the inline marks, for titles and labels. */
export function renderInline(text, names) {
  const out = document.createDocumentFragment();
  inline(text, out, names, 0);
  return out;
}

const HEADER = /^(#{1,3})\s+(.+)$/;
const SMALL = /^-#\s+(.+)$/;
const ITEM = /^(\s*)(?:([-*])|(\d{1,9})\.)\s+(.+)$/;

function blocks(text, out, names, depth) {
  if (text === "") return;
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  let plain = [];
  const flush = () => {
    if (plain.length === 0) return;
    const line = el("div", { class: "line" });
    // A blank line before a block shows; without a second newline the browser would swallow it.
    inline(plain.join("\n") + (plain.at(-1) === "" ? "\n" : ""), line, names, depth);
    out.append(line);
    plain = [];
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at];
    let found;
    if (depth < DEEPEST && /^>>> /.test(line)) {
      flush();
      const rest = [line.slice(4), ...lines.slice(at + 1)].join("\n");
      out.append(quote(rest, names, depth));
      return;
    }
    if (depth < DEEPEST && /^> /.test(line)) {
      flush();
      const quoted = [];
      for (; at < lines.length && /^>( |$)/.test(lines[at]); at++) quoted.push(lines[at].slice(2));
      at--;
      out.append(quote(quoted.join("\n"), names, depth));
    } else if ((found = HEADER.exec(line))) {
      flush();
      const header = el("div", {
        class: `heading heading-${found[1].length}`,
        role: "heading",
        "aria-level": found[1].length + 2,
      });
      inline(found[2], header, names, depth);
      out.append(header);
    } else if ((found = SMALL.exec(line))) {
      flush();
      const small = el("div", { class: "subtext" });
      inline(found[1], small, names, depth);
      out.append(small);
    } else if (ITEM.test(line)) {
      flush();
      const items = [];
      for (; at < lines.length && (found = ITEM.exec(lines[at])); at++) items.push(found);
      at--;
      out.append(list(items, names, depth));
    } else {
      plain.push(line);
    }
  }
  flush();
}

function quote(text, names, depth) {
  const box = el("blockquote");
  blocks(text, box, names, depth + 1);
  return box;
}

function list(items, names, depth) {
  const indent = items[0][1].length;
  const box = items[0][3] ? el("ol", { start: items[0][3] }) : el("ul");
  for (let at = 0; at < items.length; at++) {
    const entry = el("li");
    inline(items[at][4], entry, names, depth);
    const inner = [];
    while (at + 1 < items.length && items[at + 1][1].length > indent) inner.push(items[++at]);
    if (inner.length && depth < DEEPEST) entry.append(list(inner, names, depth + 1));
    box.append(entry);
  }
  return box;
}

const TOKENS = [
  [/\\([^A-Za-z0-9\s])/y, (found) => found[1]],
  [/(`{1,2})([^`][\s\S]*?|[^`])\1(?!`)/y, (found) => el("code", { text: found[2].trim() || found[2] })],
  [/<@!?(\d{1,20})>/y, (found, names) => mention("@", names.user(found[1]) ?? "unknown-user")],
  [/<@&(\d{1,20})>/y, (found, names) => mention("@", names.role(found[1]) ?? "unknown-role")],
  [/<#(\d{1,20})>/y, (found, names) => channel(found[1], names)],
  [/<\/([^:<>\n]{1,100}):\d{1,20}>/y, (found) => mention("/", found[1])],
  [
    /<t:(-?\d{1,12})(?::([tTdDfFRsS]))?>/y,
    (found) => timestamp(Number(found[1]), found[2] ?? "f") ?? found[0],
  ],
  [/<a?:(\w{2,32}):\d{1,20}>/y, (found) => `:${found[1]}:`],
  [/@(?:everyone|here)\b/y, (found) => mention("", found[0])],
  [/<(https?:\/\/[^\s<>]+)>/y, (found) => link(found[1], found[1])],
  [/https?:\/\/[^\s<]*[^\s<.,:;"'!?)\]*_~|`]/y, (found) => link(found[0], found[0])],
];
const MASKED = /\[([^\[\]\n]{1,300})\]\(<?(https?:\/\/[^\s()<>]+)>?(?: "[^"\n]*")?\)/y;
const SPECIAL = /[\\`<@h[*_~|]/g;

function inline(text, out, names, depth) {
  let plain = "";
  const flush = () => {
    if (plain) out.append(plain);
    plain = "";
  };
  let at = 0;
  while (at < text.length) {
    SPECIAL.lastIndex = at;
    const next = SPECIAL.exec(text)?.index ?? text.length;
    plain += text.slice(at, next);
    at = next;
    if (at === text.length) break;
    const made = token(text, at, names) ?? masked(text, at, names, depth) ?? pair(text, at, names, depth);
    if (!made) {
      plain += text[at++];
      continue;
    }
    flush();
    out.append(made.node);
    at += made.length;
  }
  flush();
}

function token(text, at, names) {
  for (const [pattern, make] of TOKENS) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) return { node: make(found, names), length: found[0].length };
  }
  return null;
}

function masked(text, at, names, depth) {
  MASKED.lastIndex = at;
  const found = depth < DEEPEST && MASKED.exec(text);
  if (!found) return null;
  const node = link(found[2], "");
  if (typeof node === "string") return null;
  inline(found[1], node, names, DEEPEST);
  return { node, length: found[0].length };
}

function pair(text, at, names, depth) {
  if (depth >= DEEPEST) return null;
  for (const [mark, outer, nested] of PAIRS) {
    if (!text.startsWith(mark, at)) continue;
    const end = closing(text, at, mark);
    if (end < 0) continue;
    const node = outer === "spoiler" ? spoiler() : el(outer);
    const within = nested ? node.appendChild(el(nested)) : node;
    inline(text.slice(at + mark.length, end), within, names, depth + 1);
    return { node, length: end + mark.length - at };
  }
  return null;
}

/** Where the mark that opens at `at` closes, or -1. Escaped characters and code in between are stepped over. */
function closing(text, at, mark) {
  const single = mark.length === 1;
  const from = at + mark.length;
  if (mark[0] !== "|" && /\s/.test(text[from] ?? " ")) return -1;
  if (mark === "_" && /\w/.test(text[at - 1] ?? "")) return -1;
  for (let here = from; here < text.length; here++) {
    if (text[here] === "\\") here++;
    else if (text[here] === "`") here = Math.max(here, text.indexOf("`", here + 1));
    else if (single && text.startsWith(mark + mark, here)) here++;
    else if (text.startsWith(mark, here) && here > from && closes(text, here, mark)) return here;
  }
  return -1;
}

function closes(text, here, mark) {
  const after = text[here + mark.length] ?? "";
  if (after === mark[0]) return false;
  if (mark === "_" && /\w/.test(after)) return false;
  return mark[0] === "|" || !/\s/.test(text[here - 1]);
}

const mention = (sign, name) => el("span", { class: "mention", text: sign + name });

function channel(id, names) {
  const name = names.channel(id);
  if (!name) return mention("#", "unknown");
  return el("button", {
    type: "button",
    class: "mention",
    text: `#${name}`,
    on: { click: () => names.open(id) },
  });
}

function timestamp(seconds, style) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return null;
  return el("time", {
    datetime: date.toISOString(),
    title: styled(date, "F"),
    data: { style },
    text: styled(date, style),
  });
}

/** A link that opens elsewhere; the text itself when the address is not one of http. */
export function link(address, text) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return text;
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return text;
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", text });
}

function spoiler() {
  const node = el("span", {
    class: "spoiler",
    role: "button",
    tabindex: 0,
    "aria-label": "Spoiler: press to show",
    "aria-expanded": "false",
  });
  const show = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    if (node.getAttribute("aria-expanded") === "true") return;
    event.preventDefault();
    event.stopPropagation();
    node.setAttribute("aria-expanded", "true");
    node.removeAttribute("role");
    node.removeAttribute("aria-label");
  };
  node.addEventListener("click", show);
  node.addEventListener("keydown", show);
  return node;
}
