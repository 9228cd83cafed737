"""What is wrong with a text: a place, a stable code, details; the wording is in `academy.web.problems`."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

WARNINGS = frozenset({"unknown_key", "misplaced_key"})


@dataclass(frozen=True)
class Problem:
    """One remark about one file. `line` counts from 1 in the whole file; 0 when no line is to blame."""

    path: str
    line: int
    key: str  # of the front matter, or of a .yml entry; "" when none is to blame
    code: str
    details: dict[str, object] = field(default_factory=dict)

    @property
    def is_warning(self) -> bool:
        """Warnings are told; everything else refuses the text."""
        return self.code in WARNINGS or self.code.startswith("lint_")

    def at(self, path: str) -> "Problem":
        """The same problem, said of a file."""
        return replace(self, path=path)


class ContentRefused(Exception):
    """One or several texts are refused; all their problems at once, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__(", ".join(f"{p.path}:{p.line}:{p.key}:{p.code}" for p in self.problems))
