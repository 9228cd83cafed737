"""Reminders: due at nine in Paris whatever the clocks do, promised once, for the date that stands."""

import multiprocessing
import os
import signal
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from academy import jobs
from academy.domain import accounts, enrolment, reminders, scheduling
from academy.extensions import db as database, transaction
from academy.mail.facts import Reading, readings
from academy.models import (
    Audience,
    CycleSession,
    Document,
    Enrolment,
    Kind,
    Mode,
    OutboxMessage,
    Person,
    Reminder,
    ReminderKind,
    SentMail,
    SessionStatus,
)
from academy.web import clock
from academy.web.clock import PARIS
from tests.factories import a_person, a_session, a_text, at
from tests.mail_reading import html_of, sent_by, subject_of, text_of
from tests.web.test_english import french_in

START = at(2027, 2, 4, 17)  # 18:00 in Paris
FORK = multiprocessing.get_context("fork")


def _session(start: datetime = START, **values) -> int:
    session_id = a_session(capacity=values.pop("capacity", None), title=values.pop("title", "Visite"))
    with transaction() as it:
        row = it.get_one(CycleSession, session_id)
        row.starts_at, row.ends_at = start, start + timedelta(hours=2)
        for name, value in values.items():
            setattr(row, name, value)
    return session_id


def _enrol(session: int, person: int | None = None, *, now: datetime) -> int:
    person = person or a_person()
    with transaction() as it:
        held = enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, session), now=now)
        it.flush()
        return held.id


def _look(now: datetime) -> list[str]:
    """What one look of the worker promises."""
    known = set(database.session.scalars(select(Reminder.id)))
    if reminders.has_due(now=now):
        with transaction():
            reminders.promise_due(now=now)
    rows = database.session.execute(select(Reminder.id, Reminder.kind).order_by(Reminder.id))
    return [str(kind) for number, kind in rows if number not in known]


def _paris(*wall: int) -> datetime:
    return datetime(*wall, tzinfo=PARIS)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("start", [_paris(2027, 3, 28, 18), _paris(2027, 3, 29, 8), _paris(2027, 10, 31, 0, 30)])
def test_mornings_are_at_nine_in_paris_across_a_clock_change(start: datetime):
    session = CycleSession(starts_at=start, ends_at=start + timedelta(hours=2), status="scheduled", has_reminders=True)
    week, day, hour, after = reminders.moments(session)
    for moment, days in ((week, -7), (day, -1), (after, 1)):
        wall = moment.due_at.astimezone(PARIS)
        assert (wall.hour, wall.minute, wall.date()) == (9, 0, start.date() + timedelta(days=days))
    assert hour.due_at == start.astimezone(UTC) - timedelta(hours=1)
    assert [moment.kind for moment in (week, day, hour, after)] == list(ReminderKind)


def test_each_reminder_is_promised_once_in_its_time(db):
    _enrol(_session(), now=at(2027, 1, 1))
    looks = {
        at(2027, 1, 28, 7, 59): [],
        at(2027, 1, 28, 8): ["reminder_week"],
        at(2027, 1, 28, 8, 1): [],
        at(2027, 2, 3, 7, 59): [],
        at(2027, 2, 3, 8): ["reminder_day"],
        at(2027, 2, 4, 15, 59): [],
        at(2027, 2, 4, 16): ["reminder_hour"],
        at(2027, 2, 5, 7, 59): [],
        at(2027, 2, 5, 8): ["session_after"],
        at(2027, 2, 5, 9): [],
    }
    assert {now: _look(now) for now in looks} == looks


def test_who_enrols_late_gets_those_of_the_last_day_and_not_that_of_the_week(db):
    session = _session()
    _enrol(session, now=at(2027, 1, 30))
    assert _look(at(2027, 1, 30, 1)) == []
    assert _look(at(2027, 2, 3, 9)) == ["reminder_day"]
    _enrol(session, now=at(2027, 2, 3, 20))  # the others had theirs this morning
    assert _look(at(2027, 2, 3, 20, 1)) == ["reminder_day"]
    _enrol(session, now=at(2027, 2, 4, 16, 30))
    assert _look(at(2027, 2, 4, 16, 31)) == ["reminder_hour"] * 3


def test_a_worker_that_was_away_sends_what_is_still_of_use(db):
    _enrol(_session(), now=at(2027, 1, 1))
    assert _look(at(2027, 1, 31)) == []  # too late for the week
    assert _look(at(2027, 2, 4, 12)) == ["reminder_day"]
    assert _look(at(2027, 2, 9)) == []


