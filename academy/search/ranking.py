"""One query over one snapshot: who matches, in which order, how many of each."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from academy.search import fields, landing, meanings
from academy.search.analysis import is_stop
from academy.search.asking import Asked, interpret
from academy.search.conditions import narrowed
from academy.search.facets import ordered
from academy.search.query import Query
from academy.search.results import FACETS, Filters, Hit, Results
from academy.search.rules import NO_RULES, Rules
from academy.search.scoring import RERANKED, accumulate, closeness
from academy.search.snapshot import Snapshot
from academy.search.spelling import Speller

FILTERS = (*FACETS, fields.AUTHOR)
NEAR_WORDS = 4  # proposed for each unknown word of an answer without hits
PINNED, PIN_STEP = 1e6, 1e3  # far above any score, and above what nearness adds


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A parsed query and everything that narrows or orders its answer."""

    typed: Query
    filters: Filters = field(default_factory=Filters)
    kinds: tuple[str, ...] = ()
    audiences: frozenset[str] = frozenset({"public"})
    language: str = "fr"  # of the asker's interface
    sort: str = "relevance"  # or "newest", "title"
    page: int = 1
    per_page: int = 10
    is_verbatim: bool = False  # True: nothing is repaired, and synonyms are left out
    is_counted: bool = True  # False: without the counts of facets
    labels: fields.Labels = field(default_factory=dict)
    rules: Rules = NO_RULES
    only: frozenset[int] | None = None  # editions among which to look, None: all


@dataclass(slots=True)
class Matches:
    """Scores of all editions, and masks: what answers, before and after the facets."""

    scores: np.ndarray
    rows: np.ndarray  # scores of passages, by their places
    before_facets: np.ndarray
    masks: dict[str, np.ndarray]
    found: np.ndarray | None = None  # places in `before_facets`, where they are known
    is_complete: bool = True  # False when a phrase had too many candidates to read them all

    @property
    def all(self) -> np.ndarray:
        return self._without(None)

    def _without(self, facet: str | None) -> np.ndarray:
        matches = self.before_facets
        for name, mask in self.masks.items():
            if name != facet:
                matches = matches & mask
        return matches

    def facets(self, snapshot: Snapshot, chosen: dict[str, tuple[str, ...]]) -> dict[str, list[tuple[str, int]]]:
        """Return the counts of every facet over all matches, its own filter left out."""
        counts = {name: snapshot.facets[name].counts(self._without(name)) for name in FACETS}
        return {name: ordered(name, counts[name], chosen.get(name, ())) for name in FACETS}


def search(snapshot: Snapshot, request: Request, speller: Speller) -> Results:
    """Answer a request: documents, each by its best edition."""
    query, asked = request.typed, Asked()
    if not query.is_blank:
        vocabulary = snapshot.vocabulary(request.audiences)
        reader = None if request.is_verbatim else speller
        rules = NO_RULES if request.is_verbatim else request.rules
        asked = interpret(query, snapshot, vocabulary, reader, language=request.language, rules=rules)
    typed = fields.read(query.fields, _known(snapshot, request), request.labels)
    chosen = chosen_values(request, typed)
    matches = _match(snapshot, request, asked, chosen)
    found = _one_edition_each(snapshot, matches, request.language)
    order = _ordered(snapshot, request, asked, matches.scores, found)
    start = (request.page - 1) * request.per_page
    hits = [_hit(snapshot, edition, matches, asked) for edition in order[start : start + request.per_page].tolist()]
    return Results(
        query=query.text,
        total=len(found),
        hits=hits,
        facets=matches.facets(snapshot, chosen) if request.is_counted else {},
        suggestion=asked.suggestion,
        corrected=asked.suggestion is not None,
        notice="no_words" if query.is_void else None if matches.is_complete else "phrase_limit",
        ignored=tuple(query.ignored),
        searched=query.searched,
        typed=typed,
        also=asked.also,
        missing=asked.missing,
        near=_near(snapshot, request, speller) if not len(found) else (),
        page=request.page,
        per_page=request.per_page,
    )


def chosen_values(request: Request, read: Iterable[fields.Read]) -> dict[str, tuple[str, ...]]:
    """Return the values chosen by facet: those ticked, and those typed as `type:video`."""
    read = list(read)
    if not (read or request.filters):
        return {}
    ticked = {name: request.filters.values(name) for name in FACETS}
    typed = fields.chosen_by(read)
    chosen = {name: tuple(dict.fromkeys((*ticked.get(name, ()), *typed.get(name, ())))) for name in FILTERS}
    return {name: values for name, values in chosen.items() if values}


def _known(snapshot: Snapshot, request: Request) -> dict[str, list[str]]:
    """Return the values that the asker may see of the facets that were typed, most frequent first."""
    names = {one.name for one in request.typed.fields}
    if not names:
        return {}
    seen = _visible(snapshot, request)
    counts = {name: snapshot.facets[name].counts(seen) for name in names}
    return {name: [value for value, _ in ordered(name, counts[name], ())] for name in names}


