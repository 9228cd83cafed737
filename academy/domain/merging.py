"""Three-way merge of texts by lines: what only one side changed is taken over, what both did differently is a conflict.

The rule is that of diff3 (Khanna, Kunal and Pierce, "A Formal Investigation of Diff3", 2007). A paragraph of Markdown is
usually one line, so that two people who write on two paragraphs never meet.
"""

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from academy.domain.matching import Stretch, stretches


class Change(enum.StrEnum):
    """What became of a piece of the base."""

    NONE = "none"
    MINE = "mine"
    THEIRS = "theirs"
    ALIKE = "alike"  # by both, in the same way
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole lines of the three texts that belong together."""

    change: Change
    base: str
    mine: str
    theirs: str

    @property
    def text(self) -> str:
        """What stands in the merged text, unless somebody has to choose."""
        return self.theirs if self.change == Change.THEIRS else self.mine

    @property
    def both(self) -> str:
        """Their words, then mine."""
        gap = "\n" if self.theirs and not self.theirs.endswith(("\n", "\r")) else ""
        return self.theirs + gap + self.mine


def merge(base: str, mine: str, theirs: str) -> list[Piece]:
    """The pieces of a merged text, in order."""
    old, ours, other = (text.splitlines(keepends=True) for text in (base, mine, theirs))
    pieces: list[Piece] = []
    a = b = c = 0
    for start, in_mine, in_theirs, size in [*_kept(old, ours, other), (len(old), len(ours), len(other), 0)]:
        changed = tuple("".join(it) for it in (old[a:start], ours[b:in_mine], other[c:in_theirs]))
        if any(changed):
            pieces.append(_piece(*changed))
        if size:
            same = "".join(old[start : start + size])
            pieces.append(Piece(Change.NONE, same, same, same))
        a, b, c = start + size, in_mine + size, in_theirs + size
    return pieces


def merged(pieces: Sequence[Piece], chosen: Mapping[int, str]) -> str:
    """The whole text; *chosen* has the words for each conflict, by the number of its piece."""
    return "".join(chosen.get(number, piece.text) for number, piece in enumerate(pieces))


def conflicts(pieces: Sequence[Piece]) -> list[int]:
    """The numbers of the pieces that somebody has to choose."""
    return [number for number, piece in enumerate(pieces) if piece.change == Change.CONFLICT]


def common(mine: str, theirs: str) -> str:
    """The lines that two texts share: what to merge from when it is not known where they parted."""
    ours, other = mine.splitlines(keepends=True), theirs.splitlines(keepends=True)
    return "".join("".join(ours[it.old : it.old + it.size]) for it in stretches(ours, other))


@dataclass(frozen=True)
class Marked:
    """Both texts in one. What somebody has to choose stands between `<<<<<<<` and `>>>>>>>`."""

    text: str
    conflicts: int


def marked(base: str | None, mine: str, theirs: str, *, labels: tuple[str, str] = ("mine", "theirs")) -> Marked:
    """Merge into one text, as Git writes it; without a *base* every difference is a conflict, for nobody knows which side is newer.

    Line ends and the last line are kept as they are. *labels* name the two sides beside the marks.
    """
    pieces = merge(common(mine, theirs) if base is None else base, mine, theirs)
    settled = {Change.NONE, Change.ALIKE} | (set() if base is None else {Change.MINE, Change.THEIRS})
    parts = [piece.text if piece.change in settled else _between_marks(piece, labels) for piece in pieces]
    return Marked("".join(parts), sum(piece.change not in settled for piece in pieces))


def _between_marks(piece: Piece, labels: tuple[str, str]) -> str:
    mine, theirs = (text if text.endswith("\n") or not text else text + "\n" for text in (piece.mine, piece.theirs))
    return f"<<<<<<< {labels[0]}\n{mine}=======\n{theirs}>>>>>>> {labels[1]}\n"


def _piece(base: str, mine: str, theirs: str) -> Piece:
    if mine == theirs:
        return Piece(Change.ALIKE, base, mine, theirs)
    if mine == base:
        return Piece(Change.THEIRS, base, mine, theirs)
    return Piece(Change.MINE if theirs == base else Change.CONFLICT, base, mine, theirs)


def _kept(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Lines of the base that neither changed: where they start in each text, and how many."""
    left, right = stretches(base, mine), stretches(base, theirs)
    i = j = 0
    while i < len(left) and j < len(right):
        start = max(left[i].old, right[j].old)
        end = min(_end(left[i]), _end(right[j]))
        if start < end:
            yield start, left[i].new + start - left[i].old, right[j].new + start - right[j].old, end - start
        if _end(left[i]) < _end(right[j]):
            i += 1
        else:
            j += 1


def _end(stretch: Stretch) -> int:
    return stretch.old + stretch.size
