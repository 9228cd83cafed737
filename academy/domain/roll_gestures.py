"""What an organiser does to several lines of a roll at once, and takes back."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased, joinedload

from academy.domain import audit, enrolment, outbox, seating
from academy.domain.errors import Refused
from academy.domain.seating import CANCELLED, CONFIRMED, REQUESTED, WAITING
from academy.extensions import db
from academy.models import IS_SOMEBODYS, AuditEntry, CycleSession, Enrolment, EnrolmentStatus, Person, SessionStatus

UNDO_WITHIN = timedelta(days=1)
_PROMISES = {WAITING: "enrolment.waiting", REQUESTED: "enrolment.requested"}


def live(session: CycleSession, ids: Collection[int]) -> list[Enrolment]:
    """Those of *ids* that have or await a seat of the session, in the order of joining.

    A request is not cancelled but refused, with a reason.
    """
    gone = (CANCELLED, REQUESTED)
    wanted = select(Enrolment).where(Enrolment.session_id == session.id, Enrolment.status.not_in(gone), IS_SOMEBODYS)
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

    Whose place was confirmed has it again at once, where one is left. A seat that went to somebody else meanwhile stays
    theirs: then who is restored waits, at their old rank. A request that nobody had answered is a request again.
    """
    enrolment.lock(session)
    _refuse_unless_open(session, now=now)
    rows = [row for row in db.session.scalars(_restorable(session, now=now)) if row.id in ids]
    before = _before(rows)
    for row in rows:
        row.status = REQUESTED if before.get(row.id) == REQUESTED else WAITING
        row.cancelled_at = row.confirmed_at = row.offered_until = row.ending = None
        row.reason = ""
        audit.record("enrolment.restore", row, by=by, now=now, session=session.id)
    seating.settle(session, now=now, newcomers=[row for row in rows if before.get(row.id) == CONFIRMED])
    for row in rows:
        if topic := _PROMISES.get(row.status):
            outbox.promise(topic, now=now, enrolment=row.id)
    return rows


def _refuse_unless_open(session: CycleSession, *, now: datetime) -> None:
    """Once it has begun, while it is postponed, or when it is cancelled, a session gives no seats back."""
    if session.status != SessionStatus.SCHEDULED:
        raise Refused(f"enrolment_{session.status}")
    if session.is_past(now):
        raise Refused("enrolment_ended")
    if session.starts_at and session.starts_at <= now:
        raise Refused("enrolment_closed")


def _before(rows: Sequence[Enrolment]) -> dict[int, EnrolmentStatus]:
    """What each of them was before it was cancelled the last time, by id."""
    ids = [row.id for row in rows]
    told = select(AuditEntry.entity_id, AuditEntry.detail).where(
        AuditEntry.action == "enrolment.cancel", AuditEntry.entity == "enrolment", AuditEntry.entity_id.in_(ids)
    )
    found = db.session.execute(told.order_by(AuditEntry.id)).all()
    return {row_id: EnrolmentStatus(detail.get("was", CONFIRMED)) for row_id, detail in found if row_id is not None}


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
