"""Who may enrol: everybody, members, or whom the team invited."""

import pytest
from sqlalchemy import select

from academy.domain import accounts, admission, enrolment
from academy.domain.errors import Refused
from academy.extensions import db as database, transaction
from academy.models import AuditEntry, CycleSession, Invitation, OutboxMessage, Person, SessionStatus
from academy.web import clock
from tests.factories import a_person, a_session

pytestmark = pytest.mark.usefixtures("db")


def enrol(person: int, session: int) -> str:
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        return str(enrolment.enrol(it.get_one(Person, person), row, now=clock.now()).status)


def invite(session: int, *emails: str) -> int:
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        return admission.invite(row, emails, by=None, language="fr", now=clock.now())


def test_members_alone_enrol_in_a_session_for_members():
    session, person = a_session(access="members"), a_person()
    with pytest.raises(Refused, match=r"^enrolment_members$"):
        enrol(person, session)
    with transaction() as it:
        accounts.set_member(it.get_one(Person, person), True, by=None, now=clock.now())
    assert enrol(person, session) == "confirmed"
    assert "account.make_member" in set(database.session.scalars(select(AuditEntry.action)))


def test_the_invited_alone_enrol_in_a_session_by_invitation():
    session, ana, bob = a_session(access="invitation"), a_person(email="ana@example.org"), a_person()
    assert invite(session, " Ana@example.org ", "new@example.org", "ana@example.org") == 2
    assert invite(session, "ana@example.org") == 0
    assert enrol(ana, session) == "confirmed"
    with pytest.raises(Refused, match=r"^enrolment_invitation$"):
        enrol(bob, session)
    invited = select(OutboxMessage.payload).where(OutboxMessage.topic == "session.invited")
    assert [row["email"] for row in database.session.scalars(invited.order_by(OutboxMessage.id))] == [
        "ana@example.org",
        "new@example.org",
    ]


@pytest.mark.parametrize("access", ["members", "invitation"])
def test_no_link_is_promised_to_a_stranger(access: str):
    session = a_session(access=access)
    with pytest.raises(Refused, match=rf"^enrolment_{access}$"), transaction() as it:
        row = it.get_one(CycleSession, session)
        enrolment.ask(row, "a@example.org", name="A", language="fr", now=clock.now())
    assert list(database.session.scalars(select(OutboxMessage))) == []


def test_an_invitation_can_be_taken_back():
    session, ana = a_session(access="invitation"), a_person(email="ana@example.org")
    invite(session, "ana@example.org")
    with transaction() as it:
        admission.withdraw_invitation(it.scalars(select(Invitation)).one(), by=None, now=clock.now())
    with pytest.raises(Refused, match=r"^enrolment_invitation$"):
        enrol(ana, session)


def test_nobody_is_invited_to_a_session_that_was_called_off():
    with pytest.raises(Refused, match="session_cancelled"):
        invite(a_session(status=SessionStatus.CANCELLED), "ana@example.org")


def test_an_organisation_is_suggested_once_two_people_gave_it():
    a_person(organisation="Mairie")
    a_person(organisation="Port")
    a_person(organisation="Port")
    a_person(organisation="Secret", is_disabled=True)
    assert accounts.known_organisations() == ["Port"]
