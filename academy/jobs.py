"""The outbox's readers: who reacts to what, drained in process or by `flask jobs work`."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from academy import mail, search
from academy.domain import alerts, attachments, dated_texts, outbox, reminders, retention, seating
from academy.extensions import db, transaction
from academy.mail import reviews as mail_reviews
from academy.models import OutboxMessage
from academy.web import clock, digests, git_mirror, hosts

log = logging.getLogger(__name__)
IDLE = 2.0  # seconds between looks at the outbox when nobody wakes the worker
TIDY = 3600.0  # seconds between two looks for what is due with time
SWEEP = 86_400.0  # seconds between two sweeps of the store: it is listed whole
REMIND = 60.0  # seconds between two looks for what the clock brings

# Every handler receives the message's id and payload, and may run twice.
HANDLERS: dict[str, list[Callable[..., Any]]] = {
    "account.link_asked": [mail.sign_in_link],
    "account.password_set": [mail.password_set],
    "enrolment.link_asked": [mail.enrolment_link],
    "enrolment.confirmed": [mail.enrolment_confirmed],
    "enrolment.waiting": [mail.enrolment_waiting],
    "enrolment.cancelled": [mail.enrolment_cancelled],
    "enrolment.requested": [mail.enrolment_requested],
    "enrolment.refused": [mail.enrolment_refused],
    "enrolment.offered": [mail.enrolment_offered],
    "enrolment.offer_lapsed": [mail.enrolment_offer_lapsed],
    "session.changed": [mail.session_changed],
    "session.invited": [mail.session_invited],
    "session.postponed": [mail.session_postponed],
    "session.cancelled": [mail.session_cancelled],
    "reminder.due": [mail.reminder],
    "certificate.issued": [mail.certificate_issued],
    "review.asked": [mail_reviews.asked],
    "review.answered": [mail_reviews.answered],
    "review.closed": [mail_reviews.closed],
    "wish.answered": [mail.wish_answered],
    "alert.asked": [mail.alert_asked],
    "alert.digest": [digests.send],
    "content.changed": [hosts.renew, git_mirror.follow],  # the index follows the change log by itself
}
# What is done with time: whether there is something to do, and what does a piece of it.
CHORES: tuple[tuple[Callable[..., bool], Callable[..., int]], ...] = (
    *((line.is_due, line.purge) for line in retention.PLAN),
    (alerts.is_due, alerts.promise_digests),
)
# What the clock brings: looked for more often.
TIMELY: tuple[tuple[Callable[..., bool], Callable[..., int]], ...] = (
    (seating.has_due, seating.settle_next),
    (reminders.has_due, reminders.promise_due),
    (dated_texts.has_due, dated_texts.do_next),
)


def drain(*, after_each: Callable[[], object] = lambda: None) -> int:
    """Deliver what is due; return how many messages were handled.

    *after_each* is what must not wait for a mail server that takes its time.
    """
    if not _something_is_due():
        return 0
    handled = 0
    while claimed := _claim():
        for message_id, topic, payload in claimed:
            _deliver(message_id, topic, payload)
            after_each()
        handled += len(claimed)
    return handled


def tidy() -> int:
    """Forget what has been kept long enough, promise the week's mails; return how many rows."""
    return _do(CHORES)


def remind() -> int:
    """Pass on the seats that the clock frees, promise the reminders that it brings; return how much."""
    return _do(TIMELY)


def _do(chores: tuple[tuple[Callable[..., bool], Callable[..., int]], ...]) -> int:
    """Do what is due, a piece to each transaction, until nothing is left. A plain read first: most looks take no lock."""
    now, changed = clock.now(), 0
    for is_needed, do in chores:
        while is_needed(now=now):
            with transaction():
                done = do(now=now)
            changed += done
            if not done:
                break
    db.session.rollback()
    return changed


