// On a narrow screen the personas and channels live in a drawer.

/** Bring the drawer to life; returns {close()}. */
export function startDrawer() {
  const sidebar = document.getElementById("sidebar");
  const opener = document.getElementById("drawer");
  const shade = document.getElementById("shade");
  const main = document.getElementById("main");

  const set = (open) => {
    sidebar.classList.toggle("open", open);
    shade.hidden = !open;
    main.inert = open;
    opener.setAttribute("aria-expanded", String(open));
  };
  const close = () => {
    if (!sidebar.classList.contains("open")) return;
    set(false);
    opener.focus();
  };
  opener.addEventListener("click", () => {
    set(true);
    sidebar.querySelector("[aria-current]")?.focus();
  });
  shade.addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  matchMedia("(min-width: 800px)").addEventListener("change", close);
  return { close };
}
