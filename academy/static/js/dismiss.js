// Close a notice, for this view; the focus goes on to the next one, else to the content.
behaviours.dismiss = (notices) => {
  notices.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    button.closest(".notice").remove();
    const next = notices.querySelector("button");
    (next ?? document.querySelector("main")).focus({ preventScroll: true });
    if (!next) notices.remove();
  });
};
