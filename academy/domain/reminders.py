"""Reminders: when each is due on the clocks of Paris, and the promise to send it once.

The worker looks every minute. A reminder that is due becomes a row and a message of the outbox in one transaction; the
row is unique, so that two workers, or one that was killed, promise it once. Another date has other instants: it is
reminded of anew. Nobody is reminded of a session that is called off, postponed or without reminders.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from academy.domain import audit, outbox
from academy.domain.rows import insert_once
from academy.domain.video_rooms import OPENS
from academy.extensions import db
from academy.models import CycleSession, Enrolment, EnrolmentStatus, Person, Reminder, ReminderKind, SessionStatus

MORNING = time(9)  # in Paris
AT_ONCE = 500  # promises of one transaction; the next look takes the rest
_PARIS = ZoneInfo("Europe/Paris")
_WEEK_LATE, _AFTER_LATE = timedelta(days=2), timedelta(days=3)  # a worker that was away sends them as late as this


class Moment(NamedTuple):
    """When a reminder is due, and from when it is of no more use. `is_for_early` leaves out who enrolled since it was due."""

    kind: ReminderKind
    due_at: datetime
    until: datetime
    is_for_early: bool


class Due(NamedTuple):
    """A reminder that is due and was not promised."""

    enrolment_id: int
    kind: ReminderKind
    due_at: datetime


def moments(session: CycleSession) -> list[Moment]:
    """The reminders of a session: 09:00 a week and a day before, an hour before, 09:00 the day after; none without a date.

    Who enrols late still gets that of the day before, at once if need be, and that of the hour before.
    """
    start = session.starts_at
    if start is None or session.status != SessionStatus.SCHEDULED or not session.has_reminders:
        return []
    end = session.ends_at or start
    week, day, after = _morning(start, -7), _morning(start, -1), _morning(end, 1)
    return [
        Moment(ReminderKind.WEEK, week, week + _WEEK_LATE, is_for_early=True),
        Moment(ReminderKind.DAY, day, start - OPENS, is_for_early=False),
        Moment(ReminderKind.HOUR, start - OPENS, max(end, start + timedelta(minutes=15)), is_for_early=False),
        Moment(ReminderKind.AFTER, after, after + _AFTER_LATE, is_for_early=True),
    ]


def has_due(*, now: datetime) -> bool:
    """Whether there is a reminder to promise."""
    return bool(_due(now))


def promise_due(*, now: datetime) -> int:
    """Promise each reminder that is due, once; return how many."""
    promised = sum(_promise(due, now=now) for due in _due(now)[:AT_ONCE])
    if promised:
        audit.record("reminder.promise", by=None, now=now, count=promised)
    return promised


def stands(reminder: Reminder, *, now: datetime) -> bool:
    """Whether a promised reminder is still worth sending: nothing has changed that it was promised for."""
    held = reminder.enrolment
    wanted = (moment for moment in moments(held.session) if moment.kind == reminder.kind)
    return held.status == EnrolmentStatus.CONFIRMED and any(
        moment.due_at == reminder.due_at and now < moment.until for moment in wanted
    )


def _morning(instant: datetime, days: int) -> datetime:
    """09:00 in Paris, that many days after the day of an instant, whatever the clocks did between."""
    day = instant.astimezone(_PARIS).date() + timedelta(days=days)
    return datetime.combine(day, MORNING, _PARIS)


def _due(now: datetime) -> list[Due]:
    """What is due and not promised, in one order for all workers, in three queries."""
    ready = {
        number: here for number, all_ in _sessions(now) if (here := [it for it in all_ if it.due_at <= now < it.until])
    }
    if not ready:
        return []
    seated = db.session.execute(
        select(Enrolment.id, Enrolment.session_id, Enrolment.confirmed_at)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.session_id.in_(ready),
            Enrolment.status == EnrolmentStatus.CONFIRMED,
            Person.is_disabled.is_(False),
        )
    ).all()
    known = db.session.execute(
        select(Reminder.enrolment_id, Reminder.kind, Reminder.due_at)
        .join(Enrolment, Enrolment.id == Reminder.enrolment_id)
        .where(Enrolment.session_id.in_(ready))
    )
    wanted = {
        Due(row.id, moment.kind, moment.due_at)
        for row in seated
        for moment in ready[row.session_id]
        if not (moment.is_for_early and row.confirmed_at and row.confirmed_at > moment.due_at)
    }
    return sorted(wanted - {Due(*row) for row in known})


def _sessions(now: datetime) -> Sequence[tuple[int, list[Moment]]]:
    """The sessions that may have something due: of the next week, and of the last days."""
    end = func.coalesce(CycleSession.ends_at, CycleSession.starts_at)
    near = select(CycleSession).where(
        CycleSession.status == SessionStatus.SCHEDULED,
        CycleSession.has_reminders,
        CycleSession.starts_at < now + timedelta(days=9),
        end > now - timedelta(days=6),
    )
    return [(session.id, moments(session)) for session in db.session.scalars(near)]


def _promise(due: Due, *, now: datetime) -> bool:
    reminder = Reminder(enrolment_id=due.enrolment_id, kind=due.kind, due_at=due.due_at, created_at=now)
    if not insert_once(reminder):
        return False
    outbox.promise("reminder.due", now=now, reminder=reminder.id, enrolment=due.enrolment_id)
    return True
