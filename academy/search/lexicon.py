"""The words and the titles of a segment, counted when it is written: a file of its own beside Whoosh's postings.

A process that starts would otherwise count the words of every edition before its first answer: 14 seconds of CPU
at 100,000 documents.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np

from academy.search.analysis import FOLDED, HASH, fold
from academy.search.exact import rows_of
from academy.search.strings import Strings
from academy.search.tallies import total

EXTENSION = ".lex"  # beside those of Whoosh, in the one file of the segment
Key = tuple[str, str]  # audience and language
Tallies = dict[Key, Counter[str]]
_SIZES = np.dtype("<u8")
_NUMBER = np.dtype("<u4")
_KEYS, _WORDS, _COUNTS, _SPELLINGS, _FOLDED, _TITLES, _PLACES = 0, 1, 3, 4, 6, 8, 10
_PARTS = 11


class Counted(NamedTuple):
    """What is counted of an edition."""

    key: Key
    title: str
    spellings: Iterable[str]  # its distinct words as written


class Counting:
    """The words and the titles of a segment to be: spellings are counted, and each is folded once at the end."""

    def __init__(self):
        self._spellings: Tallies = {}
        self._titles: list[tuple[str, str, str, str, int]] = []

    def add(self, row: int, edition: Counted) -> None:
        """Count an edition."""
        self._spellings.setdefault(edition.key, Counter()).update(edition.spellings)
        audience, language = edition.key
        self._titles.append((fold(edition.title), language, edition.title, audience, row))

    def write(self, file: Any, pairs: np.ndarray) -> None:
        """Write what was counted; *pairs* are the hashes of all words and their rows, in order."""
        keys = sorted(self._spellings)
        numbers = {key: number for number, key in enumerate(keys)}
        titles = sorted(self._titles)
        places = np.array([(row, numbers[who, code]) for _, code, _, who, row in titles], _NUMBER).reshape(-1, 2)
        owners = np.zeros(places[:, 0].max(initial=0) + 1, _NUMBER)
        owners[places[:, 0]] = places[:, 1]
        tallies = [_folded(self._spellings[key], owners == number, pairs) for key, number in numbers.items()]
        words = sorted(set().union(*tallies))
        counts = [np.fromiter(map(tally.get, words, repeat(0)), _NUMBER) for tally in tallies]
        ranked = sorted(total(self._spellings.values()).items(), key=lambda item: (item[1], item[0]))
        usual = {FOLDED[word]: word for word, _ in ranked}
        parts = [
            json.dumps(keys).encode(),
            *_packed(words),
            b"".join(column.tobytes() for column in counts),
            *_packed([spelling if (spelling := usual[word]) != word else "" for word in words]),
            *_packed([title[0] for title in titles]),
            *_packed([title[2] for title in titles]),
            places.tobytes(),
        ]
        file.write(np.array([len(part) for part in parts], _SIZES).tobytes() + b"".join(parts))
        file.close()


def _folded(spellings: Counter[str], is_own: np.ndarray, pairs: np.ndarray) -> Counter[str]:
    """Return in how many of the own rows each folded word stands; one with two spellings counts once a row."""
    found, several = Counter(), set()
    for spelling, n in spellings.items():
        word = FOLDED[spelling]
        if before := found.get(word, 0):
            several.add(word)
        found[word] = before + n
    for word in several:
        found[word] = int(np.count_nonzero(is_own[rows_of(pairs, HASH[word])]))
    return found


def _packed(texts: Sequence[str]) -> tuple[bytes, bytes]:
    strings = Strings.of(texts)
    return strings.data, strings.starts.tobytes()


class Lexicon:
    """The file of a segment: parts are read when they are first needed; counts are not kept."""

    def __init__(self, read: Callable[[int, int], bytes]):
        """*read* gives so many bytes from a place on; several threads may call it at once."""
        self._read = read
        sizes = np.frombuffer(read(0, _PARTS * _SIZES.itemsize), _SIZES)
        self._ends = np.cumsum([_PARTS * _SIZES.itemsize, *sizes.tolist()]).tolist()

    def _part(self, number: int) -> bytes:
        return self._read(self._ends[number], self._ends[number + 1] - self._ends[number])

    def _strings(self, number: int) -> Strings:
        return Strings(self._part(number), np.frombuffer(self._part(number + 1), _NUMBER))

    @cached_property
    def keys(self) -> list[Key]:
        """The audiences and languages of its editions."""
        return [(audience, language) for audience, language in json.loads(self._part(_KEYS))]

    @cached_property
    def words(self) -> Strings:
        """The folded words of all its editions, deleted ones too, in order."""
        return self._strings(_WORDS)

    def counts(self) -> dict[Key, np.ndarray]:
        """Return in how many editions each of the words stands, deleted ones too."""
        counts = np.frombuffer(self._part(_COUNTS), _NUMBER).reshape(len(self.keys), len(self.words))
        return dict(zip(self.keys, counts, strict=True))

    def tallies(self) -> Tallies:
        """Return the same by word."""
        return {
            key: Counter({word: n for word, n in zip(self.words, counts.tolist(), strict=True) if n})
            for key, counts in self.counts().items()
        }

    @cached_property
    def _spellings(self) -> Strings:
        return self._strings(_SPELLINGS)

    def written(self, word: str) -> str | None:
        """Return the most frequent spelling of a folded word, None of one that stands nowhere."""
        at = self.words.place(word)
        return None if at is None else self._spellings[at] or word

    @cached_property
    def folded_titles(self) -> Strings:
        """The titles, folded, in order; then by language, title, audience and row."""
        return self._strings(_FOLDED)

    @cached_property
    def titles(self) -> Strings:
        """The titles as written, in the same order."""
        return self._strings(_TITLES)

    @cached_property
    def places(self) -> np.ndarray:
        """The row of each title, and the number of its key."""
        return np.frombuffer(self._part(_PLACES), _NUMBER).reshape(-1, 2)
