"""The HTML of a text inside a pack: links and pictures that lead somewhere offline, and an anchor on each paragraph."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser

HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
PARAGRAPHS = frozenset({"dd", "dt", "figcaption", "li", "p", "pre", "summary", "tr"})  # what a search leads to
CELLS = frozenset({"br", "td", "th"})  # where words end although no blank stands there
SIGNS = frozenset({"footnote-backref", "footnote-ref", "heading-anchor"})  # links whose words say nothing
Attributes = list[tuple[str, str | None]]


@dataclass(slots=True)
class Section:
    """A heading and the paragraphs below it: their anchors and words."""

    heading: str = ""
    paragraphs: list[tuple[str, str]] = field(default_factory=list)


def packed(html: str, *, place: Callable[[str], str], picture: str) -> tuple[str, list[Section]]:
    """Rewrite the stored HTML of a text; give it with its sections.

    *place* turns an address into the one to write: a path inside the pack, a whole address, "" for what leads
    nowhere. A picture that is not in the pack becomes its alternative text after *picture* (« Image : »), and a link.
    """
    reader = _Reader(place, picture)
    reader.feed(html)
    reader.close()
    return "".join(reader.written), [section for section in reader.sections if section.paragraphs]


class _Reader(HTMLParser):
    """Writes what it reads, but for links, pictures and the starts of paragraphs."""

    def __init__(self, place: Callable[[str], str], picture: str):
        super().__init__(convert_charrefs=False)
        self.place, self.picture = place, picture
        self.written: list[str] = []
        self.sections = [Section()]
        self._open: list[tuple[str, str, list[str]]] = []  # tag, anchor, words
        self._links: list[bool] = []  # of each open link: whether its words say nothing
        self._count = 0

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        known = dict(attrs)
        if tag in CELLS:
            self._say(" ")
        if tag == "img":
            self._picture(known)
            return
        if tag == "a":
            self._links.append(bool(SIGNS & set((known.get("class") or "").split())))
            known["href"] = self.place(known.get("href") or "") or None
        elif tag in HEADINGS:
            self.sections.append(Section())
            self._open.append((tag, "", []))
        elif tag in PARAGRAPHS:
            self._count += 1
            known["id"] = known.get("id") or f"p-{self._count}"
            self._open.append((tag, known["id"], []))
        self._write(tag, known)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.written.append(f"</{tag}>")
        if tag == "a" and self._links:
            self._links.pop()
        if not self._open or self._open[-1][0] != tag:
            return
        _, anchor, words = self._open.pop()
        said = " ".join("".join(words).split())
        if tag in HEADINGS:
            self.sections[-1].heading = said
        elif said:
            self.sections[-1].paragraphs.append((anchor, said))

    def handle_data(self, data: str) -> None:
        self.written.append(data)
        self._say(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data_of(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data_of(f"&#{name};")

    def handle_data_of(self, reference: str) -> None:
        """A character that is written by its name or number."""
        self.written.append(reference)
        self._say(unescape(reference))

    def _say(self, words: str) -> None:
        if self._open and not any(self._links):
            self._open[-1][2].append(words)

    def _picture(self, known: dict[str, str | None]) -> None:
        address = self.place(known.get("src") or "")
        if address and "://" not in address:
            self._write("img", known | {"src": address})
            return
        words = f"{self.picture} {known.get('alt') or address}"
        self._say(words)
        is_linked = bool(address) and not self._links
        said = escape(words)
        self.written.append(f'<a href="{escape(address)}">{said}</a>' if is_linked else said)

    def _write(self, tag: str, known: dict[str, str | None]) -> None:
        said = "".join(f' {name}="{escape(value)}"' for name, value in known.items() if value is not None)
        self.written.append(f"<{tag}{said}>")
