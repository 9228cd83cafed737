"""The invitation in a mail: the event of the feeds, sent to one person to put in their agenda or to take out of it."""

from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any

from flask import current_app

from academy.formats import ical
from academy.formats.events import Event, Place
from academy.mail import facts
from academy.mail.message import Invitation
from academy.models import CycleSession, Enrolment, EnrolmentStatus, SessionStatus, Venue

_FIRST_DAY = datetime(2024, 1, 25, tzinfo=UTC)  # of the academy: for a row whose changes nobody dated


def of(
    row: Enrolment, told: dict[str, Any], *, language: str, was: tuple[datetime, datetime | None] | None = None
) -> Invitation | None:
    """What to do with the session in the agenda of who holds, or held, a place; None for who never did.

    *was* is the date that was taken away: an agenda is told to drop it.
    """
    session = row.session
    start, end = (session.starts_at, session.ends_at) if session.starts_at else was or (None, None)
    if row.confirmed_at is None or start is None:
        return None
    is_on = session.status == SessionStatus.SCHEDULED and session.starts_at is not None
    is_off = not is_on or row.status != EnrolmentStatus.CONFIRMED
    settings = current_app.config["SETTINGS"]
    name, address = parseaddr(settings.mail_from)
    content = ical.invite(
        _event(session, told, start, end, language),
        host=settings.host,
        organiser=ical.Party(name=name or settings.host, address=address),
        guest=ical.Party(name=row.person.name, address=row.person.email),
        at=max(filter(None, (row.confirmed_at, row.cancelled_at, session.changed_at))),
        is_off=is_off,
    )
    return Invitation(method="CANCEL" if is_off else "REQUEST", content=content)


def _event(session: CycleSession, told: dict[str, Any], start: datetime, end: datetime | None, language: str) -> Event:
    words: Any = facts.words(told, language)
    edition = session.document.published_in(language)
    return Event(
        key=session.document.key,
        url=told["session_url"],
        title=words.marked,
        summary=edition.summary if edition else "",
        note=words.note,
        language=told["title_language"],
        starts_at=start,
        ends_at=end,
        status=session.status,
        mode=session.mode,
        place=_place(session.venue, language) if session.venue else None,
        online=words.online,
        capacity=None,
        seats_left=None,
        sequence=session.sequence,
        changed_at=session.changed_at or _FIRST_DAY,
        cycle_title="",
        cycle_url="",
    )


def _place(venue: Venue, language: str) -> Place:
    return Place(
        name=venue.name_in(language),
        street=venue.address,
        postcode=venue.postcode,
        city=venue.city,
        latitude=venue.latitude,
        longitude=venue.longitude,
    )
