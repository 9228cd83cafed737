"""What is remembered is of one content version, for all who may read the same, and never somebody's own."""

import re
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from academy.domain import enrolment
from academy.extensions import transaction
from academy.models import Audience, CycleSession, Kind, Person, Role
from academy.web import clock, remembered
from academy.web.remembered import Memory, remember
from tests.factories import a_document, a_person, a_session, a_text, withdrawn


@pytest.fixture
def counted():
    """`counted()` counts its calls and returns their number."""
    made = []
    return lambda: made.append(1) or len(made)


def _asked(app: Flask, version: str | None = "v1", path: str = "/", **more):
    environ = {} if version is None else {"academy.content_version": version}
    return app.test_request_context(path, environ_overrides=environ | more)


def _as_visitor() -> None:
    from academy.web import identity

    identity.be_visitor()


def _remember(app: Flask, make, *key, version: str | None = "v1", **asked):
    with _asked(app, version, **asked):
        _as_visitor()
        return remember("room", *key, make=make)


def test_the_same_question_of_one_version_is_answered_once(app: Flask, counted):
    assert [_remember(app, counted, "a"), _remember(app, counted, "a"), _remember(app, counted, "b")] == [1, 1, 2]


def test_another_version_forgets_everything(app: Flask, counted):
    assert [_remember(app, counted, version=version) for version in ("v1", "v2", "v2", "v1")] == [1, 2, 2, 3]


def test_languages_and_mounts_are_apart(app: Flask, counted):
    english = {"academy.language": "en", "SCRIPT_NAME": "/en"}
    assert [_remember(app, counted, **side) for side in ({}, english, {"SCRIPT_NAME": "/mount"}, english)] == [
        1,
        2,
        3,
        2,
    ]


def test_audiences_are_apart(app: Flask, counted):
    answers = []
    for role in (None, Role.STAKEHOLDER, Role.TRAINER, Role.ORGANISER):
        with _asked(app):
            _as_visitor()
            if role:
                from flask import g

                g._login_user = SimpleNamespace(is_authenticated=True, role=role)
            answers.append(remember("room", make=counted))
    assert answers == [1, 2, 3, 3]


@pytest.mark.parametrize("asked", [{"version": None}, {"REQUEST_METHOD": "POST"}])
def test_without_a_version_and_while_writing_nothing_is_kept(app: Flask, counted, asked: dict):
    assert [_remember(app, counted, **asked) for _ in range(2)] == [1, 2]


def test_outside_a_request_nothing_is_kept(app: Flask, counted):
    with app.app_context():
        assert [remember("room", make=counted) for _ in range(2)] == [1, 2]


def test_nothing_found_and_failures_are_asked_again(app: Flask):
    answers = iter([None, OperationalError("", {}, Exception("away")), "found"])

    def make():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert _remember(app, make) is None
    with pytest.raises(OperationalError):
        _remember(app, make)
    assert [_remember(app, make), _remember(app, make)] == ["found", "found"]


def test_what_does_not_last_is_made_each_time(app: Flask, counted):
    with _asked(app):
        _as_visitor()
        answers = [remember("room", make=counted, lasting=lambda count: count > 1) for _ in range(3)]
    assert answers == [1, 2, 2]


def test_a_room_is_bounded_and_its_flood_leaves_the_others_alone():
    memory = Memory()
    memory.keep("v", "pages", 1, "page")
    for n in range(3 * remembered.MOST):
        memory.keep("v", "searches", n, n)
        memory.find("v", "searches", 0)  # what is used stays
    assert len(memory) == remembered.MOST + 1
    assert memory.find("v", "pages", 1) == "page"
    assert memory.find("v", "searches", 0) == 0
    assert memory.find("v", "searches", 1) is None


def test_a_late_answer_of_an_older_version_is_never_given_to_a_newer_one():
    memory = Memory()
    memory.keep("new", "room", 1, "new")
    memory.keep("old", "room", 1, "old")
    assert memory.find("new", "room", 1) is None


def test_the_version_is_read_before_anything_of_the_request(app: Flask, as_, queries):
    """Else the rows of an older snapshot would be kept under a newer version."""
    with app.app_context():
        member = as_(a_person())
    app.extensions["content_version"].expire()
    queries.clear()
    assert member.get("/cycles/").status_code == 200
    names = [re.search(r"FROM (\w+)", query) for query in queries]
    tables = [name[1] for name in names if name]
    assert tables[0] == "content_head"
    assert "person" in tables[1:]


def test_a_second_visit_of_who_is_signed_in_asks_the_database_nothing(app: Flask, as_, queries, indexed, monkeypatch):
    monkeypatch.setattr("academy.web.version.FRESH_FOR", 1e9)
    with app.app_context():
        a_text("port", kind=Kind.CYCLE, title="Le port")
        a_text("chaine", kind=Kind.MODULE, cycle="port")
        a_text("charte", kind=Kind.PAGE)
        a_text("note", cycle="port")
        session_id = a_session(slug="visite")
        member = as_(a_person())
    indexed()
    note = member.get("/d/note").location
    paths = ["/", "/cycles/", "/sessions/", "/cycles/port/", "/cycles/port/chaine/", "/charte/", note]
    for path in [*paths, "/ressources/?q=port", f"/sessions/{session_id}-visite/"]:
        assert member.get(path).status_code == 200
        queries.clear()
        member.get(path)
        assert [query for query in queries if "FROM" in query] == [], path


