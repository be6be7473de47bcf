// Three hints for the first minute; gone for good (in this tab) once they are dismissed.

const KEY = "guide-read";

/** Show the hints unless they were dismissed. */
export function startGuide() {
  const guide = document.getElementById("guide");
  guide.hidden = sessionStorage.getItem(KEY) === "yes";
  document.getElementById("guide-close").addEventListener("click", () => {
    sessionStorage.setItem(KEY, "yes");
    guide.hidden = true;
    document.getElementById("input").focus();
  });
  document.getElementById("help").addEventListener("click", () => {
    guide.hidden = !guide.hidden;
    if (guide.hidden) sessionStorage.setItem(KEY, "yes");
    else sessionStorage.removeItem(KEY);
  });
}
