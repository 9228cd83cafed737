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
    let timer, asked = 0;
    let saver, saving = null, lastSave = 0, isRefused = false;

    const keep = (text, isSent) => {
      try {
        if (text === null) localStorage.removeItem(place);
        else localStorage.setItem(place, JSON.stringify({ text, isSent, base: base.value }));
      } catch { /* private window, or full: the text is still in the page */ }
    };
    const kept = () => {
      try { return JSON.parse(localStorage.getItem(place)); } catch { return null; }
    };
    const look = async () => {
      const mine = ++asked;
      try {
        const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
        if (mine !== asked) return;
        if (!answer.ok) throw answer;
        const { html, problems } = await answer.json();
        pane.innerHTML = html;
        remarks.innerHTML = problems;
        number();
        if (isDirty && !isRefused) status.textContent = words.seen; // why a draft was refused stays to be read
      } catch {
        if (mine === asked) status.textContent = words.offline;
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
      const button = document.createElement("button");
      button.type = "button";
      button.className = "text-button";
      button.textContent = words.restore;
      button.onclick = () => {
        source.value = old.text;
        base.value = old.base; // what was saved since shows as a conflict
        typed();
        source.focus();
      };
      status.replaceChildren(words.kept + " ", button);
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
