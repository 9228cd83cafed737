"""An organiser enrols somebody else, by the same rule as everybody."""

import pytest
from sqlalchemy import select

from academy.domain import rolls
from academy.domain.errors import Refused
from academy.extensions import db as database, transaction
from academy.models import AuditEntry, CycleSession, Enrolment, Person, Role, SessionStatus
from academy.web import clock
from tests.factories import a_person, a_session

pytestmark = pytest.mark.usefixtures("db")


def enrol(session: int, email: str, name: str = "Ana", *, by: int | None = None) -> int:
    with transaction() as it:
        boss = it.get_one(Person, by) if by else None
        row = it.get_one(CycleSession, session)
        held = rolls.enrol_for(row, email, name=name, by=boss, now=clock.now())
        it.flush()
        return held.id


def test_an_unknown_address_gets_an_account_and_a_seat_and_the_journal_says_by_whom():
    session, boss = a_session(capacity=1), a_person(role=Role.ORGANISER)
    held = database.session.get_one(Enrolment, enrol(session, " Ana@Example.ORG ", by=boss))
    assert (held.person.email, held.person.name, held.status) == ("ana@example.org", "Ana", "confirmed")
    entry = database.session.scalars(select(AuditEntry).where(AuditEntry.action == "enrolment.add")).one()
    assert (entry.person_id, entry.entity_id) == (boss, held.id)


def test_a_known_address_keeps_its_name_and_twice_is_harmless():
    session, person = a_session(), a_person("Ana Rossi", email="ana@example.org")
    assert enrol(session, "ana@example.org", "Autre") == enrol(session, "ANA@example.org")
    assert database.session.get_one(Person, person).name == "Ana Rossi"


def test_a_full_session_gives_a_place_in_the_queue():
    session = a_session(capacity=0)
    assert database.session.get_one(Enrolment, enrol(session, "ana@example.org")).status == "waiting"


def test_a_closed_account_and_a_cancelled_session_are_refused_and_leave_nothing():
    a_person(email="partie@example.org", is_disabled=True)
    with pytest.raises(Refused, match="account_disabled"):
        enrol(a_session(), "partie@example.org")
    with pytest.raises(Refused, match="enrolment_cancelled"):
        enrol(a_session(status=SessionStatus.CANCELLED), "neuve@example.org")
    assert database.session.scalar(select(Person.id).where(Person.email == "neuve@example.org")) is None
