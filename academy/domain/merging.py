"""Bring two texts that were written from one together: what only one side changed is taken over."""

from dataclasses import dataclass
from difflib import SequenceMatcher

LABELS = ("mine", "theirs")


@dataclass(frozen=True)
class Merged:
    """Both texts in one. With conflicts, the lines that both changed stand between `<<<<<<<` and `>>>>>>>`."""

    text: str
    conflicts: int


def merge(base: str | None, mine: str, theirs: str, *, labels: tuple[str, str] = LABELS) -> Merged:
    """Merge line by line; without a *base* every difference is a conflict, for nobody knows which side is newer.

    Line ends and the last line are kept as they are. *labels* name the two sides beside the marks.
    """
    ours, others = mine.splitlines(keepends=True), theirs.splitlines(keepends=True)
    if base is None:
        groups = _two_ways(ours, others)
    else:
        from merge3 import Merge3  # only where two texts meet

        merged = Merge3(base.splitlines(keepends=True), ours, others).merge_groups()
        groups = [
            ("conflict", list(it[2]), list(it[3])) if it[0] == "conflict" else ("", list(it[1]), []) for it in merged
        ]
    parts: list[str] = []
    for word, lines, theirs_lines in groups:
        parts += _marked(lines, theirs_lines, labels) if word else lines
    return Merged("".join(parts), sum(bool(word) for word, _, _ in groups))


def _two_ways(ours: list[str], others: list[str]) -> list[tuple[str, list[str], list[str]]]:
    blocks = SequenceMatcher(None, ours, others, autojunk=False).get_opcodes()
    return [("" if word == "equal" else "conflict", ours[a:b], others[c:d]) for word, a, b, c, d in blocks]


def _marked(ours: list[str], others: list[str], labels: tuple[str, str]) -> list[str]:
    return [
        f"<<<<<<< {labels[0]}\n",
        *_closed(ours),
        "=======\n",
        *_closed(others),
        f">>>>>>> {labels[1]}\n",
    ]


def _closed(lines: list[str]) -> list[str]:
    """The lines, the last one ended: a mark begins its own line."""
    return [*lines[:-1], lines[-1] + "\n"] if lines and not lines[-1].endswith("\n") else lines
