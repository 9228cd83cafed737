"""Where the scores of rows stand while a search adds them up: the first rows of all editions, then all second ones…

The best row of each edition is then the largest of a few long arrays side by side, ten times faster than edition by
edition. Rows of long editions beyond the usual number follow at the end, those of each together.
"""

from functools import cached_property

import numpy as np

MOST_AT_ONCE = 12  # rows of an edition


class Layout:
    """The places of the rows of a snapshot; *row_edition* says whose each row is, *row_counts* how many each has."""

    def __init__(self, row_edition: np.ndarray, row_counts: np.ndarray):
        self._row_edition, editions = row_edition, len(row_counts)
        self._usual = max(1, min(MOST_AT_ONCE, round(float(row_counts.mean())))) if editions else 1
        self._first = self._usual * editions  # of those beyond the usual number
        (self._longer,) = (row_counts > self._usual).nonzero()
        further = row_counts[self._longer] - self._usual
        self._starts = np.cumsum(further) - further
        starts = (np.cumsum(row_counts) - row_counts).astype(np.int32)
        nth = np.arange(len(row_edition), dtype=np.int32) - starts.take(row_edition)
        (self._further,) = (nth >= self._usual).nonzero()
        self.place_of = nth * np.int32(editions) + row_edition  # by row
        self.place_of[self._further] = self._first + np.arange(len(self._further), dtype=np.int32)
        self.size = self._first + len(self._further)

    @cached_property
    def edition_at(self) -> np.ndarray:
        """Return whose row has each place."""
        usual = np.tile(np.arange(self._first // self._usual, dtype=np.int32), self._usual)
        return np.concatenate([usual, self._row_edition[self._further]])

    def best(self, scores: np.ndarray) -> np.ndarray:
        """Return the best of the scores of the rows of each edition; no score is below zero."""
        best = scores[: self._first].reshape(self._usual, -1).max(axis=0)
        if len(self._longer):
            others = np.maximum.reduceat(scores[self._first :], self._starts)
            best[self._longer] = np.maximum(best[self._longer], others)
        return best
