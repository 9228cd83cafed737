"""The outbox is delivered after the commit, again after a failure, and never by two workers at once."""

import time
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from academy import jobs
from academy.domain import outbox
from academy.extensions import db as database, transaction
from academy.models import OutboxMessage
from academy.web import clock


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, dict]]:
    seen: list[tuple[int, dict]] = []
    monkeypatch.setitem(jobs.HANDLERS, "test.topic", [lambda message_id, **payload: seen.append((message_id, payload))])
    return seen


def _promise(**payload: object) -> int:
    with transaction() as session:
        outbox.promise("test.topic", now=clock.now(), **payload)
        return session.scalar(select(func.max(OutboxMessage.id)))


def test_a_promise_of_a_rolled_back_transaction_is_not_kept(db, handled):
    with pytest.raises(RuntimeError), transaction():
        outbox.promise("test.topic", now=clock.now())
        raise RuntimeError
    assert jobs.drain() == 0
    assert handled == []


def test_a_message_is_delivered_once_and_its_payload_forgotten(db, handled):
    message_id = _promise(email="a@example.org")
    assert [jobs.drain(), jobs.drain()] == [1, 0]
    assert handled == [(message_id, {"email": "a@example.org"})]
    message = database.session.get_one(OutboxMessage, message_id)
    assert (message.done_at is not None, message.payload) == (True, {})


def test_a_failure_is_tried_again_later_and_says_why(db, monkeypatch: pytest.MonkeyPatch):
    def fail(_message_id: int) -> None:
        raise ConnectionError("mail server away")

    monkeypatch.setitem(jobs.HANDLERS, "test.topic", [fail])
    message_id = _promise()
    assert [jobs.drain(), jobs.drain()] == [1, 0]
    message = database.session.get_one(OutboxMessage, message_id)
    assert message.error == "ConnectionError: mail server away"
    monkeypatch.setitem(jobs.HANDLERS, "test.topic", [lambda _id: None])
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
        assert jobs.drain() == 1
    database.session.expire_all()
    assert database.session.get_one(OutboxMessage, message_id).done_at is not None


def test_a_claimed_message_is_left_alone_until_its_lease_ends(db, handled):
    _promise()
    now = clock.now()
    with transaction():
        assert len(outbox.claim(now=now)) == 1
    with transaction():
        assert outbox.claim(now=now + outbox.LEASE - timedelta(seconds=1)) == []
    with transaction():  # its worker died
        assert len(outbox.claim(now=now + outbox.LEASE)) == 1


def test_one_failing_message_does_not_stop_the_others(db, monkeypatch: pytest.MonkeyPatch):
    done: list[int] = []

    def handle(message_id: int, *, good: bool) -> None:
        if not good:
            raise ValueError
        done.append(message_id)

    monkeypatch.setitem(jobs.HANDLERS, "test.topic", [handle])
    _promise(good=False)
    good = _promise(good=True)
    assert jobs.drain() == 2
    assert done == [good]


def test_an_unknown_topic_waits_for_a_release_that_knows_it(db):
    with transaction():
        outbox.promise("topic.of.tomorrow", now=clock.now())
    assert jobs.drain() == 1
    message = database.session.scalars(select(OutboxMessage)).one()
    assert (message.done_at, message.error) == (None, "KeyError: 'topic.of.tomorrow'")


def test_every_topic_that_the_domain_promises_has_a_handler():
    import re
    from pathlib import Path

    sources = "".join(path.read_text("utf-8") for path in Path("academy").rglob("*.py"))
    promised = set(re.findall(r"promise\(\s*\"([a-z_.]+)\"", sources))
    assert promised <= set(jobs.HANDLERS)


def test_the_worker_wakes_at_a_commit(app: Flask, handled):
    worker = jobs.Worker(app)
    worker.start()
    try:
        with app.app_context():
            message_id = _promise()
        deadline = clock.now() + timedelta(seconds=10)
        while not handled and clock.now() < deadline:
            pass
    finally:
        worker.stop()
    assert handled == [(message_id, {})]


def test_the_worker_sweeps_the_store_at_its_start_and_not_again_that_day(app: Flask, monkeypatch: pytest.MonkeyPatch):
    swept: list[object] = []
    monkeypatch.setattr("academy.domain.attachments.sweep", lambda *, now: swept.append(now) or 0)
    worker = jobs.Worker(app)
    for _ in range(3):
        worker._turn()
    assert len(swept) == 1
    worker._swept_at = time.monotonic() - jobs.SWEEP - 1
    worker._turn()
    assert len(swept) == 2


def test_a_store_that_is_away_stops_nothing_else(app: Flask, handled, monkeypatch: pytest.MonkeyPatch):
    def away(*, now: object) -> int:
        raise ConnectionError("S3 is away")

    monkeypatch.setattr("academy.domain.attachments.sweep", away)
    worker = jobs.Worker(app)
    worker._turn()
    with app.app_context():
        message_id = _promise()
    worker._turn()
    assert handled == [(message_id, {})]
