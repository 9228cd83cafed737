"""Real processes enrol and cancel at once: no seat twice, no person twice, the queue in order, everybody answered.

`ACADEMY_RACE_ATTEMPTS` raises the number of attempts of each storm (10,000 before a release).
"""

import multiprocessing
import os
import random
import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.domain import accounts, enrolment
from academy.extensions import db as database
from academy.extensions import transaction
from academy.models import CycleSession, Enrolment, EnrolmentStatus, OutboxMessage, Person
from academy.web import clock
from tests.factories import a_session

ATTEMPTS = int(os.environ.get("ACADEMY_RACE_ATTEMPTS", "256"))
CAPACITY = 10
FORK = multiprocessing.get_context("fork")

Work = Callable[[int, int], list[str]]


def _crowd(count: int) -> list[int]:
    with transaction() as session:
        people = [
            accounts.add_person(f"racer-{n}@example.org", f"Racer {n}", by=None, now=clock.now()) for n in range(count)
        ]
        session.flush()
        return [person.id for person in people]


def _enrol(session_id: int, person_id: int) -> list[str]:
    with transaction() as session:
        held = enrolment.enrol(
            session.get_one(Person, person_id), session.get_one(CycleSession, session_id), now=clock.now()
        )
        return [str(held.status)]


def _enrol_or_leave(session_id: int, person_id: int) -> list[str]:
    """Every third person changes their mind at once."""
    answers = _enrol(session_id, person_id)
    if person_id % 3 == 0:
        with transaction():
            wanted = enrolment.live_enrolment(person_id, session_id)
            if wanted is not None:
                enrolment.cancel(wanted, by=None, now=clock.now())
    return answers


def _runner(app: Flask, work: Work, session_id: int, people: list[int], start, answers) -> None:
    """One process: its own connections, its share of the attempts."""
    with app.app_context():
        database.engine.dispose(close=False)  # the parent's connections are the parent's
        done: list[str] = []
        worst = 0.0
        start.wait()
        for person in people:
            began = time.perf_counter()
            try:
                done += work(session_id, person)
            except Exception as problem:  # what the test is about
                done.append(repr(problem))
            worst = max(worst, time.perf_counter() - began)
        database.session.remove()
        answers.put((done, worst))


def _storm(app: Flask, work: Work, processes: int) -> tuple[int, list[str], float]:
    """Everybody tries twice, from two processes, in another order; return session, answers, the longest wait."""
    with app.app_context():
        session_id = a_session(capacity=CAPACITY)
        people = _crowd(ATTEMPTS // 2)
        database.session.remove()
        database.engine.dispose()
    tries = people * 2
    random.Random(7).shuffle(tries)
    start, answers = FORK.Event(), FORK.Queue()
    shares = [tries[n::processes] for n in range(processes)]
    runners = [FORK.Process(target=_runner, args=(app, work, session_id, share, start, answers)) for share in shares]
    for runner in runners:
        runner.start()
    start.set()
    found = [answers.get(timeout=600) for _ in runners]
    for runner in runners:
        runner.join(timeout=30)
    return session_id, [answer for done, _ in found for answer in done], max(worst for _, worst in found)


def _rows(session_id: int) -> dict[EnrolmentStatus, list[tuple[int, int]]]:
    found: dict[EnrolmentStatus, list[tuple[int, int]]] = {status: [] for status in EnrolmentStatus}
    rows = select(Enrolment.status, Enrolment.rank, Enrolment.person_id).where(Enrolment.session_id == session_id)
    for status, rank, person in database.session.execute(rows.order_by(Enrolment.rank)):
        found[status].append((rank, person))
    return found


@pytest.mark.parametrize("processes", [8, 32])
def test_parallel_enrolments_fill_the_seats_exactly_and_queue_the_rest(app: Flask, processes: int):
    session_id, answers, worst = _storm(app, _enrol, processes)
    assert set(answers) <= {"confirmed", "waiting"}
    assert len(answers) == ATTEMPTS // 2 * 2
    assert worst < 30
    with app.app_context():
        rows = _rows(session_id)
        confirmed, waiting = rows[EnrolmentStatus.CONFIRMED], rows[EnrolmentStatus.WAITING]
        assert len(confirmed) == CAPACITY
        assert sorted(person for _, person in confirmed + waiting) == sorted({p for _, p in confirmed + waiting})
        assert len(confirmed) + len(waiting) == ATTEMPTS // 2
        assert max(confirmed)[0] < min(waiting)[0]
        mails = select(OutboxMessage.topic, func.count()).group_by(OutboxMessage.topic)
        sent = {topic: count for topic, count in database.session.execute(mails)}  # noqa: C416 -- Row is no pair
        assert sent == {"enrolment.confirmed": len(confirmed), "enrolment.waiting": len(waiting)}


@pytest.mark.parametrize("processes", [8])
def test_a_race_of_cancel_and_enrol_leaves_no_seat_empty_and_none_taken_twice(app: Flask, processes: int):
    session_id, answers, _worst = _storm(app, _enrol_or_leave, processes)
    assert set(answers) <= {"confirmed", "waiting"}
    with app.app_context():
        rows = _rows(session_id)
        confirmed, waiting = rows[EnrolmentStatus.CONFIRMED], rows[EnrolmentStatus.WAITING]
        live = [person for _, person in confirmed + waiting]
        assert len(confirmed) == CAPACITY
        assert len(live) == len(set(live))
        assert max(confirmed)[0] < min(waiting)[0]
        assert rows[EnrolmentStatus.CANCELLED] != []
