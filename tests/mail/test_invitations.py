"""The invitation in a mail, read by three libraries as three agendas would: put in, moved, taken out."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
import vobject
from flask import Flask
from icalendar import Calendar, use_zoneinfo
from khal.khalendar.backend import SQLiteDb
from sqlalchemy import select

from academy.domain import enrolment, postponing, scheduling, session_texts
from academy.extensions import db as database, transaction
from academy.models import CycleSession, Enrolment, Kind, Person, SessionStatus, Venue
from academy.web import clock
from tests.factories import a_person, a_session, a_text
from tests.mail_reading import invitation_in, sent_by, subject_of, text_of

NOW = "2026-11-20 09:00+00:00"
PARIS = ZoneInfo("Europe/Paris")
use_zoneinfo()  # importing khal turned icalendar to pytz, for all tests of the process
KHAL = {"local_timezone": PARIS, "default_timezone": PARIS}


@pytest.fixture
def visit(db) -> int:
    """A session at a quay, on 4 February 2027 from 18:00 to 20:00 in Paris; its id."""
    with time_machine.travel(NOW):
        a_text("c", kind=Kind.CYCLE, slug="port", title="Le port")
        with transaction() as it:
            it.add(Venue(slug="quai", name="Le quai", city="Marseille", latitude=43.3, longitude=5.37))
        a_text("visite", kind=Kind.SESSION, cycle="port", title="Visite", summary="À quai.", venue="quai", capacity="1")
        return db.session.scalars(select(CycleSession.id)).one()


def _enrol(person: int, session: int) -> int:
    with transaction() as it:
        held = enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, session), now=clock.now())
        it.flush()
        return held.id


def _leave(held: int) -> None:
    with transaction() as it:
        enrolment.cancel(it.get_one(Enrolment, held), by=None, now=clock.now())


def _plan(session: int, **facts: object) -> None:
    """Give the session other facts, as the desk does."""
    row = database.session.get_one(CycleSession, session)
    edit = scheduling.prepare_edit(row, replace(session_texts.schedule_of(row), **facts), now=clock.now())
    with transaction():
        scheduling.edit_session(edit, by=None, now=clock.now())


def _postpone(session: int) -> None:
    with transaction() as it:
        postponing.postpone_session(it.get_one(CycleSession, session), by=None, now=clock.now())


def _set_again(session: int, **facts: object) -> None:
    row = database.session.get_one(CycleSession, session)
    edit = scheduling.prepare_edit(row, replace(session_texts.schedule_of(row), **facts), now=clock.now())
    with transaction():
        postponing.reschedule_session(edit, by=None, now=clock.now())


def _read(content: bytes, folder: Path) -> dict[str, object]:
    """The one event of a calendar, on which icalendar, vobject and khal must agree."""
    text = content.decode()
    [event] = Calendar.from_ical(content).events
    other = vobject.readOne(text).vevent
    agenda = SQLiteDb(calendars=["mine"], locale=KHAL, db_path=str(folder / "khal.db"))
    agenda.update(re.sub(r"METHOD:\w+\r\n", "", text), href="one", etag="one", calendar="mine")
    day = event.start.astimezone(PARIS).date()
    midnight = datetime(day.year, day.month, day.day, tzinfo=PARIS)
    [(_ics, href, start, end, *_rest)] = agenda.get_localized(midnight, midnight + timedelta(days=1))
    assert href == "one"
    starts_at = {event.start.astimezone(UTC), other.dtstart.value.astimezone(UTC), _instant(start)}
    ends_at = {event.end.astimezone(UTC), other.dtend.value.astimezone(UTC), _instant(end)}
    assert (len(starts_at), len(ends_at)) == (1, 1)
    assert str(event["uid"]) == other.uid.value
    assert event.sequence == int(other.sequence.value)
    assert str(event["status"]) == other.status.value
    return {
        "uid": str(event["uid"]),
        "sequence": event.sequence,
        "status": str(event["status"]),
        "start": event.start.astimezone(PARIS).isoformat(),
        "guest": f"{event['attendee']} {event['attendee'].params['CN']} {event['attendee'].params['PARTSTAT']}",
        "organiser": f"{event['organizer']}",
    }


def _instant(value: object) -> datetime:
    return value.astimezone(UTC) if isinstance(value, datetime) else datetime.fromtimestamp(int(value), UTC)  # pyright: ignore


def test_a_confirmation_brings_the_event_of_the_feeds(app: Flask, visit: int, tmp_path: Path):
    with time_machine.travel(NOW):
        _enrol(a_person("Jeanne Martin", email="jeanne@example.org"), visit)
        [mail] = sent_by(app)
    method, content = invitation_in(mail) or ("", b"")
    assert (method, mail.get_content_type()) == ("REQUEST", "multipart/mixed")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["multipart/alternative", "application/ics"]
    assert [part.get_content_type() for part in next(mail.iter_parts()).iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert Calendar.from_ical(content)["method"] == "REQUEST"
    assert _read(content, tmp_path) == {
        "uid": "visite@localhost",
        "sequence": 0,
        "status": "CONFIRMED",
        "start": "2027-02-04T18:00:00+01:00",
        "guest": "mailto:jeanne@example.org Jeanne Martin ACCEPTED",
        "organiser": "mailto:academie@localhost",
    }
    [event] = Calendar.from_ical(content).events
    assert str(event["location"]) == "Le quai, Marseille"
    assert str(event["description"]) == f"À quai.\n\nhttp://localhost/sessions/{visit}-visite/"
    feed = Calendar.from_ical(app.test_client().get("/sessions/agenda.ics").data).events[0]
    assert (str(feed["uid"]), feed.sequence, feed.start) == (str(event["uid"]), event.sequence, event.start)


def test_another_hour_keeps_the_uid_and_raises_the_sequence(app: Flask, visit: int, tmp_path: Path):
    with time_machine.travel(NOW):
        _enrol(a_person(), visit)
        _enrol(a_person(), visit)  # waits: nothing of theirs is in an agenda
        sent_by(app)
    with time_machine.travel("2026-11-21 09:00+00:00"):
        summer = datetime(2027, 3, 29, 16, tzinfo=UTC)
        _plan(visit, starts_at=summer, ends_at=summer.replace(hour=18))
        mails = sent_by(app)
    first, queued, moved, told = [invitation_in(mail) for mail in mails]
    assert (queued, told) == (None, None)
    assert first is not None
    assert moved is not None
    before, after = _read(first[1], tmp_path), _read(moved[1], tmp_path)
    assert moved[0] == "REQUEST"
    assert (before["uid"], before["sequence"]) == (after["uid"], 0)
    assert (after["sequence"], after["start"]) == (1, "2027-03-29T18:00:00+02:00")  # the clocks have changed between
    stamps = [Calendar.from_ical(content).events[0].stamp for _method, content in (first, moved)]
    assert [str(stamp.date()) for stamp in stamps] == ["2026-11-20", "2026-11-21"]


def test_a_date_that_is_taken_away_leaves_the_agenda(app: Flask, visit: int, tmp_path: Path):
    with time_machine.travel(NOW):
        _enrol(a_person(), visit)
        _plan(visit, starts_at=None, ends_at=None)
        mails = sent_by(app)
        assert "pas encore fixée" in text_of(mails[-1])
        method, content = invitation_in(mails[-1]) or ("", b"")
        gone = _read(content, tmp_path)
        assert (method, gone["status"], gone["sequence"]) == ("CANCEL", "CANCELLED", 1)
        assert gone["start"] == "2027-02-04T18:00:00+01:00"  # the date that it had
        _plan(visit, starts_at=datetime(2027, 5, 4, 16, tzinfo=UTC), ends_at=datetime(2027, 5, 4, 18, tzinfo=UTC))
        method, content = invitation_in(sent_by(app)[-1]) or ("", b"")
    anew = _read(content, tmp_path)
    assert (method, anew["status"], anew["sequence"], anew["uid"]) == ("REQUEST", "CONFIRMED", 2, gone["uid"])


def test_a_postponed_session_leaves_the_agenda_and_comes_back_when_it_is_set_again(
    app: Flask, visit: int, tmp_path: Path
):
    with time_machine.travel(NOW):
        _enrol(a_person(), visit)
        _enrol(a_person(), visit)  # waits: nothing of theirs is in an agenda
        _postpone(visit)
        seated, queued = sent_by(app)[-2:]
        assert subject_of(seated) == "Session reportée\u00a0: Visite"
        assert "2027" not in text_of(seated)
        assert invitation_in(queued) is None
        method, content = invitation_in(seated) or ("", b"")
        gone = _read(content, tmp_path)
        assert (method, gone["status"], gone["sequence"]) == ("CANCEL", "CANCELLED", 1)
        assert gone["start"] == "2027-02-04T18:00:00+01:00"  # the date that it had
        _set_again(visit)  # the same date
        method, content = invitation_in(sent_by(app)[-2]) or ("", b"")
    anew = _read(content, tmp_path)
    assert (method, anew["status"], anew["sequence"], anew["uid"]) == ("REQUEST", "CONFIRMED", 2, gone["uid"])
    assert anew["start"] == gone["start"]


def test_what_was_set_again_before_the_mail_left_is_told_once(app: Flask, visit: int):
    with time_machine.travel(NOW):
        _enrol(a_person(), visit)
        sent_by(app)
        _postpone(visit)
        _set_again(visit, starts_at=datetime(2027, 5, 4, 16, tzinfo=UTC), ends_at=datetime(2027, 5, 4, 18, tzinfo=UTC))
        _confirmed, *told = sent_by(app)
    assert [(subject_of(mail), (invitation_in(mail) or [""])[0]) for mail in told] == [
        ("Changement\u00a0: Visite", "REQUEST")
    ]


def test_who_left_is_told_of_no_change_that_came_before(app: Flask, visit: int):
    with time_machine.travel(NOW):
        held = _enrol(a_person(), visit)
        _postpone(visit)
        _leave(held)
        subjects = [subject_of(mail).partition("\u00a0:")[0] for mail in sent_by(app)]
    assert subjects == ["Inscription annulée"]


def test_a_place_given_back_leaves_the_agenda_of_who_had_it_alone(app: Flask, visit: int, tmp_path: Path):
    with time_machine.travel(NOW):
        first, _second, third = [_enrol(a_person("Ada", email=f"{name}@example.org"), visit) for name in "abc"]
        _leave(third)  # waited: had nothing to take out
        _leave(first)
        mails = {(mail["To"], subject_of(mail).split("\u00a0:")[0]): invitation_in(mail) for mail in sent_by(app)}
    assert mails["c@example.org", "Inscription annulée"] is None
    method, content = mails["a@example.org", "Inscription annulée"] or ("", b"")
    assert method == "CANCEL"
    assert _read(content, tmp_path) | {"organiser": ""} == {
        "uid": "visite@localhost",
        "sequence": 0,
        "status": "CANCELLED",
        "start": "2027-02-04T18:00:00+01:00",
        "guest": "mailto:a@example.org Ada DECLINED",
        "organiser": "",
    }
    assert (mails["b@example.org", "Une place s’est libérée pour vous"] or [""])[0] == "REQUEST"


def test_a_session_called_off_is_taken_out_and_stays_in_the_feeds(app: Flask, visit: int, tmp_path: Path):
    with time_machine.travel(NOW):
        _enrol(a_person(), visit)
        _enrol(a_person(), visit)
        with transaction() as it:
            scheduling.cancel_session(it.get_one(CycleSession, visit), by=None, now=clock.now())
        seated, queued = sent_by(app)[-2:]
        method, content = invitation_in(seated) or ("", b"")
        off = _read(content, tmp_path)
        assert invitation_in(queued) is None
        assert (method, off["status"], off["sequence"], off["uid"]) == ("CANCEL", "CANCELLED", 1, "visite@localhost")
        [event] = Calendar.from_ical(app.test_client().get("/sessions/agenda.ics").data).events
    assert (str(event["uid"]), str(event["status"]), event.sequence) == ("visite@localhost", "CANCELLED", 1)


def test_a_message_that_runs_again_brings_the_same_bytes(app: Flask, visit: int):
    from academy.mail import facts, invitation

    held = _enrol(a_person(), visit)
    row = database.session.get_one(Enrolment, held)
    made = [invitation.of(row, facts.of_enrolment(row, "fr"), language="fr") for _ in range(2)]
    assert made[0] == made[1] is not None


HOSTILE = {
    "quote": 'A"B',
    "list": "A;B,C:D",
    "line": "A\r\nATTENDEE:mailto:x@y.fr",
    "long": "é" * 100,
    "end": "A\u2028B",
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_no_name_breaks_out_of_its_line(app: Flask, db, words: str, tmp_path: Path):
    _enrol(a_person(words, email="a@example.org"), a_session(title=words))
    [mail] = sent_by(app)
    _method, content = invitation_in(mail) or ("", b"")
    assert _read(content, tmp_path)["guest"]
    [event] = Calendar.from_ical(content).events
    assert str(event["attendee"]) == "mailto:a@example.org"
    assert content.count(b"\r\nATTENDEE") == 1
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_an_example_says_so_in_the_agenda(app: Flask, db):
    _enrol(a_person(language="en"), a_session(title="Visite", is_example=True, status=SessionStatus.SCHEDULED))
    [event] = Calendar.from_ical((invitation_in(sent_by(app)[0]) or ("", b""))[1]).events
    assert str(event["summary"]) == "Example: Visite"
    assert str(event["description"]).startswith("This session is an example")
