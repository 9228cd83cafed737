"""What is shown of a hit, and where its link leads: the passage that answers, or the opening where the title does."""

import re
from datetime import date

import numpy as np

from academy.search.analysis import words
from academy.search.asking import Asked
from academy.search.results import Hit
from academy.search.snapshot import Snapshot
from academy.search.snippets import passage

LOOKED_AT = 6  # passages of a hit among which one is shown
# Of the score of the title and summary: who searches lands on a paragraph where one answers about as well.
OPENING = 0.6
REFERENCE = 0.25  # of its score: a list of sources seldom says what was asked, though it has the words
LONGEST_REFERENCE = 3  # words of a heading such as « Sources et lectures »
WORDS_AN_ADDRESS = 20  # a text with more addresses than one in so many words is a list of links
_ENDING = re.compile(r"\.(?:com|eu|fr|int|net|org)\b")
_ADDRESS = re.compile(rf"\b[\w-]+(?:\.[\w-]+)*{_ENDING.pattern}")
_REFERENCES = frozenset(
    "sources source references reference bibliographie bibliography lectures readings liens links".split()
)


def hit(snapshot: Snapshot, edition: int, asked: Asked, *, score: float, row_scores: np.ndarray) -> Hit:
    """Return a hit with what is shown of it; *row_scores* are those of its title and summary, then of its passages."""
    first = snapshot.rows_of(edition).start
    card = snapshot.card(first)
    shown = _shown(snapshot, card, first, row_scores)
    text = passage(shown["text"], asked.stems, card["language"])
    if shown["anchor"] and asked.stems and "<mark>" not in text:  # found by a heading, or by the words of its title
        shown = _with_words(snapshot, card, first, row_scores, asked)
        text = passage(shown["text"], asked.stems, card["language"])
    return Hit(
        edition_id=int(snapshot.ids[edition]),
        passage=text,
        anchor=shown["anchor"],
        heading=" › ".join(shown["path"]),
        score=score,
        published_on=date.fromisoformat(card["published_on"]) if card["published_on"] else None,
        topics=tuple(card["topics"]),
        **{
            name: card[name]
            for name in ("key", "kind", "type", "language", "title", "slug", "cycle", "summary", "licence")
        },
    )


def _shown(snapshot: Snapshot, card: dict, first: int, scores: np.ndarray) -> dict:
    """Return the best passage; the summary when the title answers, or nothing but a list of sources does."""
    best, shown, worth, is_list = 0, card, -1.0, False
    for nth in _likely(scores):
        score = float(scores[nth])
        if score <= worth:  # those that follow score less still
            break
        unit = snapshot.card(first + nth) if nth else card
        is_sources = nth > 0 and is_reference(unit)
        value = score * (REFERENCE if is_sources else 1.0 if nth else OPENING)
        if value > worth:
            best, shown, worth, is_list = nth, unit, value, is_sources
    if best and not (is_list and card["summary"].strip()):
        return shown
    return _opening(snapshot, card, first, len(scores))


def _opening(snapshot: Snapshot, card: dict, first: int, rows: int) -> dict:
    """Return the summary, or where there is none the first passage."""
    if card["summary"].strip() or rows < 2:
        return {"text": card["summary"].strip(), "anchor": "", "path": ()}
    return snapshot.card(first + 1)


def _with_words(snapshot: Snapshot, card: dict, first: int, scores: np.ndarray, asked: Asked) -> dict:
    """Return the best passage that has a word asked, itself or in a heading above it; the opening if none has."""
    for nth in filter(None, _likely(scores)):
        unit = snapshot.card(first + nth)
        whole = " ".join((*unit["path"], unit["text"]))
        if "<mark>" in passage(whole, asked.stems, card["language"], width=len(whole)) and not is_reference(unit):
            return unit
    return _opening(snapshot, card, first, len(scores))


def _likely(scores: np.ndarray) -> list[int]:
    """Return the rows among which one is shown, the best first; 0 is the title and summary."""
    return np.argsort(-scores, kind="stable")[:LOOKED_AT].tolist()


def is_reference(card: dict) -> bool:
    """Tell whether a passage only lists where things are: sources, readings, addresses."""
    heading = card["path"][-1] if card["path"] else ""
    if set(words(heading)) & _REFERENCES and len(words(heading)) <= LONGEST_REFERENCE:
        return True
    if not _ENDING.search(card["text"]):  # ten times faster than to look for whole addresses
        return False
    return len(_ADDRESS.findall(card["text"])) * WORDS_AN_ADDRESS > len(card["text"].split())
