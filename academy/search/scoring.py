"""The formula: BM25F over title and body, plus the best passage by the same formula.

Weights and their reasons (measured on public French and English collections): a word of a short title
counts by the title's own length; long pages are long for good reason (b = .5 for the body); the best
passage finds the answer inside a long page. Values around these change nothing: do not fine-tune.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from academy.search import analysis
from academy.search.postings import NOTHING, Postings
from academy.search.schema import term as index_term

if TYPE_CHECKING:
    from academy.search.snapshot import Snapshot, WhooshSnapshot

TITLE_WEIGHT = 3.0
TITLE_B = 0.75
BODY_B = 0.5
K1 = 1.6
NEAR_WINDOW = 4  # content words
NEAR_WEIGHT = 0.3
EXACT_WEIGHT = 0.1  # a tie-breaker: more would cost singulars and plurals
RERANKED = 50
_NOWHERE = (np.zeros(0, np.int32), np.zeros(0, np.float32)) * 2


@dataclass(frozen=True, slots=True)
class TermScores:
    """What one term adds: to editions, and to rows (passages, and titles with their summaries) by their places."""

    editions: np.ndarray
    edition_scores: np.ndarray
    places: np.ndarray  # of rows, see `layout`
    row_scores: np.ndarray
    idf: float

    @property
    def nbytes(self) -> int:
        arrays = (self.editions, self.edition_scores, self.places, self.row_scores)
        return sum(array.nbytes for array in arrays) + 200


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One thing that is asked, in all the ways it may be written: the best one counts."""

    terms: tuple[tuple[str, str, float], ...]  # language, stem, weight
    field: str = "body"
    exact: tuple[str, ...] = ()  # folded, as asked or as their synonyms: break ties


class Lengths:
    """The length norms of one language: of every edition and of every row."""

    def __init__(self, records: np.ndarray, snapshot: "WhooshSnapshot", language: str):
        editions = snapshot.in_language(language)
        rows = editions[snapshot.row_edition] & snapshot.alive_rows if snapshot.size else snapshot.alive_rows
        self.editions, self.rows = int(editions.sum()), int(rows.sum())
        title = records["title"][snapshot.first_row].astype(np.float32)
        body = np.bincount(snapshot.row_edition, records["body"], snapshot.size).astype(np.float32)
        row_title = records["title"] + np.where(records["unit"] > 0, title[snapshot.row_edition], 0)
        self.edition_title, self.edition_body = _norm(title, TITLE_B, editions), _norm(body, BODY_B, editions)
        self.row_title, self.row_body = _norm(row_title, TITLE_B, rows), _norm(records["body"], BODY_B, rows)


def _norm(lengths: np.ndarray, b: float, living: np.ndarray) -> np.ndarray:
    mean = float(lengths[living].mean()) if living.any() else 0.0
    return ((1 - b) + b * lengths / (mean or 1.0)).astype(np.float32)


def term_scores(snapshot: "WhooshSnapshot", language: str, stem: str, field: str) -> TermScores:
    """Decode a term and score every edition and row that has it."""
    term = index_term(language, stem)
    norms = snapshot.lengths[language]
    titles, headings, bodies = (
        snapshot.postings(name, term) if name else NOTHING
        for name in ((None, None, "stops") if field == "stops" else ("title", "path", "body"))
    )
    if not any(len(rows) for rows, _ in (titles, headings, bodies)):
        return TermScores(*_NOWHERE, idf=_idf(norms.editions, 0))
    edition_of = snapshot.row_edition
    titled = edition_of[titles[0]]
    title = _spread((titled, titles[1]), snapshot.size)
    body = np.bincount(edition_of[bodies[0]], bodies[1], snapshot.size).astype(np.float32)
    (at,) = (title + body > 0).nonzero()
    idf, scores = _bm25(title[at], body[at], norms.edition_title[at], norms.edition_body[at], norms.editions)
    rows = _rows(snapshot, titled, headings[0], bodies[0])
    row_title, row_body = title[edition_of[rows]], _spread(bodies, snapshot.row_count)[rows]
    row_title[np.searchsorted(rows, headings[0])] += headings[1]  # passages stand under the title
    _, row_scores = _bm25(row_title, row_body, norms.row_title[rows], norms.row_body[rows], norms.rows)
    return TermScores(at.astype(np.int32), scores, snapshot.layout.place_of[rows], row_scores, idf)


def _spread(postings: Postings, size: int) -> np.ndarray:
    """Return the frequency at every place: dear where postings are few, but no search for the place of each."""
    spread = np.zeros(size, np.float32)
    spread[postings[0]] = postings[1]
    return spread


