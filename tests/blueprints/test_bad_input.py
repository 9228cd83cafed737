"""What cannot be: hours that a night skips or has twice, ends before starts, too few seats, forms sent twice."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from sqlalchemy import func, select

from academy.domain import enrolment, scheduling
from academy.domain.session_texts import Schedule, Words
from academy.extensions import db, transaction
from academy.models import AuditEntry, Cycle, CycleSession, Kind, Person, Role, SessionStatus
from academy.web import clock
from tests.factories import a_person, a_text
from tests.kept import once

SKIPPED, TWICE = "2027-03-28T02:30", "2027-10-31T02:30"
NEW = {
    "title": "Les câbles",
    "summary": "Deux heures.",
    "cycle": "port",
    "starts_at": "2027-02-04T18:00",
    "ends_at": "2027-02-04T20:00",
    "mode": "onsite",
    "venue": "",
    "capacity": "3",
    "waiting_list": "y",
    "programme": "Café.",
    "action": "save",
}


@pytest.fixture
@once
def organiser(app) -> int:
    """An academy with the cycle "port"; the id of Olga, who organises."""
    with app.app_context():
        a_text("port", kind=Kind.CYCLE, slug="port", title="Le port")
        return a_person("Olga", role=Role.ORGANISER)


@pytest.fixture
def olga(organiser, as_):
    return as_(organiser)


@pytest.fixture
def session(app, olga) -> int:
    with app.app_context():
        port, now = db.session.scalars(select(Cycle).where(Cycle.slug == "port")).one(), clock.now()
        start, end = datetime(2027, 2, 4, 17, tzinfo=UTC), datetime(2027, 2, 4, 19, tzinfo=UTC)
        words = {"fr": Words(title="Les amarres", summary="Une heure.", programme="Nœuds.")}
        facts = Schedule(starts_at=start, ends_at=end, capacity=3)
        texts = scheduling.prepare_session(port, facts, words, publish=True, now=now)
        with transaction():
            return scheduling.create_session(texts, cycle=port, by=None, now=now).id


def words(response) -> str:
    text = unescape(re.sub(r"<[^>]+>", " ", response.text))
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


def post(browser, path: str, data: dict[str, str]):
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/moi/").text)
    assert found
    return browser.post(path, data={"csrf_token": found[1], **data})


def count(app) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(CycleSession.id))) or 0


@pytest.fixture(params=["create", "copy", "edit", "new date"])
def send(app, request, olga, session):
    """`send(starts_at=…)`: the form with other hours, as each page that asks for hours takes it."""
    page, fields = "/pilotage/sessions/nouvelle", dict(NEW)
    if request.param == "copy":
        fields["copied_from"] = str(session)
    elif request.param == "edit":
        page = f"/pilotage/sessions/{session}/modifier"
        base = re.search(r'name="base_fr"[^>]*value="(\d+)"', olga.get(page).text)
        assert base
        fields["base_fr"] = base[1]
    elif request.param == "new date":
        page = f"/pilotage/sessions/{session}/nouvelle-date"
        with app.app_context(), transaction() as it:
            it.get_one(CycleSession, session).status = SessionStatus.POSTPONED
    return lambda **hours: post(olga, page, fields | {"starts_at": "", "ends_at": ""} | hours)


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ({"starts_at": SKIPPED}, "Cette heure n’existe pas : cette nuit-là, les horloges passent de 2 h à 3 h."),
        ({"starts_at": "2027-03-28T01:30", "ends_at": SKIPPED}, "Cette heure n’existe pas"),
        ({"starts_at": "2027-02-04T20:00", "ends_at": "2027-02-04T18:00"}, "La fin vient avant le début."),
        ({"starts_at": "2027-02-04T20:00", "ends_at": "2027-02-04T20:00"}, "La fin vient avant le début."),
        ({"starts_at": "2027-02-30T18:00"}, "Donnez une date et une heure"),
        ({"starts_at": "9999-12-31T23:00"}, "Cette année est hors du calendrier"),
    ],
)
def test_hours_that_cannot_be_are_explained_and_stay_in_the_form(app, send, hours, told):
    before = count(app)
    answer = send(**hours)
    assert (answer.status_code, told in words(answer)) == (422, True)
    assert all(f'value="{typed}"' in answer.text for typed in hours.values())
    assert count(app) == before


def test_of_an_hour_that_comes_twice_the_first_is_kept_and_said(app, olga, send):
    answer = send(starts_at=TWICE)
    assert answer.status_code == 303
    with app.app_context():
        starts = list(db.session.scalars(select(CycleSession.starts_at)))
    assert datetime(2027, 10, 31, 0, 30, tzinfo=UTC) in starts
    assert "C’est la première qui est retenue." in words(olga.get(answer.location))


def test_fewer_seats_than_given_are_saved_explained_and_throw_nobody_out(app, olga, session):
    with app.app_context():
        people = [a_person() for _ in range(3)]
        for person in people:
            with transaction() as it:
                enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, session), now=clock.now())
    answer = post(olga, f"/pilotage/sessions/{session}/places", {"capacity": "1"})
    page = words(olga.get(answer.location))
    assert "3 places sont prises, et la session n’en a que 1. Personne ne perd la sienne" in page
    assert "Confirmée (3)" in page
    post(olga, f"/pilotage/sessions/{session}/places", {"capacity": "3"})
    assert "Personne ne perd la sienne ;" not in words(olga.get(answer.location))


@pytest.mark.parametrize("action", ["save", "publish"])
def test_a_form_sent_twice_makes_one_session_and_another_content_makes_another(app, olga, session, action):
    before, form = count(app), NEW | {"action": action}
    first, second = (post(olga, "/pilotage/sessions/nouvelle", form) for _ in range(2))
    assert (first.status_code, second.status_code, second.location) == (303, 303, first.location)
    assert count(app) == before + 1
    other = post(olga, "/pilotage/sessions/nouvelle", form | {"capacity": "4"})
    assert other.location != first.location
    copy = form | {"copied_from": str(session), "starts_at": "2027-05-06T18:00", "ends_at": "2027-05-06T20:00"}
    assert len({post(olga, "/pilotage/sessions/nouvelle", copy).location for _ in range(2)}) == 1
    assert count(app) == before + 3


@pytest.mark.each_database
def test_a_season_sent_twice_is_made_once(app, olga, session):
    form = {"cycle": "port", "session": str(session), f"s{session}-title": "Les amarres"}
    form |= {f"s{session}-starts_at": "2027-09-02T18:00"}
    for _ in range(2):
        assert post(olga, "/pilotage/saison", form).status_code == 303
    assert count(app) == 2
    with app.app_context():
        copied = select(func.count(AuditEntry.id)).where(AuditEntry.action == "session.copy")
        assert db.session.scalar(copied) == 1


@pytest.mark.each_database
def test_gestures_sent_twice_are_done_once(app, olga, session):
    enrol = {"name": "Zoé", "email": "zoe@example.org"}
    for _ in range(2):
        assert post(olga, f"/pilotage/sessions/{session}/inscrits", enrol).status_code == 303
    for path in ("report", "annulation"):
        for _ in range(2):
            assert post(olga, f"/pilotage/sessions/{session}/{path}", {}).status_code == 303
    with app.app_context():
        done = dict(db.session.execute(select(AuditEntry.action, func.count()).group_by(AuditEntry.action)).all())
    assert [done[name] for name in ("enrolment.join", "session.postpone", "session.cancel")] == [1, 1, 1]
