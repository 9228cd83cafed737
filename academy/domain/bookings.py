"""Venues and what they hold: how many seats they state, and who is there at the same time."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from academy.extensions import db
from academy.models import CycleSession, Document, Mode, SessionStatus, Venue


def seats_of(venue: str | None) -> int | None:
    """The seats that a venue (a slug) states; None where it says nothing, and for no venue."""
    return db.session.scalar(select(Venue.capacity).where(Venue.slug == venue))


def clashes(venue: str, starts_at: datetime, ends_at: datetime | None, *, but: int | None = None) -> list[CycleSession]:
    """Sessions held in the venue (a slug) while this one would be, the first first; *but* is its own id.

    One that ends when the other starts does not clash; without an end a session is its start alone. What takes
    place online only, is postponed or cancelled needs no room.
    """
    end = func.coalesce(CycleSession.ends_at, CycleSession.starts_at)
    overlap = (CycleSession.starts_at < (ends_at or starts_at)) & (end > starts_at)
    wanted = (
        select(CycleSession)
        .join(Venue, Venue.id == CycleSession.venue_id)
        .where(
            Venue.slug == venue,
            CycleSession.status == SessionStatus.SCHEDULED,
            CycleSession.mode != Mode.ONLINE,
            overlap | (CycleSession.starts_at == starts_at),
        )
        .order_by(CycleSession.starts_at, CycleSession.id)
        .options(joinedload(CycleSession.document).selectinload(Document.editions))
    )
    return list(db.session.scalars(wanted if but is None else wanted.where(CycleSession.id != but)))
