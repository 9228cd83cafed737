"""Storms: real processes that do the same thing to one session at once.

`ACADEMY_RACE_ATTEMPTS` raises the number of attempts of each storm (10,000 before a release).
"""

import multiprocessing
import os
import random
import time
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from academy.domain import accounts
from academy.extensions import db as database, transaction
from academy.models import Enrolment, EnrolmentStatus
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


def storm(
    app: Flask, work: Work, processes: int, *, session_of: Callable[..., int] = a_session, **values: object
) -> tuple[int, list[str], float]:
    """Everybody tries twice, from two processes, in another order; return session, answers, the longest wait."""
    with app.app_context():
        session_id = session_of(capacity=CAPACITY, **values)
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


def rows_of(session_id: int) -> dict[EnrolmentStatus, list[tuple[int, int]]]:
    """(rank, person) of each enrolment by status, in the order of ranks."""
    found: dict[EnrolmentStatus, list[tuple[int, int]]] = {status: [] for status in EnrolmentStatus}
    wanted = select(Enrolment.status, Enrolment.rank, Enrolment.person_id).where(Enrolment.session_id == session_id)
    for status, rank, person in database.session.execute(wanted.order_by(Enrolment.rank)):
        found[status].append((rank, person))
    return found
