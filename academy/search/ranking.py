"""One query over one snapshot: who matches, in which order, how many of each."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from academy.search.asking import Asked, interpret, with_phrase, without
from academy.search.facets import ordered
from academy.search.query import Query
from academy.search.results import FACETS, Filters, Hit, Results
from academy.search.scoring import RERANKED, accumulate, best_row_scores, closeness
from academy.search.snapshot import Snapshot
from academy.search.snippets import passage
from academy.search.spelling import Speller


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
    is_verbatim: bool = False  # True: nothing is repaired


@dataclass(slots=True)
class Matches:
    """Scores of all editions, and masks: what answers, before and after the facets."""

    scores: np.ndarray
    rows: np.ndarray  # scores of passages
    before_facets: np.ndarray
    masks: dict[str, np.ndarray]
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
        asked = interpret(query, snapshot, vocabulary, reader, language=request.language)
    chosen = chosen_values(request)
    matches = _match(snapshot, request, asked, chosen)
    best = _one_edition_each(snapshot, matches, request.language)
    order = _ordered(snapshot, request, asked, matches.scores, np.flatnonzero(best))
    start = (request.page - 1) * request.per_page
    hits = [_hit(snapshot, int(edition), matches, asked) for edition in order[start : start + request.per_page]]
    return Results(
        query=query.text,
        total=int(best.sum()),
        hits=hits,
        facets=matches.facets(snapshot, chosen),
        suggestion=asked.suggestion,
        corrected=asked.suggestion is not None,
        notice=None if matches.is_complete else "phrase_limit",
        ignored=tuple(query.ignored),
        page=request.page,
        per_page=request.per_page,
    )


def chosen_values(request: Request) -> dict[str, tuple[str, ...]]:
    """Return the values chosen by facet: those ticked, and those typed as `type:video`."""
    typed = request.typed.fields
    chosen = {name: tuple(dict.fromkeys((*request.filters.values(name), *typed.get(name, ())))) for name in FACETS}
    return {name: values for name, values in chosen.items() if values}


def _match(snapshot: Snapshot, request: Request, asked: Asked, chosen: dict[str, tuple[str, ...]]) -> Matches:
    query, is_complete = request.typed, True
    matches = snapshot.for_audiences(request.audiences)
    if request.kinds:
        matches &= snapshot.facets["kind"].mask(request.kinds, snapshot.size)
    scores, rows = accumulate(snapshot, asked.clauses, asked.languages)
    if not query.is_blank:
        matches &= scores > 0
        scores = (scores + best_row_scores(snapshot, rows)) * matches
    for phrase in query.phrases:
        found, is_all = with_phrase(snapshot, phrase, matches)
        matches, is_complete = matches & found, is_complete and is_all
    for words in query.without:
        matches &= without(snapshot, words, matches)
    masks = {name: snapshot.facets[name].mask(values, snapshot.size) for name, values in chosen.items()}
    return Matches(scores, rows, matches, masks, is_complete)


def _one_edition_each(snapshot: Snapshot, matches: Matches, language: str) -> np.ndarray:
    """Of two editions that match keep the better one; of equals, that in the asker's language."""
    found, twin, scores = matches.all, snapshot.twin, matches.scores
    preferred = snapshot.in_language(language)
    number = np.arange(snapshot.size)
    is_equal = scores[twin] == scores
    is_beaten = (scores[twin] > scores) | (is_equal & (preferred[twin] > preferred))
    is_beaten |= is_equal & (preferred[twin] == preferred) & (twin < number)
    return found & ~(found[twin] & is_beaten)


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
        close = np.round(scores[top] + closeness(snapshot, top, asked.clauses), 4)
        scores[top] = close
        top = top[np.lexsort((snapshot.ids[top], -snapshot.published[top], ~preferred[top], -close))]
    return np.concatenate([top, rest])


def _hit(snapshot: Snapshot, edition: int, matches: Matches, asked: Asked) -> Hit:
    rows = snapshot.rows_of(edition)
    card = snapshot.card(rows.start)
    shown = _shown(snapshot, card, rows, matches.rows)
    return Hit(
        edition_id=int(snapshot.ids[edition]),
        passage=passage(shown["text"], asked.stems, card["language"]),
        anchor=shown["anchor"],
        heading=" › ".join(shown["path"]),
        score=float(matches.scores[edition]),
        published_on=date.fromisoformat(card["published_on"]) if card["published_on"] else None,
        topics=tuple(card["topics"]),
        **{
            name: card[name]
            for name in ("key", "kind", "type", "language", "title", "slug", "cycle", "summary", "licence")
        },
    )


def _shown(snapshot: Snapshot, card: dict, rows: slice, scores: np.ndarray) -> dict:
    """Return the best passage; the summary when the title answers, the opening when there is no summary."""
    best = rows.start + int(np.argmax(scores[rows]))
    if best == rows.start and not card["summary"].strip() and rows.stop - rows.start > 1:
        best += 1
    if best == rows.start:
        return {"text": card["summary"], "anchor": "", "path": ()}
    return snapshot.card(best)
