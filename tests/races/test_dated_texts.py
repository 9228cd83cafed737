"""Two workers, and workers that are killed, show and hide each dated text once."""

import multiprocessing
import os
import random

from flask import Flask
from sqlalchemy import func, select

from academy import jobs
from academy.domain import invariants
from academy.extensions import db as database, transaction
from academy.models import AuditEntry, Edition, Revision
from academy.web import clock
from tests.factories import a_text
from tests.faults.killing import said_before_kill

FORK = multiprocessing.get_context("fork")
TEXTS = 12


def _scheduled() -> list[int]:
    """Texts whose hour of publication has come, and the draft on top of each."""
    ids = [a_text(f"note-{number}", is_published=False) for number in range(TEXTS)]
    with transaction() as it:
        for edition in it.scalars(select(Edition).where(Edition.id.in_(ids))):
            edition.scheduled_id, edition.publish_at = edition.head_id, clock.now()
    database.session.remove()
    return ids


def _work(app: Flask, start) -> None:
    with app.app_context():
        database.engine.dispose(close=False)  # the parent's connections are the parent's
        start.wait()
        jobs.remind()


def _once() -> None:
    published = select(func.count()).where(AuditEntry.action == "document.publish")
    assert database.session.scalar(published) == TEXTS
    shown = select(func.count()).select_from(Edition).where(Edition.published_id == Edition.head_id)
    assert database.session.scalar(shown) == TEXTS
    assert database.session.scalar(select(func.count()).select_from(Revision)) == TEXTS


def test_two_workers_publish_each_text_once(app: Flask):
    with app.app_context():
        _scheduled()
        database.engine.dispose()
    start = FORK.Event()
    workers = [FORK.Process(target=_work, args=(app, start)) for _ in range(2)]
    for worker in workers:
        worker.start()
    start.set()
    for worker in workers:
        worker.join(timeout=60)
    with app.app_context():
        jobs.remind()  # what both looked at in the same moment is left for the next minute
        _once()


def _until_killed(writing: int) -> None:
    os.write(writing, b"begun\n")
    jobs.remind()


def test_a_killed_worker_leaves_nothing_half_done(app: Flask):
    chance = random.Random(5)
    with app.app_context():
        _scheduled()
        database.engine.dispose()
    for _ in range(4):
        list(said_before_kill(app, chance, _until_killed, within=0.05))
    with app.app_context():
        jobs.remind()
        _once()
        assert not [it for it in invariants.broken(now=clock.now()) if "edition" in it and "not rendered" not in it]
