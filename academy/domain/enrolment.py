"""Enrolment. One rule: everyone joins the queue; free seats go to its head."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.orm import aliased

from academy.domain import accounts, audit, outbox
from academy.domain.errors import Refused
from academy.extensions import db
from academy.models import CycleSession, Enrolment, EnrolmentStatus, Person, SessionState, SessionStatus, session_state

CONFIRMED, WAITING, CANCELLED = EnrolmentStatus.CONFIRMED, EnrolmentStatus.WAITING, EnrolmentStatus.CANCELLED
_ACCEPTING = {SessionState.OPEN, SessionState.CLOSING_SOON, SessionState.WAITING_LIST}


@dataclass(frozen=True)
class Seats:
    """How full a session is. `left` is None without a limit."""

    capacity: int | None
    taken: int
    waiting: int

    @property
    def left(self) -> int | None:
        return None if self.capacity is None else max(self.capacity - self.taken, 0)


def seats(sessions: list[CycleSession]) -> dict[int, Seats]:
    """Count the seats of many sessions in one query, keyed by session id."""
    counts = (
        select(
            Enrolment.session_id,
            func.sum(case((Enrolment.status == CONFIRMED, 1), else_=0)),
            func.sum(case((Enrolment.status == WAITING, 1), else_=0)),
        )
        .where(Enrolment.session_id.in_([session.id for session in sessions]))
        .group_by(Enrolment.session_id)
    )
    found = {session_id: (int(taken), int(waiting)) for session_id, taken, waiting in db.session.execute(counts)}
    return {session.id: Seats(session.capacity, *found.get(session.id, (0, 0))) for session in sessions}


def state_of(session: CycleSession, full: Seats, *, now: datetime) -> SessionState:
    """The state that a visitor sees."""
    return session_state(session, seats_left=full.left, queue_length=full.waiting, now=now)


def ask(session: CycleSession, email: str, *, name: str, language: str, now: datetime) -> None:
    """Promise a visitor the link that confirms an enrolment; refuse at once when nobody may enrol."""
    refuse_unless_accepting(session, now=now)
    name, email = accounts.clean_name(name)[:120], accounts.clean_email(email)
    outbox.promise("enrolment.link_asked", now=now, session=session.id, email=email, name=name, language=language)
    audit.record("enrolment.ask_link", session, by=None, now=now)


def refuse_unless_accepting(session: CycleSession, *, now: datetime) -> None:
    """Refuse with the session's state when it takes no enrolment."""
    state = state_of(session, seats([session])[session.id], now=now)
    if state not in _ACCEPTING:
        raise Refused(f"enrolment_{state}")


def enrol(person: Person, session: CycleSession, *, now: datetime) -> Enrolment:
    """Join the queue for *session*; if a seat is free it is given at once. Twice is harmless."""
    lock(session)
    if held := live_enrolment(person.id, session.id):
        return held
    refuse_unless_accepting(session, now=now)
    enrolment = Enrolment(session=session, person=person, status=WAITING, rank=session.seq, joined_at=now)
    db.session.add(enrolment)
    audit.record("enrolment.join", enrolment, by=person, now=now, session=session.id)
    if enrolment not in _give_seats(session, now=now):
        outbox.promise("enrolment.waiting", now=now, enrolment=enrolment.id)
    return enrolment


def cancel(enrolment: Enrolment, *, by: Person | None, now: datetime) -> list[Enrolment]:
    """Leave the queue or free the seat; return the enrolments that gain one. Twice is harmless."""
    session = enrolment.session
    lock(session)
    db.session.refresh(enrolment)
    if enrolment.status == CANCELLED:
        return []
    if session.ends_at and session.ends_at <= now:
        raise Refused("enrolment_ended")
    enrolment.status, enrolment.cancelled_at = CANCELLED, now
    audit.record("enrolment.cancel", enrolment, by=by, now=now, session=session.id)
    outbox.promise("enrolment.cancelled", now=now, enrolment=enrolment.id)
    return _give_seats(session, now=now)


def resize(session: CycleSession, capacity: int | None, *, by: Person | None, now: datetime) -> list[Enrolment]:
    """Change the number of seats (None: no limit). Nobody loses a seat already given."""
    lock(session)
    if capacity != session.capacity:
        audit.record("session.resize", session, by=by, now=now, before=session.capacity, after=capacity)
        session.capacity = capacity
    return _give_seats(session, now=now)


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
    position: int


def held(person_id: int, session_id: int) -> Held | None:
    """The person's live enrolment in the session, as committed: for showing, without the session of the ORM."""
    with db.engine.connect() as connection:
        row = connection.execute(_HELD, {"session_id": session_id, "person_id": person_id}).first()
    return Held(*row) if row else None


def lock(session: CycleSession) -> None:
    """Take the session's lock: the first statement of every change to it.

    A write takes the row lock on PostgreSQL and the write lock on SQLite (where FOR UPDATE does
    nothing). It must come before any insert: locking after one deadlocks on PostgreSQL.
    """
    db.session.execute(
        update(CycleSession)
        .where(CycleSession.id == session.id)
        .values(seq=CycleSession.seq + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(session)


def _give_seats(session: CycleSession, *, now: datetime) -> list[Enrolment]:
    if session.status == SessionStatus.CANCELLED:
        return []
    db.session.flush()
    queue = select(Enrolment).where(Enrolment.session_id == session.id, Enrolment.status == WAITING)
    left = seats([session])[session.id].left
    if left is not None:
        queue = queue.limit(left)
    seated = list(db.session.scalars(queue.order_by(Enrolment.rank)))
    for enrolment in seated:
        enrolment.status, enrolment.confirmed_at = CONFIRMED, now
        audit.record("enrolment.seat", enrolment, by=None, now=now, session=session.id)
        outbox.promise("enrolment.confirmed", now=now, enrolment=enrolment.id)
    return seated
