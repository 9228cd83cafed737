"""A text cut into the blocks that readers see: paragraphs, headings, lists, tables."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

_VOID = frozenset(("br", "hr", "img", "input", "wbr", "col", "source"))
EXCERPT = 200  # characters


@dataclass(frozen=True, slots=True)
class Block:
    """One block; `html` is as safe as what it was cut from, `digest` is that of its words."""

    html: str
    line: int
    digest: str
    excerpt: str


def blocks_of(html: str, lines: Sequence[int]) -> list[Block]:
    """The blocks of a rendering and the lines of the source where they start; what has none of its own comes last."""
    cutter = _Cutter(html)
    return [
        _block(piece, " ".join(words.split()), lines[min(n, len(lines) - 1)] if lines else 0)
        for n, (piece, words) in enumerate(cutter.pieces)
    ]


def _block(html: str, words: str, line: int) -> Block:
    digest = hashlib.sha256((words or html).encode()).hexdigest()  # a picture has no words
    excerpt = words if len(words) <= EXCERPT else words[:EXCERPT].rsplit(" ", 1)[0] + "…"
    return Block(html, line, digest, excerpt)


class _Cutter(HTMLParser):
    """Cut well-formed HTML between its outermost elements."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.pieces: list[tuple[str, str]] = []
        self._html, self._depth, self._start = html, 0, 0
        self._words: list[str] = []
        self._is_sign = False
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_sign = ("class", "heading-anchor") in attrs  # a mark, not a word
        if self._depth == 0:
            self._start, self._words = self._at(), []
        if tag not in _VOID:
            self._depth += 1
        elif self._depth == 0:
            self._keep(self._at() + len(self.get_starttag_text() or ""))
        self._words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._is_sign = False
        if tag in _VOID or self._depth == 0:
            return
        self._depth -= 1
        self._words.append(" ")
        if self._depth == 0:
            self._keep(self._html.index(">", self._at()) + 1)

    def handle_data(self, data: str) -> None:
        if not self._is_sign:
            self._words.append(data)

    def _keep(self, end: int) -> None:
        self.pieces.append((self._html[self._start : end], "".join(self._words)))

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
