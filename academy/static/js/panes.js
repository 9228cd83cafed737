// The source and its preview. Where they stand side by side, each scrolls to where the other is; elsewhere two buttons show
// one of them. Without this script they stand one after the other.
{
  const bar = document.querySelector('[data-behaviour="panes"]');
  const start = (bar) => {
    const studio = bar.parentElement;
    const source = document.querySelector("#source");
    const pane = document.querySelector("[data-preview-pane]");
    const isWide = matchMedia("(min-width: 64rem)");
    let moved = null; // the pane that this script has just scrolled
    let led = null; // the pair that the next frame brings together

    // Points that both panes have: where a block starts in the preview, and its line in the source.
    const points = () => {
      const rows = document.querySelector(".gutter").children;
      const top = pane.scrollTop - pane.getBoundingClientRect().top;
      const found = [[0, 0]];
      for (const block of pane.querySelectorAll("[data-at]")) {
        const row = rows[block.dataset.at - 1];
        const point = row && [row.offsetTop - rows[0].offsetTop, block.getBoundingClientRect().top + top];
        if (point && point[0] > found.at(-1)[0] && point[1] > found.at(-1)[1]) found.push(point);
      }
      found.push([source.scrollHeight, pane.scrollHeight]);
      return found;
    };
    const follow = (from, to) => {
      const [a, b] = from === source ? [0, 1] : [1, 0];
      const at = from.scrollTop;
      const end = to.scrollHeight - to.clientHeight;
      let place = 0;
      if (at >= from.scrollHeight - from.clientHeight - 2) place = end; // both reach their ends together
      else if (at > 1) {
        const all = points();
        const next = Math.max(1, all.findIndex((point) => point[a] > at));
        const [one, two] = [all[next - 1], all[next]];
        place = one[b] + (two[b] - one[b]) * (at - one[a]) / (two[a] - one[a]);
      }
      const before = to.scrollTop;
      to.scrollTop = Math.round(place);
      moved = to.scrollTop === before ? null : to;
    };
    const together = () => {
      const pair = led;
      led = null;
      follow(...pair);
    };
    for (const pair of [[source, pane], [pane, source]]) {
      pair[0].addEventListener("scroll", () => {
        if (moved === pair[0]) moved = null;
        else if (isWide.matches) {
          if (!led) requestAnimationFrame(together);
          led = pair; // who scrolled last leads
        }
      });
    }
    pane.addEventListener("seen", () => { if (isWide.matches) follow(source, pane); });

    let left = 0; // how far the page was scrolled when the source went out of sight
    const show = (name) => {
      const isSource = name === "source";
      if (!isSource) left = scrollY;
      studio.dataset.shown = name;
      for (const button of bar.children) button.ariaPressed = String(button.value === name);
      if (isSource) return scrollTo(0, left);
      const line = source.value.slice(0, source.selectionStart).split("\n").length;
      const block = [...pane.querySelectorAll("[data-at]")].findLast((it) => it.dataset.at <= line);
      (block ?? studio).scrollIntoView();
    };
    bar.addEventListener("click", ({ target }) => { if (target.value) show(target.value); });
    studio.dataset.shown = "source";
    // The preview is always at hand here: no need to send the text for it.
    document.querySelector('.editor__save [value="preview"]').addEventListener("click", (event) => {
      if (isWide.matches) return;
      event.preventDefault();
      show("preview");
    });
  };
  if (bar) start(bar);
}