def _rows(snapshot: "WhooshSnapshot", titled: np.ndarray, headings: np.ndarray, bodies: np.ndarray) -> np.ndarray:
    """Return the rows that have a term, in order: in their own words, or in the title of their edition."""
    if not (len(titled) or len(headings)):
        return bodies
    others = np.sort(np.concatenate((_rows_of(snapshot, titled), headings)))  # few, beside those with it in the text
    others = others[snapshot.alive_rows[others] & (np.diff(others, prepend=-1) > 0)]
    is_new = np.append(bodies, -1)[bodies.searchsorted(others)] != others
    return np.sort(np.concatenate((bodies, others[is_new])), kind="stable")


def _rows_of(snapshot: "Snapshot", editions: np.ndarray) -> np.ndarray:
    """Return the rows of editions, those of each together."""
    lengths = snapshot.row_counts[editions]
    starts = np.cumsum(lengths) - lengths
    return np.repeat(snapshot.first_row[editions] - starts, lengths) + np.arange(lengths.sum())


def _idf(total: int, having: int) -> float:
    return float(np.log(1 + (total - having + 0.5) / (having + 0.5)))


def _bm25(title, body, title_norm, body_norm, total: int) -> tuple[float, np.ndarray]:
    idf = _idf(total, len(title))
    frequency = TITLE_WEIGHT * title / title_norm + body / body_norm
    return idf, (idf * (K1 + 1) * frequency / (K1 + frequency)).astype(np.float32)


def accumulate(
    snapshot: "Snapshot", asked: Iterable[Alternatives], languages: dict[str, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores of all editions, and of all rows by their places; zero: nothing was found there."""
    editions = np.zeros(snapshot.size, np.float32)
    rows = np.zeros(snapshot.layout.size, np.float32)
    for clause in asked:
        for language, weight_of in languages.items():  # no edition is in two: each has its own best
            found = [
                (snapshot.term(language, stem, field=clause.field), weight * weight_of)
                for code, stem, weight in clause.terms
                if code == language
            ]
            found = [(scores, weight) for scores, weight in found if len(scores.places)]
            _add_best(editions, [(scores.editions, scores.edition_scores, weight) for scores, weight in found])
            _add_best(rows, [(scores.places, scores.row_scores, weight) for scores, weight in found])
    return editions, rows


def _add_best(total: np.ndarray, parts: list[tuple[np.ndarray, np.ndarray, float]]) -> None:
    if len(parts) < 2:
        for at, scores, weight in parts:
            np.add.at(total, at, scores if weight == 1 else weight * scores)  # a third of what `total[at] += …` costs
        return
    best = np.zeros(len(total), np.float32)
    for at, scores, weight in parts:
        np.maximum.at(best, at, weight * scores)
    total += best


def closeness(snapshot: "Snapshot", editions: np.ndarray, asked: list[Alternatives]) -> np.ndarray:
    """Return what neighbouring words met near each other, and words exactly as asked, add to each edition."""
    bonus = np.zeros(len(editions), np.float32)
    clauses = [clause for clause in asked if clause.field == "body"]
    if not clauses:
        return bonus
    if len(clauses) == 1:  # nothing to be near to
        return bonus + _exactly(snapshot, editions, clauses[0], _best_idf(snapshot, clauses[0]))
    stems, starts = snapshot.stem_orders(editions)
    before = None
    for clause in clauses:
        idf = _best_idf(snapshot, clause)
        at = _found(clause, stems)
        whose = starts.searchsorted(at, "right") - 1
        place = at + NEAR_WINDOW * 2 * whose  # texts never touch
        if before is not None:
            met = _meetings(before[0], place)
            bonus += NEAR_WEIGHT * min(idf, before[2]) * _saturated(np.bincount(before[1], met, len(bonus)))
        bonus += _exactly(snapshot, editions, clause, idf)
        before = place, whose, idf
    return bonus


def _best_idf(snapshot: "Snapshot", clause: Alternatives) -> float:
    return max(snapshot.term(language, stem).idf for language, stem, _ in clause.terms)


def _exactly(snapshot: "Snapshot", editions: np.ndarray, clause: Alternatives, idf: float) -> np.ndarray | float:
    """Return what a word adds where it stands exactly as asked."""
    is_there: np.ndarray | None = None
    for word in clause.exact:
        has = snapshot.exactly(word)[editions]
        is_there = has if is_there is None else is_there | has
    return 0.0 if is_there is None else is_there * np.float32(EXACT_WEIGHT * idf)


def _found(clause: Alternatives, stems: np.ndarray) -> np.ndarray:
    """Return where a clause stands among stems."""
    first, *others = {analysis.HASH[stem] for _, stem, _ in clause.terms}
    found = stems == first
    for other in others:
        found |= stems == other
    return found.nonzero()[0]


def _meetings(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return how often the one word stands within the window of the other, in any order, at each place of the former."""
    return right.searchsorted(left + NEAR_WINDOW, "right") - right.searchsorted(left - NEAR_WINDOW)


def _saturated(n: np.ndarray) -> np.ndarray:
    return 2.2 * n / (n + 1.2)
