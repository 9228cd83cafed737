// Marks of Markdown at the caret, by buttons and by keys: each is one step for Undo. A link finds the texts of the academy.
{
  const bar = document.querySelector('[data-behaviour="writing"]');
  const start = (bar) => {
    const source = document.querySelector("#source");
    const [linking, help] = [document.querySelector("[data-linking]"), document.querySelector("[data-help]")];
    const { placeholder, table, callout } = JSON.parse(bar.dataset.snippets);
    const buttons = [...bar.querySelectorAll("button")];

    const put = (text, from, to, at = from + text.length, until = at) => {
      source.put(text, from, to);
      source.setSelectionRange(at, until);
    };
    const chosen = () => {
      const { selectionStart: from, selectionEnd: to, value } = source;
      const words = value.slice(from, to);
      const lead = words.length - words.trimStart().length;
      return words.trim() ? [from + lead, from + lead + words.trim().length, words.trim()] : [from, from, ""];
    };
    const wrap = (mark) => {
      const [from, to, words] = chosen();
      const size = mark.length;
      const isOne = (text) => size > 1 || !text.startsWith(mark + mark); // ** is not * twice
      const [before, after] = [source.value.slice(0, from), source.value.slice(to)];
      if (words && before.endsWith(mark) && after.startsWith(mark) && isOne(after)) {
        put(words, from - size, to + size, from - size, to - size);
      } else if (words.length > 2 * size && words.startsWith(mark) && words.endsWith(mark) && isOne(words)) {
        put(words.slice(size, -size), from, to, from, to - 2 * size);
      } else {
        const inside = words || placeholder;
        put(mark + inside + mark, from, to, from + size, from + size + inside.length);
      }
    };
    const onLines = (change) => {
      const { selectionStart, selectionEnd, value } = source;
      const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
      const end = value.indexOf("\n", Math.max(selectionStart, selectionEnd - 1));
      const to = end < 0 ? value.length : end;
      const text = change(value.slice(from, to).split("\n")).join("\n");
      put(text, from, to, selectionStart === selectionEnd ? from + text.length : from, from + text.length);
    };
    const mark = (prefix) => onLines((lines) => {
      const isMarked = lines.some((line) => line) && lines.every((line) => !line || line.startsWith(prefix));
      return lines.map((line) => isMarked ? line.slice(prefix.length) : line || lines.length === 1 ? prefix + line : line);
    });
    const heading = () => onLines((lines) => lines.map((line) => {
      const [, level, title] = /^(?:(#+) +)?(.*)$/.exec(line);
      if (!level) return "## " + title;
      return level.length < 3 ? "### " + title : title;
    }));
    const block = (text) => {
      const { selectionEnd: at, value } = source;
      const [before, after] = [value.slice(0, at), value.slice(at)];
      const lead = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
      put(lead + text + (after.startsWith("\n") ? "" : "\n"), at, at);
    };
    const code = () => {
      const [from, to, words] = chosen();
      if (!words.includes("\n")) wrap("`");
      else put("```\n" + words + "\n```", from, to, from + 4, to + 4);
    };

    // A link: to a text of the academy, found by its title, or to an address.
    const field = linking.querySelector("input");
    const list = linking.querySelector("ul");
    const status = linking.querySelector("[role=status]");
    let found = [], asked = 0, place, timer;
    const isAddress = (typed) => /^(https?:\/\/|mailto:|#|\/)/.test(typed);
    const insert = (target) => {
      linking.close();
      const [from, to, words] = place;
      const text = target.key ? `[[${target.key}${words ? "|" + words.replace(/[[\]\n]/g, " ") : ""}]]` : `[${words || placeholder}](${target.url.replace(/[ ()<>]/g, (it) => "%" + it.charCodeAt(0).toString(16))})`;
      put(text, from, to, ...(target.key || words ? [] : [from + 1, from + 1 + placeholder.length]));
    };
    const show = () => {
      list.replaceChildren(...found.map((text) => {
        const [row, button, key] = [document.createElement("li"), document.createElement("button"), document.createElement("span")];
        button.type = "button";
        button.className = "text-button";
        button.textContent = text.title;
        button.lang = text.lang;
        button.onclick = () => insert(text);
        key.textContent = text.key;
        row.append(button, key);
        return row;
      }));
    };
    const look = async () => {
      const [mine, typed] = [++asked, field.value.trim()];
      let answer = [];
      try {
        if (typed && !isAddress(typed)) answer = await (await fetch(`${linking.dataset.source}?${new URLSearchParams({ q: typed })}`)).json();
      } catch { /* offline: an address can still be written */ }
      if (mine !== asked) return;
      found = answer;
      show();
      status.textContent = typed && !found.length && !isAddress(typed) ? linking.dataset.none : "";
    };
    const link = () => {
      place = chosen(); // a dialog that closes may move the caret
      field.value = "";
      look();
      linking.showModal();
      field.focus();
    };
    field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 150); });
    linking.querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      const typed = field.value.trim();
      if (isAddress(typed)) return insert({ url: typed });
      clearTimeout(timer);
      await look();
      if (found.length) insert(found[0]);
    });
    for (const dialog of [linking, help]) {
      dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
      dialog.addEventListener("close", () => { if (document.activeElement !== source) source.focus(); });
    }

    const gestures = {
      bold: () => wrap("**"),
      italic: () => wrap("*"),
      heading,
      link,
      list: () => mark("- "),
      quote: () => mark("> "),
      code,
      table: () => block(table),
      callout: () => block(callout),
      help: () => help.showModal(),
    };
    bar.addEventListener("click", ({ target }) => gestures[target.closest("button")?.dataset.write]?.());
    // One stop of Tab for the bar; the arrows go along it.
    const stop = (button) => { for (const it of buttons) it.tabIndex = it === button ? 0 : -1; };
    stop(buttons[0]);
    bar.addEventListener("focusin", ({ target }) => stop(target));
    bar.addEventListener("keydown", (event) => {
      const at = buttons.indexOf(event.target);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      buttons.at(to % buttons.length).focus();
    });
    source.addEventListener("keydown", (event) => {
      const gesture = { b: "bold", i: "italic", k: "link" }[event.key.toLowerCase()];
      if (!gesture || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation(); // Ctrl+K is the search elsewhere on the page
      gestures[gesture]();
    });
  };
  if (bar) start(bar);
}