def test_another_date_is_reminded_of_anew_and_the_old_one_no_more(db):
    session = _session()
    _enrol(session, now=at(2027, 1, 1))
    assert _look(at(2027, 1, 28, 9)) == ["reminder_week"]
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        row.starts_at, row.ends_at = START + timedelta(days=30), START + timedelta(days=30, hours=2)
    assert _look(at(2027, 2, 3, 9)) == []
    assert _look(at(2027, 2, 27, 9)) == ["reminder_week"]
    with transaction() as it:  # another hour of the same day: the mail about the change says it
        row = it.get_one(CycleSession, session)
        row.starts_at, row.ends_at = START + timedelta(days=30, hours=1), START + timedelta(days=30, hours=3)
    assert _look(at(2027, 2, 27, 10)) == []


@pytest.mark.parametrize(
    "values",
    [
        {"status": SessionStatus.CANCELLED},
        {"status": SessionStatus.POSTPONED},
        {"has_reminders": False},
        {"starts_at": None, "ends_at": None},
    ],
    ids=["cancelled", "postponed", "off", "dateless"],
)
def test_nobody_is_reminded_of_what_will_not_be_or_should_not_be_reminded_of(db, values):
    session = _session()
    _enrol(session, now=at(2027, 1, 1))
    with transaction() as it:
        for name, value in values.items():
            setattr(it.get_one(CycleSession, session), name, value)
    assert [_look(now) for now in (at(2027, 1, 28, 9), at(2027, 2, 3, 9), at(2027, 2, 4, 16))] == [[], [], []]


def test_only_who_holds_a_place_is_reminded(db):
    session = _session(capacity=1)
    seated = _enrol(session, now=at(2027, 1, 1))
    _enrol(session, now=at(2027, 1, 1))  # waits
    closed = a_person()
    _enrol(_session(title="Autre"), closed, now=at(2027, 1, 1))
    with transaction() as it:
        accounts.close(it.get_one(Person, closed), by=None, now=at(2027, 1, 2))
    assert _look(at(2027, 1, 28, 9)) == ["reminder_week"]
    assert database.session.scalars(select(Reminder.enrolment_id)).all() == [seated]


def test_what_overtakes_a_promise_drops_its_mail(app: Flask, db):
    session = _session()
    held = _enrol(session, now=at(2027, 1, 1))
    with time_machine.travel(at(2027, 1, 28, 9)):
        sent_by(app)
        _look(clock.now())
        with transaction() as it:
            scheduling.cancel_session(it.get_one(CycleSession, session), by=None, now=clock.now())
        subjects = [subject_of(mail).partition("\u00a0:")[0] for mail in sent_by(app)]
    assert held
    assert subjects == ["Inscription confirmée", "Session annulée"]


def test_the_mails_say_what_is_needed_in_the_language_of_the_person(app: Flask, db):
    session = _session(mode=Mode.BLENDED, video_url="https://visio.example/salle")
    people = {language: a_person(language=language, email=f"{language}@example.org") for language in ("fr", "en")}
    held = {language: _enrol(session, person, now=at(2027, 1, 1)) for language, person in people.items()}
    sent = {}
    for now in (at(2027, 1, 28, 8, 1), at(2027, 2, 3, 8, 1), at(2027, 2, 4, 16, 1), at(2027, 2, 5, 8, 1)):
        with time_machine.travel(now):
            jobs.remind()
            mails = sent_by(app)
        sent = {(mail["To"].partition("@")[0], subject_of(mail)): mail for mail in mails}
    french = [subject for language, subject in sent if language == "fr"]
    english = [subject for language, subject in sent if language == "en"]
    assert [subject.replace("\u00a0", " ") for subject in french] == [
        "Inscription confirmée : Visite",
        "Votre session approche : Visite",
        "Rappel : Visite",
        "C’est aujourd’hui : Visite",
        "Après la session : Visite",
    ]
    assert english == [
        "Enrolment confirmed: Visite",
        "Your session is coming up: Visite",
        "Reminder: Visite",
        "It is today: Visite",
        "After the session: Visite",
    ]
    for (language, subject), mail in sent.items():
        body, html = text_of(mail), html_of(mail)
        assert held[language]
        assert [twin.count("/inscriptions/") > 0 for twin in (body, html)] == [True, True], subject
        is_open = subject.startswith(("C’est", "It is"))
        assert ("https://visio.example/salle" in body) == ("https://visio.example/salle" in html) == is_open, subject
        assert language == "fr" or french_in(html) == [], subject


