"""Who is signed in is remembered, and never longer than it is true."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from academy import create_app
from academy.domain import accounts, roles
from academy.extensions import db as database, transaction
from academy.models import Person, Role
from academy.web import clock, sign_ins
from academy.web.identity import cookie_name
from tests.factories import a_person


@pytest.fixture
def elsewhere(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Another node on the same database, which looks at the clock of the sign-ins at each request."""
    monkeypatch.setattr("academy.web.version.FRESH_FOR", 0)
    node = create_app(app.config["SETTINGS"])
    node.testing = True
    return node


def _signed_in(app: Flask, **who: object) -> tuple[int, str]:
    with app.app_context():
        person = a_person(**who)
        with transaction() as session:
            return person, accounts.sign_in(session.get_one(Person, person), now=clock.now())


def _status(app: Flask, token: str, path: str = "/moi/") -> int:
    browser = app.test_client()
    browser.set_cookie(_cookie(app), token, domain="localhost")
    return browser.get(path).status_code


def _cookie(app: Flask) -> str:
    with app.app_context():
        return cookie_name()


def _ends(name: str, person: Person, token: str) -> None:
    now = clock.now()
    match name:
        case "sign_out":
            accounts.sign_out(token, by=person, now=now)
        case "everywhere":
            accounts.sign_out_everywhere(person, by=person, now=now)
        case "password":
            accounts.set_password(person, "hash", now=now)
        case "close":
            accounts.close(person, by=None, now=now)
        case "role":
            admin = database.session.get_one(Person, 2)
            roles.change_role(person, Role.TRAINER, by=admin, now=now)


@pytest.mark.each_database
@pytest.mark.parametrize("name", ["sign_out", "everywhere", "password", "close", "role"])
def test_what_ends_a_sign_in_ends_it_on_every_node_even_twice(app: Flask, elsewhere: Flask, name: str):
    person, token = _signed_in(app)
    with app.app_context():
        assert a_person("Ada Lovelace", email="ada@example.org", role=Role.ADMIN) == 2
    for turn in range(2):
        assert [_status(node, token) for node in (app, elsewhere, app, elsewhere)] == [200] * 4
        with app.app_context(), transaction() as session:
            _ends(name, session.get_one(Person, person), token)
        assert [_status(node, token) for node in (app, elsewhere)] == [302, 302], turn
        with app.app_context(), transaction() as session:  # the head is a row already the second time
            owner = session.get_one(Person, person)
            accounts.reopen(owner, by=None, now=clock.now())
            owner.role = Role.STAKEHOLDER
            token = accounts.sign_in(owner, now=clock.now())


@pytest.mark.each_database
def test_an_ended_role_gives_nothing_to_the_next_sign_in(app: Flask, elsewhere: Flask):
    person, token = _signed_in(app, role=Role.TRAINER)
    assert _status(elsewhere, token, "/atelier/") == 200
    with app.app_context(), transaction() as session:
        owner = session.get_one(Person, person)
        owner.role = Role.STAKEHOLDER
        accounts.sign_out_everywhere(owner, by=None, now=clock.now())
        again = accounts.sign_in(owner, now=clock.now())
    assert _status(elsewhere, again, "/atelier/") == 403


def test_a_sign_in_that_expires_is_not_remembered_longer(app: Flask):
    _, token = _signed_in(app)
    with time_machine.travel(clock.now(), tick=False) as time:
        time.shift(accounts.SIGN_IN_LIFETIME - timedelta(seconds=20))
        assert _status(app, token) == 200
        time.shift(timedelta(seconds=21))
        assert _status(app, token) == 302


def test_the_oldest_unused_browser_is_forgotten_first(app: Flask, queries, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sign_ins, "MOST", 2)
    tokens = [_signed_in(app, email=f"p{n}@example.org")[1] for n in range(3)]
    for token in (tokens[0], tokens[1], tokens[0], tokens[2]):
        assert _status(app, token) == 200

    def is_asked(token: str) -> bool:
        queries.clear()
        _status(app, token, "/cycles/")
        return any("sign_in.token_hash" in query for query in queries)

    assert [is_asked(token) for token in (tokens[0], tokens[2], tokens[1])] == [False, False, True]


def test_an_unknown_token_is_asked_each_time_and_not_kept(app: Flask):
    assert [_status(app, "planted") for _ in range(2)] == [302, 302]
    assert not app.extensions["sign_ins"]._seen


def test_messages_are_shown_once_although_the_cookie_is_remembered(app: Flask):
    """Only a cookie of plain words is taken again without being verified."""
    _, token = _signed_in(app)
    browser = app.test_client()
    browser.set_cookie(_cookie(app), token, domain="localhost")
    for _ in range(2):
        with browser.session_transaction() as session:
            session["_flashes"] = [("success", "Une fois seulement")]
        assert [("Une fois seulement" in browser.get("/cycles/").text) for _ in range(2)] == [True, False]


def test_a_forged_cookie_is_refused_after_a_good_one(app: Flask):
    _, token = _signed_in(app)
    browser = app.test_client()
    browser.set_cookie(_cookie(app), token, domain="localhost")
    assert browser.get("/moi/").status_code == 200
    good = browser.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert good is not None
    assert browser.get("/moi/").status_code == 200
    kept = app.extensions["session_cookie"]._opened
    assert good.value in kept
    forged = good.value[:-2] + ("xx" if good.value[-2:] != "xx" else "yy")
    browser.set_cookie(app.config["SESSION_COOKIE_NAME"], forged, domain="localhost")
    posted = browser.post("/deconnexion", data={"csrf_token": _form_token(app, good.value)})
    assert posted.status_code == 400
    assert forged not in kept


def _form_token(app: Flask, cookie: str) -> str:
    session_cookie = app.extensions["session_cookie"]
    return session_cookie._tokens[session_cookie._opened[cookie]["csrf_token"]]
