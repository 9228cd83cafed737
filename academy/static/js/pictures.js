// A picture or a file comes into the text by a drop, by a paste or by choice: a dialog asks what it shows and whose it
// is, sends it, and writes its Markdown at the caret. Without this script the link leads to the page of the files.
{
  const dialog = document.querySelector('[data-behaviour="pictures"]');
  const start = (dialog) => {
    const source = document.querySelector("#source");
    const form = dialog.querySelector("form");
    const { file, alt, is_decorative: decorative } = form.elements;
    const [problem, status] = [dialog.querySelector("[role=alert]"), dialog.querySelector("[role=status]")];
    const words = JSON.parse(dialog.dataset.words);
    const ofPicture = dialog.querySelector("[data-of-picture]");
    let waiting = []; // files that were dropped together, one dialog after the other
    let sending = null;

    const isPicture = (it) => !it || it.type.startsWith("image/");
    const tell = (message, field) => {
      problem.firstElementChild.textContent = message;
      problem.hidden = !message;
      for (const it of form.querySelectorAll("[aria-invalid]")) it.removeAttribute("aria-invalid");
      if (!message || !field) return;
      field.setAttribute("aria-invalid", "true");
      field.focus();
    };
    const look = () => {
      ofPicture.hidden = !isPicture(file.files[0]);
      alt.disabled = decorative.checked;
    };
    const open = (given) => {
      form.reset();
      if (given) {
        const held = new DataTransfer();
        held.items.add(given);
        file.files = held.files;
      }
      tell("");
      status.textContent = waiting.length ? words.left.replace("#", waiting.length) : "";
      look();
      if (!dialog.open) dialog.showModal();
      (given ? (isPicture(given) ? alt : form.querySelector(".button--go")) : file).focus();
    };
    const next = () => {
      if (waiting.length) open(waiting.shift());
    };
    const insert = (markdown) => {
      const { selectionStart: from, selectionEnd: to, value } = source;
      const before = value.slice(0, from);
      const lead = markdown[0] !== "!" || !before ? "" : before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
      const tail = markdown[0] !== "!" || value.slice(to).startsWith("\n") ? "" : "\n\n";
      dialog.close(); // the page behind it cannot be written on
      source.put(lead + markdown + tail, from, to);
    };
    const answered = (request) => {
      sending = null;
      status.textContent = "";
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* a page, or nothing: the status says enough */ }
      if (request.status === 200 && answer.markdown) {
        insert(answer.markdown);
        next();
        document.querySelector("[data-live]:not(dialog *)").textContent = words.done;
      } else if (request.status === 422 && answer.errors) {
        const [name, messages] = Object.entries(answer.errors)[0];
        tell(messages[0], form.elements[name]);
      } else tell({ 401: words.refused, 403: words.refused, 400: words.refused, 413: words.heavy, 429: words.often }[request.status] ?? words.failed);
    };
    const send = () => {
      const request = sending = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.upload.onprogress = ({ loaded, total }) => {
        status.textContent = loaded < total ? words.sending.replace("#", Math.floor(100 * loaded / total)) : words.making;
      };
      request.onload = () => answered(request);
      request.onerror = () => { sending = null; status.textContent = ""; tell(words.failed); };
      request.send(new FormData(form));
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const given = file.files[0];
      if (sending) return;
      if (!given) tell(words.none, file);
      else if (given.size > Number(dialog.dataset.limit)) tell(words.heavy, file);
      else if (isPicture(given) && !alt.value.trim() && !decorative.checked) tell(words.unsaid, alt);
      else { tell(""); send(); }
    });
    form.addEventListener("change", look);
    dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      if (dialog.open) return; // again, for the next file
      sending?.abort();
      sending = null;
      waiting = [];
      source.focus();
    });
    document.querySelector("[data-insert]").addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open();
    });
    const take = (event, given) => {
      if (!given?.files.length) return; // words: the browser knows better
      event.preventDefault();
      const [first, ...rest] = given.files;
      waiting = rest;
      open(first);
    };
    source.addEventListener("paste", (event) => take(event, event.clipboardData));
    source.addEventListener("dragover", (event) => { if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); });
    source.addEventListener("drop", (event) => take(event, event.dataTransfer));
  };
  if (dialog) start(dialog);
}
