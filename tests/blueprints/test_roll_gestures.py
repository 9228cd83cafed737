"""Several places cancelled at once, and taken back within a day; the queue keeps its order."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from academy.domain import enrolment, invariants
from academy.extensions import db, transaction
from academy.models import AuditEntry, CycleSession, Enrolment, OutboxMessage, Person, Role, SessionStatus
from academy.web import clock
from tests.factories import a_person, a_session


@pytest.fixture
def olga(app, as_):
    with app.app_context():
        olga = a_person("Olga", role=Role.ORGANISER)
    return as_(olga)


@pytest.fixture
def scene(app):
    """A session with two seats; Ana and Bo hold them, Cleo and Dan wait: ids by name."""
    with app.app_context():
        session = a_session(capacity=2)
        ids = {}
        for name in ("Ana", "Bo", "Cleo", "Dan"):
            person = a_person(name, email=f"{name.lower()}@example.org")
            with transaction() as it:
                row = enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, session), now=clock.now())
                it.flush()
                ids[name] = row.id
    return {"session": session, **ids}


def post(browser, scene, verb: str, *names: str, **more: str):
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/moi/").text)
    assert found
    data = {"csrf_token": found[1], "enrolment": [str(scene[name]) for name in names], **more}
    return browser.post(f"/pilotage/sessions/{scene['session']}/inscrits/{verb}", data=data)


def statuses(app, scene) -> dict[str, str]:
    with app.app_context():
        rows = db.session.execute(
            select(Person.name, Enrolment.status).join(Enrolment, Enrolment.person_id == Person.id)
        )
        return {name: str(status) for name, status in rows}


def topics(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(OutboxMessage.topic).order_by(OutboxMessage.id)))


def words(response) -> str:
    text = unescape(re.sub(r"<[^>]+>", " ", response.text))
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


def test_nothing_happens_before_the_page_that_lists_them(app, olga, scene):
    page = post(olga, scene, "annuler", "Ana", "Cleo")
    told = words(page)
    assert page.status_code == 200
    assert (
        "2 personnes recevront un message : Ana (ana@example.org, confirmée) Cleo (cleo@example.org, en attente)"
        in told
    )
    assert "tête de la liste d’attente" in told
    assert statuses(app, scene) == {"Ana": "confirmed", "Bo": "confirmed", "Cleo": "waiting", "Dan": "waiting"}


def test_seats_go_to_those_who_stay_and_each_is_told_once(app, olga, scene):
    before = len(topics(app))
    answer = post(olga, scene, "annuler", "Ana", "Cleo", confirmed="yes")
    assert answer.status_code == 303
    assert statuses(app, scene) == {"Ana": "cancelled", "Bo": "confirmed", "Cleo": "cancelled", "Dan": "confirmed"}
    assert sorted(topics(app)[before:]) == ["enrolment.cancelled", "enrolment.cancelled", "enrolment.confirmed"]
    page = words(olga.get(answer.location))
    assert "2 inscriptions sont annulées" in page
    assert "1 personne de la liste d’attente a reçu une place." in page


@pytest.mark.each_database
def test_undoing_gives_the_old_rank_back_and_takes_no_seat_away(app, olga, scene):
    post(olga, scene, "annuler", "Ana", "Bo", confirmed="yes")
    answer = post(olga, scene, "retablir", "Ana", "Bo")
    assert answer.status_code == 303
    assert statuses(app, scene) == {"Ana": "waiting", "Bo": "waiting", "Cleo": "confirmed", "Dan": "confirmed"}
    assert "2 personnes attendent, à leur ancien rang" in words(olga.get(answer.location))
    with app.app_context():
        with transaction() as it:
            freed = it.get_one(Enrolment, scene["Cleo"])
            gained = enrolment.cancel(freed, by=None, now=clock.now())
            assert [row.id for row in gained] == [scene["Ana"]]
        assert list(invariants.broken(now=clock.now())) == []
        wanted = select(AuditEntry.entity_id).where(AuditEntry.action == "enrolment.restore").order_by(AuditEntry.id)
        assert list(db.session.scalars(wanted)) == [scene["Ana"], scene["Bo"]]


def test_undoing_gives_a_free_seat_back(app, olga, scene):
    post(olga, scene, "annuler", "Cleo", "Dan", confirmed="yes")
    post(olga, scene, "annuler", "Ana", confirmed="yes")
    answer = post(olga, scene, "retablir", "Ana", "Dan")
    assert statuses(app, scene) == {"Ana": "confirmed", "Bo": "confirmed", "Cleo": "cancelled", "Dan": "waiting"}
    assert "1 personne a de nouveau sa place." in words(olga.get(answer.location))


def rule(app, scene, **values):
    with app.app_context(), transaction() as it:
        row = it.get_one(CycleSession, scene["session"])
        for name, value in values.items():
            setattr(row, name, value)


def test_where_freed_seats_are_offered_a_confirmed_place_comes_back_confirmed_and_others_are_offered(app, olga, scene):
    rule(app, scene, offer_hours=24)
    page = post(olga, scene, "annuler", "Ana")
    assert "Chaque place libérée est proposée à la tête" in words(page)
    post(olga, scene, "annuler", "Cleo", "Dan", confirmed="yes")
    post(olga, scene, "annuler", "Ana", confirmed="yes")
    answer = post(olga, scene, "retablir", "Ana", "Cleo")
    assert statuses(app, scene) == {"Ana": "confirmed", "Bo": "confirmed", "Cleo": "waiting", "Dan": "cancelled"}
    assert answer.status_code == 303
    post(olga, scene, "annuler", "Ana", confirmed="yes")
    assert statuses(app, scene)["Cleo"] == "offered"
    post(olga, scene, "annuler", "Cleo", confirmed="yes")
    post(olga, scene, "retablir", "Cleo")
    assert statuses(app, scene) == {"Ana": "cancelled", "Bo": "confirmed", "Cleo": "offered", "Dan": "cancelled"}
    with app.app_context():
        row = db.session.get_one(Enrolment, scene["Cleo"])
        assert (row.ending, row.cancelled_at, row.offered_until is not None) == (None, None, True)
        assert list(invariants.broken(now=clock.now())) == []


def test_a_request_is_not_cancelled_but_refused_and_undoing_bypasses_no_approval(app, olga, scene):
    rule(app, scene, needs_approval=True)
    with app.app_context():
        eve = a_person("Eve", email="eve@example.org")
        with transaction() as it:
            now = clock.now()
            row = enrolment.enrol(it.get_one(Person, eve), it.get_one(CycleSession, scene["session"]), now=now)
            it.flush()
            scene["Eve"] = row.id
    assert post(olga, scene, "annuler", "Eve", confirmed="yes").status_code == 422
    with app.app_context(), transaction() as it:
        by = it.scalars(select(Person).where(Person.name == "Olga")).one()
        enrolment.cancel(it.get_one(Enrolment, scene["Eve"]), by=by, now=clock.now())
    answer = post(olga, scene, "retablir", "Eve")
    assert statuses(app, scene)["Eve"] == "requested"
    assert "1 demande est de nouveau à approuver." in words(olga.get(answer.location))


def test_while_a_session_is_postponed_or_once_it_began_nothing_is_taken_back(app, olga, scene):
    post(olga, scene, "annuler", "Ana", confirmed="yes")
    rule(app, scene, status=SessionStatus.POSTPONED)
    answer = post(olga, scene, "retablir", "Ana")
    assert (answer.status_code, "reportée" in words(answer)) == (409, True)
    rule(app, scene, status=SessionStatus.SCHEDULED, starts_at=clock.now() - timedelta(minutes=1))
    assert post(olga, scene, "retablir", "Ana").status_code == 409
    assert statuses(app, scene)["Ana"] == "cancelled"


def test_what_people_cancelled_themselves_is_not_undone(app, olga, scene):
    with app.app_context(), transaction() as it:
        row = it.get_one(Enrolment, scene["Ana"])
        enrolment.cancel(row, by=row.person, now=clock.now())
        enrolment.cancel(it.get_one(Enrolment, scene["Bo"]), by=None, now=clock.now())
    assert post(olga, scene, "retablir", "Ana", "Bo").status_code == 422
    assert "Rien à rétablir" in words(olga.get(f"/pilotage/sessions/{scene['session']}/inscrits/annulees"))


def test_after_a_day_or_once_somebody_joined_again_nothing_is_undone(app, olga, scene, monkeypatch):
    post(olga, scene, "annuler", "Ana", "Bo", confirmed="yes")
    with app.app_context(), transaction() as it:
        ana = it.get_one(Enrolment, scene["Ana"]).person
        enrolment.enrol(ana, it.get_one(CycleSession, scene["session"]), now=clock.now())
    assert post(olga, scene, "retablir", "Ana").status_code == 422
    later = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert post(olga, scene, "retablir", "Bo").status_code == 422


def test_an_ended_session_keeps_its_roll(app, olga, scene):
    post(olga, scene, "annuler", "Ana", confirmed="yes")
    with app.app_context(), transaction() as it:
        row = it.get_one(CycleSession, scene["session"])
        row.starts_at, row.ends_at = clock.now() - timedelta(hours=3), clock.now() - timedelta(hours=1)
    assert post(olga, scene, "annuler", "Bo", confirmed="yes").status_code == 409
    assert post(olga, scene, "retablir", "Ana").status_code == 409


def test_lines_of_another_session_and_rubbish_are_nobody(app, olga, scene):
    with app.app_context():
        other = a_session()
    elsewhere = {**scene, "session": other}
    assert post(olga, elsewhere, "annuler", "Ana", confirmed="yes").status_code == 422
    assert post(olga, {**scene, "x": "x" * 30, "y": "-1", "z": "9" * 40}, "annuler", "x", "y", "z").status_code == 422
    assert statuses(app, scene)["Ana"] == "confirmed"


def test_the_roll_has_boxes_to_tick(olga, scene):
    page = olga.get(f"/pilotage/sessions/{scene['session']}/").text
    assert page.count('name="enrolment"') == 4
