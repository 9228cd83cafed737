// Theme: light, dark, or as the device says; the choice stays in this browser. Runs before the first paint.
const root = document.documentElement;
const chosen = () => {
  try { return localStorage.theme; } catch { return root.dataset.theme; } // storage refused: for this page only
};
const showTheme = () => {
  const theme = ["light", "dark"].includes(chosen()) ? chosen() : "auto";
  const choice = document.querySelector(`[name="theme"][value="${theme}"]`);
  root.dataset.theme = theme;
  if (choice) choice.checked = true;
  for (const bar of document.querySelectorAll('meta[name="theme-color"]')) { // the browser's own bar
    bar.dataset.media ??= bar.media;
    bar.media = theme === "auto" ? bar.dataset.media : bar.dataset.media.includes(theme) ? "all" : "not all";
  }
};

showTheme();
addEventListener("pageshow", showTheme); // also back from the browser's memory
addEventListener("storage", showTheme); // chosen in another tab
document.addEventListener("change", ({ target }) => {
  if (target.name !== "theme") return;
  root.dataset.theme = target.value;
  try { localStorage.theme = target.value; } catch { /* see above */ }
  showTheme();
});
