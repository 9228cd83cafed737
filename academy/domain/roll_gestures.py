"""What an organiser does to several lines of a roll at once, and takes back."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased, joinedload

from academy.domain import audit, enrolment, outbox
from academy.domain.errors import Refused
from academy.extensions import db
from academy.models import AuditEntry, CycleSession, Enrolment, EnrolmentStatus, Person, SessionStatus

UNDO_WITHIN = timedelta(days=1)
CANCELLED, WAITING = EnrolmentStatus.CANCELLED, EnrolmentStatus.WAITING


def live(session: CycleSession, ids: Collection[int]) -> list[Enrolment]:
    """Those of *ids* that are enrolments of the session and not cancelled, in the order of joining."""
    wanted = select(Enrolment).where(Enrolment.session_id == session.id, Enrolment.status != CANCELLED)
    rows = db.session.scalars(wanted.options(joinedload(Enrolment.person)).order_by(Enrolment.rank))
    return [row for row in rows if row.id in ids]


def cancel_all(session: CycleSession, ids: Collection[int], *, by: Person | None, now: datetime) -> tuple[int, int]:
    """Cancel several enrolments; return how many, and how many others gain a seat. Twice is harmless.

    Those who wait go first: none of them gets a seat only to lose it.
    """
    enrolment.lock(session)
    held = sorted(live(session, ids), key=lambda row: (row.status != WAITING, row.rank))
    gained: set[int] = set()
    for row in held:
        gained |= {other.id for other in enrolment.cancel(row, by=by, now=now)}
    return len(held), len(gained - {row.id for row in held})


def restorable(session: CycleSession, *, now: datetime) -> list[Enrolment]:
    """Enrolments that the team cancelled since yesterday and that may be taken back, in the order of joining.

    Not those that their owners cancelled, nor of people who have joined again.
    """
    return list(db.session.scalars(_restorable(session, now=now).options(joinedload(Enrolment.person))))


def restore(session: CycleSession, ids: Collection[int], *, by: Person | None, now: datetime) -> Sequence[Enrolment]:
    """Give people their rank in the queue back, and the seats that are free; return their enrolments.

    A seat that went to somebody else meanwhile stays theirs: then who is restored waits, at their old rank.
    """
    enrolment.lock(session)
    if session.status == SessionStatus.CANCELLED:
        raise Refused("enrolment_cancelled")
    if session.ends_at and session.ends_at <= now:
        raise Refused("enrolment_ended")
    rows = [row for row in db.session.scalars(_restorable(session, now=now)) if row.id in ids]
    for row in rows:
        row.status, row.cancelled_at, row.confirmed_at = WAITING, None, None
        audit.record("enrolment.restore", row, by=by, now=now, session=session.id)
    enrolment.resize(session, session.capacity, by=by, now=now)
    for row in rows:
        if row.status == WAITING:
            outbox.promise("enrolment.waiting", now=now, enrolment=row.id)
    return rows


def _restorable(session: CycleSession, *, now: datetime) -> Select[Enrolment]:
    again = aliased(Enrolment)
    by_team = exists().where(
        AuditEntry.action == "enrolment.cancel",
        AuditEntry.entity == "enrolment",
        AuditEntry.entity_id == Enrolment.id,
        AuditEntry.at >= Enrolment.cancelled_at,
        AuditEntry.person_id.is_not(None),
        AuditEntry.person_id != Enrolment.person_id,
    )
    is_back = exists().where(
        again.session_id == Enrolment.session_id, again.person_id == Enrolment.person_id, again.status != CANCELLED
    )
    return (
        select(Enrolment)
        .where(
            Enrolment.session_id == session.id,
            Enrolment.status == CANCELLED,
            Enrolment.cancelled_at > now - UNDO_WITHIN,
            by_team,
            ~is_back,
        )
        .order_by(Enrolment.rank)
    )
