"""A table of all words with one or two letters left out: finds near words in microseconds."""

from collections.abc import Iterable, Iterator
from math import comb

import numpy as np

# Words are hashed as polynomials modulo 2**64, so that the hash of a word without some letters comes
# from prefix sums, for a whole column of words at once. What meets by chance is weeded out by distance().
_P = 0x9E3779B97F4A7C15
_INVERSE = pow(_P, -1, 1 << 64)
_SHORTEST_FOR_TWO = 6  # letters, in the table
_BEGINNING = 7  # letters that are looked at: two words within two edits have beginnings within two deletions each
_TABLES = 8  # small ones that wait to be merged


class Deletions:
    """Grows with the words it is told; never forgets (the caller knows which words still stand)."""

    def __init__(self):
        self._words: list[str] = []
        self._tables: list[np.ndarray] = []  # in order: half a hash, then the number of a word

    def learn(self, words: Iterable[str]) -> None:
        """Add the words that are new."""
        new = [word for word in set(words).difference(self._words) if len(word) > 2]
        if not new:
            return
        self._tables.append(_table(new, first=len(self._words)))
        self._words += new
        if len(self._tables) > _TABLES:
            self._tables = [np.sort(np.concatenate(self._tables), kind="stable")]  # runs in order are merged

    def near(self, word: str, *, distance: int) -> set[str]:
        """Return words that may be within an edit distance of 1 or 2."""
        hashes = np.unique(np.concatenate([*_hashes([word[:_BEGINNING]], depth=distance)]) & _HIGH)
        found: set[str] = set()
        for table in self._tables:
            starts, ends = np.searchsorted(table, hashes), np.searchsorted(table, hashes | _LOW, "right")
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
                found.update(self._words[number] for number in (table[start:end] & _LOW).tolist())
        return {other for other in found if abs(len(other) - len(word)) <= distance}


_LOW = np.uint64(0xFFFFFFFF)
_HIGH = ~_LOW


def _table(words: list[str], *, first: int) -> np.ndarray:
    alike: dict[tuple[int, int], list[int]] = {}  # by the letters looked at, and by depth
    for number, word in enumerate(words):
        depth = 2 if len(word) >= _SHORTEST_FOR_TWO else 1
        alike.setdefault((min(len(word), _BEGINNING), depth), []).append(number)
    sizes = (len(members) * (1 + length + comb(length, 2) * (depth - 1)) for (length, depth), members in alike.items())
    table, at = np.empty(sum(sizes), np.uint64), 0  # without all columns beside it
    for (length, depth), members in alike.items():
        owners = np.array(members, np.uint64) + np.uint64(first)
        for column in _hashes([words[n][:length] for n in members], depth=depth):
            table[at : at + len(members)] = column & _HIGH | owners
            at += len(members)
    table.sort()
    return table


def _hashes(words: list[str], *, depth: int) -> Iterator[np.ndarray]:
    """Yield columns of hashes of words of one length: whole, less one letter, less two."""
    length = len(words[0])
    letters = np.array(words).view(np.uint32).reshape(-1, length).astype(np.uint64)
    powers = np.array([pow(_P, k, 1 << 64) for k in range(length)], np.uint64)
    sums = np.zeros((len(words), length + 1), np.uint64)
    np.cumsum(letters * powers, axis=1, out=sums[:, 1:])
    once, twice = np.uint64(_INVERSE), np.uint64(_INVERSE * _INVERSE % (1 << 64))
    end = sums[:, length]
    yield end
    for i in range(length):
        yield sums[:, i] + once * (end - sums[:, i + 1])
        for j in range(i + 1, length) if depth == 2 else ():
            yield sums[:, i] + once * (sums[:, j] - sums[:, i + 1]) + twice * (end - sums[:, j + 1])


def distance(left: str, right: str) -> int:
    """Return the optimal string alignment distance: insert, delete, replace, swap neighbours."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        two, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, two[j - 2] + 1)
            row.append(cost)
    return row[-1]
