"""Alerts: a search or a topic followed by mail, from the first click to the last.

What is kept of a person is the address, in the row of the alert: it goes with the row.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select

from academy.domain import audit, outbox
from academy.domain.accounts import clean_email
from academy.domain.errors import Refused
from academy.domain.rows import insert_once
from academy.domain.typed_values import PARIS
from academy.extensions import db
from academy.models import Alert, Change, Person

CONFIRM_WITHIN = timedelta(days=7)
MOST = 20  # alerts of one address
SENT_FROM = time(7)  # of a Monday, on the clocks of Paris
TITLE_LENGTH = 300


def ask(
    question: Mapping[str, Any], *, title: str, email: str, language: str, by: Person | None, now: datetime
) -> Alert:
    """Keep an alert and promise the mail that confirms it.

    Asked by a person for their own address, it is confirmed: the address is verified already. Asked twice, it is one
    alert; whether it existed shows only in the mailbox.
    """
    address = clean_email(email)
    is_own = by is not None and by.email == address
    mark = hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()
    alert = _kept(address, language, mark)
    if alert is None:
        if is_own:
            _check_room(address)
        new = Alert(
            key=secrets.token_hex(16),
            email=address,
            language=language,
            title=title[:TITLE_LENGTH],
            question=dict(question),
            mark=mark,
            created_at=now,
        )
        alert = new if insert_once(new) else _kept(address, language, mark)
        assert alert is not None, "another transaction has just inserted it"
        audit.record("alert.ask", alert, by=by, now=now)
    if is_own:
        confirm(alert.key, by=by, now=now)
    else:
        outbox.promise("alert.asked", now=now, alert=alert.key)
    return alert


def confirm(key: str, *, by: Person | None, now: datetime) -> bool:
    """Begin to send it: what is published from now on, from the next Monday. Confirming twice is harmless.

    Return whether there is such an alert: one that nobody confirmed in time is gone.
    """
    alert = _locked(key)
    if alert is not None and alert.confirmed_at is None:
        _check_room(alert.email)
        alert.confirmed_at, alert.told_on, alert.seen = now, week_of(now), last_change()
        audit.record("alert.confirm", alert, by=by, now=now)
    return alert is not None


def end(key: str, *, by: Person | None, now: datetime) -> None:
    """Delete an alert, and its address with it. Ending twice is harmless."""
    alert = _locked(key)
    if alert is not None:
        audit.record("alert.end", alert, by=by, now=now)
        db.session.delete(alert)


def week_of(now: datetime) -> date:
    """The Monday, in Paris, of the last week whose alerts are due: until seven that morning, the one before."""
    local = now.astimezone(PARIS)
    monday = local.date() - timedelta(days=local.weekday())
    is_early = local.date() == monday and local.time() < SENT_FROM
    return monday - timedelta(days=7) if is_early else monday


def last_change() -> int:
    """The number of the last line of the change log, 0 before the first."""
    return db.session.scalar(select(func.max(Change.seq))) or 0


def is_due(*, now: datetime) -> bool:
    """Whether alerts of this week wait to be looked at."""
    return db.session.scalar(select(Alert.id).where(*_due(now)).limit(1)) is not None


def promise_digests(*, now: datetime) -> int:
    """Promise this week's mails, each once; return for how many alerts.

    The same transaction says that the week is done: of two workers the second finds nothing to do (on PostgreSQL it
    waits for the rows and looks again, on SQLite for its turn), and one that dies has promised nothing.
    """
    until, week = last_change(), week_of(now)
    due = db.session.scalars(select(Alert).where(*_due(now)).order_by(Alert.id).with_for_update()).all()
    promised = 0
    for alert in due:
        if alert.seen < until:
            outbox.promise("alert.digest", now=now, alert=alert.key, after=alert.seen, until=until)
            promised += 1
        alert.told_on, alert.seen = week, until
    if promised:
        audit.record("alert.promise_digests", by=None, now=now, count=promised)
    return promised


def old(now: datetime) -> Select[int]:
    """The alerts that nobody confirmed in time."""
    return select(Alert.id).where(*_unconfirmed(now))


def purge(*, now: datetime) -> int:
    """Delete the alerts that nobody confirmed in time; return how many."""
    gone = db.session.scalars(delete(Alert).where(*_unconfirmed(now)).returning(Alert.id)).all()
    if gone:
        audit.record("alert.purge", by=None, now=now, count=len(gone))
    return len(gone)


def _locked(key: str) -> Alert | None:
    """The alert as it is now: whoever confirms or ends it at the same moment waits."""
    return db.session.scalar(select(Alert).where(Alert.key == key).with_for_update())


def _kept(email: str, language: str, mark: str) -> Alert | None:
    return db.session.scalar(select(Alert).where(Alert.email == email, Alert.language == language, Alert.mark == mark))


def _check_room(email: str) -> None:
    count = select(func.count()).where(Alert.email == email, Alert.confirmed_at.is_not(None))
    if (db.session.scalar(count) or 0) >= MOST:
        raise Refused("alerts_full", most=MOST)


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Alert.confirmed_at.is_not(None), Alert.told_on < week_of(now)


def _unconfirmed(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Alert.confirmed_at.is_(None), Alert.created_at < now - CONFIRM_WITHIN