def test_two_people_and_a_visitor_see_the_same_words_and_nothing_of_each_other(app: Flask, client: FlaskClient, as_):
    with app.app_context():
        session_id = a_session(slug="visite", capacity=5)
        ada_id, bob_id = a_person("Ada Lovelace"), a_person("Bob Martin", role=Role.ORGANISER)
        ada, bob = as_(ada_id), as_(bob_id)
        with transaction() as session:
            row = session.get_one(CycleSession, session_id)
            enrolment.enrol(session.get_one(Person, ada_id), row, now=clock.now())
    path = f"/sessions/{session_id}-visite/"
    for _ in range(2):
        mine, others, public = ada.get(path).text, bob.get(path).text, client.get(path).text
        assert "Votre place est confirmée" in mine
        assert "Votre place est confirmée" not in others + public
        assert 'name="email"' in public
        assert 'name="email"' not in mine + others
        assert "Pilotage" in others
        assert "Pilotage" not in mine + public
        assert "csrf_token" not in public
    tokens = [re.findall(r'name="csrf_token" value="([^"]+)"', page) for page in (mine, others)]
    assert all(tokens)
    assert set(tokens[0]).isdisjoint(tokens[1])


def test_a_form_kept_for_one_person_works_for_the_next(app: Flask, as_):
    with app.app_context():
        session_id = a_session(slug="visite", capacity=5)
        people = [as_(a_person()), as_(a_person())]
    path = f"/sessions/{session_id}-visite/"
    for browser in people:
        token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(path).text)
        assert token is not None
        assert browser.post(f"/sessions/{session_id}/inscription", data={"csrf_token": token[1]}).status_code == 303
        assert "Votre place est confirmée" in browser.get(path).text


def test_nothing_personal_is_in_what_is_remembered(app: Flask, as_, indexed):
    with app.app_context():
        a_text("port", kind=Kind.CYCLE, title="Le port")
        session_id = a_session(slug="visite")
        olga = as_(a_person("Olga Unique", email="olga@example.org", role=Role.ORGANISER))
    indexed()
    tokens = set()
    for path in ("/", "/cycles/", "/cycles/port/", "/sessions/", f"/sessions/{session_id}-visite/", "/ressources/"):
        tokens |= set(re.findall(r'name="csrf_token" value="([^"]+)"', olga.get(path).text))
    kept = repr(app.extensions["memory"]._rooms)
    assert tokens
    for word in ("Olga", "olga@", *tokens):
        assert word not in kept, word


def test_a_frame_is_kept_for_each_role(app: Flask, client: FlaskClient, as_):
    with app.app_context():
        browsers = {role: as_(a_person(role=role)) for role in (Role.STAKEHOLDER, Role.TRAINER, Role.ORGANISER)}
    doors = {"Se connecter", "Mon espace", "Atelier des formateurs", "Pilotage"}
    for _ in range(2):
        pages = {"visitor": client.get("/").text} | {role: it.get("/").text for role, it in browsers.items()}
        assert {role: {door for door in doors if door in page} for role, page in pages.items()} == {
            "visitor": {"Se connecter"},
            Role.STAKEHOLDER: {"Mon espace"},
            Role.TRAINER: {"Mon espace", "Atelier des formateurs"},
            Role.ORGANISER: {"Mon espace", "Atelier des formateurs", "Pilotage"},
        }


def test_a_message_is_shown_once_and_never_kept(app: Flask, as_):
    with app.app_context():
        member = as_(a_person())
    member.get("/")
    with member.session_transaction() as cookie:
        cookie["_flashes"] = [("success", "C’est fait.")]
    assert ["C’est fait." in member.get("/").text for _ in range(2)] == [True, False]


def test_a_text_for_members_is_not_remembered_for_visitors(app: Flask, client: FlaskClient, as_):
    with app.app_context():
        a_document(title="Réservée", slug="reservee", kind=Kind.PAGE, audience=Audience.MEMBERS)
        member = as_(a_person())
    for _ in range(2):
        assert member.get("/reservee/").status_code == 200
        assert client.get("/reservee/").status_code == 404


def test_who_is_signed_in_sees_a_publication_and_a_withdrawal_at_once(app: Flask, as_):
    with app.app_context():
        a_text("port", kind=Kind.CYCLE, title="Le port")
        member = as_(a_person())
    assert "Tout neuf" not in member.get("/cycles/port/").text
    with app.app_context():
        edition_id = a_text("neuf", kind=Kind.MODULE, cycle="port", title="Tout neuf")
    assert "Tout neuf" in member.get("/cycles/port/").text
    assert member.get("/cycles/port/neuf/").status_code == 200
    with app.app_context():
        withdrawn(edition_id)
    assert "Tout neuf" not in member.get("/cycles/port/").text
    assert member.get("/cycles/port/neuf/").status_code == 410
