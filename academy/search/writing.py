"""Whoosh's segment writer without its sort: what we give it is in order, and costs a third.

Whoosh gathers a tuple for every posting, sorts them all, and spills them to disk beyond 128 MB. Rows come in
order, so a list of rows a term is enough, and only terms are sorted. The files are the same.
"""

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from operator import sub
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3PostingsWriter
from whoosh.writing import SegmentWriter

from academy.search import exact, lexicon
from academy.search.lexicon import Counted
from academy.search.schema import INDEXED, SCHEMA, STORED

Postings = tuple[array, array]  # rows, in order, and frequencies
_FEW = 40  # postings, below which to pack them costs more than it saves


class Terms:
    """The postings of a segment to be: Whoosh's pool, as far as its writer uses it."""

    def __init__(self):
        self.fields: dict[str, dict[str, Postings]] = {name: {} for name in INDEXED}

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Take one posting of a segment that is merged."""
        field, term, row, weight, _ = item
        rows, weights = self.fields[field].setdefault(term.decode(), (array("I"), array("f")))
        rows.append(row)
        weights.append(weight)

    def add_row(self, field: str, terms: Iterable[str], row: int) -> None:
        """Count the terms of a field of a row."""
        known = self.fields[field]
        for term, n in Counter(terms).items():
            if (found := known.get(term)) is None:
                known[term] = array("I", (row,)), array("f", (n,))
            else:
                found[0].append(row)
                found[1].append(n)

    def cleanup(self) -> None:
        """Forget everything."""
        self.fields.clear()


class Writer(SegmentWriter):
    """Writes rows as `schema.rows` makes them."""

    def __init__(self, index: Any, codec: W3Codec):
        super().__init__(index, codec=codec, _lk=False)  # we hold the lock
        self.pool = Terms()
        self._exact = exact.Pairs()
        self._counting = lexicon.Counting()

    def add_row(self, row: Mapping[str, Any]) -> None:
        """Add a row: terms of the fields that are searched, bytes of those that are stored."""
        self.perdocwriter.start_doc(self.docnum)
        for name, value in row.items():
            if name in STORED:
                self.perdocwriter.add_column_value(name, SCHEMA[name].column_type, value)
            elif name in INDEXED and value:
                self.pool.add_row(name, value, self.docnum)
        if "counted" in row:
            self._add_edition(self.docnum, row["counted"], row["word_order"])
        self.perdocwriter.finish_doc()
        self._added = True
        self.docnum += 1

    def add_reader(self, reader: Any) -> None:
        """Take the living rows of a segment that is merged."""
        moved = list(enumerate(reader.all_doc_ids(), self.docnum))
        super().add_reader(reader)
        audiences, languages = self._owners("audience"), self._owners("language")
        columns = {name: reader.column_reader(name, translate=False) for name in ("word_order", "card", "spellings")}
        for row, before in moved:
            if row in audiences:  # an edition, not one of its passages
                title, spellings = json.loads(columns["card"][before])["title"], columns["spellings"][before]
                edition = Counted((audiences[row], languages[row]), title, spellings.decode().split())
                self._add_edition(row, edition, columns["word_order"][before])

    def _owners(self, field: str) -> dict[int, str]:
        return {row: value for value, (rows, _) in self.pool.fields[field].items() for row in rows}

    def _add_edition(self, row: int, edition: Counted, word_order: bytes) -> None:
        self._exact.add(row, word_order)
        self._counting.add(row, edition)

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        pairs = self._exact.in_order()
        exact.write(self.newsegment.create_file(self.storage, exact.EXTENSION), pairs)
        self._counting.write(self.newsegment.create_file(self.storage, lexicon.EXTENSION), pairs)
        fields: W3FieldWriter = self.fieldwriter
        for name in sorted(self.pool.fields):
            known = self.pool.fields[name]
            if not known:
                continue
            fields.start_field(name, SCHEMA[name])
            fields._postwriter = _Blocks(fields._postfile, blocklimit=self.codec._blocklimit, compression=0)
            for term in sorted(known):
                fields.start_term(term.encode())  # the order of code points is that of UTF-8
                fields._postwriter.add(*known.pop(term))
                fields.finish_term()
            fields.finish_field()
        fields.close()


class _Blocks(W3PostingsWriter):
    """Takes the postings of a term at once."""

    def add(self, rows: array, weights: array) -> None:
        for start in range(0, len(rows), self._blocklimit):
            if start:
                self._write_block()
            self._ids, self._weights = rows[start : start + self._blocklimit], weights[start : start + self._blocklimit]
            self._maxweight = max(self._weights)

    def _mini_ids(self) -> Any:
        if len(self._ids) < _FEW:
            return (self._ids[0], *map(sub, self._ids[1:], self._ids))
        return _Packed(np.diff(np.array(self._ids), prepend=np.uint32(0)))

    def _mini_weights(self) -> Any:
        first = self._weights[0]
        if self._weights.count(first) == len(self._weights):
            return None if first == 1.0 else first
        return tuple(self._weights) if len(self._weights) < _FEW else _Packed(np.array(self._weights))


class _Packed:
    """Whole numbers that are pickled as an array of as few bytes each as they need: read at once, not one by one."""

    def __init__(self, numbers: np.ndarray):
        size = next((code for code in "BH" if numbers.max() <= np.iinfo(code).max), "I")
        self._numbers = array(size, numbers.astype(size).tobytes())

    def __reduce__(self) -> Any:
        return self._numbers.__reduce_ex__(3)  # Whoosh pickles by protocol 2, which makes a list of it
