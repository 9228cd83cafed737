"""My calendar at a secret address: mine alone, up to date, gone when it is renewed."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from academy.domain import accounts, enrolment, personal_agenda, postponing, scheduling
from academy.extensions import db as database, transaction
from academy.models import AuditEntry, CycleSession, Enrolment, EnrolmentStatus, Person
from academy.web import clock
from tests.factories import a_person, a_session
from tests.kept import once


def _address(app: Flask, person: int) -> str:
    with app.app_context(), transaction() as it:
        return f"/moi/agenda/{personal_agenda.renew(it.get_one(Person, person), now=clock.now())}.ics"


def _enrol(person: int, session: int) -> int:
    with transaction() as it:
        held = enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, session), now=clock.now())
        it.flush()
        return held.id


def _statuses(client: FlaskClient, path: str) -> dict[str, str]:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return {str(event["summary"]): str(event["status"]) for event in Calendar.from_ical(answer.data).events}


@pytest.fixture
@once
def mine(app: Flask) -> tuple[int, str]:
    """Somebody with a place, a place in a queue, a place given back, a session called off; their address."""
    with app.app_context():
        me, other = a_person("Jeanne"), a_person("Zénobie")
        _enrol(me, a_session(title="À moi"))
        full = a_session(title="Pleine", capacity=1)
        _enrol(other, full)
        _enrol(me, full)
        left, off = a_session(title="Rendue"), a_session(title="Annulée")
        held = _enrol(me, left)
        _enrol(me, off)
        _enrol(other, a_session(title="À Zénobie"))
        _enrol(me, a_session(title="Sans date"))
        with transaction() as it:
            enrolment.cancel(it.get_one(Enrolment, held), by=None, now=clock.now())
            scheduling.cancel_session(it.get_one(CycleSession, off), by=None, now=clock.now())
            rows = it.scalars(select(CycleSession).order_by(CycleSession.id.desc()).limit(1))
            dateless = rows.one()
            dateless.starts_at = dateless.ends_at = None
    return me, _address(app, me)


def test_it_holds_my_sessions_and_where_they_stand(client: FlaskClient, mine: tuple[int, str]):
    expected = {"À moi": "CONFIRMED", "Pleine": "TENTATIVE", "Rendue": "CANCELLED", "Annulée": "CANCELLED"}
    assert _statuses(client, mine[1]) == _statuses(client, f"/en{mine[1]}") == expected
    text = client.get(mine[1]).text
    assert "Zénobie" not in text
    assert "Jeanne" not in text


def test_what_awaits_an_answer_is_in_pencil_and_what_is_postponed_is_taken_out(app: Flask, client: FlaskClient):
    with app.app_context():
        me = a_person()
        offered = _enrol(me, a_session(title="Proposée"))
        _enrol(me, a_session(title="Demandée", needs_approval=True))
        _enrol(me, late := a_session(title="Reportée"))
        with transaction() as it:
            row = it.get_one(Enrolment, offered)
            row.status, row.confirmed_at = EnrolmentStatus.OFFERED, None
            postponing.postpone_session(it.get_one(CycleSession, late), by=None, now=clock.now())
    expected = {"Proposée": "TENTATIVE", "Demandée": "TENTATIVE", "Reportée": "CANCELLED"}
    assert _statuses(client, _address(app, me)) == expected


def test_who_enrols_again_has_one_event(app: Flask, client: FlaskClient, mine: tuple[int, str]):
    with app.app_context():
        session = database.session.scalars(
            select(Enrolment.session_id).where(Enrolment.person_id == mine[0], Enrolment.cancelled_at.is_not(None))
        ).first()
        assert session is not None
        _enrol(mine[0], session)
    statuses = _statuses(client, mine[1])
    assert (statuses["Rendue"], len(statuses)) == ("CONFIRMED", 4)
    uids = [str(event["uid"]) for event in Calendar.from_ical(client.get(mine[1]).data).events]
    assert len(uids) == len(set(uids)) == 4


def test_it_is_private_sets_no_cookie_and_an_unchanged_one_is_a_304(app: Flask, as_, mine: tuple[int, str]):
    for client in (app.test_client(), as_(mine[0])):
        answer = client.get(mine[1])
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "Set-Cookie" not in answer.headers
        again = client.get(mine[1], headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    with app.app_context():
        _enrol(mine[0], a_session(title="Nouvelle"))
    changed = client.get(mine[1], headers={"If-None-Match": answer.headers["ETag"]})
    assert (changed.status_code, "Nouvelle" in changed.text) == (200, True)


def test_a_dead_cookie_is_left_alone(client: FlaskClient, mine: tuple[int, str]):
    client.set_cookie("academy_sign_in", "gone", domain="localhost")
    assert "Set-Cookie" not in client.get(mine[1]).headers


def test_a_renewed_address_ends_the_old_one(app: Flask, client: FlaskClient, mine: tuple[int, str]):
    new = _address(app, mine[0])
    assert (client.get(mine[1]).status_code, client.get(new).status_code) == (404, 200)
    assert len(re.findall(r"[\w-]", new.rpartition("/")[2].removesuffix(".ics"))) >= 43  # 256 bits


def test_an_unknown_address_and_that_of_a_closed_account_are_not_there(app: Flask, client: FlaskClient, mine):
    with app.app_context(), transaction() as it:
        accounts.close(it.get_one(Person, mine[0]), by=None, now=clock.now())
    assert {client.get(path).status_code for path in (mine[1], "/moi/agenda/x.ics", "/moi/agenda/.ics")} == {404}


def test_my_space_gives_the_address_and_renews_it(app: Flask, as_):
    with app.app_context():
        me = a_person()
    client = as_(me)
    page = client.get("/moi/").text
    assert "webcal:" not in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    seen = []
    for _ in range(2):
        assert client.post("/moi/agenda", data={"csrf_token": token[1]}).status_code == 303
        page = client.get("/moi/").text
        [address] = re.findall(r'value="http://localhost(/moi/agenda/[^"]+)"', page)
        assert f'href="webcal://localhost{address}"' in page
        seen.append(address)
    assert [client.get(path).status_code for path in seen] == [404, 200]
    with app.app_context():
        actions = database.session.scalars(select(AuditEntry.action).where(AuditEntry.entity == "person"))
        assert list(actions).count("agenda.renew") == 2
    assert "/en/moi/agenda/" in client.get("/en/moi/").text


def test_as_many_queries_for_one_row_as_for_three(app: Flask, client: FlaskClient, queries: list[str]):
    with app.app_context():
        me = a_person()
    path, counts = _address(app, me), []
    for _ in range(3):
        with app.app_context():
            _enrol(me, a_session(starts_in=timedelta(days=9)))
        client.get(path)
        queries.clear()
        client.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[2]
