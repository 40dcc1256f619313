// Applies the chosen appearance before the page is drawn, so that a dark page does not flash white.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem("glimpse.theme");
  } catch {
    // Storage may be forbidden; the system's choice holds then.
  }
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
})();
