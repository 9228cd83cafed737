"""Wishes: what somebody looked for and did not find, until the team answers."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select, update

from academy.domain import audit, outbox
from academy.domain.accounts import clean_email
from academy.domain.errors import Refused
from academy.domain.forgetting import delete_due
from academy.extensions import db
from academy.models import Audience, Document, Person, Wish

KEPT = timedelta(days=90)  # after the wish is closed


def make(question: str, *, text: str, email: str, language: str, by: Person | None, now: datetime) -> Wish:
    """Keep a wish; the address, if there is one, serves once: to say where the answer is."""
    wish = Wish(question=question, text=text, email=clean_email(email), language=language, created_at=now)
    db.session.add(wish)
    audit.record("wish.make", wish, by=by, now=now)
    return wish


def close(wish: Wish, document: Document | None, *, by: Person, now: datetime) -> bool:
    """Close a wish, once; return whether a mail is promised: only a document that everybody may read is announced."""
    if document is not None and not is_readable(document):
        raise Refused("document_hidden")
    closed = db.session.scalar(
        update(Wish)
        .where(Wish.id == wish.id, Wish.closed_at.is_(None))
        .values(closed_at=now)
        .returning(Wish.id)
        .execution_options(synchronize_session=False)
    )
    if closed is None:
        raise Refused("wish_closed")
    audit.record("wish.close", wish, by=by, now=now, key=document.key if document else None)
    if document is None or not wish.email:
        return False
    outbox.promise("wish.answered", now=now, wish=wish.id, document=document.id)
    return True


def is_readable(document: Document) -> bool:
    """Whether everybody may read some edition of it."""
    is_public = document.audience == Audience.PUBLIC
    return is_public and any(edition.published_id is not None for edition in document.editions)


def old(now: datetime) -> Select[int]:
    """The wishes to forget."""
    return select(Wish.id).where(Wish.closed_at.is_not(None), Wish.closed_at < now - KEPT)


def purge(*, now: datetime) -> int:
    """Delete the wishes that were answered or refused long enough ago, words and address; return how many."""
    return delete_due(Wish, old(now), "wish.purge", now=now)
