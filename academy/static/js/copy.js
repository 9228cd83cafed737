// Copy the address of a section from the # of its heading. Where that cannot be, the # is the plain link that it was.
// A button copies the text that it names.
behaviours.copy = (text) => {
  const { label, done } = text.dataset;
  if (!navigator.clipboard) return; // not over https
  for (const button of text.querySelectorAll("[data-copies]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copies);
      try { await navigator.clipboard.writeText(source.textContent); say(button.dataset.done); } catch { getSelection().selectAllChildren(source); }
    });
  }
  for (const link of text.querySelectorAll(".heading-anchor")) {
    const heading = link.parentElement;
    const title = heading.textContent.slice(0, -link.textContent.length).trim();
    heading.setAttribute("aria-label", title); // the link's name is not part of the title
    link.setAttribute("aria-label", `${label} ${title}`);
    link.removeAttribute("aria-hidden");
    link.removeAttribute("tabindex");
    link.addEventListener("click", async (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      try { await navigator.clipboard.writeText(link.href); } catch { location.assign(link.href); return; }
      history.replaceState(history.state, "", link.href);
      link.textContent = "✓";
      say(done);
      setTimeout(() => { link.textContent = "#"; }, 2000);
    });
  }
};
