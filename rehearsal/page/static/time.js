// The bot's clock as the page shows it: real time moved by the rehearsal, in the cohort's zone where it is
// known. Everything dated on the page reads it, so that jumping to tomorrow is seen everywhere at once.

let offset = 0;
let zone;
const listeners = new Set();

/** Set the clock from an ISO instant of the server. */
export function setClock(iso) {
  offset = Date.parse(iso) - Date.now();
  tick();
}

/** Show every time in this IANA zone; without one in the browser's own. */
export function setZone(name) {
  zone = name ?? undefined;
}

export const zoneName = () => zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
export const now = () => new Date(Date.now() + offset);

/** Call `listener` now and whenever what a clock shows may have changed. */
export function onTick(listener) {
  listeners.add(listener);
  listener();
}

function tick() {
  for (const listener of listeners) listener();
  for (const node of document.querySelectorAll("time[data-style]"))
    node.textContent = styled(new Date(node.dateTime), node.dataset.style);
}
setInterval(tick, 5000);

const shown = (options) => (date) =>
  new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone }).format(date);
const clockTime = shown({ hour: "2-digit", minute: "2-digit" });
const dayKey = shown({ year: "numeric", month: "2-digit", day: "2-digit" });
const weekday = shown({ weekday: "short" });
const shortDay = shown({ day: "numeric", month: "short" });

export const longDay = shown({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
export const sameDay = (a, b) => dayKey(a) === dayKey(b);

/** "Mon", "23 Nov" and "09:00" */
export const barTime = (date) => [weekday(date), shortDay(date), clockTime(date)];
export const hourMinute = clockTime;

/** The time beside a message's author: "Today at 09:00", "Yesterday at 18:30", "20/11/2026, 09:00". */
export function stamp(date) {
  if (sameDay(date, now())) return `Today at ${clockTime(date)}`;
  if (sameDay(date, new Date(now() - 86_400_000))) return `Yesterday at ${clockTime(date)}`;
  return `${dayKey(date)}, ${clockTime(date)}`;
}

const STYLES = {
  t: clockTime,
  T: shown({ timeStyle: "medium" }),
  d: dayKey,
  D: shown({ dateStyle: "long" }),
  f: shown({ dateStyle: "long", timeStyle: "short" }),
  F: shown({ dateStyle: "full", timeStyle: "short" }),
  s: shown({ dateStyle: "short", timeStyle: "short" }),
  S: shown({ dateStyle: "short", timeStyle: "medium" }),
  R: relative,
  stamp,
};

/** A date in one of Discord's timestamp styles. */
export const styled = (date, style) => (STYLES[style] ?? STYLES.f)(date);

const STEPS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

function relative(date) {
  const seconds = Math.round((date - now()) / 1000);
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? STEPS.at(-1);
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
}