def sweep() -> int:
    """Remove from the store what no text has needed for a day; return how many files."""
    swept = attachments.sweep(now=clock.now())
    db.session.rollback()
    if swept:
        log.info("files: %s removed from the store", swept)
    return swept


def _something_is_due() -> bool:
    """A plain read first: an idle worker takes no write lock."""
    due = db.session.scalar(
        db.select(OutboxMessage.id)
        .where(
            OutboxMessage.done_at.is_(None),
            OutboxMessage.due_at <= clock.now(),
            OutboxMessage.attempts < outbox.MAX_ATTEMPTS,
        )
        .limit(1)
    )
    db.session.rollback()
    return due is not None


def _claim() -> list[tuple[int, str, dict[str, Any]]]:
    with transaction():
        return [(m.id, m.topic, dict(m.payload)) for m in outbox.claim(now=clock.now())]


def _deliver(message_id: int, topic: str, payload: dict[str, Any]) -> None:
    error = None
    try:
        for handler in HANDLERS[topic]:
            handler(message_id, **payload)
    except Exception as problem:  # a handler's failure is the message's, not the worker's
        db.session.rollback()
        log.warning("outbox %s %s: %r", message_id, topic, problem)
        error = f"{type(problem).__name__}: {problem}"
    with transaction() as session:
        message = session.get_one(OutboxMessage, message_id)
        if error:
            outbox.retry_later(message, error, now=clock.now())
        else:
            outbox.keep(message, now=clock.now())


class Worker:
    """A loop that delivers the outbox and keeps the node's index up to date, woken by each commit."""

    def __init__(self, app: Flask):
        self.app = app
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._tidied_at: float | None = None
        self._swept_at: float | None = None
        self._reminded_at: float | None = None

    def start(self) -> None:
        """Run in a thread of this process, from the first request or command that asks."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self.run, name="jobs", daemon=True)
            self._thread.start()

    def drain(self) -> int:
        """Do what the clock brings, deliver what is due now; return how many messages were handled."""
        with self.app.app_context():
            tidy()
            remind()
            return drain()

    def wake(self, *_: object) -> None:
        self._wake.set()

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def run(self) -> None:
        """Work until stopped; a database that is away is tried again."""
        event.listen(Session, "after_commit", self.wake)
        try:
            while not self._stop.is_set():
                self._wake.clear()
                self._turn()
                self._wake.wait(IDLE)
        finally:
            event.remove(Session, "after_commit", self.wake)

    def _turn(self) -> None:
        with self.app.app_context():
            try:
                self._index()
                self._remind()
                drain(after_each=self._index)
                self._tidy()
                self._sweep()
            except SQLAlchemyError as problem:
                db.session.rollback()
                log.error("jobs: %s", problem)
            except Exception:
                db.session.rollback()
                log.exception("jobs")

    def _tidy(self) -> None:
        if self._tidied_at is None or time.monotonic() - self._tidied_at > TIDY:
            tidy()
            self._tidied_at = time.monotonic()

    def _sweep(self) -> None:
        if self._swept_at is None or time.monotonic() - self._swept_at > SWEEP:
            self._swept_at = time.monotonic()  # before: a store that is away is asked again tomorrow
            sweep()

    def _remind(self) -> None:
        if self._reminded_at is None or time.monotonic() - self._reminded_at > REMIND:
            remind()
            self._reminded_at = time.monotonic()

    def _index(self) -> None:
        try:
            if search.sync():
                self.app.extensions["content_version"].expire()
        except Exception:  # a fault of the index keeps no mail back
            db.session.rollback()
            log.exception("index")


def worker() -> Worker:
    return current_app.extensions["jobs"]


def init_app(app: Flask) -> None:
    """Let the first request start the worker where jobs run in process."""
    app.extensions["jobs"] = Worker(app)
    if app.config["SETTINGS"].jobs == "inline":
        app.before_request(_start_in_process)


def _start_in_process() -> None:
    if not current_app.testing:
        worker().start()
