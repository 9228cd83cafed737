// The search palette: `/` or Ctrl+K opens a dialog, suggestions come while typing (a combobox with a list, as ARIA
// describes it). Enter without a choice is the plain search; whatever fails, the form still searches.
behaviours.palette = (dialog) => {
  const { source, none, one, many } = dialog.dataset;
  const form = dialog.querySelector("form");
  const field = dialog.querySelector("[role=combobox]");
  const list = dialog.querySelector("[role=listbox]");
  const known = new Map(); // suggestions by what was typed
  let timer;

  const open = () => {
    if (dialog.open) return;
    dialog.showModal();
    field.select();
  };
  const point = (option) => {
    for (const it of list.children) it.setAttribute("aria-selected", it === option);
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };
  const pointed = () => list.querySelector("[aria-selected=true]");
  const follow = (option) => location.assign(option.dataset.url);
  const optionOf = ({ text, url, label, lang }, at) => {
    const option = document.createElement("li");
    const [words, kind] = [document.createElement("bdi"), document.createElement("span")];
    Object.assign(option, { id: `${list.id}-${at}`, role: "option" });
    option.dataset.url = url;
    words.textContent = text;
    if (lang) words.lang = lang;
    kind.textContent = label;
    option.append(words, " ", kind);
    return option;
  };
  const show = (found) => {
    list.replaceChildren(...found.map(optionOf));
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", found.length > 0);
    point(null);
    if (field.value.trim()) say([none, one][found.length] ?? many.replace("#", found.length));
  };
  const look = async () => {
    const typed = field.value.trim();
    let found = known.get(typed) ?? [];
    if (typed && !known.has(typed)) {
      try {
        const answer = await fetch(`${source}?${new URLSearchParams({ q: typed })}`);
        if (answer.ok) known.set(typed, (found = await answer.json()));
      } catch { /* offline: no suggestions */ }
    }
    if (typed === field.value.trim()) show(found); // else a later answer is on its way
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 120);
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const options = [...list.children];
    if (step && options.length) {
      event.preventDefault();
      const places = [null, ...options]; // from the last option back to the field
      point(places.at((places.indexOf(pointed()) + step) % places.length));
    } else if (event.key === "Enter" && pointed()) {
      event.preventDefault();
      follow(pointed());
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
  list.addEventListener("click", ({ target }) => { if (target.closest("li")) follow(target.closest("li")); });
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
