"""Which rows of a segment have a word exactly as asked, folded: a file of its own beside Whoosh's postings.

Hashes of the words in order, where the rows of each begin, then the rows: numpy writes and reads them whole. As
postings of Whoosh the same cost 1 ms of CPU an edition, a third of a rebuild.
"""

from typing import Any

import numpy as np

AT_ONCE = 256  # editions
EXTENSION = ".exa"  # beside those of Whoosh, in the one file of the segment
_HEAD = np.dtype([("words", "<u4"), ("pairs", "<u4")])
_NUMBER = np.dtype("<u4")


class Pairs:
    """A number for each word of each edition of a segment to be: its hash, then the row."""

    def __init__(self):
        self._sorted: list[np.ndarray] = []
        self._waiting: list[np.ndarray] = []

    def add(self, row: int, word_order: bytes) -> None:
        """Add the words of an edition; those of many are sorted at once, for a fifth of the cost."""
        words = np.frombuffer(word_order, _NUMBER).astype("<u8")
        self._waiting.append(words << np.uint64(32) | np.uint64(row))
        if len(self._waiting) == AT_ONCE:
            self._settle()

    def _settle(self) -> None:
        pairs = np.concatenate(self._waiting)
        pairs.sort()
        self._sorted.append(pairs[_is_first(pairs)])
        self._waiting = []

    def in_order(self) -> np.ndarray:
        """Return all of them; the 0 between two texts is no word."""
        if self._waiting:
            self._settle()
        pairs = np.concatenate([np.zeros(0, "<u8"), *self._sorted])
        pairs.sort()
        return pairs[pairs.searchsorted(np.uint64(1 << 32)) :]


def _is_first(numbers: np.ndarray) -> np.ndarray:
    """Tell which of some numbers in order are not as the one before: `np.unique` takes ten times as long."""
    is_first = np.ones(len(numbers), bool)
    np.not_equal(numbers[1:], numbers[:-1], out=is_first[1:])
    return is_first


def rows_of(pairs: np.ndarray, word: int) -> np.ndarray:
    """Return the rows of a hash among pairs in order."""
    start, end = pairs.searchsorted(np.array([word << 32, word << 32 | 0xFFFFFFFF], "<u8"))  # no row has that number
    return pairs[start:end].astype(_NUMBER)  # the lower half


def write(file: Any, pairs: np.ndarray) -> None:
    """Write the words of all editions of a segment: their pairs in order."""
    words = pairs >> np.uint64(32)
    starts = _is_first(words).nonzero()[0]
    file.write(np.array([(len(starts), len(pairs))], _HEAD).tobytes())
    for numbers in (words[starts], starts, pairs):  # of a pair the lower half: the row
        file.write(numbers.astype(_NUMBER).tobytes())
    file.close()


class ExactWords:
    """The file of a segment: what finds a word is in memory, rows are read where they are."""

    def __init__(self, file: Any):
        self._file = file
        head = np.frombuffer(file.get(0, _HEAD.itemsize), _HEAD)[0]
        words, self._pairs = int(head["words"]), int(head["pairs"])
        table = np.frombuffer(file.get(_HEAD.itemsize, 2 * words * _NUMBER.itemsize), _NUMBER)
        self._words, self._starts = table[:words], table[words:]
        self._rows_at = _HEAD.itemsize + table.nbytes

    def rows(self, word: int) -> np.ndarray:
        """Return the rows of a hash, in order."""
        at = int(self._words.searchsorted(self._words.dtype.type(word)))  # a plain number would have all words cast
        if at == len(self._words) or self._words[at] != word:
            return np.zeros(0, _NUMBER)
        start = int(self._starts[at])
        end = int(self._starts[at + 1]) if at + 1 < len(self._words) else self._pairs
        data = self._file.get(self._rows_at + start * _NUMBER.itemsize, (end - start) * _NUMBER.itemsize)
        return np.frombuffer(data, _NUMBER)
