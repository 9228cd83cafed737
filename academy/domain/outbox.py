"""The outbox: side effects are promised in the business transaction and kept after it."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select

from academy.domain.rows import table_of
from academy.extensions import db
from academy.models import OutboxMessage

MAX_ATTEMPTS = 12
LEASE = timedelta(minutes=2)  # a worker that dies holds its message no longer than this
_MESSAGE = insert(table_of(OutboxMessage)).inline()  # written at once, without a row of the ORM, as the audit trail


def promise(topic: str, *, now: datetime, **payload: object) -> None:
    """Add a message in the current transaction; `academy.jobs` delivers it after the commit."""
    message = {"topic": topic, "payload": payload, "created_at": now, "due_at": now, "attempts": 0}
    db.session.execute(_MESSAGE, message)


def claim(*, now: datetime, limit: int = 20) -> list[OutboxMessage]:
    """Take the next due messages; others leave them alone for the length of a lease.

    On PostgreSQL rows taken by another worker are skipped; on SQLite the write lock serialises.
    """
    due = (
        select(OutboxMessage)
        .where(OutboxMessage.done_at.is_(None), OutboxMessage.due_at <= now, OutboxMessage.attempts < MAX_ATTEMPTS)
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    messages = list(db.session.scalars(due))
    for message in messages:
        message.attempts += 1
        message.due_at = now + LEASE
    return messages


def keep(message: OutboxMessage, *, now: datetime) -> None:
    """Mark as done. The payload may name people: it goes."""
    message.done_at, message.error, message.payload = now, None, {}


def retry_later(message: OutboxMessage, error: str, *, now: datetime) -> None:
    """Try again after 1, 2, 4 … minutes, at most 4 hours apart."""
    message.error = error[:2000]
    message.due_at = now + min(timedelta(minutes=2 ** max(message.attempts - 1, 0)), timedelta(hours=4))
