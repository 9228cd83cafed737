"""What changed between two texts, word by word inside the lines that changed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from academy.domain.matching import stretches

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# Fewer characters in common between two changes are shown as changed: whole phrases read better than crumbs.
ENOUGH = 4


class Part(NamedTuple):
    """A piece of text: `kind` is same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """Lines that both texts have, or lines that changed."""

    parts: list[Part]

    @property
    def is_same(self) -> bool:
        return all(part.kind == "same" for part in self.parts)

    @property
    def lines(self) -> int:
        return sum(part.text.count("\n") for part in self.parts) or 1

    @property
    def before(self) -> list[Part]:
        return [part for part in self.parts if part.kind != "added"]

    @property
    def after(self) -> list[Part]:
        return [part for part in self.parts if part.kind != "removed"]


def differences(before: str, after: str) -> list[Part]:
    """The parts that, without the removed ones, make *after*; neighbours of one kind are joined."""
    return _joined(part for row in rows(before, after) for part in row.parts)


def rows(before: str, after: str) -> list[Row]:
    """The two texts line by line: what is the same, what changed, in turn."""
    return [Row(parts) for parts in _by_lines(_lines(before), _lines(after)) if parts]


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True)


def _by_lines(old: list[str], new: list[str]) -> Iterator[list[Part]]:
    a = c = 0
    for start, other, size in [*stretches(old, new), (len(old), len(new), 0)]:
        yield _joined(_by_words("".join(old[a:start]), "".join(new[c:other])))
        yield _joined([Part("same", "".join(old[start : start + size]))])
        a, c = start + size, other + size


def _by_words(before: str, after: str) -> Iterator[Part]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    removed = added = ""
    a = c = 0
    for start, other, size in [*stretches(old, new), (len(old), len(new), 0)]:
        removed, added = removed + "".join(old[a:start]), added + "".join(new[c:other])
        same = "".join(old[start : start + size])
        if len(same.strip()) >= ENOUGH:
            yield from (Part("removed", removed), Part("added", added), Part("same", same))
            removed = added = ""
        else:
            removed, added = removed + same, added + same
        a, c = start + size, other + size
    yield from (Part("removed", removed), Part("added", added))


def _joined(parts: Iterable[Part]) -> list[Part]:
    joined: list[Part] = []
    for part in parts:
        if not part.text:
            continue
        if joined and joined[-1].kind == part.kind:
            joined[-1] = Part(part.kind, joined[-1].text + part.text)
        else:
            joined.append(part)
    return joined
