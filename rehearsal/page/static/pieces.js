// Small things that several parts of the page show: avatars, coloured dots, the APP badge.

import { el, readableOn } from "./dom.js";

const initials = (name) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();

/** Coloured initials; the name stands beside it, so screen readers skip it. */
export function avatar(user, extra = "") {
  return el("span", {
    class: `avatar ${user.bot ? "avatar-bot" : ""} ${extra}`,
    "aria-hidden": "true",
    style: { "--avatar": user.color, "--avatar-ink": readableOn(user.color) },
    text: initials(user.name),
  });
}

export const dot = (color) => el("span", { class: "dot", "aria-hidden": "true", style: { "--dot": color } });
export const appBadge = () => el("span", { class: "badge", title: "This is a bot", text: "APP" });
export const hex = (number) => `#${number.toString(16).padStart(6, "0")}`;