def _near(snapshot: Snapshot, request: Request, speller: Speller) -> tuple[str, ...]:
    """Return words that are known and look like those asked: for an answer without hits."""
    vocabulary = snapshot.vocabulary(request.audiences)
    unknown = [
        word.folded for word in request.typed.asked if not vocabulary.count(word.folded) and not is_stop(word.folded)
    ]
    found = [near for word in unknown for near in speller.near(word, vocabulary, limit=NEAR_WORDS) if not is_stop(near)]
    return tuple(dict.fromkeys(vocabulary.written(word) for word in found))[: 2 * NEAR_WORDS]


def _visible(snapshot: Snapshot, request: Request) -> np.ndarray:
    """Return the editions that the asker may see, of the kinds asked."""
    seen = snapshot.for_audiences(request.audiences)
    if request.only is not None:
        seen = seen & np.isin(snapshot.ids, sorted(request.only))
    return seen & snapshot.of_kinds(request.kinds) if request.kinds else seen


def _match(snapshot: Snapshot, request: Request, asked: Asked, chosen: dict[str, tuple[str, ...]]) -> Matches:
    query = request.typed
    matches = visible = _visible(snapshot, request)
    scores, rows = accumulate(snapshot, asked.alone, asked.languages)
    meanings.add(snapshot, asked.groups, asked.languages, scores, rows)
    if not query.is_blank:
        matches = matches & (scores > 0)
    matches, is_complete = narrowed(snapshot, query, matches)
    found = None
    if not query.is_blank:
        found = np.flatnonzero(matches)
        scores[found] += snapshot.layout.best(rows)[found]  # the rest is not looked at any more
    for place, pinned in enumerate(_pinned(snapshot, request)):
        matches, found = matches | (pinned & visible), None
        scores[pinned & visible & (scores < PINNED / 2)] = PINNED - place * PIN_STEP
    masks = {name: snapshot.facets[name].mask(values, snapshot.size) for name, values in chosen.items()}
    return Matches(scores, rows, matches, masks, found, is_complete)


def _pinned(snapshot: Snapshot, request: Request) -> list[np.ndarray]:
    """Return the editions of each document that organisers put first for this question, in their order."""
    if not (request.rules.pins and request.typed.is_words):
        return []
    documents = request.rules.pins.get(tuple(word.folded for word in request.typed.words), ())
    return [snapshot.alive & np.isin(snapshot.ids, list(editions)) for editions in documents]


def _one_edition_each(snapshot: Snapshot, matches: Matches, language: str) -> np.ndarray:
    """Return what matches, in order; of two editions the better one; of equals, that in the asker's language."""
    is_match, preferred = matches.all, snapshot.in_language(language)
    found = np.flatnonzero(is_match) if matches.found is None or matches.masks else matches.found
    other = snapshot.twin[found]
    (both,) = (is_match[other] & (other != found)).nonzero()
    if not len(both):
        return found
    one, twin = found[both], other[both]
    ours, theirs = matches.scores[one], matches.scores[twin]
    is_equal = theirs == ours
    is_beaten = (theirs > ours) | (is_equal & (preferred[twin] > preferred[one]))
    is_beaten |= is_equal & (preferred[twin] == preferred[one]) & (twin < one)
    return np.delete(found, both[is_beaten])


def _ordered(snapshot: Snapshot, request: Request, asked: Asked, scores: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Return editions in order; as many as the page needs, at least those that are looked at closely."""
    preferred = snapshot.in_language(request.language)
    if request.sort == "title":
        return found[np.lexsort((snapshot.ids[found], snapshot.title_ranks[found], ~preferred[found]))]
    if request.typed.is_blank or request.sort == "newest":
        return found[np.lexsort((snapshot.ids[found], ~preferred[found], -snapshot.published[found]))]
    wanted = max(RERANKED, request.page * request.per_page)
    if len(found) > wanted:
        found = found[np.argpartition(scores[found], -wanted)[-wanted:]]
    found = found[np.lexsort((snapshot.ids[found], -scores[found]))]
    top, rest = found[:RERANKED], found[RERANKED:]
    if len(top) > 1:
        close = np.round(scores[top] + closeness(snapshot, top, asked.side_by_side), 4)
        scores[top] = close
        top = top[np.lexsort((snapshot.ids[top], -snapshot.published[top], ~preferred[top], -close))]
    return np.concatenate([top, rest])


def _hit(snapshot: Snapshot, edition: int, matches: Matches, asked: Asked) -> Hit:
    row_scores = matches.rows[snapshot.layout.place_of[snapshot.rows_of(edition)]]
    return landing.hit(snapshot, edition, asked, score=float(matches.scores[edition]), row_scores=row_scores)