def test_the_mail_after_leads_to_what_the_person_may_read(app: Flask, db):
    session = _session(module_keys=["quais", "perdu"])
    with transaction() as it:
        document = it.get_one(Document, it.get_one(CycleSession, session).document_id)
        document.key = "session-cle"
    a_text("quais", kind=Kind.MODULE, cycle="port", title="Les quais")
    a_text("note", title="Une note", session="session-cle")
    a_text("cachee", title="Cachée", audience=Audience.TEAM, session="session-cle")
    a_text("brouillon", title="Brouillon", is_published=False, session="session-cle")
    held = _enrol(session, a_person(email="a@example.org"), now=at(2027, 1, 1))
    assert readings(database.session.get_one(Enrolment, held), "en") == [
        Reading("Les quais", "fr", "http://localhost/en/d/quais"),
        Reading("Une note", "fr", "http://localhost/en/d/note"),
    ]
    with time_machine.travel(at(2027, 2, 5, 8, 1)):
        jobs.remind()
        mail = sent_by(app)[-1]
    for body in (text_of(mail), html_of(mail)):
        assert all(word in body for word in ("Les quais", "http://localhost/d/quais", "Une note"))
        assert "Cachée" not in body
        assert "Brouillon" not in body


def _work(app: Flask, instant: datetime, start) -> None:
    with app.app_context(), time_machine.travel(instant):
        database.engine.dispose(close=False)  # the parent's connections are the parent's
        start.wait()
        jobs.remind()
        jobs.drain()
        database.session.remove()


def test_two_workers_at_once_send_each_mail_once(app: Flask):
    with app.app_context():
        session = _session()
        for number in range(20):
            _enrol(session, a_person(email=f"p{number}@academie.fr"), now=at(2027, 1, 1))
        database.session.execute(select(1))
        database.session.remove()
        database.engine.dispose()
    start = FORK.Event()
    workers = [FORK.Process(target=_work, args=(app, at(2027, 1, 28, 9), start)) for _ in range(2)]
    for worker in workers:
        worker.start()
    start.set()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    with app.app_context():
        counts = [database.session.scalar(select(func.count()).select_from(row)) for row in (Reminder, OutboxMessage)]
        assert counts == [20, 40]  # with the confirmations
        subjects = select(SentMail.subject, func.count()).group_by(SentMail.subject)
        assert sorted(count for _subject, count in database.session.execute(subjects)) == [20, 20]
        with time_machine.travel(at(2027, 1, 28, 10)):
            mails = sent_by(app)
        assert len({mail["Message-ID"] for mail in mails}) == len(mails) == 40


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_worker_that_is_killed_loses_no_reminder_and_promises_none_twice(app: Flask):
    with app.app_context():
        session = _session()
        for number in range(30):
            _enrol(session, a_person(email=f"p{number}@academie.fr"), now=at(2027, 1, 1))
        with time_machine.travel(at(2027, 1, 2)):
            jobs.drain()  # the confirmations
        database.session.remove()
        database.engine.dispose()
    ready = FORK.Event()
    ready.set()
    for delay in (0.0, 0.05, 0.1, 0.2):
        child = FORK.Process(target=_work, args=(app, at(2027, 1, 28, 9), ready))
        child.start()
        time.sleep(delay)
        if child.is_alive() and child.pid:
            os.kill(child.pid, signal.SIGKILL)
        child.join(60)
    with app.app_context(), time_machine.travel(at(2027, 1, 28, 9, 30)):  # the leases of the killed have ended
        jobs.remind()
        mails = sent_by(app)
        assert database.session.scalar(select(func.count()).select_from(Reminder)) == 30
        assert database.session.scalar(select(func.count()).where(OutboxMessage.done_at.is_(None))) == 0
    reminded = {mail["Message-ID"]: mail["To"] for mail in mails if subject_of(mail).startswith("Votre session")}
    assert sorted(reminded.values()) == sorted(f"p{number}@academie.fr" for number in range(30))


def test_the_worker_looks_for_reminders(app: Flask):
    with app.app_context():
        _enrol(_session(), now=at(2027, 1, 1))
    with time_machine.travel(at(2027, 1, 28, 9)):
        app.extensions["jobs"]._turn()
    with app.app_context():
        assert database.session.scalars(select(Reminder.kind)).all() == [ReminderKind.WEEK]
