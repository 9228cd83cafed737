"""One generation of a Whoosh index in memory: its segments, less what is deleted."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from academy.search.lengths import Lengths
from academy.search.postings import NOTHING, Postings
from academy.search.schema import RECORD
from academy.search.scoring import TermScores, term_scores
from academy.search.segments import Segment
from academy.search.snapshot import Snapshot
from academy.search.tallies import Kept
from academy.search.vocabulary import Vocabulary, of_leaves


@dataclass(frozen=True, slots=True)
class Leaf:
    """A segment, where its rows and editions start, and its rows deleted in this generation."""

    segment: Segment
    row: int
    edition: int
    gone: frozenset[int]


class WhooshSnapshot(Snapshot):
    """The segments of a Whoosh index, less what is deleted."""

    def __init__(self, leaves: Sequence[Leaf], kept: Kept, *, generation: Any, cursor: int):
        self.leaves, self._kept = leaves, kept
        self._leaf_rows = [leaf.row for leaf in leaves]
        records = np.concatenate([np.zeros(0, RECORD), *(leaf.segment.records for leaf in leaves)])
        first_row = np.flatnonzero(records["unit"] == 0)
        alive = np.ones(len(records), bool)
        for leaf in leaves:
            alive[leaf.row + np.array(sorted(leaf.gone), np.int64)] = False
        self._is_whole = bool(alive.all())
        super().__init__(
            records[first_row], first_row=first_row, alive_rows=alive, generation=generation, cursor=cursor
        )
        self.lengths = Lengths.by_language(records, self)

    def _editions_by_value(self, facet: str) -> dict[str, np.ndarray]:
        found: dict[str, list[np.ndarray]] = {}
        for leaf in self.leaves:
            for value, own in leaf.segment.values[facet]:
                editions = own + leaf.edition
                found.setdefault(value, []).append(editions[self.alive[editions]] if leaf.gone else editions)
        return {value: np.concatenate(parts) for value, parts in sorted(found.items())}

    def _folded_titles(self) -> Iterable[str]:
        return chain.from_iterable(leaf.segment.folded_titles() for leaf in self.leaves)

    def _term_scores(self, language: str, stem: str, field: str) -> TermScores:
        return term_scores(self, language, stem, field)

    def _exactly(self, word: str) -> np.ndarray:
        rows = np.concatenate([NOTHING[0], *(leaf.row + leaf.segment.exactly(word) for leaf in self.leaves)])
        return self.row_edition.take(rows if self._is_whole else rows[self.alive_rows[rows]])

    def _vocabulary(self, audiences: frozenset[str]) -> Vocabulary:
        return of_leaves(self.leaves, audiences, self._kept)

    def postings(self, field: str, term: str) -> Postings:
        """Return the living rows of a term, in order, and its frequency in each."""
        found = [(leaf.row, *leaf.segment.postings(field, term)) for leaf in self.leaves]
        parts = [(start + rows, weights) for start, rows, weights in found if len(rows)]
        if len(parts) > 1:
            rows, weights = map(np.concatenate, zip(*parts, strict=True))
        else:
            rows, weights = parts[0] if parts else NOTHING
        if self._is_whole:
            return rows, weights
        living = self.alive_rows[rows]
        return rows[living], weights[living]

    def word_order(self, edition: int) -> np.ndarray:
        leaf, row = self._place(int(self.first_row[edition]))
        return leaf.segment.word_order(row)

    def stem_order(self, edition: int) -> np.ndarray:
        leaf, row = self._place(int(self.first_row[edition]))
        return np.frombuffer(leaf.segment.stem_orders[row], "<u4")

    def stem_orders(self, editions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        starts, kept = self._leaf_rows, [leaf.segment.stem_orders for leaf in self.leaves]
        rows = self.first_row[editions].tolist()  # fifty a search: not by `_place`
        texts = [kept[at := bisect_right(starts, row) - 1][row - starts[at]] for row in rows]
        return np.frombuffer(b"".join(texts), "<u4"), np.cumsum([0, *map(len, texts[:-1])]) // 4

    def forget(self) -> None:
        super().forget()
        for leaf in self.leaves:
            leaf.segment.stem_orders.forget()

    def card(self, row: int) -> dict[str, Any]:
        leaf, local = self._place(row)
        return leaf.segment.card(local)

    def _place(self, row: int) -> tuple[Leaf, int]:
        leaf = self.leaves[bisect_right(self._leaf_rows, row) - 1]
        return leaf, row - leaf.row
