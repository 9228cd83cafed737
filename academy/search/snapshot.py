"""One generation of the index in memory: immutable arrays, and terms decoded when first asked."""

import re
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from academy.search.analysis import LANGUAGES
from academy.search.facets import Facet
from academy.search.results import FACETS
from academy.search.schema import RECORD
from academy.search.scoring import Lengths, TermScores, term_scores
from academy.search.segments import NOTHING, Postings, Segment
from academy.search.vocabulary import Vocabulary

_SIGNS = re.compile(r"^\W+")
TERM_CACHE = 32 << 20  # bytes of decoded terms


@dataclass(frozen=True, slots=True)
class Leaf:
    """A segment, where its rows and editions start, and its rows deleted in this generation."""

    segment: Segment
    row: int
    edition: int
    gone: frozenset[int]


class Snapshot:
    """Editions are numbered 0..n-1 in the order of their first row; so is everything indexed by edition."""

    def __init__(self, leaves: Sequence[Leaf], *, generation: Any, cursor: int):
        self.generation, self.cursor, self.leaves = generation, cursor, leaves
        self._leaf_rows = [leaf.row for leaf in leaves]
        self._lock = threading.Lock()  # around what is remembered
        self._terms: OrderedDict[tuple, TermScores] = OrderedDict()
        self._terms_size = 0
        self._vocabularies: dict[frozenset[str], Vocabulary] = {}
        records = np.concatenate([np.zeros(0, RECORD), *(leaf.segment.records for leaf in leaves)])
        self.first_row = np.flatnonzero(records["unit"] == 0)
        self.row_edition = np.cumsum(records["unit"] == 0) - 1
        self.size = len(self.first_row)
        self.row_count = len(records)
        heads = records[self.first_row]
        self.ids, self.published, self._revisions = (heads[name].copy() for name in ("id", "published", "revision"))
        _, self.groups = np.unique(heads["group"], return_inverse=True)
        self.alive_rows = np.ones(len(records), bool)
        for leaf in leaves:
            self.alive_rows[leaf.row + np.array(sorted(leaf.gone), np.int64)] = False
        self.alive = self.alive_rows[self.first_row]
        self.facets = {name: self._facet(name) for name in (*FACETS, "audience", "kind")}
        self.twin = self._twins()
        self.lengths = {code: Lengths(records, self, code) for code in LANGUAGES}

    def _facet(self, name: str) -> Facet:
        found: dict[str, list[np.ndarray]] = {}
        for leaf in self.leaves:
            for value, rows in leaf.segment.values[name]:
                editions = np.searchsorted(leaf.segment.starts, rows) + leaf.edition
                found.setdefault(value, []).append(editions[self.alive[editions]])
        return Facet({value: np.concatenate(parts) for value, parts in sorted(found.items())}, self.groups)

    @cached_property
    def title_ranks(self) -> np.ndarray:
        """Return the place of every edition in the order of titles, accents and signs before the first word apart."""
        titles = [
            _SIGNS.sub("", leaf.segment.titles[int(row)][0]) for leaf in self.leaves for row in leaf.segment.starts
        ]
        return np.unique(np.array(titles, object).astype(str), return_inverse=True)[1] if titles else np.zeros(0, int)

    def _twins(self) -> np.ndarray:
        """Return the other living edition of the same document, or the edition itself."""
        twin = np.arange(self.size)
        living = np.flatnonzero(self.alive)
        order = living[np.argsort(self.groups[living], kind="stable")]
        pair = np.flatnonzero(self.groups[order[1:]] == self.groups[order[:-1]])
        twin[order[pair]], twin[order[pair + 1]] = order[pair + 1], order[pair]
        return twin

    def in_language(self, language: str) -> np.ndarray:
        """Return which editions are alive and in a language."""
        return self.facets["language"].mask((language,), self.size)

    def for_audiences(self, audiences: Iterable[str]) -> np.ndarray:
        """Return which living editions these audiences may see."""
        return self.facets["audience"].mask(tuple(map(str, audiences)), self.size)

    def postings(self, field: str, term: str) -> Postings:
        """Return the living rows of a term, in order, and its frequency in each."""
        found = [(leaf.row, *leaf.segment.postings(field, term)) for leaf in self.leaves]
        rows = np.concatenate([NOTHING[0], *(start + rows for start, rows, _ in found)])
        weights = np.concatenate([NOTHING[1], *(weights for *_, weights in found)])
        living = self.alive_rows[rows]
        return rows[living], weights[living]

    def term(self, language: str, stem: str, *, field: str = "body") -> TermScores:
        """Return what a term adds to every edition and passage; remembered within a budget."""
        key = language, stem, field
        with self._lock:
            if (scores := self._terms.get(key)) is not None:
                self._terms.move_to_end(key)
                return scores
            scores = self._terms[key] = term_scores(self, language, stem, field)
            self._terms_size += scores.nbytes
            while self._terms_size > TERM_CACHE and len(self._terms) > 1:
                self._terms_size -= self._terms.popitem(last=False)[1].nbytes
            return scores

    def positions(self, edition: int) -> np.ndarray:
        """Return the hashes of the words and stems of an edition, in order."""
        leaf, row = self._place(int(self.first_row[edition]))
        return leaf.segment.positions(row)

    def card(self, row: int) -> dict[str, Any]:
        """Return what is shown of a row: of an edition, or of one of its passages."""
        leaf, local = self._place(row)
        return leaf.segment.card(local)

    def revisions(self) -> dict[int, int]:
        """Return the revision of every living edition."""
        return dict(zip(self.ids[self.alive].tolist(), self._revisions[self.alive].tolist(), strict=True))

    def rows_of(self, edition: int) -> slice:
        """Return the rows of an edition: itself, then its passages."""
        after = self.first_row[edition + 1] if edition + 1 < self.size else self.row_count
        return slice(int(self.first_row[edition]), int(after))

    def _place(self, row: int) -> tuple[Leaf, int]:
        leaf = self.leaves[bisect_right(self._leaf_rows, row) - 1]
        return leaf, row - leaf.row

    def vocabulary(self, audiences: Iterable[str]) -> Vocabulary:
        """Return the words written in what these audiences may see."""
        key = frozenset(map(str, audiences))
        with self._lock:
            if key not in self._vocabularies:
                self._vocabularies[key] = Vocabulary(self.leaves, key)
            return self._vocabularies[key]
