// The search palette: `/` or Ctrl+K opens a dialog whose field suggests while one types (suggests.js).
behaviours.palette = (dialog) => {
  const form = dialog.querySelector("form");
  const field = form.querySelector("input");

  const open = () => {
    if (dialog.open) return;
    dialog.showModal();
    field.select();
  };

  form.addEventListener("submit", (event) => { if (!field.value.trim()) event.preventDefault(); });
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target.closest("[data-close]")) dialog.close();
  });
  addEventListener("pagehide", () => dialog.close()); // closed when Back brings the page again
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    const isSlash = event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey;
    const isCtrlK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isSlash && !isCtrlK) return;
    event.preventDefault();
    open();
  });
  for (const link of document.querySelectorAll("[data-opens-palette]")) {
    link.setAttribute("role", "button");
    link.setAttribute("aria-haspopup", "dialog");
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab for the page that it leads to
      event.preventDefault();
      open();
    });
    link.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); open(); } });
  }
};
