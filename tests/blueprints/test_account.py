"""Signing in by a link or a password, links that a GET never uses, my space."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from academy.domain import accounts, enrolment
from academy.extensions import db as database, limiter, transaction
from academy.models import AuditEntry, CycleSession, Enrolment, OutboxMessage, Person, Purpose, Role, SignIn, Ticket
from academy.web import clock
from academy.web.identity import cookie_name
from tests.factories import a_person, a_session

PASSWORD = "un phare dans la brume"


@pytest.fixture
def make(app: Flask):
    """`make(a_person, …)`: run a factory in a context of its own."""

    def run(factory, *args, **values):
        with app.app_context():
            return factory(*args, **values)

    return run


def count(app: Flask, *wanted) -> int:
    with app.app_context():
        return database.session.scalar(select(func.count()).select_from(*wanted)) or 0


def promised(app: Flask) -> list[tuple[str, dict]]:
    with app.app_context():
        rows = database.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        return [(row.topic, dict(row.payload)) for row in rows]


def audited(app: Flask) -> list[str]:
    with app.app_context():
        return list(database.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def a_link(app: Flask, email: str, purpose: Purpose = Purpose.SIGN_IN, **payload) -> str:
    with app.app_context(), transaction():
        return accounts.issue_ticket(purpose, email, now=clock.now(), **payload)


def post(client: FlaskClient, url: str, page: str = "/moi/", **fields):
    """Send a form of *page* as its person: with the token of the page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert token is not None
    return client.post(url, data={"csrf_token": token[1], **fields})


# Asking for a link


def test_a_known_and_an_unknown_address_get_the_same_answer(app: Flask, client: FlaskClient, make):
    make(a_person, email="known@example.org")
    answers = [client.post("/connexion", data={"email": e}) for e in ("known@example.org", "unknown@example.org")]
    assert [(a.status_code, a.headers["Location"]) for a in answers] == [(303, "/connexion/envoyee")] * 2
    assert answers[0].data == answers[1].data
    assert [payload["email"] for _, payload in promised(app)] == ["known@example.org", "unknown@example.org"]
    assert count(app, Person) == 1


def test_a_malformed_address_is_shown_beside_its_field_and_kept(client: FlaskClient):
    answer = client.post("/connexion", data={"email": "jeanne@", "next": "/cycles/"})
    assert answer.status_code == 422
    assert 'value="jeanne@"' in answer.text
    assert "field__error" in answer.text
    assert 'name="next" value="/cycles/"' in answer.text


def test_the_sign_in_page_sets_no_cookie(client: FlaskClient):
    assert "Set-Cookie" not in client.get("/connexion").headers


def test_a_form_of_another_site_is_refused(app: Flask, client: FlaskClient):
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post("/connexion", data={"email": "a@example.org"}, headers=headers).status_code == 400
    assert promised(app) == []


def test_too_many_asks_for_one_address_are_refused_whoever_asks(app: Flask, client: FlaskClient):
    limiter.enabled = True
    limiter.reset()
    try:
        codes = [
            client.post("/connexion", data={"email": e}).status_code for e in ["a@example.org", " A@Example.org"] * 4
        ]
        other = client.post("/connexion", data={"email": "b@example.org"}).status_code
        hashed = client.post("/connexion/mot-de-passe", data={"email": "a@example.org", "password": "x"}).status_code
    finally:
        limiter.enabled = False
        limiter.reset()
    assert codes == [303] * 5 + [429] * 3
    assert (other, hashed) == (303, 429)


# Using a link


def test_looking_at_a_link_changes_nothing(app: Flask, client: FlaskClient, make):
    make(a_person, email="a@example.org")
    token = a_link(app, "a@example.org")
    before = len(audited(app))
    for method in ("get", "head", "get", "options"):
        assert getattr(client, method)(f"/i/{token}").status_code == 200
    assert (count(app, SignIn), len(audited(app))) == (0, before)
    answer = client.get(f"/i/{token}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "a@example.org" in answer.text
    assert client.post(f"/i/{token}").status_code == 303


def test_a_link_signs_in_once(app: Flask, client: FlaskClient, make):
    make(a_person, email="a@example.org")
    token = a_link(app, "a@example.org", then="/cycles/")
    answer = client.post(f"/i/{token}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/cycles/")
    assert client.get("/moi/").status_code == 200
    again = app.test_client().post(f"/i/{token}")
    assert again.status_code == 410
    assert "déjà servi" in again.text
    assert count(app, SignIn) == 1


def test_an_expired_link_sends_a_new_one_to_the_same_address(app: Flask, client: FlaskClient, make):
    make(a_person, email="a@example.org")
    token = a_link(app, "a@example.org", then="/cycles/")
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        page = client.get(f"/i/{token}")
        assert (page.status_code, "a expiré" in page.text) == (410, True)
        assert client.post(f"/i/{token}").status_code == 410
        assert client.post(f"/i/{token}/encore", data={"email": "mallory@example.org"}).status_code == 303
    ((topic, payload),) = promised(app)
    assert (topic, payload["email"], payload["then"]) == ("account.link_asked", "a@example.org", "/cycles/")
    assert count(app, SignIn) == 0


def test_a_link_that_we_never_made_is_not_found(client: FlaskClient):
    assert client.get("/i/" + "x" * 43).status_code == 404
    assert client.post("/i/" + "x" * 43).status_code == 404
    assert client.post("/i/" + "x" * 43 + "/encore").status_code == 404


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/ok\r\nX: y",
    ],
)
def test_a_link_never_leads_elsewhere(app: Flask, client: FlaskClient, make, target: str):
    make(a_person, email="a@example.org", password=PASSWORD)
    token = a_link(app, "a@example.org", then=target)
    assert client.post(f"/i/{token}").headers["Location"] == "/moi/"
    data = {"email": "a@example.org", "password": PASSWORD, "next": target}
    assert app.test_client().post("/connexion/mot-de-passe", data=data).headers["Location"] == "/moi/"


