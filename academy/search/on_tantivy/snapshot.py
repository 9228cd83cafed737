"""One generation of a tantivy index: tantivy scores rows, everything above is shared with the other engine."""

import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
import tantivy

from academy.search.analysis import LANGUAGES
from academy.search.on_tantivy.ledger import Ledger, Spelt, Wording
from academy.search.on_tantivy.schema import GAP, UNITS
from academy.search.scoring import TITLE_WEIGHT, TermScores
from academy.search.snapshot import Snapshot
from academy.search.vocabulary import Title, Vocabulary


class TantivySnapshot(Snapshot):
    """Rows are in the order of their editions' ids. A word counts in an edition by its best row."""

    def __init__(self, index: tantivy.Index, before: "TantivySnapshot | None", *, generation: Any):
        index.reload()
        self._schema, self._searcher = index.schema, index.searcher()
        said = state(index, self._searcher)
        self.serial: int = said["serial"]
        changed = list(self._changed_after(before.serial if before else -1))
        self.ledger = (before.ledger if before else Ledger()).changed(json.loads(doc["facts"][0]) for doc in changed)
        heads = self.ledger.heads
        ends = np.cumsum(heads["units"], dtype=np.int64)
        super().__init__(
            heads,
            first_row=ends - heads["units"],
            alive_rows=np.ones(int(ends[-1]) if len(ends) else 0, bool),
            generation=generation,
            cursor=said["cursor"],
        )
        self.wording = self._wording(before, changed)

    def _changed_after(self, serial: int) -> Iterator[tantivy.Document]:
        newer = tantivy.Query.range_query(
            self._schema, "serial", tantivy.FieldType.Integer, lower_bound=serial, include_lower=False
        )
        found = self._searcher.search(newer, limit=max(1, self._searcher.num_docs), count=False)
        return (self._searcher.doc(address) for _, address in found.hits)

    def _wording(self, before: "TantivySnapshot | None", changed: list[tantivy.Document]) -> Wording:
        if before is None:
            everything = tantivy.Query.all_query()  # or else what was deleted would be counted
            words = self._searcher.terms_with_prefix("words", "", filter_query=everything)
            spellings = self._searcher.terms_with_prefix("spellings", "", filter_query=everything)
            cut = ((term.split(GAP), n) for term, n in words if n)
            return Wording.counted(
                (((who, code, word), n) for (who, code, word), n in cut), (s for s in spellings if s[1])
            )
        ids = [json.loads(doc["facts"][0])["id"] for doc in changed]
        places = {int(edition): at for at, edition in enumerate(before.ids)}
        lost = [_spelt(before.stored(places[edition])) for edition in ids if edition in places]
        return before.wording.changed(lost, [_spelt(doc) for doc in changed if doc.get_first("spelt") is not None])

    def _editions_by_value(self, facet: str) -> dict[str, np.ndarray]:
        return {value: np.searchsorted(self.ids, ids) for value, ids in self.ledger.values.get(facet, {}).items()}

    def _term_scores(self, language: str, stem: str, field: str) -> TermScores:
        term = f"{language}:{stem}"
        rows, scores = self._scored(self._query(term, field))
        order = np.argsort(rows)
        rows, scores = rows[order], scores[order]
        starts = np.flatnonzero(np.diff(self.row_edition[rows], prepend=-1))
        best = np.maximum.reduceat(scores, starts) if len(starts) else scores
        total = int(self.in_language(language).sum())
        idf = float(np.log(1 + (total - len(starts) + 0.5) / (len(starts) + 0.5)))
        return TermScores(
            self.row_edition[rows[starts]].astype(np.int32), best, self.layout.place_of[rows], scores, idf
        )

    def _exactly(self, word: str) -> np.ndarray:
        readers = [GAP.join((who, code, word)) for who in self.facets["audience"].values for code in LANGUAGES]
        words = tantivy.Query.term_set_query(self._schema, "words", readers)
        hits = self._searcher.search(words, limit=max(1, self._searcher.num_docs), count=False).hits
        keys = self._searcher.fast_field_values("row", [address for _, address in hits])
        return np.searchsorted(self.ids, np.sort(np.array(keys, np.int64)) // UNITS)

    def _query(self, term: str, field: str) -> tantivy.Query:
        query, options = tantivy.Query, {"index_option": "freq"}
        if field != "body":
            return query.term_query(self._schema, field, term, **options)
        title = query.boost_query(query.term_query(self._schema, "title", term, **options), TITLE_WEIGHT)
        body = query.term_query(self._schema, "body", term, **options)
        return query.boolean_query([(tantivy.Occur.Should, title), (tantivy.Occur.Should, body)])

    def _scored(self, query: tantivy.Query) -> tuple[np.ndarray, np.ndarray]:
        hits = self._searcher.search(query, limit=max(1, self._searcher.num_docs), count=False).hits
        keys = np.array(self._searcher.fast_field_values("row", [address for _, address in hits]), np.int64)
        editions = np.searchsorted(self.ids, keys // UNITS)
        return self.first_row[editions] + keys % UNITS, np.array([score for score, _ in hits], np.float32)

    @cached_property
    def _addresses(self) -> list[tantivy.DocAddress]:
        """Where the first row of every edition is, in the order of the editions."""
        all_ = self._searcher.search(
            tantivy.Query.exists_query("serial"), limit=max(1, self._searcher.num_docs), count=False
        ).hits
        found = [address for _, address in all_]
        keys = self._searcher.fast_field_values("row", found)
        pairs = [(int(key), address) for key, address in zip(keys, found, strict=True) if key is not None]
        return [address for _, address in sorted(pairs, key=lambda pair: pair[0])]

    def stored(self, edition: int) -> tantivy.Document:
        """Return all that is stored of an edition."""
        return self._searcher.doc(self._addresses[edition])

    def word_order(self, edition: int) -> np.ndarray:
        return np.frombuffer(self.stored(edition)["word_order"][0], "<u4")

    def stem_order(self, edition: int) -> np.ndarray:
        return np.frombuffer(self.stored(edition)["stem_order"][0], "<u4")

    def card(self, row: int) -> dict[str, Any]:
        edition = int(self.row_edition[row])
        return json.loads(self.stored(edition)["card"][0])[row - int(self.first_row[edition])]

    def _vocabulary(self, audiences: frozenset[str]) -> Vocabulary:
        return self.wording.vocabulary(audiences, lambda prefix: self._titles(audiences, prefix))

    def _titles(self, audiences: frozenset[str], prefix: str) -> Iterator[Title]:
        living = tantivy.Query.all_query()
        found = [
            (folded, language, written)
            for audience in audiences
            for term, n in self._searcher.terms_with_prefix("heading", f"{audience}{GAP}{prefix}", filter_query=living)
            for _, folded, language, written in [term.split(GAP, 3)]
            if n
        ]
        return iter(sorted(found))


def state(index: tantivy.Index, searcher: tantivy.Searcher) -> dict[str, Any]:
    """Return the format, the cursor and the serial number of a generation."""
    found = searcher.search(tantivy.Query.term_query(index.schema, "is_state", 1), limit=1).hits
    return json.loads(searcher.doc(found[0][1])["state"][0])


def _spelt(document: tantivy.Document) -> Spelt:
    values = json.loads(document["facts"][0])["values"]
    return Spelt((values["audience"][0], values["language"][0]), bytes(document["spelt"][0]).decode().split())
