"""In how many editions each word stands: the many words that stay, and beside them the few that changed.

A publication changes some hundred words of hundreds of thousands. So what the large segments say is added up once
and held from one generation to the next; of every generation only the difference is made.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import repeat

import numpy as np

LAST = "\U0010ffff"  # comes after every letter


class Frequency:
    """Counts by word: those that stay, and what is added to them or (below 0) taken away."""

    def __init__(self, stays: Counter[str], change: Counter[str]):
        self._stays, self.change = stays, change

    def get(self, word: str, default: int = 0) -> int:
        """Return the count of a word."""
        return self._stays.get(word, 0) + self.change.get(word, 0) or default

    def __contains__(self, word: str) -> bool:
        return self._stays.get(word, 0) + self.change.get(word, 0) > 0


class Stays:
    """The counts of the large segments by language; never changed."""

    def __init__(self, counts: dict[str, Counter[str]]):
        self.counts = counts

    def has(self, word: str) -> bool:
        """Tell whether a word is among them."""
        return any(word in tally for tally in self.counts.values())

    @cached_property
    def words(self) -> list[str]:
        """All words, in order."""
        return sorted(set().union(*self.counts.values()))

    @cached_property
    def _totals(self) -> np.ndarray:
        found = [np.fromiter(map(tally.get, self.words, repeat(0)), "<u4") for tally in self.counts.values()]
        return np.sum(found, axis=0, dtype="<u4") if found else np.zeros(0, "<u4")

    def frequent(self, prefix: str, *, limit: int) -> list[str]:
        """Return the words that begin so and are as frequent as the last of the *limit* most frequent, or more."""
        start, end = bisect_left(self.words, prefix), bisect_left(self.words, prefix + LAST)
        totals = self._totals[start:end]
        if len(totals) <= limit:
            return self.words[start:end]
        least = np.partition(totals, -limit)[-limit]
        return [self.words[start + at] for at in np.flatnonzero(totals >= least).tolist()]


class Kept:
    """What stays, by audiences, while the large segments are the same."""

    def __init__(self):
        self._found: dict[frozenset[str], tuple[Sequence[object], Stays]] = {}

    def of(
        self,
        audiences: frozenset[str],
        segments: Sequence[object],
        make: Callable[[], Mapping[str, Iterable[Counter[str]]]],
    ) -> Stays:
        """Return the sums of some segments; *make* gives what to add, by language."""
        known, stays = self._found.get(audiences, ((), None))
        if (
            stays is None
            or len(known) != len(segments)
            or any(a is not b for a, b in zip(known, segments, strict=True))
        ):
            stays = Stays({language: total(tallies) for language, tallies in make().items()})
            self._found[audiences] = segments, stays
        return stays


def total(tallies: Iterable[Counter[str]]) -> Counter[str]:
    """Add tallies, the largest copied first: most words are in it. Of one alone there is no copy: neither changes."""
    first, *others = sorted(tallies, key=len, reverse=True) or [Counter()]
    words = first.copy() if others else first
    for tally in others:
        words.update(tally)
    return words


def changed(came: Iterable[Counter[str]], left: Iterable[Counter[str]]) -> Counter[str]:
    """Return what some tallies add and others take away, nothing where it comes to nothing."""
    words: Counter[str] = Counter()
    for tally in came:
        words.update(tally)
    for tally in left:
        words.subtract(tally)
    return Counter({word: n for word, n in words.items() if n})


def beginning(words: Sequence[str], prefix: str) -> Sequence[str]:
    """Of words in order, return those that begin so."""
    return words[bisect_left(words, prefix) : bisect_left(words, prefix + LAST)]
