"""Seats. One rule: free seats go to the head of the queue; quotas keep some for a kind of organisation."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, bindparam, func, inspect, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm.attributes import set_committed_value

from academy.domain import audit, outbox
from academy.domain.rows import table_of
from academy.extensions import db
from academy.models import (
    QUOTAS_END,
    CycleSession,
    Ending,
    Enrolment,
    EnrolmentStatus,
    OrganisationKind,
    SessionStatus,
)

CONFIRMED, WAITING, CANCELLED = EnrolmentStatus.CONFIRMED, EnrolmentStatus.WAITING, EnrolmentStatus.CANCELLED
OFFERED, REQUESTED = EnrolmentStatus.OFFERED, EnrolmentStatus.REQUESTED
TAKEN = (CONFIRMED, OFFERED)  # a seat that is offered is nobody else's

Taken = Mapping[OrganisationKind | None, int]

# Asked at each enrolment, cancellation and answer: built once.
_ROWS = table_of(CycleSession)
_LOCK = update(_ROWS).where(_ROWS.c.id == bindparam("locked")).values(seq=_ROWS.c.seq + 1).returning(_ROWS)
_COUNTS = (
    select(Enrolment.session_id, Enrolment.status, func.count())
    .where(Enrolment.session_id.in_(bindparam("sessions", expanding=True)))
    .group_by(Enrolment.session_id, Enrolment.status)
)
_QUEUE = (
    select(Enrolment.id, Enrolment.organisation_kind)
    .where(Enrolment.session_id == bindparam("queued"), Enrolment.status == WAITING)
    .order_by(Enrolment.rank)
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class Seats:
    """How full a session is; `taken` counts the seats that are `offered`, `requested` takes none. `left` is None without a limit."""

    capacity: int | None
    taken: int
    waiting: int
    requested: int = 0
    offered: int = 0

    @property
    def left(self) -> int | None:
        return None if self.capacity is None else max(self.capacity - self.taken, 0)


@dataclass(frozen=True)
class Asker:
    """Somebody in the queue."""

    id: int
    kind: OrganisationKind | None


def who_gets_a_seat(
    queue: Sequence[Asker], *, capacity: int | None, quotas: Mapping[OrganisationKind, int], taken: Taken
) -> list[int]:
    """The ids of those of *queue*, in its order, for whom there is a seat.

    Each is seated on a seat kept for their kind while it has one, else on one that is everybody's, else
    waits, and those behind them whose kind has room pass. *taken* counts the seats given, by kind: those
    above the quota of their kind were everybody's. No capacity is no limit; quotas need one.
    """
    if capacity is None:
        return [asker.id for asker in queue]
    given, seated = dict(taken), []
    left = capacity - sum(given.values())
    shared = capacity - sum(quotas.values())
    shared -= sum(max(count - quotas.get(kind, 0), 0) if kind else count for kind, count in given.items())
    for asker in queue:
        if left <= 0:
            break
        is_kept = asker.kind is not None and given.get(asker.kind, 0) < quotas.get(asker.kind, 0)
        if is_kept or shared > 0:
            shared -= not is_kept
            left -= 1
            given[asker.kind] = given.get(asker.kind, 0) + 1
            seated.append(asker.id)
    return seated


def quotas_in_force(session: CycleSession, *, now: datetime) -> dict[OrganisationKind, int]:
    """The quotas; none without a limit of seats, and none in the last days: what is unspent is everybody's."""
    is_released = session.starts_at is not None and session.starts_at - QUOTAS_END <= now
    return {} if session.capacity is None or is_released else session.quotas


def seats(sessions: list[CycleSession]) -> dict[int, Seats]:
    """Count the seats of many sessions in one query, keyed by session id."""
    found: dict[int, Counter[str]] = {session.id: Counter() for session in sessions}
    for session_id, status, count in db.session.execute(_COUNTS, {"sessions": list(found)}):
        found[session_id][status] = count
    return {session.id: counted(session.capacity, found[session.id]) for session in sessions}


def counted(capacity: int | None, counts: Mapping[str, int]) -> Seats:
    """The seats of one session from its enrolments by status."""
    waiting, requested, offered = (counts.get(status, 0) for status in (WAITING, REQUESTED, OFFERED))
    return Seats(capacity, counts.get(CONFIRMED, 0) + offered, waiting, requested, offered)


def lock(session: CycleSession) -> None:
    """Take the session's lock: the first statement of every change to it.

    A write takes the row lock on PostgreSQL and the write lock on SQLite (where FOR UPDATE does
    nothing). It must come before any insert: locking after one deadlocks on PostgreSQL.
    """
    (number,) = inspect(session).identity or (session.id,)  # the attribute alone reads the row first, after a rollback
    db.session.flush()
    row = db.session.execute(_LOCK, {"locked": number}).mappings().one()
    known = vars(session)
    for name, value in row.items():  # as it now is; the ORM takes twice as long for it, while everybody else waits
        if name not in known or known[name] != value:
            set_committed_value(session, name, value)


def settle(
    session: CycleSession, *, now: datetime, newcomers: Collection[Enrolment] = (), full: Seats | None = None
) -> list[Enrolment]:
    """Let offers lapse, then give the free seats to whom they belong; return those who gain one.

    *newcomers* are there to say yes: their seat is given at once even where freed seats are offered.
    Nothing moves while a session is postponed or once it has begun. The caller holds the lock; *full* is
    what it has counted under it.
    """
    if session.status != SessionStatus.SCHEDULED:
        return []
    full = full or seats([session])[session.id]
    if full.offered and _lapse(session, now=now):
        full = seats([session])[session.id]
    if session.starts_at is not None and session.starts_at <= now:
        return []
    if not (ids := who_would_gain(session, now=now, full=full)):
        return []
    gaining = list(db.session.scalars(select(Enrolment).where(Enrolment.id.in_(ids)).order_by(Enrolment.rank)))
    for enrolment in gaining:
        if session.offer_hours is None or enrolment in newcomers:
            give(enrolment, now=now)
        else:
            offer(enrolment, session, now=now)
    return gaining


