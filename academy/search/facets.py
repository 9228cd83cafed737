"""Facets: which editions have a value, and how many documents there are for each."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np


class Facet:
    """A facet with one or more values an edition, counted by document (`groups`), not by edition."""

    def __init__(self, editions: dict[str, np.ndarray], groups: np.ndarray):
        self.editions = {value: found for value, found in editions.items() if len(found)}
        self.values = list(self.editions)
        self._groups = groups  # a small number for the document of every edition

    @cached_property
    def _pairs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """A (document, value) pair counts once, whichever of its editions, two at most, match.

        Return one edition of each pair, value by value; which pairs have another, and that; where each value begins.
        """
        ones, doubled, others, starts, count = [], [], [], [], 0
        place = np.zeros(int(self._groups.max()) + 1 if len(self._groups) else 0, np.int32)
        for at in self.editions.values():
            groups, order = self._groups[at], np.arange(len(at), dtype=np.int32)
            place[groups] = order  # of two editions of a document the last stays
            is_one = place[groups] == order
            again = np.flatnonzero(~is_one)
            ones.append(at[is_one])
            others.append(at[again])
            doubled.append(count + np.cumsum(is_one)[place[groups[again]]] - 1)
            starts.append(count)
            count += len(at) - len(again)
        whole = [np.concatenate([np.zeros(0, np.int64), *parts]) for parts in (ones, doubled, others)]
        return whole[0], whole[1], whole[2], np.array(starts, np.int64)

    def mask(self, values: Sequence[str], size: int) -> np.ndarray:
        """Return which editions have any of the values."""
        mask = np.zeros(size, bool)
        for value in values:
            if value in self.editions:
                mask[self.editions[value]] = True
        return mask

    def counts(self, matches: np.ndarray) -> dict[str, int]:
        """Return the number of matching documents with each value, zeros left out."""
        one, doubled, other, starts = self._pairs
        if not len(one):
            return {}
        is_found = matches[one]
        is_found[doubled] |= matches[other]
        counts = np.add.reduceat(is_found, starts, dtype=np.int64)
        return {value: n for value, n in zip(self.values, counts.tolist(), strict=True) if n}


def ordered(facet: str, counts: dict[str, int], chosen: Sequence[str]) -> list[tuple[str, int]]:
    """Return (value, count): most frequent first, years newest first; chosen values even when 0."""
    found = {**dict.fromkeys(chosen, 0), **counts}
    if facet == "year":
        return sorted(found.items(), key=lambda item: item[0], reverse=True)
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))
