// One message as an element, with everything that can hang on it.

import { el, icon, iconButton } from "./dom.js";
import { components } from "./components.js";
import { embed } from "./embeds.js";
import { render, renderInline } from "./markup.js";
import { appBadge, avatar } from "./pieces.js";
import { nameOf } from "./state.js";
import { longDay, stamp, hourMinute } from "./time.js";

const EPHEMERAL = 64;
const LOADING = 128;
const NO_EMBEDS = 4;
const PINNED = 6;
const THREAD_CREATED = 18;
const THREAD_STARTER = 21;

export const isEphemeral = (message) => Boolean(message.flags & EPHEMERAL);

const author = (message, world) =>
  world.user(message.author.id) ?? {
    id: message.author.id,
    name: nameOf(message.author),
    color: "#6b7280",
    bot: message.author.bot,
  };

/** The message a thread hangs on, as it stands now, for the note at the thread's beginning that repeats it. */
export function starterOf(message, world) {
  if (message.type !== THREAD_STARTER) return null;
  const { channel_id: channel, message_id: id } = message.message_reference ?? {};
  return world.message(channel, id) ?? message.referenced_message ?? null;
}

/** What a message says in one line of plain text, for replies and announcements. */
export function gist(message, names) {
  const text =
    message.content ||
    message.embeds?.[0]?.title ||
    message.embeds?.[0]?.description ||
    firstText(message.components) ||
    "";
  const plain = renderInline(text.replace(/\s+/g, " "), names).textContent.trim();
  return plain.length > 140 ? `${plain.slice(0, 139)}…` : plain || "(no text)";
}

function firstText(list) {
  for (const component of list ?? []) {
    const found = component.type === 10 ? component.content : firstText(component.components);
    if (found) return found;
  }
  return null;
}

/**
 * Draw a message. `desk` is the page's hands: {world, names, press, select, dismiss, openThread, openMenu,
 * reply, edit, remove, jump}. `grouped` leaves out avatar and name under a message of the same author.
 */
export function messageNode(message, desk, { grouped, failure }) {
  const { world } = desk;
  if (message.type === PINNED || message.type === THREAD_CREATED) return systemNode(message, desk);
  const starter = starterOf(message, world);
  if (starter) return messageNode({ ...starter, starter: true }, desk, { grouped: false, failure });
  const writer = author(message, world);
  const classes = [
    "message",
    grouped ? "grouped" : "",
    isEphemeral(message) ? "ephemeral" : "",
    mentionsMe(message, world) ? "to-me" : "",
  ];
  const node = el("li", {
    class: classes.filter(Boolean).join(" "),
    tabindex: -1,
    data: { id: message.id },
    "aria-label": `${writer.name}: ${gist(message, desk.names)}`,
  });
  const context = contextLine(message, desk);
  if (context) node.append(context);
  const date = message.timestamp ? new Date(message.timestamp) : null;
  const body = el("div", { class: "message-body" });
  if (grouped) {
    node.append(
      el(
        "span",
        { class: "gutter" },
        date
          ? el("time", { class: "gutter-time", datetime: message.timestamp, text: hourMinute(date) })
          : null,
      ),
    );
  } else {
    node.append(avatar(writer));
    body.append(head(writer, date, message));
  }
  node.append(body);
  body.append(...contents(message, desk));
  if (failure) body.append(el("div", { class: "failure", role: "alert", text: failure }));
  const thread = message.starter ? null : world.threadAt(message);
  if (thread) body.append(threadLink(thread, desk));
  if (isEphemeral(message)) body.append(privately(message, desk));
  else if (!message.starter) node.append(tools(message, desk, node));
  return node;
}

function head(writer, date, message) {
  return el(
    "div",
    { class: "head" },
    el("span", { class: "author", text: writer.name }),
    writer.bot ? appBadge() : null,
    date
      ? el("time", {
          class: "stamp",
          datetime: message.timestamp,
          title: longDay(date),
          data: { style: "stamp" },
          text: stamp(date),
        })
      : null,
    message.pinned ? el("span", { class: "stamp", title: "Pinned" }, icon("pin")) : null,
  );
}

function contents(message, desk) {
  if (message.flags & LOADING)
    return [
      el(
        "div",
        { class: "thinking" },
        el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")),
        `${nameOf(message.author)} is thinking…`,
      ),
    ];
  const parts = [];
  if (message.content) {
    const words = el("div", { class: "markup" }, render(message.content, desk.names));
    if (message.edited_timestamp)
      (words.lastElementChild?.matches(".line") ? words.lastElementChild : words).append(edited());
    parts.push(words);
  }
  if (!(message.flags & NO_EMBEDS))
    parts.push(...(message.embeds ?? []).map((data) => embed(data, desk.names)));
  parts.push(...(message.attachments ?? []).map((file) => attachment(file)));
  const own = {
    ...desk,
    press: (customId) => desk.press(message, customId),
    select: (customId, values) => desk.select(message, customId, values),
  };
  if (message.components?.length)
    parts.push(el("div", { class: "components" }, components(message.components, own)));
  if (message.reactions?.length)
    parts.push(
      el(
        "div",
        { class: "row" },
        message.reactions.map((reaction) =>
          el("span", { class: "reaction", text: `${reaction.emoji.name} ${reaction.count}` }),
        ),
      ),
    );
  if (!message.content && message.edited_timestamp) parts.push(edited());
  return parts;
}

