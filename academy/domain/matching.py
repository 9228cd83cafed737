"""Which pieces two sequences have in common, in order: quick on any input, exact where it is small.

Pieces that occur once on each side are matched first (patience diff, Bram Cohen), then what lies between them. What is
too long and has no such piece counts as changed as a whole.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

SMALL = 10_000  # pairs that are compared one by one
MOST_LEVELS = 24  # of matching inside what matches


class Stretch(NamedTuple):
    """Pieces that both have: where they start in the old and the new sequence, and how many."""

    old: int
    new: int
    size: int


def stretches(old: Sequence[str], new: Sequence[str]) -> list[Stretch]:
    """What both have in common, in order, without an empty stretch; neighbours are joined."""
    joined: list[Stretch] = []
    for found in _within(old, new, (0, len(old), 0, len(new)), MOST_LEVELS):
        last = joined[-1] if joined else Stretch(0, 0, 0)
        if joined and (last.old + last.size, last.new + last.size) == (found.old, found.new):
            joined[-1] = Stretch(last.old, last.new, last.size + found.size)
        else:
            joined.append(found)
    return joined


def _within(old: Sequence[str], new: Sequence[str], box: tuple[int, int, int, int], levels: int) -> Iterator[Stretch]:
    a, b, c, d = box
    head = tail = 0
    while a + head < b and c + head < d and old[a + head] == new[c + head]:
        head += 1
    while a + head < b - tail and c + head < d - tail and old[b - tail - 1] == new[d - tail - 1]:
        tail += 1
    if head:
        yield Stretch(a, c, head)
    yield from _between(old, new, (a + head, b - tail, c + head, d - tail), levels)
    if tail:
        yield Stretch(b - tail, d - tail, tail)


def _between(old: Sequence[str], new: Sequence[str], box: tuple[int, int, int, int], levels: int) -> Iterator[Stretch]:
    a, b, c, d = box
    if a == b or c == d:
        return
    if (b - a) * (d - c) <= SMALL:
        for i, j, size in SequenceMatcher(None, old[a:b], new[c:d], autojunk=False).get_matching_blocks():
            if size:
                yield Stretch(a + i, c + j, size)
        return
    anchors = _anchors(old, new, box) if levels else []
    if not anchors:
        return
    for i, j in anchors:
        yield from _within(old, new, (a, i, c, j), levels - 1)
        yield Stretch(i, j, 1)
        a, c = i + 1, j + 1
    yield from _within(old, new, (a, b, c, d), levels - 1)


def _anchors(old: Sequence[str], new: Sequence[str], box: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """Pieces that are there once on each side, as many as stand in the same order."""
    a, b, c, d = box
    once = {piece for piece, count in Counter(old[a:b]).items() if count == 1}
    once &= {piece for piece, count in Counter(new[c:d]).items() if count == 1}
    place = {new[j]: j for j in range(c, d) if new[j] in once}
    return _rising([(i, place[old[i]]) for i in range(a, b) if old[i] in once])


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run whose second numbers rise (patience sorting)."""
    tops: list[int] = []
    ends: list[int] = []  # index of the pair that ends the best run of each length
    before: list[int] = []
    for index, (_, j) in enumerate(pairs):
        length = bisect_left(tops, j)
        before.append(ends[length - 1] if length else -1)
        tops[length : length + 1] = [j]
        ends[length : length + 1] = [index]
    run: list[tuple[int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        run.append(pairs[index])
        index = before[index]
    return run[::-1]
