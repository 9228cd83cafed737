"""The links with which helpers without an account keep the roll of one day."""

import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from academy.domain import audit
from academy.domain.accounts import clean_name, digest
from academy.domain.attendance import of_session
from academy.domain.errors import Refused
from academy.domain.half_days import HalfDay, current, end_of
from academy.domain.typed_values import PARIS
from academy.extensions import db
from academy.models import CycleSession, DoorLink, Person


def make(session: CycleSession, name: str, *, by: Person, now: datetime) -> tuple[DoorLink, str]:
    """Make a link for the day of the session that is today or comes next; return it with its token (256 bits)."""
    name = clean_name(name)[:120]
    if not name:
        raise Refused("name_missing")
    today = now.astimezone(PARIS).date()
    days = [it.day for it in of_session(session) if it.day >= today]
    if not days:
        raise Refused("door_no_day")
    token = secrets.token_urlsafe(32)
    link = DoorLink(
        session_id=session.id,
        token_hash=digest(token),
        name=name,
        day=days[0],
        made_by_id=by.id,
        made_at=now,
        expires_at=end_of(days[0]),
    )
    db.session.add(link)
    db.session.flush()
    audit.record("door.open", session, by=by, now=now, name=name, day=str(link.day))
    return link, token


def revoke(link: DoorLink, *, by: Person, now: datetime) -> None:
    """Close a link at once; twice is harmless."""
    closed = db.session.scalar(
        update(DoorLink)
        .where(DoorLink.id == link.id, DoorLink.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(DoorLink.id)
        .execution_options(synchronize_session=False)
    )
    if closed is not None:
        audit.record("door.close", link.session, by=by, now=now, name=link.name, day=str(link.day))


def by_token(token: str) -> DoorLink | None:
    """The link that this token opens, or opened."""
    wanted = select(DoorLink).where(DoorLink.token_hash == digest(token))
    return db.session.scalar(wanted.options(joinedload(DoorLink.session)))


def is_open(link: DoorLink, *, now: datetime) -> bool:
    """Whether the link still opens the door."""
    return link.revoked_at is None and now < link.expires_at


def half_days_of(link: DoorLink) -> list[HalfDay]:
    """The half-days of its day."""
    return [it for it in of_session(link.session) if it.day == link.day]


def half_day_of(found: list[HalfDay], *, now: datetime) -> HalfDay | None:
    """The half-day to show first: that of the moment, else the next, else the last."""
    coming = (it for it in found if it.ends_at > now)
    return current(found, now=now) or next(coming, None) or (found[-1] if found else None)


def open_links(session_id: int, *, now: datetime) -> list[DoorLink]:
    """The links of a session that open the door."""
    wanted = select(DoorLink).where(
        DoorLink.session_id == session_id, DoorLink.revoked_at.is_(None), DoorLink.expires_at > now
    )
    return list(db.session.scalars(wanted.order_by(DoorLink.id)))