const edited = () => el("span", { class: "edited", text: "(edited)" });

function attachment(file) {
  const size = file.size > 1024 ? `${Math.round(file.size / 1024)} KB` : `${file.size} bytes`;
  return el(
    "a",
    { class: "file-card", href: file.url, download: file.filename },
    icon("file"),
    `${file.filename} · ${size}`,
  );
}

function contextLine(message, desk) {
  const { world } = desk;
  const used = message.interaction_metadata;
  if (used?.type === 2 && used.name) {
    const slash = message.type === 23 ? used.name : `/${used.name}`;
    return el(
      "div",
      { class: "context" },
      icon("reply"),
      el("b", { text: world.user(used.user.id)?.name ?? nameOf(used.user) }),
      " used ",
      el("span", { class: "mention", text: slash }),
    );
  }
  if (!message.message_reference || message.type !== 19) return null;
  const answered =
    world.message(message.channel_id, message.message_reference.message_id) ?? message.referenced_message;
  if (!answered)
    return el(
      "div",
      { class: "context" },
      icon("reply"),
      el("i", { text: "The original message was deleted." }),
    );
  const jump = el(
    "button",
    { type: "button", class: "context-jump", on: { click: () => desk.jump(answered.id) } },
    el("b", { text: author(answered, world).name }),
    " ",
    gist(answered, desk.names),
  );
  return el("div", { class: "context" }, icon("reply"), jump);
}

function threadLink(thread, desk) {
  const count = thread.message_count ?? 0;
  const replies = count === 0 ? "No replies yet" : count === 1 ? "1 reply" : `${count} replies`;
  return el(
    "button",
    { type: "button", class: "thread-link", on: { click: () => desk.openThread(thread.id) } },
    icon(thread.locked ? "lock" : "thread"),
    el("b", { text: thread.name }),
    el("span", { text: `${replies} · open thread` }),
  );
}

function privately(message, desk) {
  return el(
    "div",
    { class: "privately" },
    icon("eye"),
    el("span", { text: "Only you can see this · " }),
    el("button", {
      type: "button",
      class: "text-button",
      text: "Dismiss",
      on: { click: () => desk.dismiss(message) },
    }),
  );
}

function tools(message, desk, node) {
  const mine = message.author.id === desk.world.me.id;
  const bar = el("div", { class: "tools", role: "toolbar", "aria-label": "Message actions" });
  bar.append(iconButton("reply", "Reply", () => desk.reply(message)));
  if (mine) bar.append(iconButton("edit", "Edit", () => desk.edit(message, node)));
  if (mine) bar.append(iconButton("bin", "Delete", () => desk.remove(message)));
  const more = iconButton("more", "More: apps and actions", () => desk.openMenu(message, more, node));
  more.setAttribute("aria-haspopup", "menu");
  bar.append(more);
  return bar;
}

function systemNode(message, desk) {
  const { world } = desk;
  const who = author(message, world).name;
  const node = el("li", { class: "message system", tabindex: -1, data: { id: message.id } });
  if (message.type === PINNED) {
    node.append(
      icon("pin"),
      el("span", {}, el("b", { text: who }), " pinned "),
      el("button", {
        type: "button",
        class: "text-button",
        text: "a message",
        on: { click: () => desk.jump(message.message_reference?.message_id) },
      }),
    );
  } else {
    const thread = world.threads.get(message.message_reference?.channel_id);
    node.append(
      icon("thread"),
      el("span", {}, el("b", { text: who }), " started a thread: ", el("b", { text: message.content })),
    );
    if (thread)
      node.append(
        el("button", {
          type: "button",
          class: "text-button",
          text: "Open thread",
          on: { click: () => desk.openThread(thread.id) },
        }),
      );
  }
  if (message.timestamp)
    node.append(
      el("time", {
        class: "stamp",
        datetime: message.timestamp,
        data: { style: "stamp" },
        text: stamp(new Date(message.timestamp)),
      }),
    );
  return node;
}

function mentionsMe(message, world) {
  if (message.author.id === world.me.id) return false;
  const roles = new Set(world.me.member_roles);
  const named = (message.mention_roles ?? []).some((id) => roles.has(world.roles.get(id)?.name));
  return (
    named || message.mention_everyone || (message.mentions ?? []).some((user) => user.id === world.me.id)
  );
}
