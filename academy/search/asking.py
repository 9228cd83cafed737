"""From the words of a query to scored clauses: language, repair, weights."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from academy.search import meanings
from academy.search.analysis import LANGUAGES, STEM, STOP
from academy.search.query import Query
from academy.search.rules import NO_RULES, Meaning, Rules
from academy.search.scoring import Alternatives
from academy.search.snapshot import Snapshot
from academy.search.spelling import Reading, Speller, as_typed, is_missing
from academy.search.vocabulary import Vocabulary

OTHER_LANGUAGE = 0.3
PROPER_NAME = 1.2
EXPANSIONS = 64


@dataclass(slots=True)
class Asked:
    """A query ready to be scored."""

    clauses: list[Alternatives] = field(default_factory=list)  # all of what was typed, in order
    groups: list[meanings.Group] = field(default_factory=list)  # those of the clauses that have synonyms
    languages: dict[str, float] = field(default_factory=dict)
    stems: set[tuple[str, str]] = field(default_factory=set)  # to mark in a passage: language, stem
    suggestion: str | None = None
    also: tuple[Meaning, ...] = ()  # synonyms searched too, as organisers wrote them
    missing: tuple[str, ...] = ()  # words, as typed, that no text has and that nothing stands in for

    @property
    def alone(self) -> list[Alternatives]:
        """The clauses outside of groups."""
        grouped = {id(clause) for group in self.groups for clause in group.typed}
        return [clause for clause in self.clauses if id(clause) not in grouped]

    @property
    def side_by_side(self) -> list[Alternatives]:
        """All of what was typed, in order; a word counts as near or exact where its synonym of one word is so."""
        also = {id(group.typed[0]): group.ways for group in self.groups if len(group.typed) == 1}
        return [meanings.with_words(clause, also.get(id(clause), ())) for clause in self.clauses]


def interpret(
    query: Query,
    snapshot: Snapshot,
    vocabulary: Vocabulary,
    speller: Speller | None,
    *,
    language: str,
    rules: Rules = NO_RULES,
) -> Asked:
    """Return the clauses of a query: known words as they are, unknown words repaired if there is a speller."""
    empty = _empty_words(query, snapshot, vocabulary)
    asked = Asked(languages=guess(query, vocabulary, language=language, empty=empty))
    likely = max(asked.languages, key=lambda code: asked.languages[code])
    taught = {i for at, _ in meanings.found_in([word.folded for word in query.words], rules) for i in _places(at)}
    readings = list(map(as_typed, query.words))
    if speller:
        readings = speller.read(query.words, snapshot, vocabulary, language=likely, taught=taught)
    repaired = {word for reading in readings if reading.is_repaired for word in reading.typed}
    asked.missing = tuple(
        word.typed
        for i, word in enumerate(query.words)
        if i not in taught and word not in repaired and is_missing(word.folded, snapshot, vocabulary)
    )
    proper = _proper_names(query)
    for reading in readings:
        weight = PROPER_NAME if any(word.typed in proper for word in reading.typed) else 1.0
        exact = (reading.typed[0].folded,) if len(reading.typed) == 1 and not reading.is_repaired else ()
        asked.clauses.append(_clause(reading.options, weight=weight, exact=exact, empty=empty[likely]))
    _add_meanings(asked, readings, rules)
    asked.clauses += [
        _clause([(word.folded, 1.0)], exact=(word.folded,), empty=empty[likely])
        for phrase in query.phrases
        for word in phrase
    ]
    if query.prefix:
        found = vocabulary.starting_with(query.prefix, limit=EXPANSIONS)
        asked.clauses.append(_clause([(word, 1.0) for word in found]))
    for code in LANGUAGES if query.phrases else (likely,):
        if not any(code == term[0] for clause in asked.clauses for term in clause.terms):
            asked.clauses += _stop_clauses(query, code, empty[code])
    asked.clauses = [clause for clause in asked.clauses if clause.terms]
    others = [clause for group in asked.groups for way in group.ways for clause in way]
    asked.stems = {(code, stem) for clause in (*asked.clauses, *others) for code, stem, _ in clause.terms}
    asked.suggestion = _suggestion(query, readings, vocabulary)
    return asked


def guess(
    query: Query, vocabulary: Vocabulary, *, language: str, empty: Mapping[str, frozenset[str]] = STOP
) -> dict[str, float]:
    """Return the weight of every language: 1 for the one that the query seems to be in.

    *empty* are the words that say by themselves which language it is.
    """
    words = [word.folded for word in query.words]
    if not words:
        return {code: 1.0 if code == language else OTHER_LANGUAGE for code in LANGUAGES}
    evidence = {
        code: sum(word in empty[code] for word in words)
        + 0.3 * sum(word in vocabulary.frequency[code] for word in words)
        for code in LANGUAGES
    }
    likely = max(LANGUAGES, key=lambda code: (evidence[code], code == language))
    return {code: 1.0 if code == likely else OTHER_LANGUAGE for code in LANGUAGES}


def _empty_words(query: Query, snapshot: Snapshot, vocabulary: Vocabulary) -> dict[str, frozenset[str]]:
    """Return by language the words of a query that say nothing there: its stop words, less those that are rather a
    word of another language, as « AI » and « EU » are of English though French has « j’ai » and « il a eu ».
    """
    words = {word.folded for word in query.asked}
    if not any(words & STOP[code] for code in LANGUAGES):
        return dict.fromkeys(LANGUAGES, frozenset())
    sizes = {code: max(1, np.count_nonzero(snapshot.in_language(code))) for code in LANGUAGES}

    def share(word: str, code: str) -> float:
        return vocabulary.frequency[code].get(word, 0) / sizes[code]

    return {
        code: frozenset(
            word
            for word in words & STOP[code]
            if all(word in STOP[other] or share(word, other) <= share(word, code) for other in LANGUAGES)
        )
        for code in LANGUAGES
    }


def _places(at: slice) -> range:
    return range(at.start, at.stop)


def _add_meanings(asked: Asked, readings: list[Reading], rules: Rules) -> None:
    """Group the clauses that have synonyms with these; clauses and readings are in step so far."""
    read = [i for i, reading in enumerate(readings) if reading.typed or reading.is_repaired]  # no join beside its words
    said: dict[str, Meaning] = {}
    for at, found in meanings.found_in([readings[i].options[0][0] for i in read], rules):
        typed = tuple(clause for i in read[at] if (clause := asked.clauses[i]).terms)
        ways = tuple(way for meaning in found if (way := meanings.way(meaning)))
        if ways:
            asked.groups.append(meanings.Group(typed, ways))
            said.update((meaning.text, meaning) for meaning in found)
    asked.also = tuple(said.values())


def _clause(
    options: Iterable[tuple[str, float]],
    *,
    weight: float = 1.0,
    exact: tuple[str, ...] = (),
    empty: frozenset[str] = frozenset(),
) -> Alternatives:
    """Return what is looked for: each option in every language, but for what is *empty* in that of the question."""
    terms: dict[tuple[str, str], float] = {}
    for option, share in options:
        for language, stems in STEM.items():
            if option not in empty and (stem := stems[option]):
                terms[language, stem] = max(share * weight, terms.get((language, stem), 0.0))
    return Alternatives(tuple((*key, share) for key, share in terms.items()), exact=exact)


def _stop_clauses(query: Query, language: str, empty: frozenset[str]) -> list[Alternatives]:
    """Return what to look for in a language when nothing but its stop words was asked."""
    words = dict.fromkeys(word.folded for word in query.asked)
    return [Alternatives(((language, word, 1.0),), field="stops") for word in words if word in empty]


def _proper_names(query: Query) -> set[str]:
    capitalised = [word.typed for word in query.words if word.typed[:1].isupper()]
    if len(capitalised) * 2 > len(query.words):
        return set()
    return {word.typed for word in query.words[1:] if word.is_capitalised}


def _suggestion(query: Query, readings: Iterable[Reading], vocabulary: Vocabulary) -> str | None:
    text, is_changed = query.text, False
    pending = list(readings)
    for i, reading in enumerate(pending):
        if not (reading.is_repaired and reading.typed):
            continue
        parts = [reading, *(r for r in pending[i + 1 : i + 2] if r.is_repaired and not r.typed)]  # a split word
        written = " ".join(vocabulary.written(part.options[0][0]) for part in parts)
        typed = r"\W+".join(re.escape(word.typed) for word in reading.typed)
        text = re.sub(rf"(?<!\w){typed}(?!\w)", lambda _, new=written: new, text, count=1)
        is_changed = True
    return text if is_changed else None
