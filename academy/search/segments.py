"""One Whoosh segment as numpy arrays: its records, its postings, its stored columns."""

import json
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
from whoosh.reading import SegmentReader

from academy.search import postings, texts
from academy.search.analysis import FOLDED, HASH, fold
from academy.search.exact import EXTENSION, ExactWords
from academy.search.postings import Postings
from academy.search.schema import CODEC, RECORD, SCHEMA, VALUES
from academy.search.storage import CheckedStorage
from academy.search.tallies import total
from academy.search.texts import Texts

Tallies = dict[tuple[str, str], Counter[str]]
TEXTS_IN_MEMORY = 12 << 20  # bytes a segment
AT_ONCE = 500  # editions whose spellings are counted together


class Segment:
    """A segment never changes: what is read of it once holds. Deletions are the generation's, not ours."""

    def __init__(self, storage: CheckedStorage, segment: Any):
        self._lock = threading.RLock()  # Whoosh seeks, then reads: two threads would read each other's place
        self._reader = SegmentReader(storage, SCHEMA, segment, codec=CODEC)
        self._lost: tuple[frozenset[int], Tallies] = (frozenset(), {})
        self.records = self._records(segment.doc_count_all())
        self.starts = np.flatnonzero(self.records["unit"] == 0)
        self.values = {name: self._values(name) for name in VALUES}
        self._columns = {name: self._column(name) for name in ("card", "word_order", "stem_order", "spellings")}
        self.stem_orders = Texts(self._columns["stem_order"])  # the hashes of the stems of editions, see `schema`

    @cached_property
    def _exact(self) -> ExactWords:
        return ExactWords(self._reader.storage().open_file(self._reader.segment().make_filename(EXTENSION)))

    def exactly(self, word: str) -> np.ndarray:
        """Return the rows of the editions in which a folded word stands."""
        with self._lock:
            return self._exact.rows(HASH[word])

    def _column(self, name: str) -> Any:
        return self._reader.column_reader(name, translate=False)

    def _records(self, count: int) -> np.ndarray:
        if not count:
            return np.zeros(0, RECORD)
        column = self._column("record")
        # The rows follow each other in the file; Whoosh leaves out trailing rows of zeros, which we never write.
        records = np.frombuffer(column._dbfile.get(0, count * RECORD.itemsize), RECORD)
        if len(records) != count:
            raise ValueError("rows without a record")
        return records

    def _values(self, name: str) -> list[tuple[str, np.ndarray]]:
        if name not in self._reader.indexed_field_names():
            return []
        return [(value.decode(), self.postings(name, value.decode())[0]) for value in self._reader.lexicon(name)]

    def postings(self, field: str, term: str) -> Postings:
        """Return the rows of a term and its frequency in each."""
        with self._lock:
            return postings.read(self._reader._terms, field, term)

    def _stored(self, name: str, row: int) -> bytes:
        return texts.read(self._columns[name], row)

    def card(self, row: int) -> dict[str, Any]:
        """Return what is shown of a row."""
        return json.loads(self._stored("card", row))

    def word_order(self, row: int) -> np.ndarray:
        """Return the hashes of the words of an edition, as they follow each other; 0 between two texts."""
        column, whole = self._columns["word_order"], self._texts
        if whole is None:
            return np.frombuffer(self._stored("word_order", row), "<u4")
        start = column._offsets[row] // 4
        return whole[start : start + column._lengths[row] // 4]

    @cached_property
    def _texts(self) -> np.ndarray | None:
        """Keep the words of all editions in memory, unless there are too many: phrases read thousands of texts."""
        column = self._columns["word_order"]
        size = sum(column._lengths)
        if size > TEXTS_IN_MEMORY:
            return None
        with self._lock:
            return np.frombuffer(column._dbfile.get(column._basepos, size), "<u4")

    def spellings(self, row: int) -> list[str]:
        """Return the distinct words of an edition as written, in lower case."""
        return self._stored("spellings", row).decode().split()

    @cached_property
    def titles(self) -> list[tuple[str, str, str, str, int]]:
        """Return folded title, language, title, audience and row of every edition, in order."""
        audiences, languages = self.labels["audience"], self.labels["language"]
        titles = ((self.card(row)["title"], row) for row in self.starts.tolist())
        return sorted((fold(title), languages[row], title, audiences[row], row) for title, row in titles)

    @property
    def written(self) -> dict[str, str]:
        """Return the most frequent spelling of every folded word."""
        return self._words[1]

    @property
    def tallies(self) -> Tallies:
        """Return in how many editions every folded word stands, by (audience, language), deleted ones too."""
        return self._words[0]

    @cached_property
    def _words(self) -> tuple[Tallies, dict[str, str]]:
        """Count spellings, then fold each once: five times faster than to fold the words of every edition."""
        audiences, languages = self.labels["audience"], self.labels["language"]
        rows: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for row in self.starts.tolist():
            rows[audiences.get(row, ""), languages.get(row, "")].append(row)
        tallies, spellings = {}, []
        for key, own in rows.items():
            counts: Counter[str] = Counter()
            for at in range(0, len(own), AT_ONCE):
                counts.update(
                    b" ".join(self._stored("spellings", row) for row in own[at : at + AT_ONCE]).decode().split()
                )
            tallies[key] = self._folded(counts, own)
            spellings.append(counts)
        ranked = sorted(total(spellings).items(), key=lambda item: (item[1], item[0]))
        return tallies, {FOLDED[word]: word for word, _ in ranked}

    def _folded(self, spellings: Counter[str], rows: list[int]) -> Counter[str]:
        """Return in how many of the rows each folded word stands; one with two spellings counts once a row."""
        found, several = Counter(), set()
        for spelling, n in spellings.items():
            word = FOLDED[spelling]
            if before := found.get(word, 0):
                several.add(word)
            found[word] = before + n
        is_own = np.zeros(len(self.records), bool)
        is_own[rows] = True
        for word in several:
            found[word] = int(np.count_nonzero(is_own[self.exactly(word)]))
        return found

    def lost(self, dead: frozenset[int]) -> Tallies:
        """Return in how many deleted editions every folded word stands, by (audience, language)."""
        with self._lock:
            gone, lost = self._lost
            if not gone <= dead:
                gone, lost = frozenset(), {}
            more = self._tally(dead - gone)
            lost = {**lost, **{key: total((lost.get(key, Counter()), tally)) for key, tally in more.items()}}
            self._lost = dead, lost
            return lost

    def _tally(self, rows: Iterable[int]) -> Tallies:
        audiences, languages = self.labels["audience"], self.labels["language"]
        tallies: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for row in rows:
            if row in audiences:  # an edition, not one of its passages
                tallies[audiences[row], languages[row]].update({FOLDED[word] for word in self.spellings(row)})
        return tallies

    @cached_property
    def labels(self) -> dict[str, dict[int, str]]:
        """Return the audience and the language of every edition, by row."""
        return {
            name: {row: value for value, rows in self.values[name] for row in rows.tolist()}
            for name in ("audience", "language")
        }
