// Find and replace in the text that is being written; what is found shows in the copy of the text that bears the numbers.
{
  const bar = document.querySelector('[data-behaviour="finding"]');
  const start = (bar) => {
    const source = document.querySelector("#source");
    const [wanted, instead] = bar.querySelectorAll("input:not([type=checkbox])");
    const [isCased, isAccented, isWhole] = bar.querySelectorAll("input[type=checkbox]");
    const status = bar.querySelector("[role=status]");
    const words = JSON.parse(bar.dataset.words);
    const gutter = () => document.querySelector(".gutter");
    const LETTER = /[\p{L}\p{N}_]/u;
    let found = [], at = -1;

    // The text as it is compared, and where each of its characters stands in the text as it is written.
    const folded = (text) => {
      let out = "";
      const places = [];
      let place = 0;
      for (const character of text) {
        let bare = isAccented.checked ? character : character.normalize("NFD").replace(/\p{M}/gu, "").replace("’", "'").replace(/[\u00a0\u202f]/, " ");
        if (!isCased.checked) bare = bare.toLowerCase();
        for (let step = 0; step < bare.length; step++) places.push(place);
        out += bare;
        place += character.length;
      }
      places.push(place);
      return [out, places];
    };
    const search = () => {
      found = [];
      const [needle] = folded(wanted.value);
      if (!needle) return;
      const [text, places] = folded(source.value);
      for (let from = text.indexOf(needle); from >= 0; from = text.indexOf(needle, from + needle.length)) {
        const to = from + needle.length;
        if (isWhole.checked && (LETTER.test(text[from - 1] ?? "") || LETTER.test(text[to] ?? ""))) continue;
        if (places[to] > places[from]) found.push([places[from], places[to]]);
      }
    };
    const mark = () => {
      if (!window.CSS?.highlights) return;
      const rows = gutter()?.children ?? [];
      const starts = [0];
      for (const line of source.value.split("\n")) starts.push(starts.at(-1) + line.length + 1);
      const ranges = { found: [], "found-here": [] };
      let row = 0;
      for (const [number, [from, to]] of found.entries()) {
        while (starts[row + 1] <= from) row++;
        const words = rows[row]?.firstChild;
        if (!words || to >= starts[row + 1]) continue;
        const range = new Range();
        range.setStart(words, from - starts[row]);
        range.setEnd(words, to - starts[row]);
        ranges[number === at ? "found-here" : "found"].push(range);
      }
      for (const [name, some] of Object.entries(ranges)) CSS.highlights.set(name, new Highlight(...some));
    };
    const tell = () => {
      const count = (found.length === 1 ? words.one : words.many).replace("#", found.length);
      status.textContent = !wanted.value ? "" : !found.length ? words.none : at < 0 ? count : words.at.replace("#", at + 1).replace("%", found.length);
    };
    const refresh = () => {
      search();
      at = Math.min(at, found.length - 1);
      mark();
      tell();
    };
    const go = (to) => {
      if (!found.length) return tell();
      at = (to + found.length) % found.length;
      const [from, until] = found[at];
      source.setSelectionRange(from, until);
      const row = gutter()?.children[source.value.slice(0, from).split("\n").length - 1];
      if (row?.offsetParent) {
        row.scrollIntoView({ block: "center" });
        source.scrollTop = gutter().scrollTop;
      } else source.focus();
      mark();
      tell();
    };
    // From the caret on: forwards, or backwards.
    const next = (step) => {
      search();
      const { selectionStart, selectionEnd } = source;
      const isHere = found[at]?.[0] === selectionStart && found[at]?.[1] === selectionEnd;
      const after = found.findIndex(([from]) => from >= selectionStart);
      if (isHere) go(at + step);
      else if (step > 0) go(after < 0 ? 0 : after);
      else go(after < 0 ? found.length - 1 : after - 1);
    };
    const replace = (button) => {
      search();
      if (!found[at]) return next(1);
      const [from, to] = found[at];
      const here = at;
      source.put(instead.value, from, to);
      search();
      at = -1;
      if (found.length) go(here < found.length ? here : 0);
      else refresh();
      button.focus();
    };
    const replaceAll = (button) => {
      search();
      const count = found.length;
      if (!count) return tell();
      const { value } = source;
      const [[first]] = found, last = found.at(-1)[1];
      let text = "", place = first;
      for (const [from, to] of found) {
        text += value.slice(place, from) + instead.value;
        place = to;
      }
      source.put(text, first, last);
      at = -1;
      refresh();
      status.textContent = (count === 1 ? words.doneOne : words.done).replace("#", count);
      button.focus();
    };
    const open = () => {
      const chosen = source.value.slice(source.selectionStart, source.selectionEnd);
      bar.hidden = false;
      if (chosen && !chosen.includes("\n")) wanted.value = chosen;
      at = -1;
      refresh();
      wanted.focus();
      wanted.select();
    };
    const close = () => {
      bar.hidden = true;
      found = [];
      mark();
      source.focus();
    };

    wanted.addEventListener("input", () => { at = -1; refresh(); });
    for (const box of [isCased, isAccented, isWhole]) box.addEventListener("change", () => { at = -1; refresh(); });
    source.addEventListener("input", () => { if (!bar.hidden) refresh(); });
    bar.addEventListener("click", ({ target }) => {
      const gesture = target.dataset.find;
      if (gesture === "next") next(1);
      if (gesture === "previous") next(-1);
      if (gesture === "replace") replace(target);
      if (gesture === "all") replaceAll(target);
      if (gesture === "close") close();
    });
    bar.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      else if (event.key !== "Enter" || event.target.matches("button")) return;
      else if (event.target === instead) replace(instead);
      else next(event.shiftKey ? -1 : 1);
      event.preventDefault(); // the form is not sent
    });
    document.querySelector("[data-opens-find]").addEventListener("click", open);
    source.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "f" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      open();
    });
  };
  if (bar) start(bar);
}
