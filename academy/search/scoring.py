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
    """What one term adds: to editions, and to rows (passages, and titles with their summaries)."""

    editions: np.ndarray
    edition_scores: np.ndarray
    rows: np.ndarray
    row_scores: np.ndarray
    idf: float

    @property
    def nbytes(self) -> int:
        arrays = (self.editions, self.edition_scores, self.rows, self.row_scores)
        return sum(array.nbytes for array in arrays) + 200


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One thing that is asked, in all the ways it may be written: the best one counts."""

    terms: tuple[tuple[str, str, float], ...]  # language, stem, weight
    field: str = "body"
    word: str = ""  # folded, as asked: breaks ties


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
    fields = (("stops", False),) if field == "stops" else (("title", True), ("path", True), ("body", False))
    found = [(is_title, *snapshot.postings(name, term)) for name, is_title in fields]
    if not any(len(rows) for _, rows, _ in found):
        return TermScores(*_NOWHERE, idf=_idf(norms.editions, 0))
    title = np.zeros(snapshot.row_count, np.float32)
    body = np.zeros(snapshot.row_count, np.float32)
    for is_title, rows, weights in found:
        (title if is_title else body)[rows] = weights
    of_edition = title[snapshot.first_row]
    whole = np.bincount(snapshot.row_edition, body, snapshot.size).astype(np.float32)
    editions = np.flatnonzero(of_edition + whole)
    title += of_edition[snapshot.row_edition] * snapshot.is_passage  # every passage stands under the title
    title *= snapshot.alive_rows
    rows = np.flatnonzero(title + body)
    idf, scores = _bm25(of_edition, whole, editions, norms.edition_title, norms.edition_body, norms.editions)
    _, row_scores = _bm25(title, body, rows, norms.row_title, norms.row_body, norms.rows)
    return TermScores(editions.astype(np.int32), scores, rows.astype(np.int32), row_scores, idf)


def _idf(total: int, having: int) -> float:
    return float(np.log(1 + (total - having + 0.5) / (having + 0.5)))


def _bm25(title, body, at: np.ndarray, title_norm, body_norm, total: int) -> tuple[float, np.ndarray]:
    idf = _idf(total, len(at))
    frequency = TITLE_WEIGHT * title[at] / title_norm[at] + body[at] / body_norm[at]
    return idf, (idf * (K1 + 1) * frequency / (K1 + frequency)).astype(np.float32)


def accumulate(
    snapshot: "Snapshot", asked: Iterable[Alternatives], languages: dict[str, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores of all editions and of all rows; zero means that nothing was found there."""
    editions = np.zeros(snapshot.size, np.float32)
    rows = np.zeros(snapshot.row_count, np.float32)
    for clause in asked:
        found = [
            (snapshot.term(language, stem, field=clause.field), weight * languages[language])
            for language, stem, weight in clause.terms
            if language in languages
        ]
        found = [(scores, weight) for scores, weight in found if len(scores.rows) or len(scores.editions)]
        _add_best(editions, [(scores.editions, scores.edition_scores, weight) for scores, weight in found])
        _add_best(rows, [(scores.rows, scores.row_scores, weight) for scores, weight in found])
    return editions, rows


def _add_best(total: np.ndarray, parts: list[tuple[np.ndarray, np.ndarray, float]]) -> None:
    if len(parts) == 1:
        at, scores, weight = parts[0]
        total[at] += weight * scores
        return
    best = np.zeros(len(total), np.float32)
    for at, scores, weight in parts:
        best[at] = np.maximum(best[at], weight * scores)
    total += best


def best_row_scores(snapshot: "Snapshot", rows: np.ndarray) -> np.ndarray:
    """Return the score of the best row of every edition."""
    return np.maximum.reduceat(rows, snapshot.first_row) if snapshot.size else rows


def closeness(snapshot: "Snapshot", editions: np.ndarray, asked: list[Alternatives]) -> np.ndarray:
    """Return what neighbouring words met near each other, and words exactly as asked, add to each edition."""
    bonus = np.zeros(len(editions), np.float32)
    clauses = [(clause, hashes) for clause in asked if (hashes := _hashes(clause))]
    if not clauses:
        return bonus
    if len(clauses) == 1:  # nothing to be near to
        return bonus + _exactly(snapshot, editions, clauses[0][0], _best_idf(snapshot, clauses[0][0]))
    stems, stems_of, place = _texts(snapshot, editions)
    before = None
    for clause, hashes in clauses:
        idf = _best_idf(snapshot, clause)
        at = np.flatnonzero(stems == hashes[0] if len(hashes) == 1 else np.isin(stems, hashes))
        if before is not None:
            bonus += (
                NEAR_WEIGHT * min(idf, before[1]) * _saturated(_meetings(before[0], at, place, stems_of, len(bonus)))
            )
        bonus += _exactly(snapshot, editions, clause, idf)
        before = at, idf
    return bonus


def _best_idf(snapshot: "Snapshot", clause: Alternatives) -> float:
    return max(snapshot.term(language, stem).idf for language, stem, _ in clause.terms)


def _exactly(snapshot: "Snapshot", editions: np.ndarray, clause: Alternatives, idf: float) -> np.ndarray | float:
    """Return what a word adds where it stands exactly as asked."""
    having = snapshot.exactly(clause.word) if clause.word else editions[:0]
    if not len(having):
        return 0.0
    at = np.minimum(np.searchsorted(having, editions), len(having) - 1)
    return (having[at] == editions) * np.float32(EXACT_WEIGHT * idf)


def _hashes(clause: Alternatives) -> list[int]:
    return [analysis.HASH[stem] for _, stem, _ in clause.terms] if clause.field == "body" else []


def _texts(snapshot: "Snapshot", editions: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the content stems of editions laid end to end, whose each one is, and where it stands."""
    texts = [snapshot.stems(edition) for edition in editions.tolist()]
    stems = np.concatenate(texts)
    whose = np.repeat(np.arange(len(texts)), list(map(len, texts)))
    is_content = stems != 0
    stems, whose = stems[is_content], whose[is_content]
    return stems, whose, np.arange(len(stems)) + NEAR_WINDOW * 2 * whose  # texts never touch


def _meetings(left: np.ndarray, right: np.ndarray, place: np.ndarray, whose: np.ndarray, size: int) -> np.ndarray:
    """Return how often, in each text, the two words stand within the window, in any order."""
    here, there = place[left], place[right]
    met = np.searchsorted(there, here + NEAR_WINDOW, "right") - np.searchsorted(there, here - NEAR_WINDOW)
    return np.bincount(whose[left], met, size)


def _saturated(n: np.ndarray) -> np.ndarray:
    return 2.2 * n / (n + 1.2)