def test_a_poisoned_host_reaches_no_page(app: Flask, client: FlaskClient, make):
    make(a_person, email="a@example.org")
    token = a_link(app, "a@example.org")
    answer = client.get(f"/i/{token}", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in answer.text
    answer = client.post(f"/i/{token}", headers={"Host": "evil.example"})
    assert answer.headers["Location"] == "/moi/"


def test_an_enrolment_link_makes_the_account_and_the_place(app: Flask, client: FlaskClient, make):
    session = make(a_session, title="La rade")
    payload = {"session": session, "name": "Jeanne \u202eMartin", "language": "fr"}
    token = a_link(app, "jeanne@example.org", Purpose.ENROL, **payload)
    page = client.get(f"/i/{token}").text
    assert ("La rade" in page, "jeanne@example.org" in page) == (True, True)
    assert (count(app, Person), count(app, Enrolment)) == (0, 0)
    answer = client.post(f"/i/{token}", follow_redirects=True)
    assert "Votre inscription est confirmée" in answer.text
    with app.app_context():
        person = database.session.scalars(select(Person)).one()
        assert (person.name, person.role) == ("Jeanne Martin", Role.STAKEHOLDER)
    assert count(app, Enrolment) == 1


def test_an_enrolment_link_of_a_session_that_closed_meanwhile_is_not_spent(app: Flask, client: FlaskClient, make):
    session = make(a_session)
    token = a_link(app, "a@example.org", Purpose.ENROL, session=session, name="A", language="fr")
    with app.app_context(), transaction() as it:
        it.get_one(CycleSession, session).closes_at = clock.now() - timedelta(minutes=1)
    answer = client.post(f"/i/{token}")
    assert (answer.status_code, "closes" in answer.text) == (409, True)
    with app.app_context():
        assert database.session.scalars(select(Ticket.used_at)).one() is None
    assert count(app, Person) == 0


# Passwords and signing out


def test_a_password_signs_in(app: Flask, client: FlaskClient, make):
    make(a_person, email="a@example.org", password=PASSWORD)
    answer = client.post("/connexion/mot-de-passe", data={"email": " A@example.org", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/moi/")
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Path=/"))


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: FlaskClient, make):
    make(a_person, email="known@example.org", password=PASSWORD)
    make(a_person, email="without@example.org")
    addresses = ("known@example.org", "without@example.org", "unknown@example.org")
    answers = [client.post("/connexion/mot-de-passe", data={"email": e, "password": "wrong words"}) for e in addresses]
    pages = {a.text.replace(e, "…") for a, e in zip(answers, addresses, strict=True)}
    assert ({a.status_code for a in answers}, len(pages)) == ({422}, 1)
    assert "wrong words" not in answers[0].text


def test_signing_out_ends_this_browser_only(app: Flask, as_, make):
    person = make(a_person)
    one, other = as_(person), as_(person)
    cookie = make(cookie_name)
    kept = one.get_cookie(cookie).value
    assert post(one, "/deconnexion").status_code == 303
    one.set_cookie(cookie, kept)
    assert one.get("/moi/").status_code == 302
    assert other.get("/moi/").status_code == 200
    assert "account.sign_out" in audited(app)


def test_a_cookie_that_died_is_taken_back_so_that_the_next_form_works(client: FlaskClient, make):
    cookie = make(cookie_name)
    client.set_cookie(cookie, "dead")
    assert f"{cookie}=;" in client.get("/connexion").headers["Set-Cookie"]
    assert client.post("/connexion", data={"email": "a@example.org"}).status_code == 303


def test_sign_out_everywhere(app: Flask, as_, make):
    person = make(a_person)
    one, other = as_(person), as_(person)
    assert post(one, "/moi/deconnexion-partout").status_code == 303
    assert other.get("/moi/").status_code == 302
    assert count(app, SignIn) == 0


# My space


def test_my_space_is_for_the_signed_in(client: FlaskClient):
    answer = client.get("/moi/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/connexion?next=/moi/")


def test_an_empty_space_says_what_to_do_next(as_, make):
    answer = as_(make(a_person)).get("/moi/")
    assert "Aucune session à venir" in answer.text
    assert 'href="/sessions/"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def enrol(person: int, session: int) -> int:
    with transaction() as it:
        held = enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, session), now=clock.now())
        it.flush()
        return held.id


