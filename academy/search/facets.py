"""Facets: which editions have a value, and how many documents there are for each."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np


class Facet:
    """A facet with one or more values an edition, counted by document (`groups`), not by edition."""

    def __init__(self, editions: dict[str, np.ndarray], groups: np.ndarray):
        self.editions = editions
        self.values = list(editions)
        self._groups = groups  # a small number for the document of every edition

    @cached_property
    def _pairs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """A (document, value) pair counts once, whichever and how many of its editions match.

        Return the editions value by value, the pair that each stands for, and the value of each pair.
        """
        nothing = np.zeros(0, np.int64)
        at = np.concatenate([nothing, *self.editions.values()])
        code = np.repeat(np.arange(len(self.values)), [len(found) for found in self.editions.values()])
        pairs, of = np.unique(self._groups[at] * len(self.values) + code, return_inverse=True)
        return at, of, pairs % max(1, len(self.values))

    def mask(self, values: Sequence[str], size: int) -> np.ndarray:
        """Return which editions have any of the values."""
        mask = np.zeros(size, bool)
        for value in values:
            if value in self.editions:
                mask[self.editions[value]] = True
        return mask

    def counts(self, matches: np.ndarray) -> dict[str, int]:
        """Return the number of matching documents with each value, zeros left out."""
        at, pair_of, value_of = self._pairs
        if len(value_of) == len(at):  # no document has two editions with one value: every match counts
            found = np.concatenate([np.zeros(1, np.int64), np.cumsum(matches[at])])
            ends = np.cumsum([len(editions) for editions in self.editions.values()], dtype=np.int64)
            counts = np.diff(found[ends], prepend=0)
            return {value: int(n) for value, n in zip(self.values, counts, strict=True) if n}
        seen = np.zeros(len(value_of), bool)
        seen[pair_of[matches[at]]] = True
        counts = np.bincount(value_of[seen], minlength=len(self.values))
        return {value: int(n) for value, n in zip(self.values, counts, strict=True) if n}


def ordered(facet: str, counts: dict[str, int], chosen: Sequence[str]) -> list[tuple[str, int]]:
    """Return (value, count): most frequent first, years newest first; chosen values even when 0."""
    found = {**dict.fromkeys(chosen, 0), **counts}
    if facet == "year":
        return sorted(found.items(), key=lambda item: item[0], reverse=True)
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))
