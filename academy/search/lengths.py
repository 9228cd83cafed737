"""How long every edition and every row is, beside the mean of its language."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from academy.search.analysis import LANGUAGES
from academy.search.scoring import BODY_B, TITLE_B

if TYPE_CHECKING:
    from academy.search.leaves import WhooshSnapshot


class Norm:
    """How long texts are beside the mean of a language, where asked: a publication changes every mean a little."""

    def __init__(self, lengths: np.ndarray, b: float, *, total: int, count: int):
        self._lengths, self._b, self._mean = lengths, b, total / count if total else 1.0

    def __getitem__(self, at: np.ndarray) -> np.ndarray:
        return ((1 - self._b) + self._b * self._lengths.take(at) / self._mean).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Lengths:
    """The length norms of one language, and how many living editions and rows it has."""

    editions: int
    rows: int
    edition_title: Norm
    edition_body: Norm
    row_title: Norm
    row_body: Norm

    @classmethod
    def by_language(cls, records: np.ndarray, snapshot: "WhooshSnapshot") -> dict[str, "Lengths"]:
        """Measure all texts once, then sum those of each language."""
        first, counts = snapshot.first_row, snapshot.row_counts
        title, row_body = records["title"][first], records["body"].copy()
        row_title = records["title"] + np.repeat(title, counts)  # passages stand under the title
        row_title[first] = title
        body, titles = np.add.reduceat(row_body, first), np.add.reduceat(row_title, first)
        found = {}
        for language in LANGUAGES:
            own = snapshot.in_language(language)
            editions, rows, words = int(own.sum()), int(counts[own].sum()), int(body[own].sum())
            found[language] = cls(
                editions,
                rows,
                Norm(title, TITLE_B, total=int(title[own].sum()), count=editions),
                Norm(body, BODY_B, total=words, count=editions),
                Norm(row_title, TITLE_B, total=int(titles[own].sum()), count=rows),
                Norm(row_body, BODY_B, total=words, count=rows),
            )
        return found
