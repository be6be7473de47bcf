// The bot's clock and the three buttons that move it.

import * as api from "./api.js";
import { announce, el, toast } from "./dom.js";
import { barTime, now, onTick, setClock, zoneName } from "./time.js";

/** Bring the clock bar to life; call once. */
export function startClock() {
  const shown = document.getElementById("clock-now");
  const buttons = [...document.querySelectorAll("[data-clock]")];
  onTick(() => {
    shown.dateTime = now().toISOString();
    shown.replaceChildren(...barTime(now()).map((part) => el("span", { text: `${part} ` })));
    shown.title = `The bot's clock, shown for ${zoneName()}`;
  });
  const press = async (button) => {
    for (const each of buttons) each.disabled = true;
    button.setAttribute("aria-busy", "true");
    try {
      const { clock, moved } = await api.moveClock(button.dataset.clock);
      if (clock) setClock(clock);
      if (moved) announce(`It is now ${barTime(now()).join(" ")}`);
      else toast("Nothing is due: no prompt is scheduled yet. A supervisor can set one up with /setup.");
    } catch (problem) {
      toast(problem.message, { error: true });
    } finally {
      for (const each of buttons) each.disabled = false;
      button.removeAttribute("aria-busy");
      button.focus();
    }
  };
  for (const button of buttons) button.addEventListener("click", () => press(button));
}
