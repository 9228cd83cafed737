// The studio's editor: live preview, a copy kept in this browser, drafts saved by themselves, a word before leaving. The page is whole without it.
{
  const form = document.querySelector('[data-behaviour="studio"]');
  const start = (form) => {
    const { source, base } = form.elements;
    const words = JSON.parse(form.dataset.words);
    const status = document.querySelector("[data-status]");
    const remarks = document.querySelector("#remarks");
    const pane = document.querySelector("[data-preview-pane]");
    const place = "studio:" + form.dataset.preview;
    const saved = source.value;
    let isDirty = "unsaved" in form.dataset;
    let timer, asking;
    let saver, saving = null, lastSave = 0, isRefused = false;

    const keep = (text, isSent) => {
      try {
        if (text === null) localStorage.removeItem(place);
        else localStorage.setItem(place, JSON.stringify({ text, isSent, base: base.value, at: Date.now() }));
      } catch { /* private window, or full: the text is still in the page */ }
    };
    const kept = () => {
      try { return JSON.parse(localStorage.getItem(place)); } catch { return null; }
    };
    // Words between the first and the last that differ: those of one text, those of the other.
    const changed = (one, two) => {
      let first = 0, last = 0;
      const least = Math.min(one.length, two.length);
      while (first < least && one[first] === two[first]) first++;
      while (last < least - first && one.at(-1 - last) === two.at(-1 - last)) last++;
      return [one.slice(first, one.length - last), two.slice(first, two.length - last)];
    };
    const shortened = (some) => some.length > 40 ? [...some.slice(0, 20), "…", ...some.slice(-20)].join(" ") : some.join(" ");
    // How many words of the one are not, or not as often, in the other.
    const without = (one, two) => {
      const left = new Map();
      for (const word of two) left.set(word, (left.get(word) ?? 0) + 1);
      return one.filter((word) => !left.get(word) || !left.set(word, left.get(word) - 1)).length;
    };
    // The one way to write that Undo follows; where a browser has it no more, the words are written all the same.
    source.put = (text, from, to) => {
      source.focus();
      source.setSelectionRange(from, to);
      if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
        source.setRangeText(text, from, to);
        source.dispatchEvent(new Event("input", { bubbles: true }));
      }
      source.setSelectionRange(from, from); // the caret moves: what is typed next is another step
      source.setSelectionRange(from + text.length, from + text.length);
    };
    const look = async () => {
      asking?.abort(); // an answer to what is no longer there
      const { signal } = asking = new AbortController();
      try {
        const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), signal });
        if (!answer.ok) throw answer;
        const { html, problems } = await answer.json();
        if (html !== null) pane.innerHTML = html; // else the last one that could be made stays
        remarks.innerHTML = problems;
        number();
        pane.dispatchEvent(new Event("seen"));
        if (isDirty && !isRefused) status.textContent = html === null ? words.unreadable : words.seen; // why a draft was refused stays to be read
      } catch {
        if (!signal.aborted) status.textContent = words.offline;
      }
    };
    // Saved as a draft when the hands rest, once a minute at most; never over what somebody else saved.
    const saveLater = () => {
      clearTimeout(saver);
      if ("autosave" in form.dataset) saver = setTimeout(autosave, Math.max(5000, lastSave + 60000 - Date.now()));
    };
    const autosave = () => {
      if (!isDirty || saving) return;
      const [text, body] = [source.value, new FormData(form)];
      body.set("action", "autosave");
      lastSave = Date.now();
      saving = fetch(form.getAttribute("action"), { method: "POST", body }).then(async (answer) => {
        const { said, base: number } = await answer.json();
        if (answer.ok) {
          base.value = number;
          isDirty = source.value !== text;
          keep(isDirty ? source.value : null);
          if (isDirty) saveLater();
        } else {
          delete form.dataset.autosave; // the text stays here: to save it by hand says what to do
          isRefused = true;
        }
        if (!isDirty || !answer.ok) status.textContent = said;
      }).catch(() => {
        status.textContent = words.offline;
        lastSave = 0;
        saveLater();
      }).finally(() => { saving = null; });
    };
    // Line numbers: a copy of the text, laid out alike, of which only the counters show.
    const gutter = document.createElement("div");
    gutter.className = "gutter";
    gutter.ariaHidden = "true";
    source.after(gutter);
    const number = () => {
      const marked = new Set(Array.from(remarks.querySelectorAll("[data-line]"), (link) => Number(link.dataset.line)));
      gutter.replaceChildren(...source.value.split("\n").map((line, at) => {
        const row = document.createElement("div");
        row.textContent = line || " ";
        row.classList.toggle("marked", marked.has(at + 1));
        return row;
      }));
      gutter.scrollTop = source.scrollTop;
    };
    number();
    source.addEventListener("scroll", () => { gutter.scrollTop = source.scrollTop; });
    const typed = () => {
      isDirty = true;
      isRefused = false;
      number();
      status.textContent = words.typing;
      clearTimeout(timer);
      timer = setTimeout(() => { keep(source.value); look(); }, 500);
      saveLater();
    };

    const old = kept();
    if (isDirty) keep(saved);
    else if (!old || old.text === saved || (old.isSent && old.base !== base.value)) keep(null);
    else {
      const offer = document.querySelector("[data-kept]");
      const [removed, added] = changed(saved.split(/\s+/), old.text.split(/\s+/));
      const show = (name, text) => { offer.querySelector(name).textContent = text; };
      if (old.at) show("[data-time]", new Date(old.at).toLocaleString(document.documentElement.lang === "en" ? "en-GB" : "fr", { dateStyle: "long", timeStyle: "short", timeZone: "Europe/Paris" }));
      show("[data-count]", words.changed.replace("#", without(added, removed)).replace("%", without(removed, added)));
      show("[data-lost]", shortened(removed));
      show("[data-new]", shortened(added));
      offer.querySelector("button").onclick = () => {
        offer.hidden = true;
        base.value = old.base; // what was saved since shows as a conflict
        source.put(old.text, 0, source.value.length);
      };
      offer.hidden = false;
    }
    source.addEventListener("input", typed);
    form.addEventListener("submit", (event) => {
      clearTimeout(saver);
      if (saving) { // or the two would meet as if two people wrote
        event.preventDefault();
        saving.finally(() => form.requestSubmit(event.submitter));
        return;
      }
      keep(source.value, true);
      isDirty = false;
    });
    addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });
    form.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        form.requestSubmit(form.querySelector('[value="save"]'));
      }
    });
    form.addEventListener("click", (event) => {
      const { line } = event.target.dataset;
      if (!line) return;
      event.preventDefault();
      const lines = source.value.split("\n");
      const from = lines.slice(0, line - 1).join("\n").length + (line > 1);
      source.focus();
      source.setSelectionRange(from, from + (lines[line - 1] || "").length);
      const row = gutter.children[line - 1];
      if (!row?.offsetParent) return;
      row.scrollIntoView({ block: "center" });
      source.scrollTop = gutter.scrollTop;
    });
  };
  if (form) start(form);
}