def test_my_space_shows_where_each_enrolment_stands(app: Flask, as_, make):
    me = make(a_person)
    with app.app_context():
        enrol(me, a_session(title="Confirmée"))
        full = a_session(title="Attente", capacity=0)
        enrol(a_person(), full)
        enrol(me, full)
        past = a_session(title="Ancienne")
        enrol(me, past)
        with transaction() as it:
            row = it.get_one(CycleSession, past)
            row.starts_at, row.ends_at = clock.now() - timedelta(days=2), clock.now() - timedelta(days=1)
    text = as_(me).get("/moi/").text
    assert all(word in text for word in ("Place confirmée", "position 2", "Session passée"))
    assert text.count("/annuler") == 2


def test_my_space_asks_the_same_number_of_queries_at_1_and_3_enrolments(app: Flask, as_, make, queries):
    counts = []
    for size in (1, 3):
        me = make(a_person)
        with app.app_context():
            for n in range(size):
                enrol(me, a_session(capacity=n % 2, cycle=f"cycle-{size}-{n}"))
        client = as_(me)
        client.get("/moi/")
        queries.clear()
        client.get("/moi/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12


@pytest.mark.each_database
def test_my_seat_goes_to_the_next_in_the_queue(app: Flask, as_, make):
    me, session = make(a_person), make(a_session, capacity=1)
    held = make(enrol, me, session)
    make(enrol, make(a_person), session)
    answer = post(as_(me), f"/moi/inscriptions/{held}/annuler")
    assert answer.status_code == 303
    assert [topic for topic, _ in promised(app)][-2:] == ["enrolment.cancelled", "enrolment.confirmed"]


def test_nobody_cancels_for_another(app: Flask, as_, make):
    held = make(enrol, make(a_person), make(a_session))
    for role in Role:
        answer = post(as_(make(a_person, role=role)), f"/moi/inscriptions/{held}/annuler")
        assert answer.status_code == 403
    assert post(as_(make(a_person)), "/moi/inscriptions/999999/annuler").status_code == 404


def test_a_signed_in_post_without_its_token_is_refused(as_, make):
    assert as_(make(a_person)).post("/moi/coordonnees", data={"name": "X", "language": "fr"}).status_code == 400


def test_details_change_name_and_language_and_nothing_else(app: Flask, as_, make):
    me = make(a_person, email="me@example.org")
    fields = {"name": " Léa\u200b", "language": "en", "role": "admin", "email": "other@example.org", "is_disabled": "1"}
    assert post(as_(me), "/moi/coordonnees", **fields).status_code == 303
    with app.app_context():
        row = database.session.get_one(Person, me)
        kept = (row.name, row.language, row.role, row.email, row.is_disabled)
    assert kept == ("Léa", "en", Role.STAKEHOLDER, "me@example.org", False)


@pytest.mark.parametrize(
    "fields", [{"name": "", "language": "fr"}, {"name": "\u200b", "language": "fr"}, {"name": "A", "language": "de"}]
)
def test_bad_details_are_said_beside_the_field(as_, make, fields: dict):
    answer = post(as_(make(a_person)), "/moi/coordonnees", **fields)
    assert (answer.status_code, "field__error" in answer.text) == (422, True)


def test_setting_a_password_signs_the_other_browsers_out(app: Flask, as_, make):
    me = make(a_person)
    one, other = as_(me), as_(me)
    assert post(one, "/moi/mot-de-passe", new=PASSWORD).status_code == 303
    assert one.get("/moi/").status_code == 200
    assert other.get("/moi/").status_code == 302
    assert ("account.password_set", {"person": me}) in promised(app)


@pytest.mark.parametrize(
    ("current", "new", "words"),
    [
        ("wrong words entirely", "une autre petite phrase", "pas votre mot de passe actuel"),
        ("", "une autre petite phrase", "pas votre mot de passe actuel"),
        (PASSWORD, "court", "au moins 12"),
        (PASSWORD, "motdepasse123456", "se devine trop vite"),
    ],
)
def test_a_password_is_changed_by_who_knows_it_and_to_a_good_one(as_, make, current: str, new: str, words: str):
    answer = post(as_(make(a_person, password=PASSWORD)), "/moi/mot-de-passe", current=current, new=new)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert new not in answer.text
