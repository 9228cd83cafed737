"""Cut a rendered text into slides, and read what its author says beside each.

A line `---` between two blank lines starts a slide; in a text without any, each `##` does. A comment `<!-- … -->` between
two blank lines is for the speaker: no page that readers get has it, for the sanitiser drops comments.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from academy.rendering.outermost import Outermost


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide: its safe HTML, and the notes for who speaks, as plain paragraphs."""

    html: str
    notes: tuple[str, ...] = ()


def slides_of(html: str, notes: Sequence[str] = ()) -> list[Slide]:
    """Cut the stored HTML of a text; *notes* are those of `notes_of` for the same text.

    A slide without anything to show is left out; its notes go to the next one.
    """
    slides, waiting = [], ""
    parts = _cut(html)
    for number, part in enumerate(parts):
        note = f"{waiting}\n\n{notes[number]}" if number < len(notes) else waiting
        is_shown = bool(part.strip())
        waiting = "" if is_shown else note
        if is_shown:
            slides.append(Slide(part.strip(), _paragraphs(note)))
    if waiting and slides:
        last = slides[-1]
        slides[-1] = Slide(last.html, (*last.notes, *_paragraphs(waiting)))
    return slides


def notes_of(html: str) -> tuple[str, ...]:
    """The notes of each part of a text, by its safe HTML with its comments: cut where `slides_of` cuts it without them."""
    return tuple("\n\n".join(_Marks(part).comments) for part in _cut(html))


def _paragraphs(notes: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", notes) if part.strip())


def _cut(html: str) -> list[str]:
    """The parts between the rules at the top of a page; in a page without any, those that its sections start."""
    marks = _Marks(html)
    ends = marks.rules or [(start, start) for start in marks.sections]
    edges = [0, *(edge for pair in ends for edge in pair), len(html)]
    return [html[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]


class _Marks(Outermost):
    """Where rules and sections start, and the comments that stand at the top alone: those in a sentence are nobody's."""

    def __init__(self, html: str) -> None:
        self.rules: list[tuple[int, int]] = []  # start, end
        self.sections: list[int] = []
        self.comments: list[str] = []
        self._last = ("", 0)
        super().__init__(html)

    def began(self, tag: str, start: int) -> None:
        self._last = tag, start
        if tag == "h2":
            self.sections.append(start)

    def ended(self, end: int) -> None:
        tag, start = self._last
        if tag == "hr":
            self.rules.append((start, end))

    def handle_comment(self, data: str) -> None:
        if self.depth == 0:
            self.comments.append(data.strip())
