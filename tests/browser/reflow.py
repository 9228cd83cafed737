"""Nothing is lost at 320 px, at 400 %, with wider spacing; what is pressed is 24 px wide."""

from playwright.sync_api import Page

SMALL = [(320, 640), (320, 256)]  # a small phone; 1280 × 1024 enlarged four times
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }"""  # WCAG 1.4.12

# Boxes that may scroll sideways are tables and code; in all others, no text may be cut off.
LOST = """() => {
  const may_scroll = "pre, textarea, .gutter, .table, .table-scroll, .merge, [role=region][tabindex]";
  const name = it => it.tagName.toLowerCase() + (it.className && it.className.baseVal === undefined ? "." + it.className : "");
  const found = [];
  const wide = document.documentElement.scrollWidth - innerWidth;
  const beyond = [...document.body.querySelectorAll("*")].filter(it => wide > 0 && it.getBoundingClientRect().right > innerWidth && !it.closest("svg *, " + may_scroll));
  if (wide > 0) found.push(`page too wide by ${wide} px: ${beyond.slice(-3).map(name).join(" ")}`);
  for (const it of document.body.querySelectorAll("*")) {
    if (it.closest("svg, " + may_scroll) || !it.checkVisibility({visibilityProperty: true})) continue;
    const box = it.getBoundingClientRect(), style = getComputedStyle(it);
    if (box.width <= 1 || box.height <= 1 || it.closest(".vh, .skip")) continue;
    const has_text = [...it.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (has_text && box.right > innerWidth + 1 && wide <= 0) found.push(`off the right edge: ${name(it)} ${it.textContent.trim().slice(0, 40)}`);
    if (["INPUT", "SELECT"].includes(it.tagName)) continue;
    const cut_x = ["hidden", "clip"].includes(style.overflowX) && it.scrollWidth > it.clientWidth + 1;
    const cut_y = ["hidden", "clip"].includes(style.overflowY) && it.scrollHeight > it.clientHeight + 1;
    if ((cut_x || cut_y) && it.innerText && it.innerText.trim()) {
      const range = document.createRange();
      range.selectNodeContents(it);
      const text = [...range.getClientRects()].some(rect => rect.width > 1 && (rect.right > box.right + 1 || rect.bottom > box.bottom + 1));
      if (text) found.push(`cut: ${name(it)} ${it.innerText.trim().slice(0, 40)}`);
    }
  }
  return [...new Set(found)];
}"""
# WCAG 2.5.8: 24 px each way, or 24 px apart from every other; links inside sentences and plain controls of the browser excepted.
SMALL_TARGETS = """() => {
  const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary, [role=button]")]
    .filter(it => it.checkVisibility({visibilityProperty: true}) && it.tabIndex >= 0 && !it.closest(".skip"))
    .map(it => ({it, box: (it.labels && it.labels.length && ["checkbox", "radio"].includes(it.type) ? it.labels[0] : it).getBoundingClientRect()}))
    .filter(({box}) => box.width > 1 && box.height > 1);
  const inline = it => it.tagName === "A" && getComputedStyle(it).display === "inline"
    && [...it.parentElement.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  const centre = box => [box.x + box.width / 2, box.y + box.height / 2];
  const near = (one, two) => { // a circle of 24 px around the centre of one touches two
    const [x, y] = centre(one), dx = Math.max(two.left - x, 0, x - two.right), dy = Math.max(two.top - y, 0, y - two.bottom);
    return Math.hypot(dx, dy) < 12;
  };
  return targets
    .filter(({it, box}) => (box.width < 24 || box.height < 24) && !inline(it))
    .filter(({it, box}) => targets.some(other => other.it !== it && !other.it.contains(it) && near(box, other.box)))
    .map(({it, box}) => `${Math.round(box.width)} × ${Math.round(box.height)}: ${it.outerHTML.slice(0, 110)}`);
}"""


def problems(page: Page) -> list[str]:
    """What an open page loses; it is left with wider spacing, at 1280 px."""
    found = []
    for width, height in SMALL:
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{width} × {height}: {problem}" for problem in page.evaluate(LOST)]
    found += [f"target {problem}" for problem in page.evaluate(SMALL_TARGETS)]
    page.add_style_tag(content=SPACING)
    found += [f"wider spacing: {problem}" for problem in page.evaluate(LOST)]
    page.set_viewport_size({"width": 1280, "height": 800})
    return found + [f"wider spacing at 1280: {problem}" for problem in page.evaluate(LOST)]
