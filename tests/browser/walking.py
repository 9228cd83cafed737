"""Walk pages with the keyboard alone, and see at each step where the focus is."""

from playwright.sync_api import Page

# What a sighted person needs of the focused element: it is in the viewport, on top, and looks different from before.
_FOCUS = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const label = it.labels && it.labels[0], tick = label && ["radio", "checkbox"].includes(it.type);
  const box = (tick ? label : it).getBoundingClientRect(), within = (low, value, high) => Math.min(Math.max(value, low), high);
  const x = within(1, box.x + Math.min(box.width / 2, 40), innerWidth - 1);
  const y = within(1, box.y + Math.min(box.height / 2, 20), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const words = label ? label.innerText : it.getAttribute("aria-label") || it.innerText || it.name || "";
  const lines = [it, label, it.parentElement, it.closest(":has(> * > :focus)"), it.closest("li, tr, article")].filter(Boolean);
  return {
    name: words.trim().split("\\n")[0], tag: it.tagName.toLowerCase(), number: [...document.querySelectorAll("*")].indexOf(it),
    visible: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: !top || !(it.contains(top) || top.contains(it) || (label && label.contains(top))),
    ring: lines.some(one => getComputedStyle(one).outlineStyle !== "none" && parseFloat(getComputedStyle(one).outlineWidth) >= 2),
  };
}"""


class Walker:
    """A person who has no mouse. Every step checks that the focus can be seen."""

    def __init__(self, page: Page):
        self.page, self.seen = page, []

    def open(self, url: str) -> None:
        self.page.goto(url)

    def press(self, key: str) -> dict | None:
        """Press one key; where the focus is then."""
        self.page.keyboard.press(key)
        focus = self._settled()
        if focus and key in {"Tab", "Shift+Tab"}:
            assert focus["visible"], f"the focus cannot be seen: {focus['name']} on {self.page.url}"
            assert not focus["covered"], f"the focus is covered: {focus['name']} on {self.page.url}"
            assert focus["ring"], f"the focus has no outline: {focus['name']} on {self.page.url}"
            self.seen.append(focus)
        return focus

    def _settled(self) -> dict | None:
        """Where the focus is, once what slides in or scrolls has had its time."""
        for _ in range(20):
            focus = self.page.evaluate(_FOCUS)
            if focus is None or (focus["visible"] and not focus["covered"] and focus["ring"]):
                return focus
            self.page.wait_for_timeout(25)
        return focus

    def to(self, name: str, *, tag: str = "", exact: bool = False, most: int = 250) -> None:
        """Tab until the element whose words contain *name*, or are it, has the focus."""
        wanted = _plain(name)
        for _ in range(most):
            focus = self.press("Tab")
            words = _plain(focus["name"]) if focus else ""
            if focus and (words == wanted if exact else wanted in words) and tag in {"", focus["tag"]}:
                return
        seen = ", ".join(focus["name"] for focus in self.seen[-most:])
        raise AssertionError(f"no {name!r} to reach by keyboard on {self.page.url}: {seen}")

    def enter(self) -> None:
        """Press Enter and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def type(self, text: str) -> None:
        """Replace what the focused field holds."""
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)


def _plain(words: str) -> str:
    """Without case, and with plain spaces only."""
    return " ".join(words.split()).lower()
