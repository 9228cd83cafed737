"""A hundred phones in one room: each is marked once, each signs once, and the chain of signatures holds."""

import random
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from academy.domain import attendance, certificates, room_codes, sheets
from academy.domain.errors import Refused
from academy.domain.stated import Issuer
from academy.extensions import db as database, transaction
from academy.models import (
    Attendance,
    AuditEntry,
    Certificate,
    CycleSession,
    Enrolment,
    Person,
    Role,
    RoomCode,
    SheetHead,
    Signature,
    Signer,
)
from academy.web import clock
from tests.factories import a_person, a_session
from tests.races.storm import FORK, Work, _crowd, _runner

PHONES, PROCESSES = 100, 8


def _arrive(session_id: int, person_id: int) -> list[str]:
    """Say that one is here, then sign: as two taps on a phone."""
    with transaction() as it:
        session, person = it.get_one(CycleSession, session_id), it.get_one(Person, person_id)
        code, _left = room_codes.shown(it.get_one(RoomCode, session_id), now=clock.now())
        half_day = attendance.check_in(person, session, code, now=clock.now())
    with transaction() as it:
        session, person = it.get_one(CycleSession, session_id), it.get_one(Person, person_id)
        sheets.sign(person, session, half_day, Signer.PARTICIPANT, typed=person.name, now=clock.now())
    return ["signed"]


def _issue(session_id: int, person_id: int) -> list[str]:
    """Two organisers press the button at once."""
    with transaction() as it:
        session, boss = it.get_one(CycleSession, session_id), it.get_one(Person, person_id)
        made = certificates.issue(session, Issuer(name=""), results={}, by=boss, now=clock.now())
        return [str(len(made))]


def _all_at_once(app: Flask, work: Work, session_id: int, shares: list[list[int]]) -> list[str]:
    """Each share of people by a process of its own; what they answered."""
    with app.app_context():
        database.session.remove()
        database.engine.dispose()
    start, answers = FORK.Event(), FORK.Queue()
    runners = [FORK.Process(target=_runner, args=(app, work, session_id, share, start, answers)) for share in shares]
    for runner in runners:
        runner.start()
    start.set()
    found = [answers.get(timeout=600) for _ in runners]
    for runner in runners:
        runner.join(timeout=30)
    return [answer for done, _worst in found for answer in done]


def _a_room() -> tuple[int, list[int]]:
    """A session that has begun, in whose room everybody has a place; its people."""
    session = a_session(starts_in=-timedelta(minutes=10), capacity=None)
    people = _crowd(PHONES)
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        places = {"session_id": session, "status": "confirmed", "joined_at": clock.now()}
        it.add_all([Enrolment(**places, person_id=person, rank=rank) for rank, person in enumerate(people, 1)])
        room_codes.renew(row, by=it.get_one(Person, people[0]), now=clock.now())
    return session, people


def test_a_hundred_phones_are_marked_once_and_sign_one_whole_chain(app: Flask):
    with app.app_context():
        session, people = _a_room()
    tries = people * 2  # everybody taps twice, from two processes
    random.Random(7).shuffle(tries)
    answers = _all_at_once(app, _arrive, session, [tries[n::PROCESSES] for n in range(PROCESSES)])
    assert answers == ["signed"] * len(tries)
    with app.app_context():
        for table in (Attendance, Signature):
            rows = list(database.session.execute(select(table.person_id, table.day, table.half)))
            assert len(rows) == len(set(rows)) == PHONES
        assert list(sheets.faults()) == []
        head = database.session.get_one(SheetHead, session)
        assert head.count == PHONES
        for action in ("attendance.mark", "sheet.sign"):
            said = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == action)
            assert database.session.scalar(said) == PHONES


def test_two_organisers_at_once_issue_each_certificate_once(app: Flask):
    with app.app_context():
        session, people = _a_room()
        bosses = [a_person(role=Role.ORGANISER) for _ in range(4)]
        with transaction() as it:
            row = it.get_one(CycleSession, session)
            row.starts_at, row.ends_at = clock.now() - timedelta(hours=5), clock.now() - timedelta(hours=3)
            half = attendance.of_session(row)[0]
            place = {"session_id": session, "day": half.day, "half": half.half, "way": "team", "marked_at": clock.now()}
            it.add_all([Attendance(**place, person_id=person) for person in people])
    answers = _all_at_once(app, _issue, session, [[boss] for boss in bosses])
    assert sorted(answers) == ["0", "0", "0", str(PHONES)]
    with app.app_context():
        rows = list(database.session.execute(select(Certificate.person_id, Certificate.code)))
        assert len({who for who, _code in rows}) == len({code for _who, code in rows}) == len(rows) == PHONES


def test_a_storm_of_wrong_codes_marks_nobody(app: Flask):
    with app.app_context():
        session, people = _a_room()
    answers = _all_at_once(app, _guess, session, [people[n::PROCESSES] for n in range(PROCESSES)])
    assert answers == ["check_in_code"] * PHONES
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(Attendance)) == 0


def _guess(session_id: int, person_id: int) -> list[str]:
    try:
        with transaction() as it:
            session, person = it.get_one(CycleSession, session_id), it.get_one(Person, person_id)
            attendance.check_in(person, session, "abcdef", now=clock.now())
    except Refused as refusal:
        return [refusal.code]
    return ["marked"]
