"""Which rows of a segment have a word exactly as asked, folded: a file of its own beside Whoosh's postings.

Hashes of the words in order, where the rows of each begin, then the rows: numpy writes and reads them whole. As
postings of Whoosh the same cost 1 ms of CPU an edition, a third of a rebuild.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

EXTENSION = ".exa"  # beside those of Whoosh, in the one file of the segment
_HEAD = np.dtype([("words", "<u4"), ("pairs", "<u4")])
_NUMBER = np.dtype("<u4")


def pairs_of(word_order: bytes, row: int) -> np.ndarray:
    """Return a number for each word of an edition: its hash, then the row."""
    words = np.unique(np.frombuffer(word_order, _NUMBER))
    return words[words > 0].astype("<u8") << np.uint64(32) | np.uint64(row)


def in_order(pairs: Sequence[np.ndarray]) -> np.ndarray:
    """Return the pairs of all editions of a segment."""
    whole = np.concatenate([np.zeros(0, "<u8"), *pairs])
    whole.sort()
    return whole


def rows_of(pairs: np.ndarray, word: int) -> np.ndarray:
    """Return the rows of a hash among pairs in order."""
    start, end = pairs.searchsorted(np.array([word << 32, word << 32 | 0xFFFFFFFF], "<u8"))  # no row has that number
    return pairs[start:end].astype(_NUMBER)  # the lower half


def write(file: Any, pairs: np.ndarray) -> None:
    """Write the words of all editions of a segment: their pairs in order."""
    words, starts = np.unique(pairs >> np.uint64(32), return_index=True)
    file.write(np.array([(len(words), len(pairs))], _HEAD).tobytes())
    for numbers in (words, starts, pairs):  # of a pair the lower half: the row
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
