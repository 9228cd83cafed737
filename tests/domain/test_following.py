"""Following a cycle joins what can be joined, puts nobody in two places at once, and says why not elsewhere."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.domain import enrolment, following
from academy.extensions import db as database, transaction
from academy.models import Cycle, CycleSession, Enrolment, Person, SessionStatus
from academy.web import clock
from tests.factories import a_person, a_session, at

pytestmark = pytest.mark.usefixtures("db")
NOW = clock.now()
DAY = timedelta(days=10)


def outlooks(person: int, *sessions: int) -> list[str]:
    rows = [database.session.get_one(CycleSession, session) for session in sessions]
    steps = following.plan(database.session.get_one(Person, person), rows, now=NOW)
    return [str(step.outlook) for step in steps]


def follow(person: int, *sessions: int) -> list[str]:
    with transaction() as it:
        rows = [it.get_one(CycleSession, session) for session in sessions]
        cycle = it.scalars(select(Cycle)).first()
        made = following.follow(it.get_one(Person, person), cycle, rows, now=NOW)
        return [str(one.status) for one in made]


def test_each_session_has_its_outlook():
    person = a_person()
    held = a_session(starts_in=DAY)
    with transaction() as it:
        enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, held), now=NOW)
    sessions = {
        held: "held",
        a_session(starts_in=2 * DAY): "join",
        a_session(starts_in=3 * DAY, capacity=0): "queue",
        a_session(starts_in=4 * DAY, needs_approval=True): "request",
        a_session(starts_in=DAY + timedelta(hours=1)): "clash",
        a_session(starts_in=5 * DAY, access="members"): "barred",
        a_session(starts_in=6 * DAY, status=SessionStatus.POSTPONED): "closed",
        a_session(starts_in=-DAY): "closed",
    }
    assert outlooks(person, *sessions) == list(sessions.values())
    assert follow(person, *sessions) == ["confirmed", "waiting", "requested"]
    assert follow(person, *sessions) == []


def test_invitations_are_looked_up_together(queries: list[str]):
    person = database.session.get_one(Person, a_person())
    ids = [a_session(starts_in=n * DAY, access="invitation") for n in range(1, 4)]
    rows = [database.session.get_one(CycleSession, number) for number in ids]
    costs = []
    following.plan(person, rows, now=NOW)  # the rows are read
    for some in (rows[:1], rows):
        queries.clear()
        assert [str(step.outlook) for step in following.plan(person, some, now=NOW)] == ["barred"] * len(some)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_first_of_two_at_once_is_joined():
    person = a_person()
    first, second = a_session(starts_in=DAY), a_session(starts_in=DAY + timedelta(minutes=119))
    assert outlooks(person, first, second) == ["join", "clash"]
    assert follow(person, first, second) == ["confirmed"]


def test_a_session_that_refuses_leaves_the_others_and_no_trace():
    """All its seats are kept for others, and it has no queue."""
    person = a_person()
    kept = a_session(starts_in=DAY, capacity=1, quota_company=1, has_waiting_list=False)
    other = a_session(starts_in=2 * DAY)
    assert follow(person, kept, other) == ["confirmed"]
    assert list(database.session.scalars(select(Enrolment.session_id))) == [other]


@pytest.mark.parametrize(
    ("start", "end", "clashes"),
    [
        (16, 17, False),
        (19, 20, False),
        (16, 18, True),
        (18, 20, True),
        (17, 19, True),
        (17, None, True),
        (19, None, False),
    ],
)
def test_sessions_overlap_when_one_begins_before_the_other_ends(start: int, end: int | None, clashes: bool):
    one = CycleSession(starts_at=at(2027, 2, 4, 17), ends_at=at(2027, 2, 4, 19))
    other = CycleSession(starts_at=at(2027, 2, 4, start), ends_at=at(2027, 2, 4, end) if end else None)
    assert following.overlap(one, other) == following.overlap(other, one) == clashes
    assert not following.overlap(one, CycleSession())
