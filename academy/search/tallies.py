"""In how many editions each word stands: the many words that stay, and beside them the few that changed.

A publication changes some hundred words of hundreds of thousands. So what the large segments say is added up once
and held from one generation to the next; of every generation only the difference is made.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, compress

import numpy as np

from academy.search.analysis import LANGUAGES
from academy.search.strings import Strings

# Words in order, and the language and the counts of one column after another.
Part = tuple[Sequence[str], Sequence[tuple[str, np.ndarray]]]
_COUNT = np.dtype("<u4")
LAST = "\U0010ffff"  # comes after every letter


class Stays:
    """The counts of what is large, by language; never changed."""

    def __init__(self, words: Strings, counts: Mapping[str, np.ndarray]):
        """*words* are in order, their counts beside them."""
        self.words, self._counts = words, counts
        self._totals = np.add.reduce(list(counts.values()), dtype=_COUNT)

    @classmethod
    def of(cls, parts: Iterable[Part]) -> "Stays":
        """Add parts: half a second for the 160,000 words of 100,000 documents."""
        held = [(list(words), columns) for words, columns in parts]
        words = list(dict.fromkeys(sorted(chain.from_iterable(words for words, _ in held))))  # runs in order are merged
        places = {word: place for place, word in enumerate(words)}
        counts = {language: np.zeros(len(words), _COUNT) for language in LANGUAGES}
        for own, columns in held:
            at = np.fromiter(map(places.__getitem__, own), np.intp, len(own))
            for language, column in columns:
                counts[language][at] += column
        is_there = np.any(list(counts.values()), axis=0)  # others may stand where these readers may not look
        kept = Strings.of(compress(words, is_there.tolist()))
        return cls(kept, {language: column[is_there] for language, column in counts.items()})

    def count(self, word: str) -> int:
        """Return the count of a word in all languages."""
        return 0 if (at := self.words.place(word)) is None else int(self._totals[at])

    def get(self, language: str, word: str) -> int:
        """Return the count of a word in a language."""
        return 0 if (at := self.words.place(word)) is None else int(self._counts[language][at])

    def has(self, word: str) -> bool:
        """Tell whether a word is among them."""
        return self.words.place(word) is not None

    def frequent(self, prefix: str, *, limit: int) -> list[str]:
        """Return the words that begin so and are as frequent as the last of the *limit* most frequent, or more."""
        start, end = bisect_left(self.words, prefix), bisect_left(self.words, prefix + LAST)
        totals = self._totals[start:end]
        if len(totals) <= limit:
            return self.words[start:end]
        least = np.partition(totals, -limit)[-limit]
        return [self.words[start + at] for at in np.flatnonzero(totals >= least).tolist()]


class Frequency:
    """Counts of one language by word: those that stay, and what is added to them or (below 0) taken away."""

    def __init__(self, stays: Stays, language: str, change: Counter[str]):
        self._stays, self._language, self.change = stays, language, change

    def get(self, word: str, default: int = 0) -> int:
        """Return the count of a word."""
        return self._stays.get(self._language, word) + self.change.get(word, 0) or default

    def __contains__(self, word: str) -> bool:
        return self.get(word) > 0


class Kept:
    """What stays, by audiences, while the large segments are the same."""

    def __init__(self):
        self._found: dict[frozenset[str], tuple[Sequence[object], Stays]] = {}

    def of(self, audiences: frozenset[str], held: Sequence[object], parts: Callable[[], Iterable[Part]]) -> Stays:
        """Return the sums of what is held; *parts* gives what to add."""
        known, stays = self._found.get(audiences, ((), None))
        if stays is None or len(known) != len(held) or any(a is not b for a, b in zip(known, held, strict=True)):
            stays = Stays.of(parts())
            self._found[audiences] = held, stays
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
