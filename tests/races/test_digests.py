"""The weekly mails: two workers, or one that is killed at any step, and every alert is mailed once."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from academy import jobs, mail
from academy.domain import outbox
from academy.extensions import db as database, transaction
from academy.models import Alert
from tests.domain.test_alerts import an_alert
from tests.factories import a_text, at
from tests.test_mail import read

TUESDAY, MONDAY = at(2027, 2, 2), at(2027, 2, 8, 7)
ALERTS = 6


@pytest.fixture
def due(app: Flask, indexed: Callable[[], None]) -> set[str]:
    """A new text that answers some alerts, whose mails are due on Monday; the addresses."""
    with time_machine.travel(TUESDAY, tick=True), app.app_context():
        addresses = {f"alert-{n}@example.org" for n in range(ALERTS)}
        for address in sorted(addresses):
            an_alert(address)
        a_text("new", title="Un port")
        with transaction() as session:  # the mails that confirm are another story
            session.execute(database.delete(database.Model.metadata.tables["outbox_message"]))
    indexed()
    return addresses


def sent(app: Flask) -> Counter[str]:
    return Counter(read(path)["To"] for path in Path(app.config["MAIL_FILE_PATH"]).glob("*.eml"))


def work(app: Flask) -> None:
    with app.app_context():
        jobs.tidy()
        jobs.drain()


def test_two_workers_mail_every_alert_once(app: Flask, due: set[str]):
    gate = Barrier(2)

    def worker(_number: int) -> None:
        gate.wait()
        work(app)

    with time_machine.travel(MONDAY, tick=False):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(worker, range(2)))
        work(app)
    assert sent(app) == dict.fromkeys(due, 1)
    with time_machine.travel(MONDAY + timedelta(days=3), tick=False):
        work(app)
    assert sent(app) == dict.fromkeys(due, 1)


def _killed(app: Flask, where: object, name: str, *, at_call: int) -> None:
    """Work in a process that is killed when it calls this function for the nth time."""
    if (child := os.fork()) == 0:
        original, calls = getattr(where, name), []

        def deadly(*args, **kwargs):
            calls.append(name)
            if len(calls) == at_call:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*args, **kwargs)

        try:
            setattr(where, name, deadly)
            with app.app_context():
                database.engine.dispose(close=False)  # the parent's connections are the parent's
            work(app)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("where", "name", "at_call", "first"),
    [
        (outbox, "promise", 3, 0),  # within the transaction that promises: nothing was promised
        (jobs, "_deliver", 1, 0),  # all promised and claimed, nothing sent
        (mail.message, "rendered", 4, 3),  # some sent
    ],
)
def test_a_killed_worker_loses_no_mail_and_none_is_sent_twice(
    app: Flask, due: set[str], where: object, name: str, at_call: int, first: int
):
    with app.app_context():
        database.session.remove()
        database.engine.dispose()
    with time_machine.travel(MONDAY, tick=False):
        _killed(app, where, name, at_call=at_call)
        assert sum(sent(app).values()) == first
        work(app)
    with time_machine.travel(MONDAY + outbox.LEASE + timedelta(minutes=1), tick=False):
        work(app)
    assert sent(app) == dict.fromkeys(due, 1)
    with app.app_context():
        assert {alert.told_on for alert in database.session.scalars(select(Alert))} == {MONDAY.date()}
