"""Processes killed while they enrol and publish: what was acknowledged is there, and nothing is half done."""

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from academy.cli import content
from academy.domain import accounts, enrolment, invariants, preparing, publishing
from academy.extensions import db as database, transaction
from academy.models import CycleSession, Edition, Enrolment, EnrolmentStatus, Kind, Revision
from academy.web import clock
from tests.factories import a_session, a_source, a_text
from tests.faults.killing import KILLS, said_before_kill

LOADS = 40 if os.environ.get("ACADEMY_DEEP") else 6
LOADING = 0.5  # seconds within which a load is killed
TEXTS = 30
SEATS = 5


def _burst(round_: int, session_id: int, edition_id: int, texts: list, acknowledge: int) -> None:
    """Enrol somebody, publish something, say so; until killed."""
    for number in range(10_000):
        now = clock.now()
        with transaction() as it:
            person = accounts.add_person(f"k{round_}-{number}@example.org", f"K{number}", by=None, now=now)
            held = enrolment.enrol(person, it.get_one(CycleSession, session_id), now=now)
            it.flush()
            done = f"e{held.id}"
        os.write(acknowledge, f"{done}\n".encode())
        with transaction() as it:
            edition = it.get_one(Edition, edition_id)
            text = texts[number % len(texts)]
            done = f"r{publishing.publish(edition, text, base_id=edition.head_id, by=None, now=now).id}"
        os.write(acknowledge, f"{done}\n".encode())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_acknowledged_is_lost_to_a_kill(app: Flask):
    chance = random.Random(11)
    with app.app_context():
        session_id = a_session(capacity=SEATS, cycle="port")
        edition_id = a_text("vigie")
        bodies = ("Un.", "Deux.", "Trois.")
        texts = [
            preparing.prepare(
                a_source("vigie", Kind.RESOURCE, title="T", summary="S", body=body, is_published=True),
                kind=Kind.RESOURCE,
                language="fr",
            )
            for body in bodies
        ]
        database.session.remove()
        database.engine.dispose()
    said: set[str] = set()
    for round_ in range(KILLS):
        said |= set(said_before_kill(app, chance, _burst, round_, session_id, edition_id, texts))
    assert len(said) > KILLS
    with app.app_context():
        enrolments = list(database.session.execute(select(Enrolment.id, Enrolment.status).order_by(Enrolment.rank)))
        revisions = list(database.session.scalars(select(Revision).where(Revision.edition_id == edition_id)))
        there = {f"e{held}" for held, _ in enrolments} | {f"r{revision.id}" for revision in revisions}
        assert said - there == set()
        # At most one write of each killed process was done and could not be said any more.
        assert len({name for name in there if name[0] == "e"} - said) <= KILLS
        assert [status for _, status in enrolments[:SEATS]] == [EnrolmentStatus.CONFIRMED] * SEATS
        assert {status for _, status in enrolments[SEATS:]} <= {EnrolmentStatus.WAITING}
        assert list(invariants.broken(now=clock.now())) == []


def test_a_load_that_is_killed_leaves_all_as_it_was_or_all_done(app: Flask, tmp_path: Path):
    """One state of a folder after the other is loaded, each time by a process that is killed somewhere."""
    chance, folder = random.Random(13), tmp_path / "content"
    (folder / "pages").mkdir(parents=True)
    with app.app_context():
        database.engine.dispose()
    for state in range(LOADS):
        _write(folder, state)
        if (child := os.fork()) == 0:
            try:
                with app.app_context():
                    database.engine.dispose(close=False)  # the parent's connections are the parent's
                    content.load_folder(folder)
            finally:
                os._exit(0)
        time.sleep(chance.uniform(0, LOADING))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert len(_states(app)) == 1, "half of a load was kept"
    with app.app_context():
        content.load_folder(folder)
    assert _states(app) == [(LOADS - 1, TEXTS)]


def _write(folder: Path, state: int) -> None:
    for number in range(TEXTS):
        key, body = f"vigie-{number}", f"Passage {state}."
        source = a_source(key, Kind.PAGE, title="Vigie", summary="Un guet.", body=body, is_published=True)
        (folder / "pages" / f"{key}.fr.md").write_text(source, "utf-8")


def _states(app: Flask) -> list[tuple[int, int]]:
    """Which states of the folder the texts of the academy are of, and how many are of each."""
    with app.app_context():
        sources = database.session.scalars(select(Revision.source).join(Edition, Edition.head_id == Revision.id))
        found = Counter(int(source.rpartition("Passage ")[2].strip(" .\n")) for source in sources)
        assert list(invariants.broken(now=clock.now())) == []
        database.session.remove()
        database.engine.dispose()
    return sorted(found.items()) or [(-1, 0)]
