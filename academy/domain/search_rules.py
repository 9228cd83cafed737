"""What organisers teach the search: words that mean the same, and documents that stand first for a question.

Each change takes the next number of the change log, so that every page cache and every node sees it at once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select

from academy.domain import audit, revisions
from academy.domain.errors import Refused
from academy.domain.rows import insert_once
from academy.extensions import db
from academy.models import Document, Person, Pin, Synonym

TERM_LENGTH, MOST_MEANINGS, MOST_PINS = 100, 12, 10


def add_synonym(
    term: str, meanings: Sequence[str], *, language: str, is_mutual: bool, by: Person, now: datetime
) -> Synonym:
    """Teach a word and what it means; a word has one line in each language."""
    synonym = Synonym(language=language, term=term, meanings=_meanings(term, meanings), is_mutual=is_mutual)
    if not insert_once(synonym):
        raise Refused("synonym_exists")
    _taught("synonym.add", synonym, by=by, now=now, name=term, language=language)
    return synonym


def change_synonym(
    synonym: Synonym, *, term: str, meanings: Sequence[str], language: str, is_mutual: bool, by: Person, now: datetime
) -> None:
    """Say it otherwise."""
    same = select(Synonym.id).where(Synonym.language == language, Synonym.term == term, Synonym.id != synonym.id)
    if db.session.scalar(same) is not None:
        raise Refused("synonym_exists")
    before = _said(synonym)
    synonym.term, synonym.language, synonym.is_mutual = term, language, is_mutual
    synonym.meanings = _meanings(term, meanings)
    if _said(synonym) != before:
        said = {"before": before, "after": _said(synonym), "language": language}
        _taught("synonym.change", synonym, by=by, now=now, name=term, **said)


def delete_synonym(synonym: Synonym, *, by: Person, now: datetime) -> None:
    """Forget a line."""
    said = {"before": _said(synonym), "after": None, "language": synonym.language}
    _taught("synonym.delete", synonym, by=by, now=now, name=synonym.term, **said)
    db.session.delete(synonym)


def add_pin(question: str, document: Document, *, typed: str = "", by: Person, now: datetime) -> Pin:
    """Put a document after those that already stand first for a folded question; the journal says it as *typed*."""
    if not any(edition.published_id is not None for edition in document.editions):
        raise Refused("document_hidden")
    count, last = db.session.execute(
        select(func.count(Pin.id), func.max(Pin.rank)).where(Pin.question == question)
    ).one()
    if count >= MOST_PINS:
        raise Refused("pins_full", most=MOST_PINS)
    pin = Pin(question=question, document_id=document.id, rank=0 if last is None else last + 1)
    if not insert_once(pin):
        raise Refused("pin_exists")
    _taught("pin.add", pin, by=by, now=now, name=typed or question, key=document.key)
    return pin


def raise_pin(pin: Pin, *, by: Person, now: datetime) -> None:
    """Let a document change places with the one before it; the first stays where it is."""
    ordered = list(_pins_of(pin.question))
    at = ordered.index(pin)
    if not at:
        return
    ordered[at - 1 : at + 1] = [pin, ordered[at - 1]]
    for rank, one in enumerate(ordered):
        one.rank = rank
    _taught("pin.raise", pin, by=by, now=now, name=pin.question)


def delete_pin(pin: Pin, *, by: Person, now: datetime) -> None:
    """Let the document stand where its words put it."""
    _taught("pin.delete", pin, by=by, now=now, name=pin.question)
    db.session.delete(pin)


def _pins_of(question: str) -> Iterable[Pin]:
    return db.session.scalars(select(Pin).where(Pin.question == question).order_by(Pin.rank, Pin.id))


def _meanings(term: str, meanings: Sequence[str]) -> list[str]:
    """Without doubles, and without the term itself."""
    kept = {meaning.casefold(): meaning for meaning in reversed(meanings) if meaning.casefold() != term.casefold()}
    if not kept:
        raise Refused("synonym_empty")
    return list(reversed(kept.values()))


def _said(synonym: Synonym) -> str:
    arrow = "↔" if synonym.is_mutual else "→"
    return f"{synonym.term} {arrow} {', '.join(synonym.meanings)} ({synonym.language})"


def _taught(action: str, rule: Synonym | Pin, *, by: Person, now: datetime, **detail: object) -> None:
    audit.record(action, rule, by=by, now=now, **detail)
    revisions.log_change(None, now=now)
