// A GET form that answers in place: ticking, sorting or searching fetches the very page that it would lead to and takes
// from it the parts that data-swap names (the form stands outside of them); so do the links of these parts that lead to
// another answer of the same form. Whatever fails, the browser goes there as it would have without a script.
behaviours.swap = (form) => {
  const { swap, say: said } = form.dataset;
  const here = () => location.pathname + location.search;
  const [path] = form.action.split("?");
  let shown = here();
  let going;

  const asked = () => {
    const fields = [...new FormData(form)].filter(([, value]) => value);
    return path + (fields.length ? "?" + new URLSearchParams(fields) : "");
  };
  const nameOf = ({ id, name, value }) => {
    if (id) return "#" + CSS.escape(id);
    return name ? `[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]` : null;
  };
  const put = (page) => {
    const folds = new Map([...document.querySelectorAll("details[data-keep]")].map((it) => [it.dataset.keep, it.open]));
    for (const part of swap.split(",")) {
      const fresh = [...page.querySelectorAll(part)];
      for (const [at, old] of document.querySelectorAll(part).entries()) if (fresh[at]) old.replaceWith(fresh[at]);
    }
    for (const it of document.querySelectorAll("details[data-keep]")) it.open = folds.get(it.dataset.keep) ?? it.open;
    document.title = page.title;
  };
  const refill = (page) => {
    for (const { id, value } of page.querySelectorAll(`#${form.id} :is(input, select)[id]`)) document.getElementById(id).value = value;
  };
  const go = async (url, { isBack, isLink, toAnswer } = {}) => {
    going?.abort();
    going = new AbortController();
    try {
      const answer = await fetch(url, { signal: going.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const heading = page.querySelector(said);
      if (!answer.ok || !heading) throw answer;
      const focused = nameOf(document.activeElement);
      put(page);
      if (isBack || isLink) refill(page);
      if (!isBack) history.pushState(null, "", url);
      shown = here();
      say(heading.textContent.trim().replace(/\s+/g, " "));
      heading.tabIndex = -1;
      const next = toAnswer ? heading : focused ? document.querySelector(focused) ?? heading : null;
      if (next && next !== document.activeElement) next.focus({ preventScroll: next !== heading });
    } catch (problem) {
      if (problem.name !== "AbortError") location.assign(url);
    }
  };

  document.addEventListener("change", ({ target }) => {
    if (target.form === form && target.matches("select, [type=checkbox], [type=radio]")) go(asked());
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link?.closest(swap) || link.href.split("?")[0] !== path || link.hreflang) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
    event.preventDefault();
    go(link.href, { isLink: true, toAnswer: true });
  });
  document.addEventListener("keydown", ({ key, target }) => { // a fold that has a handle here, as on a phone, closes
    const fold = key === "Escape" ? target.closest(".facets[open]") : null;
    const handle = fold?.querySelector("summary");
    if (!handle?.checkVisibility()) return;
    fold.open = false;
    handle.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(asked(), { toAnswer: true });
  });
  addEventListener("popstate", () => { if (here() !== shown) go(location.href, { isBack: true }); });
};
