"""Addresses that a mail server refused for good: a mark on the person, until a mail goes through again."""

from datetime import datetime

from sqlalchemy import select

from academy.domain import audit
from academy.extensions import db
from academy.models import Person


def note(email: str, reason: str, *, now: datetime) -> None:
    """Mark whose address it is with what the server said; "" takes the mark away. An address of nobody's is nothing."""
    wanted = select(Person).where(Person.email == email)
    if not reason:
        wanted = wanted.where(Person.bounced_at.is_not(None))
    person = db.session.scalar(wanted)
    if person is None:
        return
    person.bounced_at, person.bounce_reason = (now, reason[:300]) if reason else (None, "")
    audit.record("account.bounce" if reason else "account.reach", person, by=None, now=now)
