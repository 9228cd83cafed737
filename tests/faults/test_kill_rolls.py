"""Processes killed while seats are given, offers expire and lists come in: each step whole, or not at all."""

import os
import random
from collections import Counter
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, insert, select

from academy.domain import accounts, enrolment, invariants, roll_lists, seating
from academy.domain.roll_lists import ENROL, Line
from academy.extensions import db as database, transaction
from academy.models import CycleSession, Enrolment, EnrolmentStatus, OutboxMessage, Person
from academy.web import clock
from tests.factories import a_session
from tests.faults.killing import KILLS, said_before_kill
from tests.races.replay import wrongs

SEATS, AT_ONCE, OFFERS = 5, 10, 12
PEOPLE = [Line(n, f"Zoé {n}", f"zoe-{n}@example.org", "Port", None, ENROL) for n in range(2, 202)]


def _mails() -> Counter[str]:
    wanted = select(OutboxMessage.topic, func.count()).group_by(OutboxMessage.topic)
    return Counter({topic: count for topic, count in database.session.execute(wanted)})  # noqa: C416 -- Row is no pair


def _join_and_leave(round_: int, session_id: int, say: int) -> None:
    """Enrol somebody; every other time the one before gives up, and the seat passes on."""
    before = None
    for number in range(10_000):
        with transaction() as it:
            now = clock.now()
            person = accounts.add_person(f"k{round_}-{number}@example.org", f"K{number}", by=None, now=now)
            held = enrolment.enrol(person, it.get_one(CycleSession, session_id), now=now)
            if before is not None and number % 2:
                enrolment.cancel(it.get_one(Enrolment, before), by=None, now=now)
            it.flush()
            before = held.id
        os.write(say, f"{before}\n".encode())


def test_a_kill_leaves_no_seat_without_its_step_and_its_mail(app: Flask):
    chance = random.Random(3)
    with app.app_context():
        session_id = a_session(capacity=SEATS)
    said: set[str] = set()
    for round_ in range(KILLS):
        said |= set(said_before_kill(app, chance, _join_and_leave, round_, session_id))
    with app.app_context():
        with transaction() as it:
            seating.lock(it.get_one(CycleSession, session_id))  # PostgreSQL may still be ending what the last one did
        wrong, steps = wrongs(session_id, capacity=SEATS, quotas={})
        assert wrong == []
        there = {str(one) for one in database.session.scalars(select(Enrolment.id))}
        assert said - there == set()
        assert len(there - said) <= KILLS
        mails = _mails()
        assert mails["enrolment.confirmed"] == steps["enrolment.seat"]
        assert mails["enrolment.cancelled"] == steps["enrolment.cancel"]
        assert list(invariants.broken(now=clock.now())) == []


def _bring_in(session_id: int, say: int) -> None:
    """Confirm the list, as the page does: some people at a time."""
    for start in range(0, len(PEOPLE), AT_ONCE):
        with transaction() as it:
            row = it.get_one(CycleSession, session_id)
            done = roll_lists.enrol_all(row, PEOPLE[start : start + AT_ONCE], by=None, now=clock.now())
        os.write(say, f"{len(done)}\n".encode())


def test_a_list_cut_short_by_a_kill_is_brought_in_again_and_each_person_once(app: Flask):
    chance = random.Random(5)
    with app.app_context():
        session_id = a_session(capacity=SEATS)
    for _round in range(KILLS):
        said = sum(map(int, said_before_kill(app, chance, _bring_in, session_id, within=0.3)))
        with app.app_context():
            people = select(func.count(Person.id)).scalar_subquery()
            there, accounts_made = database.session.execute(select(func.count(Enrolment.id), people)).one()
            assert (there % AT_ONCE, accounts_made) == (0, there)
            assert there >= said
    with app.app_context():
        for start in range(0, len(PEOPLE), 100):
            with transaction() as it:
                row = it.get_one(CycleSession, session_id)
                roll_lists.enrol_all(row, PEOPLE[start : start + 100], by=None, now=clock.now())
        emails = select(Person.email).join(Enrolment, Enrolment.person_id == Person.id).order_by(Enrolment.rank)
        assert list(database.session.scalars(emails)) == [line.email for line in PEOPLE]
        assert _mails() == {"enrolment.confirmed": SEATS, "enrolment.waiting": len(PEOPLE) - SEATS}
        assert wrongs(session_id, capacity=SEATS, quotas={})[0] == []


def _expire(until, say: int) -> None:
    os.write(say, b"0\n")
    for _ in range(1000):
        with transaction():
            moved = seating.settle_next(now=until)
        os.write(say, f"{moved}\n".encode())


def test_offers_that_expire_while_a_worker_is_killed_pass_on_once(app: Flask):
    chance, now = random.Random(7), clock.now()
    with app.app_context():
        sessions = [a_session(capacity=OFFERS, offer_hours=1) for _ in range(KILLS * 2)]
        with transaction() as it:
            people = [Person(email=f"p{n}@example.org", name=f"P{n}", created_at=now) for n in range(OFFERS * 2)]
            it.add_all(people)
            it.flush()
            ids = [person.id for person in people]
        for session_id in sessions:
            _offer_all(session_id, ids, now)
        database.session.remove()
    later = now + timedelta(hours=2)
    for _round in range(KILLS):
        list(said_before_kill(app, chance, _expire, later, within=0.1))
        with app.app_context():
            per_session = select(Enrolment.session_id, Enrolment.status, func.count()).group_by(
                Enrolment.session_id, Enrolment.status
            )
            counts: dict[int, dict[str, int]] = {session_id: {} for session_id in sessions}
            for session_id, status, count in database.session.execute(per_session):
                counts[session_id][str(status)] = count
            passed_on = {"offered": OFFERS, "cancelled": OFFERS}
            assert [one for one in counts.values() if one not in (BEFORE, passed_on)] == []
    with app.app_context():
        while seating.has_due(now=later):
            with transaction():
                seating.settle_next(now=later)
        mails, expected = _mails(), len(sessions) * OFFERS
        assert (mails["enrolment.offer_lapsed"], mails["enrolment.offered"]) == (expected, expected)


BEFORE = {"offered": OFFERS, "waiting": OFFERS}


def _offer_all(session_id: int, people: list[int], now) -> None:
    """Half of the people were offered a seat an hour ago, half wait."""
    with transaction() as it:
        it.execute(
            insert(Enrolment),
            [
                {
                    "session_id": session_id,
                    "person_id": person,
                    "rank": rank,
                    "joined_at": now,
                    "status": EnrolmentStatus.OFFERED if rank <= OFFERS else EnrolmentStatus.WAITING,
                    "offered_until": now + timedelta(hours=1) if rank <= OFFERS else None,
                }
                for rank, person in enumerate(people, start=1)
            ],
        )
        it.get_one(CycleSession, session_id).seq = len(people)
