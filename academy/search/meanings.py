"""Synonyms in a query: what was typed and what it also means count as one thing, by its best way in each text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

import numpy as np

from academy.search.analysis import HASH, LANGUAGES, STEM
from academy.search.rules import Meaning, Rules, key_of
from academy.search.scoring import Alternatives, accumulate
from academy.search.snapshot import Snapshot

SYNONYM = 0.8  # of the weight of what was typed
TEXTS_READ = 2000  # editions looked through for a synonym of several words

# Where several words stand in a row, by generation: the texts are looked through once for each.
_RUNS: WeakKeyDictionary[Snapshot, dict[tuple[int, ...], np.ndarray]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Group:
    """Something asked, in the words typed and in others; several words must stand in a row."""

    typed: tuple[Alternatives, ...]
    ways: tuple[tuple[Alternatives, ...], ...] = field(default=())


def found_in(words: Sequence[str], rules: Rules) -> Iterator[tuple[slice, tuple[Meaning, ...]]]:
    """Yield where synonyms stand among folded words, the longest first at each place, none over another."""
    at = 0
    while at < len(words):
        for length in range(min(rules.longest, len(words) - at), 0, -1):
            part = words[at : at + length]
            keys = ((language, key_of(part, language)) for language in LANGUAGES)
            meanings = tuple(meaning for key in keys for meaning in rules.synonyms.get(key, ()))
            if meanings:
                yield slice(at, at + length), meanings
                at += length
                break
        else:
            at += 1


def way(meaning: Meaning) -> tuple[Alternatives, ...]:
    """Return what to look for: the words that count, in the synonym's own language alone."""
    stem = STEM[meaning.language]
    found = {one: word for word in meaning.words if (one := stem[word])}
    return tuple(Alternatives(((meaning.language, one, 1.0),), exact=(word,)) for one, word in found.items())


def with_words(typed: Alternatives, ways: Sequence[tuple[Alternatives, ...]]) -> Alternatives:
    """Return a word that may also be written as its synonyms of one word."""
    single = [way[0] for way in ways if len(way) == 1]
    if not single:
        return typed
    terms = (*typed.terms, *(term for word in single for term in word.terms))
    return replace(typed, terms=terms, exact=(*typed.exact, *(exact for word in single for exact in word.exact)))


def add(
    snapshot: Snapshot,
    groups: Sequence[Group],
    languages: dict[str, float],
    editions: np.ndarray,
    rows: np.ndarray,
) -> None:
    """Add to the scores of editions and rows what each group gives there: its best way, not the sum of them."""
    for group in groups:
        best = accumulate(snapshot, group.typed, languages)
        for words in group.ways:
            weight = _weight(snapshot, words)
            if not weight:
                continue
            # Beside the words typed a synonym weighs a little less than they do; in a language of which no text has
            # them, it is what they mean there.
            asked = SYNONYM * _weight(snapshot, group.typed, language=_language_of(words))
            share = (asked or max(_weight(snapshot, [word]) for word in words)) / weight
            for total, found in zip(best, _all_of(snapshot, words, languages), strict=True):
                np.maximum(total, share * found, out=total)
        editions += best[0]
        rows += best[1]


def _all_of(
    snapshot: Snapshot, words: Sequence[Alternatives], languages: dict[str, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores of what has the words in a row, stop words and endings aside."""
    editions, rows = accumulate(snapshot, words, languages)
    if len(words) > 1:
        for word in words:
            in_editions, in_rows = accumulate(snapshot, [word], languages)
            editions *= in_editions > 0
            rows *= in_rows > 0
        there = _in_a_row(snapshot, words, editions)
        editions *= there
        rows *= there[snapshot.layout.edition_at]
    return editions, rows


def _in_a_row(snapshot: Snapshot, words: Sequence[Alternatives], scores: np.ndarray) -> np.ndarray:
    """Return which of the editions with a score have the words' stems one after the other."""
    wanted = tuple(HASH[stem] for word in words for _, stem, _ in word.terms)
    known = _RUNS.setdefault(snapshot, {})
    if wanted not in known:
        there = np.zeros(snapshot.size, bool)
        likely = np.flatnonzero(scores)
        for edition in likely[np.argsort(-scores[likely], kind="stable")][:TEXTS_READ].tolist():
            there[edition] = _has_run(snapshot.stem_order(edition), wanted)
        known[wanted] = there
    return known[wanted]


def _has_run(stems: np.ndarray, wanted: tuple[int, ...]) -> bool:
    starts = np.flatnonzero(stems[: len(stems) - len(wanted) + 1] == wanted[0])
    for offset, one in enumerate(wanted[1:], 1):
        starts = starts[stems[starts + offset] == one]
    return bool(len(starts))


def _language_of(words: Sequence[Alternatives]) -> str:
    return words[0].terms[0][0]


def _weight(snapshot: Snapshot, words: Sequence[Alternatives], *, language: str = "") -> float:
    """Return the idf of the words that stand somewhere, in a language if one is given."""
    weight = 0.0
    for word in words:
        terms = (term for term in word.terms if term[0] == (language or term[0]))
        found = (snapshot.term(code, stem, field=word.field) for code, stem, _ in terms)
        weight += max((term.idf for term in found if len(term.editions)), default=0.0)
    return weight
