"""Everyone joins the queue; free seats go to its head."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from academy.domain import enrolment
from academy.domain.errors import Refused
from academy.extensions import db as database, transaction
from academy.models import (
    AuditEntry,
    CycleSession,
    Enrolment,
    EnrolmentStatus,
    OutboxMessage,
    Person,
    SessionState,
    SessionStatus,
)
from academy.web import clock
from tests.factories import a_person, a_session

pytestmark = pytest.mark.usefixtures("db")
CONFIRMED, WAITING, CANCELLED = EnrolmentStatus.CONFIRMED, EnrolmentStatus.WAITING, EnrolmentStatus.CANCELLED


def enrol(person: int, session: int, **shift: float) -> int:
    with transaction() as it:
        now = clock.now() + timedelta(**shift)
        held = enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, session), now=now)
        it.flush()
        return held.id


def cancel(held: int) -> list[int]:
    with transaction() as it:
        return [one.id for one in enrolment.cancel(it.get_one(Enrolment, held), by=None, now=clock.now())]


def status(held: int) -> str:
    return database.session.get_one(Enrolment, held).status


def topics() -> list[str]:
    return list(database.session.scalars(select(OutboxMessage.topic).order_by(OutboxMessage.id)))


def test_a_free_seat_is_given_at_once():
    session = a_session(capacity=1)
    assert status(enrol(a_person(), session)) == CONFIRMED
    assert topics() == ["enrolment.confirmed"]


def test_without_a_free_seat_one_waits_and_knows_the_position():
    session = a_session(capacity=1)
    held = [enrol(a_person(), session) for _ in range(3)]
    assert [status(one) for one in held] == [CONFIRMED, WAITING, WAITING]
    rows = [database.session.get_one(Enrolment, one) for one in held]
    assert [enrolment.position(row) for row in rows] == [0, 1, 2]
    assert enrolment.positions(rows) == {held[1]: 1, held[2]: 2}
    assert topics() == ["enrolment.confirmed", "enrolment.waiting", "enrolment.waiting"]


def test_enrolling_twice_is_harmless():
    session, person = a_session(), a_person()
    assert enrol(person, session) == enrol(person, session)
    assert database.session.scalar(select(func.count(Enrolment.id))) == 1
    assert topics() == ["enrolment.confirmed"]


def test_the_database_refuses_a_second_live_enrolment():
    session, person = a_session(), a_person()
    enrol(person, session)
    row = Enrolment(session_id=session, person_id=person, status=WAITING, rank=99, joined_at=clock.now())
    with pytest.raises(IntegrityError), transaction() as it:
        it.add(row)


def test_cancel_passes_the_seat_to_the_head_of_the_queue():
    session = a_session(capacity=1)
    first, second, third = (enrol(a_person(), session) for _ in range(3))
    assert cancel(first) == [second]
    assert [status(one) for one in (first, second, third)] == [CANCELLED, CONFIRMED, WAITING]
    assert topics()[-2:] == ["enrolment.cancelled", "enrolment.confirmed"]


def test_cancel_of_somebody_who_waits_frees_no_seat():
    session = a_session(capacity=1)
    first, second, third = (enrol(a_person(), session) for _ in range(3))
    assert cancel(second) == []
    assert [status(one) for one in (first, third)] == [CONFIRMED, WAITING]
    assert enrolment.position(database.session.get_one(Enrolment, third)) == 1


def test_cancelling_twice_is_harmless():
    session = a_session(capacity=1)
    first, second = (enrol(a_person(), session) for _ in range(2))
    assert [cancel(first), cancel(first)] == [[second], []]
    assert topics().count("enrolment.cancelled") == 1


def test_whoever_comes_back_joins_at_the_end_of_the_queue():
    session, person = a_session(capacity=1), a_person()
    first = enrol(person, session)
    second, third = enrol(a_person(), session), enrol(a_person(), session)
    cancel(first)
    again = enrol(person, session)
    assert [status(one) for one in (first, second, third, again)] == [CANCELLED, CONFIRMED, WAITING, WAITING]
    assert enrolment.position(database.session.get_one(Enrolment, again)) == 2


def test_nobody_overtakes_the_queue_while_a_seat_is_free():
    """A raise of the capacity serves who waits first, then the newcomer."""
    session = a_session(capacity=0)
    waiting = enrol(a_person(), session)
    with transaction() as it:
        enrolment.resize(it.get_one(CycleSession, session), 1, by=None, now=clock.now())
    newcomer = enrol(a_person(), session)
    assert [status(waiting), status(newcomer)] == [CONFIRMED, WAITING]


@pytest.mark.parametrize(("capacity", "seated"), [(3, 2), (None, 4), (1, 0), (0, 0)])
def test_resize_gives_new_seats_in_order_and_takes_none_away(capacity: int | None, seated: int):
    session = a_session(capacity=1)
    held = [enrol(a_person(), session) for _ in range(5)]
    with transaction() as it:
        gained = enrolment.resize(it.get_one(CycleSession, session), capacity, by=None, now=clock.now())
        assert [one.id for one in gained] == held[1 : 1 + seated]
    assert status(held[0]) == CONFIRMED


NOT_ACCEPTING = {
    "ended": {"starts_in": timedelta(days=-2)},
    "closed": {"closes_at": clock.now() - timedelta(hours=1)},
    "not_yet_open": {"opens_at": clock.now() + timedelta(days=1)},
    "to_schedule": {"starts_in": None},
    "postponed": {"status": SessionStatus.POSTPONED},
    "cancelled": {"status": SessionStatus.CANCELLED},
    "full": {"capacity": 0, "has_waiting_list": False},
}


@pytest.mark.parametrize("state", NOT_ACCEPTING)
def test_a_session_that_takes_nobody_refuses_with_its_state(state: str):
    session, person = a_session(**NOT_ACCEPTING[state]), a_person()
    with pytest.raises(Refused, match=rf"^enrolment_{state}$"):
        enrol(person, session)
    with pytest.raises(Refused, match=rf"^enrolment_{state}$"), transaction() as it:
        enrolment.ask(it.get_one(CycleSession, session), "a@example.org", name="A", language="fr", now=clock.now())
    assert topics() == []


def test_every_state_is_told_apart():
    wanted = {
        SessionState.OPEN: {},
        SessionState.CLOSING_SOON: {"starts_in": timedelta(days=2)},
        SessionState.WAITING_LIST: {"capacity": 0},
        **{SessionState(name): values for name, values in NOT_ACCEPTING.items()},
    }
    assert set(wanted) == set(SessionState)
    for state, values in wanted.items():
        session = database.session.get_one(CycleSession, a_session(**values))
        seats = enrolment.seats([session])[session.id]
        assert enrolment.state_of(session, seats, now=clock.now()) == state


def test_nobody_cancels_after_the_end():
    session = a_session()
    held = enrol(a_person(), session)
    with pytest.raises(Refused, match=r"^enrolment_ended$"), transaction() as it:
        enrolment.cancel(it.get_one(Enrolment, held), by=None, now=clock.now() + timedelta(days=40))
    assert status(held) == CONFIRMED


def test_each_step_writes_its_audit_line_in_the_same_transaction():
    session = a_session(capacity=1)
    first, second = (enrol(a_person(), session) for _ in range(2))
    cancel(first)
    rows = select(AuditEntry.action, AuditEntry.entity_id).where(AuditEntry.entity == "enrolment")
    assert [tuple(row) for row in database.session.execute(rows.order_by(AuditEntry.id))] == [
        ("enrolment.join", first),
        ("enrolment.seat", first),
        ("enrolment.join", second),
        ("enrolment.cancel", first),
        ("enrolment.seat", second),
    ]


def test_a_cancelled_session_gives_its_seats_to_nobody():
    session = a_session(capacity=1)
    first, second = (enrol(a_person(), session) for _ in range(2))
    with transaction() as it:
        it.get_one(CycleSession, session).status = SessionStatus.CANCELLED
    assert cancel(first) == []
    assert status(second) == WAITING
