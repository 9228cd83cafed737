"""Postpone a session without a date, and set it again: seats, queue and offers wait with it."""

from datetime import datetime

from sqlalchemy import select

from academy.domain import audit, enrolment, projection, revisions, scheduling, seating
from academy.domain.errors import Refused
from academy.domain.scheduling import Edit
from academy.extensions import db
from academy.models import CycleSession, Enrolment, EnrolmentStatus, Person, SessionStatus


def postpone_session(session: CycleSession, *, by: Person | None, now: datetime) -> int:
    """Take the session off its date and tell everybody who holds or awaits a seat; return how many. Twice is harmless.

    Seats, ranks and offers stay as they are until there is a new date.
    """
    enrolment.lock(session)
    if session.status == SessionStatus.CANCELLED:
        raise Refused("session_cancelled")
    if session.status == SessionStatus.POSTPONED:
        return 0
    if (end := session.ends_at or session.starts_at) and end <= now:
        raise Refused("session_ended")
    session.status = SessionStatus.POSTPONED
    projection.raise_sequence(session, now=now)
    told = projection.tell_enrolled(session, "session.postponed", now=now)
    audit.record("session.postpone", session, by=by, now=now, told=told)
    return told


def reschedule_session(edit: Edit, *, by: Person | None, now: datetime) -> CycleSession:
    """Set a postponed session again, at the date of the prepared change; everybody is told, offers start anew."""
    session = edit.session
    revisions.lock(session.document.editions)
    enrolment.lock(session)
    if session.status != SessionStatus.POSTPONED:
        raise Refused("session_not_postponed")
    if edit.schedule.starts_at is None or edit.schedule.starts_at <= now:
        raise Refused("session_date_missing")
    session.status = SessionStatus.SCHEDULED
    db.session.flush()
    before = session.sequence
    scheduling.edit_session(edit, by=by, now=now)
    if session.sequence == before:  # the same date and place as before: calendars and people hear of it all the same
        projection.raise_sequence(session, now=now)
        projection.tell_enrolled(session, "session.changed", now=now)
    audit.record("session.reschedule", session, by=by, now=now)
    _offer_anew(session, now=now)
    seating.settle(session, now=now)
    return session


def _offer_anew(session: CycleSession, *, now: datetime) -> None:
    open_offers = select(Enrolment).where(
        Enrolment.session_id == session.id, Enrolment.status == EnrolmentStatus.OFFERED
    )
    for held in db.session.scalars(open_offers.order_by(Enrolment.rank)):
        if session.offer_hours is None:
            seating.give(held, now=now)
        else:
            seating.offer(held, session, now=now)
