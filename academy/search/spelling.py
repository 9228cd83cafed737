"""Repair of words that the collection has never seen: near words, split words, joined words.

A known word is never touched, however rare. Costs and weights were measured (a typo in every word loses
about .02 nDCG): AZERTY neighbours, swapped and doubled letters are likelier than the rest.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log10
from typing import TYPE_CHECKING
from weakref import WeakSet

import numpy as np

from academy.search.analysis import STEM, is_stop
from academy.search.deletions import Deletions, distance
from academy.search.heap import give_back
from academy.search.query import Word
from academy.search.tallies import Stays
from academy.search.vocabulary import Vocabulary

if TYPE_CHECKING:
    from academy.search.snapshot import Snapshot

SHORTEST = 4
SHORTEST_FOR_TWO = 8  # of two edits, shorter words become others: « chômage » is no « codage »
SHORTEST_SPLIT = 6
JOIN_WEIGHT = 0.5
STRANGE = 0.3  # what it costs a word that no text in the language of the question has
KEPT = 3
CHECKED = 150  # near words looked at closely, the most frequent first

_ROWS = ("azertyuiop", "qsdfghjklm", "wxcvbn")
_NEIGHBOURS = {frozenset(pair) for row in _ROWS for pair in pairwise(row)} | {
    frozenset((high, low))
    for i in (0, 1)
    for high, low in zip(_ROWS[i], _ROWS[i + 1], strict=False)  # the last row is shorter
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that was asked: its alternatives (folded words that count together, weight), best first."""

    options: tuple[tuple[str, float], ...]
    typed: tuple[Word, ...] = ()
    is_repaired: bool = False


class Speller:
    """Reads words against a vocabulary; keeps its table from one generation to the next."""

    def __init__(self):
        self._deletions = Deletions()
        self._stays: WeakSet[Stays] = WeakSet()
        self._changes: WeakSet[Vocabulary] = WeakSet()

    def read(
        self,
        words: Sequence[Word],
        snapshot: "Snapshot",
        vocabulary: Vocabulary,
        *,
        language: str,
        taught: Collection[int] = (),
    ) -> list[Reading]:
        """Return what was meant by each word, or by two words that are one.

        *language* is that of the question, *taught* are the places of words that are known for another reason.
        """
        readings: list[Reading] = []
        known = [i in taught or _is_known(word.folded, snapshot, vocabulary) for i, word in enumerate(words)]
        i = 0
        while i < len(words):
            pair = words[i : i + 2]
            joined = "".join(word.folded for word in pair)
            is_join = len(pair) == 2 and vocabulary.count(joined) > 0 and not all(map(_is_small, pair))
            if is_join and not all(known[i : i + 2]):
                readings.append(Reading(((joined, 1.0),), tuple(pair), True))
                i += 2
                continue
            if is_join:
                readings.append(Reading(((joined, JOIN_WEIGHT),)))
            readings += [as_typed(words[i])] if known[i] else self._repair(words, i, snapshot, vocabulary, language)
            i += 1
        return readings

    def learn(self, vocabulary: Vocabulary) -> None:
        """Take the words of a vocabulary into the table."""
        if vocabulary.stays not in self._stays:
            self._deletions.learn(vocabulary.stays.words)
            self._stays.add(vocabulary.stays)
            give_back()
        if vocabulary not in self._changes:
            self._deletions.learn(word for word in vocabulary.changes if not vocabulary.stays.has(word))
            self._changes.add(vocabulary)

    def _repair(
        self, words: Sequence[Word], at: int, snapshot: "Snapshot", vocabulary: Vocabulary, language: str
    ) -> list[Reading]:
        word = words[at]
        ranked = self._near(word.folded, vocabulary, language=language)
        if len(ranked) > 1:
            together = _company(words, at, snapshot, vocabulary)
            ranked = [(z + together(candidate), candidate) for z, candidate in ranked]
        best_split = max(_splits(word.folded, vocabulary), default=None)
        if best_split and (not ranked or best_split[0] > max(ranked)[0]):
            return [Reading(((part, 1.0),), (word,) if i == 0 else (), True) for i, part in enumerate(best_split[1])]
        if not ranked:
            return [as_typed(word)]
        ranked = sorted(ranked, reverse=True)[:KEPT]
        options = tuple((candidate, exp((z - ranked[0][0]) / 0.5)) for z, candidate in ranked)
        return [Reading(tuple(option for option in options if option[1] >= 0.1), (word,), True)]

    def near(self, word: str, vocabulary: Vocabulary, *, limit: int) -> list[str]:
        """Return known words that look like a word, or begin as it does: to be proposed, not searched."""
        ranked = sorted(self._near(word, vocabulary), reverse=True) if len(word) >= SHORTEST else []
        found = [candidate for _, candidate in ranked]
        for length in range(len(word) - 1, SHORTEST - 1, -1):
            found += vocabulary.starting_with(word[:length], limit=limit)
            if len(found) >= limit:
                break
        return list(dict.fromkeys(found))[:limit]

    def _near(self, word: str, vocabulary: Vocabulary, *, language: str = "") -> list[tuple[float, str]]:
        """Return the known words that a word may be meant for, with how likely each is.

        Names and words that no text has are often two edits away from some other word (« Martigues » from
        « fatigués », « circulaire » from “circulate”), and the shortest words one (« taxe » from « axe » and “take”):
        there only with the same first letter and, given the *language* of the question, in that language.
        """
        reach = 2 if len(word) >= SHORTEST_FOR_TWO else 1
        self.learn(vocabulary)
        near = [(vocabulary.count(found), found) for found in self._deletions.near(word, distance=reach)]
        near = sorted(((n, found) for n, found in near if n and abs(len(found) - len(word)) <= reach), reverse=True)
        own = vocabulary.frequency[language] if language else {found for _, found in near}
        costs = [(n, found, _cost(word, found, reach, is_strange=found not in own)) for n, found in near[:CHECKED]]
        return [(0.35 * log10(n) - cost, found) for n, found, cost in costs if cost is not None]


