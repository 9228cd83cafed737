"""One generation of an index in memory: immutable arrays, and terms decoded when first asked."""

import re
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from academy.search.analysis import fold
from academy.search.facets import Facet
from academy.search.layout import Layout
from academy.search.postings import NOTHING
from academy.search.results import FACETS
from academy.search.scoring import TermScores
from academy.search.vocabulary import Vocabulary

TERM_CACHE = 6 << 20  # bytes of decoded terms, at least; to decode one of 10,000 texts anew takes half a millisecond
TERMS_AN_EDITION = 300  # bytes more for each edition beyond what fits in that
_SIGNS = re.compile(r"^\W+")
Remembered = TypeVar("Remembered", TermScores, np.ndarray)


class Snapshot(ABC):
    """Editions are numbered 0..n-1 in the order of their first row; so is everything indexed by edition.

    A row is an edition (its title and summary) or, after it, one of its passages.
    """

    def __init__(self, heads: np.ndarray, *, first_row: np.ndarray, alive_rows: np.ndarray, generation, cursor: int):
        self.generation, self.cursor = generation, cursor
        self._lock = threading.Lock()  # around what is remembered
        self._terms: OrderedDict[tuple[str, ...], Any] = OrderedDict()
        self._terms_size = 0
        self._vocabularies: dict[frozenset[str], Vocabulary] = {}
        self._masks: dict[tuple[str, ...], np.ndarray] = {}
        self.first_row, self.alive_rows = first_row, alive_rows
        self.size, self.row_count = len(first_row), len(alive_rows)
        self.row_counts = np.diff(first_row, append=self.row_count)
        self.row_edition = np.repeat(np.arange(self.size, dtype=np.int32), self.row_counts)
        self.layout = Layout(self.row_edition, self.row_counts)
        self.ids, self.published, self._revisions = (heads[name].copy() for name in ("id", "published", "revision"))
        _, self.groups = np.unique(heads["group"], return_inverse=True)
        self.alive = alive_rows[first_row]
        self.facets = {
            name: Facet(self._editions_by_value(name), self.groups) for name in (*FACETS, "audience", "kind", "author")
        }
        self.twin = self._twins()

    @abstractmethod
    def _editions_by_value(self, facet: str) -> dict[str, np.ndarray]:
        """Return the living editions with each value of a facet, the values in order."""

    @abstractmethod
    def _term_scores(self, language: str, stem: str, field: str) -> TermScores:
        """Score every edition and row that has a term."""

    @abstractmethod
    def _exactly(self, word: str) -> np.ndarray:
        """Return the editions in which a folded word stands."""

    @abstractmethod
    def _vocabulary(self, audiences: frozenset[str]) -> Vocabulary:
        """Gather the words written in what these audiences may see."""

    @abstractmethod
    def word_order(self, edition: int) -> np.ndarray:
        """Return the hashes of the words of an edition, as they follow each other; 0 between two texts."""

    @abstractmethod
    def stem_order(self, edition: int) -> np.ndarray:
        """Return the hashes of the stems of an edition, as they follow each other; stop words left out."""

    def stem_orders(self, editions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the stems of some editions laid end to end, and where those of each start."""
        texts = [NOTHING[0], *map(self.stem_order, editions.tolist())]
        return np.concatenate(texts), np.cumsum(list(map(len, texts[:-1])))

    @abstractmethod
    def card(self, row: int) -> dict[str, Any]:
        """Return what is shown of a row: of an edition, or of one of its passages."""

    @cached_property
    def title_ranks(self) -> np.ndarray:
        """Return the place of every edition in the order of titles, accents and signs before the first word apart.

        Made when first asked: 4 µs of CPU an edition.
        """
        titles = [_SIGNS.sub("", title) for title in self._folded_titles()]
        ranks = {title: rank for rank, title in enumerate(sorted(set(titles)))}
        return np.fromiter(map(ranks.__getitem__, titles), int, len(titles))

    def _folded_titles(self) -> Iterable[str]:
        return (fold(self.card(row)["title"]) for row in self.first_row.tolist())

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
        return self._mask("language", (language,))

    def for_audiences(self, audiences: Iterable[str]) -> np.ndarray:
        """Return which living editions these audiences may see."""
        return self._mask("audience", audiences)

    def of_kinds(self, kinds: Iterable[str]) -> np.ndarray:
        """Return which living editions are of any of these kinds."""
        return self._mask("kind", kinds)

    def _mask(self, facet: str, values: Iterable[str]) -> np.ndarray:
        """Return which editions have any of a few values that nearly every search narrows to; kept, never changed."""
        key = (facet, *sorted(map(str, values)))
        if (found := self._masks.get(key)) is None:
            found = self._masks[key] = self.facets[facet].mask(key[1:], self.size)
            found.setflags(write=False)
        return found

    def term(self, language: str, stem: str, *, field: str = "body") -> TermScores:
        """Return what a term adds to every edition and passage; remembered within a budget."""
        return self._remembered((language, stem, field), lambda: self._term_scores(language, stem, field))

    def exactly(self, word: str) -> np.ndarray:
        """Return which editions have a folded word, other forms of it apart; remembered in the smaller of two ways."""
        found = self._remembered((word,), lambda: self._smaller(self._exactly(word)))
        return found if found.dtype == bool else self._at(found)

    def _smaller(self, editions: np.ndarray) -> np.ndarray:
        return editions if editions.nbytes < self.size else self._at(editions)

    def _at(self, editions: np.ndarray) -> np.ndarray:
        mask = np.zeros(self.size, bool)
        mask[editions] = True
        return mask

    def _remembered(self, key: tuple[str, ...], make: Callable[[], Remembered]) -> Remembered:
        with self._lock:
            if (found := self._terms.get(key)) is not None:
                self._terms.move_to_end(key)
                return found
            made = self._terms[key] = make()
            self._terms_size += made.nbytes
            while self._terms_size > max(TERM_CACHE, TERMS_AN_EDITION * self.size) and len(self._terms) > 1:
                self._terms_size -= self._terms.popitem(last=False)[1].nbytes
            return made

    def forget(self) -> None:
        """Drop what searches left in memory: the next questions cost what they cost a new process."""
        with self._lock:
            self._terms.clear()
            self._terms_size = 0

    def revisions(self) -> dict[int, int]:
        """Return the revision of every living edition."""
        return dict(zip(self.ids[self.alive].tolist(), self._revisions[self.alive].tolist(), strict=True))

    def rows_of(self, edition: int) -> slice:
        """Return the rows of an edition: itself, then its passages."""
        start = int(self.first_row[edition])
        return slice(start, start + int(self.row_counts[edition]))

    def vocabulary(self, audiences: Iterable[str]) -> Vocabulary:
        """Return the words written in what these audiences may see."""
        key = frozenset(map(str, audiences))
        with self._lock:
            if key not in self._vocabularies:
                self._vocabularies[key] = self._vocabulary(key)
            return self._vocabularies[key]
