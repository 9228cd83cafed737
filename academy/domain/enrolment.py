"""Enrolment. One rule: everyone joins the queue; free seats go to its head."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import aliased, make_transient_to_detached

from academy.domain import accounts, admission, answers, audit, outbox, seating, standing
from academy.domain.answers import Answers
from academy.domain.errors import Refused
from academy.domain.rows import table_of
from academy.domain.seating import CANCELLED, CONFIRMED, OFFERED, REQUESTED, WAITING, Seats, lock, seats
from academy.extensions import db
from academy.models import (
    CycleSession,
    Ending,
    Enrolment,
    EnrolmentStatus,
    OrganisationKind,
    Person,
    SessionState,
    SessionStatus,
    session_state,
)

_ROW = insert(table_of(Enrolment)).returning(table_of(Enrolment).c.id)
ACCEPTING = {SessionState.OPEN, SessionState.CLOSING_SOON, SessionState.WAITING_LIST}


def state_of(session: CycleSession, full: Seats, *, now: datetime) -> SessionState:
    """The state that a visitor sees."""
    return session_state(session, seats_left=full.left, queue_length=full.waiting, now=now)


def ask(
    session: CycleSession,
    email: str,
    *,
    name: str,
    language: str,
    now: datetime,
    organisation: str = "",
    kind: OrganisationKind | None = None,
    said: Answers | None = None,
    pending: int | None = None,
) -> None:
    """Promise a visitor the link that confirms an enrolment; refuse at once when nobody may enrol.

    A session that is not for everybody wants to know first who asks: they sign in, or follow their invitation.
    *said* is what they answer, which waits aside until they confirm; *pending*: where it waits already.
    """
    admission.refuse_unless_admitted(None, session)
    refuse_unless_accepting(session, now=now)
    if said is not None:
        answers.refuse_unless_answered(session, said)
    stated = {"name": accounts.clean_name(name)[:120], "email": accounts.clean_email(email), "language": language}
    more = {"organisation": accounts.clean_name(organisation)[:160], "kind": kind}
    more["answers"] = pending if said is None else answers.hold(said, now=now)
    stated |= {key: value for key, value in more.items() if value}
    outbox.promise("enrolment.link_asked", now=now, session=session.id, **stated)
    audit.record("enrolment.ask_link", session, by=None, now=now)


def refuse_unless_accepting(session: CycleSession, *, now: datetime, full: Seats | None = None) -> None:
    """Refuse with the session's state when it takes no enrolment; *full* where it was just counted."""
    state = state_of(session, full or seats([session])[session.id], now=now)
    if state not in ACCEPTING:
        raise Refused(f"enrolment_{state}")


def enrol(
    person: Person,
    session: CycleSession,
    *,
    now: datetime,
    kind: OrganisationKind | None = None,
    by_team: bool = False,
    said: Answers | None = None,
) -> Enrolment:
    """Join the queue for *session*; if a seat is free it is given at once. Twice is harmless.

    Where the team answers each request, it waits for that first. *by_team* says that the team itself enrols:
    then neither its approval nor an invitation is asked for, and its questions may stay open. *kind*: what they say
    their organisation is. *said*: what they answer; it never replaces what they answered before.
    """
    lock(session)
    place, full, questions = standing.of(person.id, session)
    if place is not None:
        held = db.session.get_one(Enrolment, place)
        late = said and not answers.has_begun(session, now=now) and answers.keep(held, said, is_strict=False, now=now)
        if late:
            audit.record("enrolment.change_answers", held, by=person, now=now, session=session.id)
        return held
    if not by_team:
        admission.refuse_unless_admitted(person, session)
    if session.offer_hours or session.quotas or (full.waiting and full.left != 0):  # the clock may have freed seats
        seating.settle(session, now=now)
        full = seats([session])[session.id]
    refuse_unless_accepting(session, now=now, full=full)
    kind = kind or person.organisation_kind
    status = _status_of_newcomer(session, kind, full, is_approved=by_team or not session.needs_approval, now=now)
    enrolment = _join(person, session, status=status, organisation_kind=kind, now=now)
    audit.record("enrolment.join", enrolment, by=person, now=now, session=session.id)
    if questions:
        answers.keep(enrolment, said or {}, is_strict=not by_team, now=now)
    if status == CONFIRMED:
        seating.tell_seat(enrolment, now=now)
    else:
        outbox.promise(f"enrolment.{status}", now=now, enrolment=enrolment.id)
    return enrolment


def _status_of_newcomer(
    session: CycleSession, kind: OrganisationKind | None, full: Seats, *, is_approved: bool, now: datetime
) -> EnrolmentStatus:
    """What somebody becomes who joins behind a queue that has its seats; refuse who can neither sit nor wait."""
    if not is_approved:
        return REQUESTED
    if seating.has_seat_for(kind, session, full=full, now=now):
        return CONFIRMED
    if not session.has_waiting_list:  # seats are left, but kept for others
        raise Refused("enrolment_kept")
    return WAITING


def _join(person: Person, session: CycleSession, *, now: datetime, **said: object) -> Enrolment:
    """Write the row. At once: a flush of the ORM takes thrice as long, while everybody else awaits the lock."""
    row = {"session_id": session.id, "person_id": person.id, "rank": session.seq, "joined_at": now, **said}
    row["confirmed_at"] = now if said["status"] == CONFIRMED else None
    enrolment = Enrolment(id=db.session.execute(_ROW, row).scalar_one(), **row)
    make_transient_to_detached(enrolment)
    db.session.add(enrolment)  # known from here on as if it had been read
    return enrolment


