"""What is known of every edition and every word without asking tantivy; carried from one generation to the next."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from academy.search.analysis import FOLDED, LANGUAGES
from academy.search.schema import VALUES
from academy.search.tallies import Frequency, Kept, Part, changed
from academy.search.vocabulary import Title, Vocabulary

HEAD = np.dtype([("id", "<i8"), ("group", "<i8"), ("revision", "<i8"), ("published", "<i4"), ("units", "<i4")])
Tallies = Mapping[tuple[str, str], Counter[str]]  # audience and language -> folded word -> editions


@dataclass(frozen=True, slots=True)
class Ledger:
    """Editions in the order of their ids, and the ids that have each value. Never changed: a change makes another."""

    heads: np.ndarray = field(default_factory=lambda: np.zeros(0, HEAD))
    values: Mapping[str, Mapping[str, np.ndarray]] = field(default_factory=dict)

    def changed(self, facts: Iterable[dict[str, Any]]) -> "Ledger":
        """Return the ledger with these editions put, or removed when nothing but their id is said."""
        latest = {fact["id"]: fact for fact in facts}
        if not latest:
            return self
        touched = np.array(sorted(latest), np.int64)
        living = [fact for fact in latest.values() if "units" in fact]
        new = np.array([tuple(fact[name] for name in HEAD.names or ()) for fact in living], HEAD)
        heads = np.concatenate([self.heads[~np.isin(self.heads["id"], touched)], new])
        values = {name: self._values(name, touched, living) for name in VALUES}
        return Ledger(heads[np.argsort(heads["id"])], values)

    def _values(self, name: str, touched: np.ndarray, living: Sequence[dict[str, Any]]) -> dict[str, np.ndarray]:
        added: dict[str, list[int]] = {}
        for fact in living:
            for value in fact["values"].get(name, ()):
                added.setdefault(value, []).append(fact["id"])
        before = self.values.get(name, {})
        found = {}
        for value in sorted({*before, *added}):
            kept = before.get(value, np.zeros(0, np.int64))
            ids = np.concatenate([kept[~np.isin(kept, touched)], np.array(added.get(value, ()), np.int64)])
            if len(ids):
                found[value] = np.sort(ids)
        return found


@dataclass(frozen=True, slots=True)
class Wording:
    """In how many editions every word stands, and how it is usually written."""

    tallies: Tallies = field(default_factory=dict)  # as first counted
    changes: Tallies = field(default_factory=dict)  # since then
    written: Mapping[str, str] = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)

    @classmethod
    def counted(
        cls, words: Iterable[tuple[tuple[str, str, str], int]], spellings: Iterable[tuple[str, int]]
    ) -> "Wording":
        """Return what a whole index holds: (audience, language, folded word) and written words, with their counts."""
        tallies: dict[tuple[str, str], Counter[str]] = {}
        for (audience, language, word), n in words:
            tallies.setdefault((audience, language), Counter())[word] = n
        ranked = sorted(spellings, key=lambda item: (item[1], item[0]))
        return cls(tallies, written={FOLDED[word]: word for word, _ in ranked})

    def changed(self, lost: "Sequence[Spelt]", won: "Sequence[Spelt]") -> "Wording":
        """Return the wording after some editions left and others came."""
        keys = {spelt.key for spelt in (*lost, *won)}
        changes = {**self.changes, **{key: Counter(self.changes.get(key, ())) for key in keys}}
        written = dict(self.written)
        for spelt in won:
            changes[spelt.key].update({FOLDED[word] for word in spelt.words})
            for word in spelt.words:
                written.setdefault(FOLDED[word], word)
        for spelt in lost:
            changes[spelt.key].subtract({FOLDED[word] for word in spelt.words})
        return replace(self, changes=changes, written=written)

    def vocabulary(self, audiences: frozenset[str], titles: Callable[[str], Iterator[Title]]) -> Vocabulary:
        """Return the words of some audiences; *titles* gives theirs that begin so."""
        stays = self.kept.of(audiences, (self.tallies,), lambda: self._parts(audiences))
        changes = {
            code: changed((tally for (who, own), tally in self.changes.items() if who in audiences and own == code), ())
            for code in LANGUAGES
        }
        return Vocabulary(
            {language: Frequency(stays, language, change) for language, change in changes.items()},
            audiences=audiences,
            stays=stays,
            written=lambda word: self.written.get(word, word),
            titles=titles,
        )

    def _parts(self, audiences: frozenset[str]) -> Iterator[Part]:
        for (audience, language), tally in self.tallies.items():
            if audience in audiences:
                words = sorted(tally)
                yield words, [(language, np.fromiter(map(tally.__getitem__, words), "<u4"))]


@dataclass(frozen=True, slots=True)
class Spelt:
    """The distinct written words of an edition, and who reads them in which language."""

    key: tuple[str, str]
    words: Sequence[str]
