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
    title = np.zeros(snapshot.row_count, np.float32)
    body = np.zeros(snapshot.row_count, np.float32)
    if field == "stops":
        rows, weights = snapshot.postings("stops", term)
        body[rows] = weights
    else:
        for name, into in (("title", title), ("path", title), ("body", body)):
            rows, weights = snapshot.postings(name, term)
            into[rows] = weights
    of_edition = title[snapshot.first_row]
    whole = np.bincount(snapshot.row_edition, body, snapshot.size).astype(np.float32)
    editions = np.flatnonzero(of_edition + whole)
    passages = np.ones(snapshot.row_count, bool)
    passages[snapshot.first_row] = False
    title[passages] += of_edition[snapshot.row_edition[passages]]  # every passage stands under the title
    title *= snapshot.alive_rows
    rows = np.flatnonzero(title + body)
    idf, scores = _bm25(of_edition, whole, editions, norms.edition_title, norms.edition_body, norms.editions)
    _, row_scores = _bm25(title, body, rows, norms.row_title, norms.row_body, norms.rows)
    return TermScores(editions.astype(np.int32), scores, rows.astype(np.int32), row_scores, idf)


def _bm25(title, body, at: np.ndarray, title_norm, body_norm, total: int) -> tuple[float, np.ndarray]:
    idf = float(np.log(1 + (total - len(at) + 0.5) / (len(at) + 0.5)))
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
        return _exactly(snapshot, editions, clauses[0][0])
    surface, surface_of, stems, stems_of, place = _texts(snapshot, editions)
    before = None
    for clause, hashes in clauses:
        idf = max(snapshot.term(language, stem).idf for language, stem, _ in clause.terms)
        at = np.flatnonzero(stems == hashes[0] if len(hashes) == 1 else np.isin(stems, hashes))
        if before is not None:
            bonus += (
                NEAR_WEIGHT * min(idf, before[1]) * _saturated(_meetings(before[0], at, place, stems_of, len(bonus)))
            )
        if clause.word:
            found = surface_of[surface == analysis.HASH[clause.word]]
            bonus[np.unique(found)] += EXACT_WEIGHT * idf
        before = at, idf
    return bonus


def _exactly(snapshot: "Snapshot", editions: np.ndarray, clause: Alternatives) -> np.ndarray:
    """Return what a lone word adds where it stands exactly as asked."""
    if not clause.word:
        return np.zeros(len(editions), np.float32)
    idf = max(snapshot.term(language, stem).idf for language, stem, _ in clause.terms)
    return np.isin(editions, snapshot.exactly(clause.word)) * np.float32(EXACT_WEIGHT * idf)


def _hashes(clause: Alternatives) -> list[int]:
    return [analysis.HASH[stem] for _, stem, _ in clause.terms] if clause.field == "body" else []


def _texts(snapshot: "Snapshot", editions: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return the words and content stems of editions laid end to end, and whose each one is."""
    texts = [snapshot.positions(int(edition)) for edition in editions]
    words = np.concatenate(texts, axis=1)
    whose = np.repeat(np.arange(len(texts)), [text.shape[1] for text in texts])
    content = words[1] != 0
    place = np.arange(int(content.sum())) + NEAR_WINDOW * 2 * whose[content]  # texts never touch
    return words[0], whose, words[1][content], whose[content], place


def _meetings(left: np.ndarray, right: np.ndarray, place: np.ndarray, whose: np.ndarray, size: int) -> np.ndarray:
    """Return how often, in each text, the two words stand within the window, in any order."""
    here, there = place[left], place[right]
    met = np.searchsorted(there, here + NEAR_WINDOW, "right") - np.searchsorted(there, here - NEAR_WINDOW)
    return np.bincount(whose[left], met, size)


def _saturated(n: np.ndarray) -> np.ndarray:
    return 2.2 * n / (n + 1.2)
