"""Accounts: one spelling per address, single-use links, passwords that are not guessed."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from academy.domain import accounts
from academy.domain.errors import Refused
from academy.extensions import db as database, transaction
from academy.models import OutboxMessage, Person, Purpose, Role, SignIn, Ticket
from academy.web import clock
from tests.factories import a_person

pytestmark = pytest.mark.usefixtures("db")


def a_ticket(email: str = "a@example.org", purpose: Purpose = Purpose.SIGN_IN, **payload) -> str:
    with transaction():
        return accounts.issue_ticket(purpose, email, now=clock.now(), **payload)


def click(token: str, **later: float) -> int:
    now = clock.now() + timedelta(**later)
    ticket = accounts.ticket_for(token)
    assert ticket is not None
    with transaction() as session:
        accounts.use_ticket(ticket, now=now)
        person = accounts.person_of(ticket, now=now)
        session.flush()
        return person.id


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Jeanne  Martin ", "Jeanne Martin"),
        ("\u202eadmin\u200b", "admin"),
        ("ad\u00admin", "admin"),
        ("Zoe\u0301", "Zoé"),
        ("A\r\nBcc: x@example.org", "A Bcc: x@example.org"),
        ("\u200b\u200d", ""),
        ("Léa\x00 O’Neil", "Léa O’Neil"),
    ],
)
def test_names_lose_what_nobody_sees(typed: str, kept: str):
    assert accounts.clean_name(typed) == kept


def test_an_address_has_one_spelling():
    person = a_person(email=" Jeanne.MARTIN@Example.org ")
    found = accounts.by_email("jeanne.martin@example.org")
    assert (found.id if found else None) == person


def test_a_link_works_once():
    token = a_ticket()
    click(token)
    with pytest.raises(Refused, match=r"^link_used$"):
        click(token)


def test_a_link_expires():
    token = a_ticket()
    with pytest.raises(Refused, match=r"^link_expired$"):
        click(token, minutes=31)
    assert database.session.scalar(select(func.count(Person.id))) == 0


def test_the_database_keeps_no_token():
    token = a_ticket()
    kept = database.session.scalars(select(Ticket)).one()
    assert token not in repr(vars(kept))
    assert kept.token_hash == accounts.digest(token)


def test_the_first_click_makes_the_account_and_the_second_finds_it():
    first = click(a_ticket("New@Example.org", name="\u202eNouvelle  Venue", language="en"))
    second = click(a_ticket("new@example.org", name="Somebody else"))
    person = database.session.get_one(Person, first)
    assert (first, person.name, person.language, person.role) == (second, "Nouvelle Venue", "en", Role.STAKEHOLDER)


def test_a_link_cannot_raise_a_role():
    person = click(a_ticket("mallory@example.org", name="M", role="admin"))
    assert database.session.get_one(Person, person).role == Role.STAKEHOLDER


def test_a_closed_account_signs_nobody_in():
    a_person(email="closed@example.org", is_disabled=True)
    with pytest.raises(Refused, match=r"^account_disabled$"):
        click(a_ticket("closed@example.org"))


def test_signing_out_ends_the_row():
    person = a_person()
    with transaction() as session:
        token = accounts.sign_in(session.get_one(Person, person), now=clock.now())
    assert accounts.signed_in(token, now=clock.now()) is not None
    with transaction():
        accounts.sign_out(token, by=None, now=clock.now())
    assert accounts.signed_in(token, now=clock.now()) is None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("court", "password_short"),
        ("onze-caract", "password_short"),
        ("motdepasse123456", "password_common"),
        ("aaaaaaaaaaaaaaaa", "password_common"),
        ("Jeanne Marseille 1", "password_common"),
        ("OneProvence2026!", None),
        ("un phare dans la brume", None),
    ],
)
def test_weak_passwords_are_refused(password: str, code: str | None):
    person = database.session.get_one(Person, a_person("Jeanne Martin", email="jeanne@example.org"))
    if code is None:
        assert accounts.hash_password(password, person=person).startswith("$argon2id$")
    else:
        with pytest.raises(Refused, match=rf"^{code}$"):
            accounts.hash_password(password, person=person)


def test_an_unknown_address_never_matches():
    assert accounts.password_matches(None, "anything at all") is False
    without = database.session.get_one(Person, a_person())
    assert accounts.password_matches(without, "anything at all") is False


def test_a_new_password_signs_every_browser_out_and_is_told_by_mail():
    person = a_person()
    with transaction() as session:
        row = session.get_one(Person, person)
        accounts.sign_in(row, now=clock.now())
        accounts.sign_in(row, now=clock.now())
    hashed = accounts.hash_password("un phare dans la brume", person=database.session.get_one(Person, person))
    with transaction() as session:
        accounts.set_password(session.get_one(Person, person), hashed, now=clock.now())
    assert database.session.scalar(select(func.count(SignIn.id))) == 0
    assert database.session.scalars(select(OutboxMessage.topic)).all() == ["account.password_set"]


def test_details_are_name_and_language_only():
    person = a_person()
    with transaction() as session:
        accounts.change_details(session.get_one(Person, person), name=" Léa\u200b ", language="en", now=clock.now())
    row = database.session.get_one(Person, person)
    assert (row.name, row.language) == ("Léa", "en")
    with pytest.raises(Refused, match=r"^name_missing$"), transaction() as session:
        accounts.change_details(session.get_one(Person, person), name="\u200b", language="fr", now=clock.now())
