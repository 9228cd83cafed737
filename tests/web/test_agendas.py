"""Calendars of a session, of a cycle and of all, read by their library as somebody's agenda would."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar, Event as Component
from sqlalchemy import select

from academy.domain import scheduling, session_texts
from academy.extensions import db, transaction
from academy.models import Audience, CycleSession, Document, Kind, Person, Role, SessionStatus, Speaker, Venue
from academy.web import clock
from tests.factories import a_person, a_session, a_text, withdrawn
from tests.kept import once

NOW = "2026-11-20 09:00+00:00"
HOST = "http://localhost"


def _events(client: FlaskClient, path: str) -> list[Component]:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8"), path
    return Calendar.from_ical(answer.data).events


@pytest.fixture
@once
def visit(app: Flask) -> str:
    """A session at a venue, in both languages; its path."""
    with time_machine.travel(NOW, tick=False), app.app_context():
        a_text("c", kind=Kind.CYCLE, slug="port", title="Le port")
        with transaction() as session:
            session.add(Venue(slug="quai", name="Le quai", city="Marseille", latitude=43.3, longitude=5.37))
            session.add(Speaker(slug="ada", name="Ada"))
        facts = {"kind": Kind.SESSION, "cycle": "port", "slug": "visite", "venue": "quai", "trainers": ["ada"]}
        a_text("visite", title="Visite", summary="À quai.", **facts)
        a_text("visite", title="Visit", summary="On the quay.", language="en", **facts)
        return f"/sessions/{db.session.scalars(select(CycleSession.id)).one()}-visite"


def test_a_session_is_one_event_equal_to_its_row(app: Flask, client: FlaskClient, visit: str):
    for side, summary, words in (("", "Visite", "À quai."), ("/en", "Visit", "On the quay.")):
        [event] = _events(client, f"{side}{visit}.ics")
        assert (str(event["uid"]), event.sequence) == ("visite@localhost", 0)
        assert (str(event["summary"]), event["summary"].params["LANGUAGE"]) == (summary, "en" if side else "fr")
        assert str(event["description"]) == f"{words}\n\n{HOST}{side}{visit}/"
        assert str(event["url"]) == f"{HOST}{side}{visit}/"
        assert event.start.isoformat() == "2027-02-04T18:00:00+01:00"
        assert event.end.isoformat() == "2027-02-04T20:00:00+01:00"
        assert str(event["location"]) == "Le quai, Marseille"
        assert (event["geo"].latitude, event["geo"].longitude) == (43.3, 5.37)
        assert event.categories == ["Le port"]
        assert event.LAST_MODIFIED.isoformat() == "2026-11-20T09:00:00+00:00"


def test_pages_offer_their_calendar(app: Flask, client: FlaskClient, visit: str):
    with time_machine.travel(NOW, tick=False):
        for page, calendar in (
            (f"{visit}/", f"{visit}.ics"),
            ("/cycles/port/", "/cycles/port.ics"),
            ("/sessions/", "/sessions/agenda.ics"),
        ):
            for side in ("", "/en"):
                shown = client.get(f"{side}{page}").text
                assert shown.count(f'href="{side}{calendar}"') == 2, page  # in the head, and where a person looks
                assert _events(client, f"{side}{calendar}")


def test_an_old_address_leads_to_the_present_one(client: FlaskClient, visit: str):
    answer = client.get(f"{visit}-autrefois.ics")
    assert (answer.status_code, answer.location) == (301, f"{visit}.ics")


def test_another_hour_or_place_keeps_the_uid_and_raises_the_sequence(app: Flask, client: FlaskClient, visit: str):
    first = client.get(f"{visit}.ics")
    later = "2026-11-21 09:00+00:00"
    with time_machine.travel(later, tick=False), app.app_context():
        now = clock.now()
        row = db.session.scalars(select(CycleSession)).one()
        schedule = session_texts.schedule_of(row)
        moved = {"starts_at": schedule.starts_at + timedelta(days=1), "ends_at": schedule.ends_at + timedelta(days=1)}
        edit = scheduling.prepare_edit(row, session_texts.Schedule(**vars(schedule) | moved), now=now)
        with transaction():
            scheduling.edit_session(edit, by=None, now=now)
    answer = client.get(f"{visit}.ics", headers={"If-None-Match": first.headers["ETag"]})
    [before], [event] = Calendar.from_ical(first.data).events, Calendar.from_ical(answer.data).events
    assert str(event["uid"]) == str(before["uid"])
    assert (before.sequence, event.sequence) == (0, 1)
    assert event.start - before.start == timedelta(days=1)
    assert event.LAST_MODIFIED.isoformat() == "2026-11-21T09:00:00+00:00"


def test_a_cancelled_session_stays_and_says_so(app: Flask, client: FlaskClient, visit: str):
    with time_machine.travel(NOW, tick=False):
        with app.app_context(), transaction() as session:
            scheduling.cancel_session(session.scalars(select(CycleSession)).one(), by=None, now=clock.now())
        for path in (f"{visit}.ics", "/cycles/port.ics", "/sessions/agenda.ics"):
            [event] = _events(client, path)
            assert (str(event["status"]), event.sequence, str(event["uid"])) == ("CANCELLED", 1, "visite@localhost")


def test_an_unchanged_calendar_is_a_304(client: FlaskClient, visit: str):
    for path in (f"{visit}.ics", "/cycles/port.ics", "/sessions/agenda.ics"):
        etag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304, path


@pytest.mark.each_database
def test_the_calendars_hold_what_is_dated_and_published_for_who_asks(app: Flask, client: FlaskClient):
    with app.app_context():
        a_session(title="Passée", starts_in=timedelta(days=-9))
        a_session(title="Sans date", slug="sans-date", starts_in=None)
        a_session(title="À venir")
        a_session(title="Essai", is_example=True, status=SessionStatus.POSTPONED)
        a_session(title="Brouillon", slug="brouillon", is_published=False)
        members = a_session(title="Entre nous", slug="entre-nous")
        with transaction() as session:
            row = session.get_one(CycleSession, members)
            session.get_one(Document, row.document_id).audience = Audience.MEMBERS
    for path in ("/cycles/economie-bleue.ics", "/sessions/agenda.ics"):
        found = {str(event["summary"]): str(event["status"]) for event in _events(client, path)}
        assert found == {"Passée": "CONFIRMED", "À venir": "CONFIRMED", "Exemple\u00a0: Essai": "CANCELLED"}, path
    missing = ("/sessions/2-sans-date.ics", "/sessions/5-brouillon.ics", f"/sessions/{members}-entre-nous.ics")
    assert {client.get(path).status_code for path in (*missing, "/sessions/99-x.ics", "/cycles/x.ics")} == {404}


def test_members_find_theirs(app: Flask, as_):
    with app.app_context():
        session_id = a_session(title="Entre nous", slug="entre-nous")
        with transaction() as session:
            row = session.get_one(CycleSession, session_id)
            session.get_one(Document, row.document_id).audience = Audience.MEMBERS
        person, organiser = a_person(), a_person(role=Role.ORGANISER)
        draft = a_session(title="Brouillon", slug="brouillon", is_published=False)
    answer = as_(person).get(f"/sessions/{session_id}-entre-nous.ics")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert as_(organiser).get(f"/sessions/{draft}-brouillon.ics").status_code == 200


def test_no_name_of_who_comes_is_in_a_calendar(app: Flask, client: FlaskClient, visit: str):
    from academy.domain import enrolment

    with time_machine.travel(NOW, tick=False), app.app_context():
        person = a_person("Zénobie", email="zenobie@example.org")
        with transaction() as session:
            row = session.scalars(select(CycleSession)).one()
            enrolment.enrol(session.get_one(Person, person), row, now=clock.now())
    text = client.get(f"{visit}.ics").text
    assert "zenobie" not in text.lower()
    assert "ATTENDEE" not in text


def test_calendars_take_as_many_queries_for_one_row_as_for_three(app: Flask, queries_of):
    counts = []
    for _ in range(3):
        with app.app_context():
            a_session()
        counts.append([queries_of(path) for path in ("/cycles/economie-bleue.ics", "/sessions/agenda.ics")])
    assert counts[0] == counts[2]


def test_a_withdrawn_session_leaves_the_calendars(app: Flask, client: FlaskClient, visit: str):
    with app.app_context():
        for edition in db.session.scalars(select(Document).where(Document.key == "visite")).one().editions:
            number = edition.id
            withdrawn(number)
    assert client.get(f"{visit}.ics").status_code == 404
    assert _events(client, "/cycles/port.ics") == []
