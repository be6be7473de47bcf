// Slack's own markup as nodes of the page: *bold*, _italic_, ~struck~, `code`, quotes, lists as they stand, <links|so>.

import { el } from "./dom.js";

const TOKENS =
  /<([^<>\s][^<>]*)>|`([^`\n]+)`|(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])|(?<!\w)_(\S(?:[^_\n]*\S)?)_(?!\w)|(?<!~)~(\S(?:[^~\n]*\S)?)~(?!~)/g;

export const plain = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** Nodes for a text; `names` is {user(id), channel(id), open(channel, ts)}. */
export function render(text, names) {
  const lines = [];
  let quote = null;
  for (const line of text.split("\n")) {
    const quoted = line.startsWith("> ") || line.startsWith("&gt; ");
    const nodes = spans(quoted ? line.replace(/^(?:>|&gt;) /, "") : line, names);
    if (!quoted) {
      quote = null;
      lines.push(el("div", { class: "line" }, nodes));
    } else {
      if (!quote) lines.push((quote = el("blockquote")));
      quote.append(el("div", { class: "line" }, nodes));
    }
  }
  return lines;
}

function spans(text, names) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(TOKENS)) {
    if (found.index > end) nodes.push(plain(text.slice(end, found.index)));
    const [whole, named, code, bold, italic, struck] = found;
    if (named !== undefined) nodes.push(mention(named, names));
    else if (code !== undefined) nodes.push(el("code", { text: plain(code) }));
    else if (bold !== undefined) nodes.push(el("strong", {}, spans(bold, names)));
    else if (italic !== undefined) nodes.push(el("em", {}, spans(italic, names)));
    else nodes.push(el("s", {}, spans(struck, names)));
    end = found.index + whole.length;
  }
  if (end < text.length) nodes.push(plain(text.slice(end)));
  return nodes;
}

function mention(named, names) {
  const [target, said] = named.split("|");
  if (target.startsWith("#")) {
    const channel = target.slice(1);
    const jump = { click: () => names.open(channel) };
    return el("button", { type: "button", class: "mention", text: `#${names.channel(channel)}`, on: jump });
  }
  if (target.startsWith("@")) return el("span", { class: "mention", text: `@${names.user(target.slice(1))}` });
  if (target.startsWith("!")) {
    const called = said ?? target.slice(1).split("^").at(-1);
    return el("span", { class: "mention mention-many", text: `@${called.replace(/^@/, "")}` });
  }
  if (target.startsWith("mailto:")) return el("a", { href: plain(target), text: plain(said ?? target.slice(7)) });
  if (/^https?:/.test(target) && !new URL(target).pathname.startsWith("/app_redirect"))
    return el("a", { href: plain(target), target: "_blank", rel: "noreferrer", text: plain(said ?? target) });
  const place = /[?&](?:amp;)?channel=(\w+)&(?:amp;)?message_ts=([\d.]+)/.exec(target);
  if (place) {
    const jump = { click: () => names.open(place[1], place[2]) };
    return el("button", { type: "button", class: "mention", text: plain(said ?? "thread"), on: jump });
  }
  return el("span", { class: "profile", text: plain(said ?? target) });
}