def give(enrolment: Enrolment, *, now: datetime) -> None:
    """The seat is theirs."""
    enrolment.status, enrolment.confirmed_at, enrolment.offered_until = CONFIRMED, now, None
    tell_seat(enrolment, now=now)


def tell_seat(enrolment: Enrolment, *, now: datetime) -> None:
    """Write in the journal that a seat was given, and promise its mail."""
    audit.record("enrolment.seat", enrolment, by=None, now=now, session=enrolment.session_id)
    outbox.promise("enrolment.confirmed", now=now, enrolment=enrolment.id)


def offer(enrolment: Enrolment, session: CycleSession, *, now: datetime) -> None:
    """Keep a seat for them until a deadline, which is never after the session begins."""
    until = now + timedelta(hours=session.offer_hours or 0)
    enrolment.status = OFFERED
    enrolment.offered_until = until = min(until, session.starts_at) if session.starts_at else until
    deadline = until.isoformat()
    audit.record("enrolment.offer", enrolment, by=None, now=now, session=session.id, until=deadline)
    outbox.promise("enrolment.offered", now=now, enrolment=enrolment.id, until=deadline)


def settle_next(*, now: datetime) -> int:
    """Settle one session where the clock alone frees seats; return how many enrolments moved."""
    session = db.session.scalar(_due(now).order_by(CycleSession.id).limit(1))
    if session is None:
        return 0
    lock(session)
    lapsing = db.session.scalar(select(func.count()).where(*_lapsed(session.id, now)))
    return (lapsing or 0) + len(settle(session, now=now))


def has_due(*, now: datetime) -> bool:
    """Whether an offer has lapsed, or seats that were kept are everybody's while somebody waits: a plain read."""
    return db.session.scalar(_due(now).with_only_columns(CycleSession.id).limit(1)) is not None


def _lapse(session: CycleSession, *, now: datetime) -> int:
    """End the offers that nobody answered in time; return how many."""
    wanted = select(Enrolment).where(*_lapsed(session.id, now)).order_by(Enrolment.rank)
    lapsing = db.session.scalars(wanted).all()
    for enrolment in lapsing:
        enrolment.status, enrolment.cancelled_at, enrolment.ending = CANCELLED, now, Ending.EXPIRED
        audit.record("enrolment.offer_lapse", enrolment, by=None, now=now, session=session.id)
        outbox.promise("enrolment.offer_lapsed", now=now, enrolment=enrolment.id)
    db.session.flush()
    return len(lapsing)


def _lapsed(session_id: int | InstrumentedAttribute[int], now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Enrolment.session_id == session_id, Enrolment.status == OFFERED, Enrolment.offered_until <= now


def who_would_gain(session: CycleSession, *, now: datetime, full: Seats | None = None) -> list[int]:
    """The ids of the enrolments in the queue for which there is a seat, in order; *full* where it was just counted."""
    quotas, full = quotas_in_force(session, now=now), full or seats([session])[session.id]
    if full.left == 0 or not full.waiting:
        return []
    # Without quotas it is the head of the queue, however long that is.
    most = full.waiting if quotas or full.left is None else full.left
    rows = db.session.execute(_QUEUE, {"queued": session.id, "most": most})
    taken = _taken(session) if quotas else {}
    limit = session.capacity if quotas else full.left
    return who_gets_a_seat([Asker(*row) for row in rows], capacity=limit, quotas=quotas, taken=taken)


def has_seat_for(kind: OrganisationKind | None, session: CycleSession, *, full: Seats, now: datetime) -> bool:
    """Whether a newcomer is seated, once those before them in the queue have what is theirs; *full*: how full it is then."""
    quotas = quotas_in_force(session, now=now)
    taken: Taken = _taken(session) if quotas else {None: full.taken}
    return bool(who_gets_a_seat([Asker(0, kind)], capacity=session.capacity, quotas=quotas, taken=taken))


def _taken(session: CycleSession) -> Taken:
    counts = (
        select(Enrolment.organisation_kind, func.count())
        .where(Enrolment.session_id == session.id, Enrolment.status.in_(TAKEN))
        .group_by(Enrolment.organisation_kind)
    )
    return dict(db.session.execute(counts).all())


def _due(now: datetime) -> Select[CycleSession]:
    mine = Enrolment.session_id == CycleSession.id
    lapses = select(Enrolment.id).where(*_lapsed(CycleSession.id, now)).exists()
    waits = select(Enrolment.id).where(mine, Enrolment.status == WAITING).exists()
    taken = select(func.count(Enrolment.id)).where(mine, Enrolment.status.in_(TAKEN)).scalar_subquery()
    has_quotas = or_(*(getattr(CycleSession, f"quota_{kind}") > 0 for kind in OrganisationKind))
    is_released = (CycleSession.starts_at > now) & (CycleSession.starts_at <= now + QUOTAS_END)
    frees = has_quotas & is_released & waits & (CycleSession.capacity > taken)
    return select(CycleSession).where(CycleSession.status == SessionStatus.SCHEDULED, or_(lapses, frees))
