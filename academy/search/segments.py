"""One Whoosh segment as numpy arrays: its records, its postings, its stored columns."""

import json
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
from whoosh.reading import SegmentReader

from academy.search import exact, lexicon, postings, texts
from academy.search.analysis import FOLDED, HASH
from academy.search.lexicon import Key, Lexicon, Tallies
from academy.search.postings import Postings
from academy.search.schema import CODEC, RECORD, SCHEMA, VALUES
from academy.search.storage import CheckedStorage
from academy.search.tallies import total
from academy.search.texts import Texts

TEXTS_IN_MEMORY = 12 << 20  # bytes a segment


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
    def _exact(self) -> exact.ExactWords:
        return exact.ExactWords(self._file(exact.EXTENSION))

    @cached_property
    def lexicon(self) -> Lexicon:
        """Return its words and titles."""
        return Lexicon(self._file(lexicon.EXTENSION).file.at)

    def _file(self, extension: str) -> Any:
        return self._reader.storage().open_file(self._reader.segment().make_filename(extension))

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
        """Return the values of a facet, in order, and the editions that have each, numbered from 0."""
        if name not in self._reader.indexed_field_names():
            return []
        values = [value.decode() for value in self._reader.lexicon(name)]
        return [(value, self.starts.searchsorted(self.postings(name, value)[0])) for value in values]

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

    def folded_titles(self) -> list[str]:
        """Return the folded title of every edition, in the order of the editions."""
        by_row = dict(zip(self.lexicon.places[:, 0].tolist(), self.lexicon.folded_titles, strict=True))
        return [by_row[row] for row in self.starts.tolist()]

    @cached_property
    def tallies(self) -> Tallies:
        """Return in how many editions every folded word stands, by (audience, language), deleted ones too."""
        return self.lexicon.tallies()

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
        tallies: defaultdict[Key, Counter[str]] = defaultdict(Counter)
        for row in rows:
            if self.records["unit"][row] == 0:  # an edition, not one of its passages
                key = self._value("audience", row), self._value("language", row)
                tallies[key].update({FOLDED[word] for word in self.spellings(row)})
        return tallies

    def _value(self, field: str, row: int) -> str:
        edition = self.starts.searchsorted(row)
        return next(value for value, own in self.values[field] if edition in own)