def approve(enrolment: Enrolment, *, by: Person | None, now: datetime) -> None:
    """Let a request into the queue, at the rank of the day it was made. Twice is harmless."""
    lock(enrolment.session)
    db.session.refresh(enrolment)
    if enrolment.status != REQUESTED:
        return
    enrolment.status = WAITING
    audit.record("enrolment.approve", enrolment, by=by, now=now, session=enrolment.session_id)
    if enrolment not in seating.settle(enrolment.session, now=now, newcomers=[enrolment]):
        outbox.promise("enrolment.waiting", now=now, enrolment=enrolment.id)


def refuse(enrolment: Enrolment, *, reason: str, by: Person | None, now: datetime) -> None:
    """Answer a request with no; the reason is sent to the person. Twice is harmless."""
    lock(enrolment.session)
    db.session.refresh(enrolment)
    if enrolment.status != REQUESTED:
        return
    if not reason.strip():
        raise Refused("reason_missing")
    enrolment.status, enrolment.cancelled_at = CANCELLED, now
    enrolment.ending, enrolment.reason = Ending.REFUSED, reason.strip()[:1000]
    audit.record("enrolment.refuse", enrolment, by=by, now=now, session=enrolment.session_id)
    outbox.promise("enrolment.refused", now=now, enrolment=enrolment.id)


def accept(enrolment: Enrolment, *, by: Person | None, now: datetime) -> None:
    """Say yes to an offered seat, before its deadline. Twice is harmless."""
    session = enrolment.session
    lock(session)
    db.session.refresh(enrolment)
    if enrolment.status == CONFIRMED:
        return
    if enrolment.status != OFFERED or not is_offer_open(enrolment, now=now):
        raise Refused("offer_over")
    audit.record("enrolment.accept", enrolment, by=by, now=now, session=session.id)
    seating.give(enrolment, now=now)


def is_offer_open(enrolment: Enrolment, *, now: datetime) -> bool:
    """Whether the seat is still kept; while the session is postponed no deadline runs."""
    until = enrolment.offered_until
    return enrolment.session.status == SessionStatus.POSTPONED or (until is not None and now < until)


def cancel(enrolment: Enrolment, *, by: Person | None, now: datetime) -> list[Enrolment]:
    """Leave the queue, decline an offer or free the seat; return the enrolments that gain one. Twice is harmless."""
    session = enrolment.session
    lock(session)
    db.session.refresh(enrolment)
    if enrolment.status == CANCELLED:
        return []
    if session.is_past(now):
        raise Refused("enrolment_ended")
    if enrolment.status == OFFERED and (by is None or by.id == enrolment.person_id):
        enrolment.ending = Ending.DECLINED
    was, enrolment.status, enrolment.cancelled_at = enrolment.status, CANCELLED, now
    audit.record("enrolment.cancel", enrolment, by=by, now=now, session=session.id, was=was)
    outbox.promise("enrolment.cancelled", now=now, enrolment=enrolment.id)
    return seating.settle(session, now=now)


def resize(session: CycleSession, capacity: int | None, *, by: Person | None, now: datetime) -> list[Enrolment]:
    """Change the number of seats (None: no limit). Nobody loses a seat already given."""
    lock(session)
    if capacity != session.capacity:
        audit.record("session.resize", session, by=by, now=now, before=session.capacity, after=capacity)
        session.capacity = capacity
    return seating.settle(session, now=now)


def position(enrolment: Enrolment) -> int:
    """Place in the waiting list, from 1; 0 when not waiting."""
    return positions([enrolment]).get(enrolment.id, 0)


def positions(enrolments: list[Enrolment]) -> dict[int, int]:
    """Places in their waiting lists, from 1, keyed by enrolment id, in one query; who does not wait has none."""
    waiting = [enrolment.id for enrolment in enrolments if enrolment.status == WAITING]
    if not waiting:
        return {}
    ahead = aliased(Enrolment)
    counts = (
        select(Enrolment.id, func.count(ahead.id))
        .join(ahead, (ahead.session_id == Enrolment.session_id) & (ahead.rank <= Enrolment.rank))
        .where(Enrolment.id.in_(waiting), ahead.status == WAITING)
        .group_by(Enrolment.id)
    )
    return dict(db.session.execute(counts).all())


_IS_LIVE = (
    Enrolment.session_id == bindparam("session_id"),
    Enrolment.person_id == bindparam("person_id"),
    Enrolment.status != CANCELLED,
)
_LIVE = select(Enrolment).where(*_IS_LIVE)
_AHEAD = aliased(Enrolment)
# Asked at each look of somebody signed in at a session: built once.
_HELD = select(
    Enrolment.id,
    Enrolment.status,
    Enrolment.offered_until,
    select(func.count())
    .where(
        Enrolment.status == WAITING,
        _AHEAD.session_id == Enrolment.session_id,
        _AHEAD.status == WAITING,
        _AHEAD.rank <= Enrolment.rank,
    )
    .correlate(Enrolment)
    .scalar_subquery(),
).where(*_IS_LIVE)


def live_enrolment(person_id: int, session_id: int) -> Enrolment | None:
    """The person's enrolment that is not cancelled."""
    return db.session.scalar(_LIVE, {"session_id": session_id, "person_id": person_id})


@dataclass(frozen=True)
class Held:
    """A live enrolment as its owner sees it; `position` in the waiting list from 1, 0 when not waiting."""

    id: int
    status: EnrolmentStatus
    offered_until: datetime | None
    position: int


def held(person_id: int, session_id: int) -> Held | None:
    """The person's live enrolment in the session, as committed: for showing, without the session of the ORM."""
    with db.engine.connect() as connection:
        row = connection.execute(_HELD, {"session_id": session_id, "person_id": person_id}).first()
    return Held(*row) if row else None