def _is_known(word: str, snapshot: "Snapshot", vocabulary: Vocabulary) -> bool:
    if len(word) < SHORTEST or not word.isalpha() or is_stop(word) or vocabulary.count(word):
        return True
    return _has_form(word, snapshot, vocabulary)


def is_missing(word: str, snapshot: "Snapshot", vocabulary: Vocabulary) -> bool:
    """Tell whether a folded word that counts stands in no text that these readers may see, in no form."""
    return not (is_stop(word) or vocabulary.count(word) or _has_form(word, snapshot, vocabulary))


def _has_form(word: str, snapshot: "Snapshot", vocabulary: Vocabulary) -> bool:
    is_visible = snapshot.for_audiences(vocabulary.audiences)
    return any(is_visible[term.editions].any() for term in _terms(word, snapshot))


def _is_small(word: Word) -> bool:
    return is_stop(word.folded) or len(word.folded) < 2


def as_typed(word: Word) -> Reading:
    """Return a word that means what it says."""
    return Reading(((word.folded, 1.0),), (word,))


def _cost(typed: str, found: str, reach: int, *, is_strange: bool) -> float | None:
    edits = distance(typed, found)
    if not edits or edits > reach:
        return None
    has_other_start = typed[0] != found[0]
    if (has_other_start or is_strange) and (edits == 2 or len(typed) <= SHORTEST):
        return None
    cost = 2.3 if edits == 2 else _cost_of_one(typed, found)
    return cost + (0.5 if has_other_start else 0.0) + (STRANGE if is_strange else 0.0)


def _cost_of_one(typed: str, found: str) -> float:
    if len(typed) == len(found):
        at = [i for i, (a, b) in enumerate(zip(typed, found, strict=True)) if a != b]
        if len(at) == 2:
            return 0.7  # swapped neighbours
        return 0.8 if frozenset((typed[at[0]], found[at[0]])) in _NEIGHBOURS else 1.0
    longer, shorter = sorted((typed, found), key=len, reverse=True)
    at = next((i for i, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
    return 0.6 if at and longer[at] == longer[at - 1] else 1.0


def _splits(word: str, vocabulary: Vocabulary) -> list[tuple[float, tuple[str, str]]]:
    if len(word) < SHORTEST_SPLIT:
        return []
    cuts = [(word[:i], word[i:]) for i in range(3, len(word) - 2)]
    counts = [(min(map(vocabulary.count, cut)), cut) for cut in cuts]
    return [(0.35 * log10(n) - 1.1, cut) for n, cut in counts if n]


def _company(words: Sequence[Word], at: int, snapshot: "Snapshot", vocabulary: Vocabulary):
    """Return a function: the best share of the other known words met in one edition with a candidate."""
    share, total = np.zeros(snapshot.size, np.float32), 0.0
    for i, word in enumerate(words):
        if i == at or not vocabulary.count(word.folded) or is_stop(word.folded):
            continue
        terms = _terms(word.folded, snapshot)
        idf = min((term.idf for term in terms if len(term.editions)), default=0.0)
        total += idf
        for term in terms:
            share[term.editions] += idf
    if not total:
        return lambda candidate: 0.0
    return lambda candidate: (
        max(
            (float(share[term.editions].max()) for term in _terms(candidate, snapshot) if len(term.editions)),
            default=0.0,
        )
        / total
    )


def _terms(word: str, snapshot: "Snapshot"):
    return [snapshot.term(language, stem) for language, stems in STEM.items() if (stem := stems[word])]
