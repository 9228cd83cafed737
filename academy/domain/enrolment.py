"""Enrolment. One rule: everyone joins the queue; free seats go to its head."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from academy.domain import accounts, admission, answers, audit, outbox, seating
from academy.domain.answers import Answers
from academy.domain.errors import Refused
from academy.domain.seating import CANCELLED, OFFERED, REQUESTED, WAITING, Seats, lock, seats
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


def refuse_unless_accepting(session: CycleSession, *, now: datetime) -> Seats:
    """Refuse with the session's state when it takes no enrolment; return how full it is."""
    full = seats([session])[session.id]
    state = state_of(session, full, now=now)
    if state not in ACCEPTING:
        raise Refused(f"enrolment_{state}")
    return full


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
    if held := live_enrolment(person.id, session.id):
        late = said and not answers.has_begun(session, now=now) and answers.keep(held, said, is_strict=False, now=now)
        if late:
            audit.record("enrolment.change_answers", held, by=person, now=now, session=session.id)
        return held
    if not by_team:
        admission.refuse_unless_admitted(person, session)
    if session.offer_hours or session.quotas:  # the clock may have freed seats
        seating.settle(session, now=now)
    full = refuse_unless_accepting(session, now=now)
    status = REQUESTED if session.needs_approval and not by_team else WAITING
    enrolment = Enrolment(session=session, person=person, status=status, rank=session.seq, joined_at=now)
    enrolment.organisation_kind = kind or person.organisation_kind
    db.session.add(enrolment)
    audit.record("enrolment.join", enrolment, by=person, now=now, session=session.id)
    answers.keep(enrolment, said or {}, is_strict=not by_team, now=now)
    if status == REQUESTED:
        outbox.promise("enrolment.requested", now=now, enrolment=enrolment.id)
    else:
        _seat_or_queue(enrolment, now=now, full=replace(full, waiting=full.waiting + 1))
    return enrolment


def approve(enrolment: Enrolment, *, by: Person | None, now: datetime) -> None:
    """Let a request into the queue, at the rank of the day it was made. Twice is harmless."""
    lock(enrolment.session)
    db.session.refresh(enrolment)
    if enrolment.status != REQUESTED:
        return
    enrolment.status = WAITING
    audit.record("enrolment.approve", enrolment, by=by, now=now, session=enrolment.session_id)
    _seat_or_queue(enrolment, now=now, is_approved=True)


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
    if enrolment.status == EnrolmentStatus.CONFIRMED:
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


def _seat_or_queue(
    enrolment: Enrolment, *, now: datetime, is_approved: bool = False, full: Seats | None = None
) -> None:
    """Give a newcomer the seat that there is, else a place in the queue; refuse where there is no queue."""
    session = enrolment.session
    if enrolment in seating.settle(session, now=now, newcomers=[enrolment], full=full):
        return
    if not (session.has_waiting_list or is_approved):  # seats are left, but kept for others
        raise Refused("enrolment_kept")
    outbox.promise("enrolment.waiting", now=now, enrolment=enrolment.id)


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
