"""Where the scores of rows stand while a search adds them up: the first rows of all editions, then all second ones…

The best row of each edition is then the largest of a few long arrays side by side, ten times faster than edition by
edition. Rows of long editions beyond the usual number follow at the end, those of each together.
"""

import numpy as np

MOST_AT_ONCE = 12  # rows of an edition


class Layout:
    """The places of the rows of a snapshot."""

    def __init__(self, row_counts: np.ndarray):
        editions = np.arange(len(row_counts), dtype=np.int32)
        self._usual = max(1, min(MOST_AT_ONCE, round(float(row_counts.mean())))) if len(row_counts) else 1
        (self._longer,) = (row_counts > self._usual).nonzero()
        further = row_counts[self._longer] - self._usual
        self._starts = np.cumsum(further) - further
        row_edition = np.repeat(editions, row_counts)
        nth = np.arange(len(row_edition)) - np.repeat(np.cumsum(row_counts) - row_counts, row_counts)
        place = nth * len(editions) + row_edition
        is_further = nth >= self._usual
        self._first = self._usual * len(editions)
        place[is_further] = self._first + np.arange(further.sum())
        self.place_of = place.astype(np.int32)  # by row
        self.edition_at = np.concatenate([np.tile(editions, self._usual), row_edition[is_further]])  # by place
        self.size = len(self.edition_at)

    def best(self, scores: np.ndarray) -> np.ndarray:
        """Return the best of the scores of the rows of each edition; no score is below zero."""
        best = scores[: self._first].reshape(self._usual, -1).max(axis=0)
        if len(self._longer):
            others = np.maximum.reduceat(scores[self._first :], self._starts)
            best[self._longer] = np.maximum(best[self._longer], others)
        return best
