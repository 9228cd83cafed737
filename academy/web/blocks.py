"""A text cut into the blocks that readers see: paragraphs, headings, lists, tables."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from academy.rendering.outermost import Outermost

EXCERPT = 200  # characters


@dataclass(frozen=True, slots=True)
class Block:
    """One block; `html` is as safe as what it was cut from, `digest` is that of its words.

    `excerpt` is how it begins, a picture by the words that stand for it.
    """

    html: str
    line: int
    digest: str
    excerpt: str


def blocks_of(html: str, lines: Sequence[int]) -> list[Block]:
    """The blocks of a rendering and the lines of the source where they start; what has none of its own comes last."""
    cutter = _Cutter(html)
    return [
        _block(piece, " ".join(words.split()), " ".join(alt.split()), line)
        for line, (piece, words, alt) in zip(_each(lines, cutter.pieces), cutter.pieces, strict=True)
    ]


def with_lines(html: str, lines: Sequence[int]) -> str:
    """The same page; each outermost element has the line of the source where it starts as `data-at`."""
    ends = _Opened(html).ends
    pieces = [html[before:end] for before, end in zip([0, *ends], [*ends, len(html)], strict=True)]
    return pieces[0] + "".join(
        f' data-at="{line}"{piece}' for line, piece in zip(_each(lines, ends), pieces[1:], strict=True)
    )


def _each(lines: Sequence[int], blocks: Sequence[object]) -> list[int]:
    """A line for each block; those that have none of their own, at the end, have the last one."""
    return [lines[min(n, len(lines) - 1)] if lines else 0 for n in range(len(blocks))]


def _block(html: str, words: str, alt: str, line: int) -> Block:
    digest = hashlib.sha256((words or html).encode()).hexdigest()  # a picture has no words
    told = f"{alt} {words}".strip()
    excerpt = told if len(told) <= EXCERPT else told[:EXCERPT].rsplit(" ", 1)[0].rstrip(" .,;:!?…") + "…"
    return Block(html, line, digest, excerpt)


class _Opened(Outermost):
    """Where the names of the outermost elements end."""

    def __init__(self, html: str):
        self.ends: list[int] = []
        super().__init__(html)

    def began(self, tag: str, start: int) -> None:
        self.ends.append(start + 1 + len(tag))


class _Cutter(Outermost):
    """Cut a page between its outermost elements; each with its words, and those that stand for its pictures."""

    def __init__(self, html: str):
        self.pieces: list[tuple[str, str, str]] = []
        self._start = 0
        self._words: list[str] = []
        self._alt: list[str] = []
        self._is_sign = False
        super().__init__(html)

    def began(self, tag: str, start: int) -> None:
        self._start, self._words, self._alt = start, [], []

    def ended(self, end: int) -> None:
        self.pieces.append((self.html[self._start : end], "".join(self._words), " ".join(self._alt)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_sign = ("class", "heading-anchor") in attrs  # a mark, not a word
        super().handle_starttag(tag, attrs)
        self._words.append(" ")
        self._alt += [said for name, said in attrs if (tag, name) == ("img", "alt") and said]

    def handle_endtag(self, tag: str) -> None:
        self._is_sign = False
        self._words.append(" ")
        super().handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if not self._is_sign:
            self._words.append(data)
