"""One Whoosh segment as numpy arrays: its records, its postings, its stored columns."""

import json
import threading
from collections import Counter, defaultdict
from functools import cached_property
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.filedb.structfile import BufferFile
from whoosh.reading import SegmentReader, TermNotFound

from academy.search.analysis import fold
from academy.search.schema import CODEC, RECORD, SCHEMA, VALUES
from academy.search.storage import CheckedStorage

type Postings = tuple[np.ndarray, np.ndarray]  # row numbers, in order, and frequencies
NOTHING: Postings = (np.zeros(0, np.int64), np.zeros(0, np.float32))


class Segment:
    """A segment never changes: what is read of it once holds. Deletions are the generation's, not ours."""

    def __init__(self, storage: CheckedStorage, segment: Any):
        self._lock = threading.RLock()  # Whoosh seeks, then reads: two threads would read each other's place
        self._reader = SegmentReader(storage, SCHEMA, segment, codec=CODEC)
        self.records = self._records(segment.doc_count_all())
        self.starts = np.flatnonzero(self.records["unit"] == 0)
        self.values = {name: self._values(name) for name in VALUES}
        self._columns = {name: self._column(name) for name in ("card", "positions", "spellings")}

    def _column(self, name: str):
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
        terms = self._reader._terms
        with self._lock:
            try:
                info = terms.term_info(field, term.encode())
            except TermNotFound:
                return NOTHING
            start, length = info.extent()
            data = BufferFile(terms._postfile.get(start, length))
        return _decoded(W3LeafMatcher(data, 0, length, SCHEMA[field].format))

    def _stored(self, name: str, row: int) -> bytes:
        with self._lock:
            return self._columns[name][row]

    def card(self, row: int) -> dict[str, Any]:
        """Return what is shown of a row."""
        return json.loads(self._stored("card", row))

    def positions(self, row: int) -> np.ndarray:
        """Return the hashes of the words (0) and stems (1) of an edition, in order."""
        return np.frombuffer(self._stored("positions", row), "<u4").reshape(2, -1)

    def spellings(self, row: int) -> list[str]:
        """Return the distinct words of an edition as written, in lower case."""
        return self._stored("spellings", row).decode().split()

    @cached_property
    def titles(self) -> dict[int, tuple[str, str]]:
        """Return the title of every edition, folded and as written, by row."""
        titles = {int(row): self.card(int(row))["title"] for row in self.starts}
        return {row: (fold(title), title) for row, title in titles.items()}

    @cached_property
    def tallies(self) -> dict[tuple[str, str], Counter[str]]:
        """Return in how many editions every word is written, by (audience, language)."""
        audiences, languages = self.labels("audience"), self.labels("language")
        tallies: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for row in self.starts:
            tallies[audiences[row], languages[row]].update(self.spellings(row))
        return dict(tallies)

    def labels(self, name: str) -> dict[int, str]:
        """Return the value of a single-valued field, by row."""
        return {int(row): value for value, rows in self.values[name] for row in rows}


def _decoded(matcher: W3LeafMatcher) -> Postings:
    ids, weights = [], []
    while matcher.is_active():
        matcher._read_data()  # whole blocks; the public interface goes posting by posting
        deltas, weight, _ = matcher._data
        ids.append(np.cumsum(np.array(deltas, np.int64)))
        if isinstance(weight, tuple):
            weights.append(np.array(weight, np.float32))
        else:
            weights.append(np.full(len(deltas), 1.0 if weight is None else weight, np.float32))
        matcher._next_block()
    return np.concatenate(ids), np.concatenate(weights)
