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
    from academy.search.leaves import WhooshSnapshot
    from academy.search.lengths import Norm
    from academy.search.snapshot import Snapshot

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
    titled = snapshot.row_edition[titles[0]]
    counts = np.bincount(snapshot.row_edition.take(bodies[0]), bodies[1], snapshot.size).astype(np.float32)
    having = counts.nonzero()[0]
    body = having, counts.take(having)
    editions, scores = _bm25(body, (titled, titles[1]), norms.edition_title, norms.edition_body, norms.editions)
    headed = _headed(snapshot, (titled, titles[1]), headings)
    rows, row_scores = _bm25(bodies, headed, norms.row_title, norms.row_body, norms.rows)
    places = snapshot.layout.place_of[rows]
    return TermScores(editions.astype(np.int32), scores, places, row_scores, _idf(norms.editions, len(editions)))


def _headed(snapshot: "Snapshot", titles: Postings, headings: Postings) -> Postings:
    """Return the rows that stand under a term: in the title of their edition, in their headings or in both."""
    titled, weights = titles
    lengths = snapshot.row_counts[titled]
    starts = np.cumsum(lengths) - lengths
    rows = np.repeat(snapshot.first_row[titled] - starts, lengths) + np.arange(lengths.sum())
    if not len(headings[0]):
        return rows, np.repeat(weights, lengths)
    either = np.sort(np.concatenate((rows, headings[0])))
    either = either[np.diff(either, prepend=-1) > 0]
    total = np.zeros(len(either), np.float32)
    total[either.searchsorted(rows)] = np.repeat(weights, lengths)
    total[either.searchsorted(headings[0])] += headings[1]
    return either, total


def _idf(total: int, having: int) -> float:
    return float(np.log(1 + (total - having + 0.5) / (having + 0.5)))


def _bm25(
    bodies: Postings, titles: Postings, title_norm: "Norm", body_norm: "Norm", total: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return where a term is, in any order, and its scores there; it is in few titles beside its bodies."""
    place = bodies[0].searchsorted(titles[0])
    is_new = np.append(bodies[0], -1)[place] != titles[0]
    place[is_new] = len(bodies[0]) + np.arange(np.count_nonzero(is_new))
    at = np.concatenate((bodies[0], titles[0][is_new]))
    frequency = np.zeros(len(at), np.float32)
    np.divide(bodies[1], body_norm[bodies[0]], out=frequency[: len(bodies[0])])
    frequency[place] += TITLE_WEIGHT * titles[1] / title_norm[titles[0]]
    return at, (_idf(total, len(at)) * (K1 + 1) * frequency / (K1 + frequency)).astype(np.float32)


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
