// Suggestions while typing: a combobox with a list, as ARIA describes it. Enter without a choice is the plain search;
// whatever fails, the form still searches. Where they come from and what is said of them stands on the palette.
behaviours.suggests = (list) => {
  const { source, none, one, many } = document.querySelector("dialog[data-many]").dataset;
  const field = list.parentElement.querySelector("[name=q]");
  const known = new Map(); // suggestions by what was typed
  let timer, isAsked; // whether suggestions are still wanted

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
  };
  const close = () => {
    clearTimeout(timer);
    isAsked = false;
    show([]);
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
    if (!isAsked || typed !== field.value.trim()) return; // else a later answer is on its way
    show(found);
    if (typed) say([none, one][found.length] ?? many.replace("#", found.length));
  };

  field.type = "text"; // no search field may be a combobox
  field.enterKeyHint = "search";
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": false, autocapitalize: "off", spellcheck: false,
  })) field.setAttribute(name, value);

  field.addEventListener("input", () => {
    clearTimeout(timer);
    isAsked = true;
    timer = setTimeout(look, 120);
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const options = [...list.children];
    if (step && options.length) {
      event.preventDefault();
      const places = [null, ...options]; // from the last option back to the field
      point(places.at((places.indexOf(pointed()) + step) % places.length));
    } else if (step) {
      isAsked = true;
      look();
    } else if (event.key === "Enter" && pointed()) {
      event.preventDefault();
      follow(pointed());
    } else if (event.key === "Escape" && options.length && !field.closest("dialog")) close();
  });
  field.addEventListener("blur", close);
  field.form.addEventListener("submit", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
  list.addEventListener("click", ({ target }) => { if (target.closest("li")) follow(target.closest("li")); });
};
