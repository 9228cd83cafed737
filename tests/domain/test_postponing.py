"""A session is postponed and set again: everybody is told, seats are kept, calendars follow."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.domain import enrolment, postponing, scheduling
from academy.domain.errors import Refused
from academy.domain.session_texts import Schedule, Words, schedule_of
from academy.extensions import db as database, transaction
from academy.models import Cycle, CycleSession, Enrolment, Kind, OutboxMessage, Person, SessionStatus
from tests.factories import a_person, a_text, at

pytestmark = pytest.mark.usefixtures("db")
NOW = at(2026, 11, 22)
START, END = at(2027, 2, 4, 17), at(2027, 2, 4, 19)
WORDS = {"fr": Words(title="Les câbles", summary="Deux heures.", programme="Café.")}


@pytest.fixture
def session() -> CycleSession:
    """A published session with one seat, a confirmed person and one who waits."""
    a_text("port", kind=Kind.CYCLE, slug="port", topics=["port"])
    cycle = database.session.scalars(select(Cycle).where(Cycle.slug == "port")).one()
    facts = Schedule(starts_at=START, ends_at=END, capacity=1)
    texts = scheduling.prepare_session(cycle, facts, WORDS, publish=True, now=NOW)
    with transaction() as it:
        cycle = it.scalars(select(Cycle).where(Cycle.slug == "port")).one()
        row = scheduling.create_session(texts, cycle=cycle, by=None, now=NOW)
        it.flush()
        number = row.id
    for person in (a_person(), a_person()):
        with transaction() as it:
            enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, number), now=NOW)
    return database.session.get_one(CycleSession, number)


def postpone(session: CycleSession, *, now=NOW) -> int:
    with transaction():
        return postponing.postpone_session(session, by=None, now=now)


def set_again(session: CycleSession, *, now=NOW, **facts) -> None:
    edit = scheduling.prepare_edit(session, replace(schedule_of(session), **facts), now=now)
    with transaction():
        postponing.reschedule_session(edit, by=None, now=now)


def told(topic: str) -> int:
    return len(list(database.session.scalars(select(OutboxMessage).where(OutboxMessage.topic == topic))))


def statuses() -> list[str]:
    return [str(status) for status in database.session.scalars(select(Enrolment.status).order_by(Enrolment.rank))]


def test_postponing_tells_everybody_once_and_keeps_every_seat(session):
    assert postpone(session) == 2
    assert postpone(session) == 0
    assert (session.status, session.sequence, statuses()) == ("postponed", 1, ["confirmed", "waiting"])
    assert told("session.postponed") == 2


def test_a_new_date_tells_everybody_and_raises_the_sequence(session):
    postpone(session)
    set_again(session, starts_at=START + timedelta(days=30), ends_at=END + timedelta(days=30))
    assert (session.status, session.starts_at) == ("scheduled", START + timedelta(days=30))
    assert (session.sequence, told("session.changed")) == (2, 2)
    assert "2027-03-06 18:00" in session.document.editions[0].head.source


def test_the_old_date_set_again_is_told_too(session):
    postpone(session)
    set_again(session)
    assert (session.status, session.sequence, told("session.changed")) == ("scheduled", 2, 2)


def test_one_may_leave_a_postponed_session_and_the_next_gains_when_it_is_set_again(session):
    postpone(session)
    first = database.session.scalars(select(Enrolment).order_by(Enrolment.rank)).first()
    later = END + timedelta(days=1)
    with transaction() as it:
        assert enrolment.cancel(it.get_one(Enrolment, first.id), by=None, now=later) == []
    set_again(session, now=later, starts_at=START + timedelta(days=60), ends_at=END + timedelta(days=60))
    assert statuses() == ["cancelled", "confirmed"]


def test_offers_start_anew_with_the_new_date(session):
    with transaction():
        session.offer_hours = 24
    first = database.session.scalars(select(Enrolment).order_by(Enrolment.rank)).first()
    with transaction() as it:
        enrolment.cancel(it.get_one(Enrolment, first.id), by=None, now=NOW)
    postpone(session)
    later = NOW + timedelta(days=3)
    set_again(session, now=later, starts_at=START + timedelta(days=60), ends_at=END + timedelta(days=60))
    offered = database.session.scalars(select(Enrolment).where(Enrolment.status == "offered")).one()
    assert offered.offered_until == later + timedelta(hours=24)


@pytest.mark.parametrize(
    ("status", "now", "code"),
    [(SessionStatus.CANCELLED, NOW, "session_cancelled"), (SessionStatus.SCHEDULED, END, "session_ended")],
)
def test_what_cannot_be_postponed(session, status, now, code):
    with transaction():
        session.status = status
    with pytest.raises(Refused, match=code):
        postpone(session, now=now)


def test_a_session_is_set_again_with_a_date_to_come_and_only_when_it_was_postponed(session):
    with pytest.raises(Refused, match="session_not_postponed"):
        set_again(session)
    postpone(session)
    with pytest.raises(Refused, match="session_date_missing"):
        set_again(session, now=END)
