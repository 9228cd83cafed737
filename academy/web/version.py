"""The version of everything public: it changes when any public page might, and only then."""

import hashlib
import threading
import time
from functools import cache
from pathlib import Path
from weakref import WeakSet

from flask import Flask
from sqlalchemy import case, event, func, literal, select
from sqlalchemy.orm import Session

from academy.extensions import db
from academy.models import CLOSING_SOON, ContentHead, CycleSession, SignInHead
from academy.web import clock, statements

FRESH_FOR = 0.2  # seconds; a change made by another process shows after this at the latest


class ContentVersion:
    """Reads the version at most every 0.2 s, or at once after a commit of this process."""

    def __init__(self, app: Flask):
        with app.app_context():
            self._engine = db.engine
        self._index = app.extensions["search"]
        self.build = _build_id()
        self._said = statements.shown(app.config["SETTINGS"])
        self._value, self._read_at, self._expired = "", 0.0, True
        self.sign_ins: int | None = None  # as `SignInHead` said at the last look
        self._lock = threading.Lock()

    def __call__(self) -> str:
        """A short token, the same on every node with the same code and the same rows."""
        if self._expired or time.monotonic() - self._read_at > FRESH_FOR:
            with self._lock:
                self._expired = False  # before the read: a commit during it expires what is being read
                try:
                    self._value = self._read()
                except BaseException:
                    self._expired = True  # the last value is not to be trusted
                    raise
                self._read_at = time.monotonic()
        return self._value

    def expire(self) -> None:
        self._expired = True

    def _read(self) -> str:
        now = clock.now()
        with self._engine.connect() as connection:
            head, self.sign_ins = connection.execute(_HEADS).one()
            seats, boundaries = connection.execute(_sessions(now)).one()
        day = now.astimezone(clock.PARIS).date()
        parts = (self.build, self._said, head, seats, boundaries, day, self._index.generation())
        return hashlib.blake2b(repr(parts).encode(), digest_size=9).hexdigest()


_HEADS = select(select(ContentHead.seq).scalar_subquery(), select(SignInHead.seq).scalar_subquery())


def _sessions(now):
    """Sum of all changes of sessions, and how many of their boundaries the clock has passed."""
    closes_at = func.coalesce(CycleSession.closes_at, CycleSession.starts_at)
    passed = sum(
        (
            case((instant <= moment, 1), else_=0)
            for instant, moment in (
                (CycleSession.opens_at, now),
                (closes_at, now),
                (closes_at, now + CLOSING_SOON),
                (CycleSession.starts_at, now),
                (CycleSession.ends_at, now),
            )
        ),
        literal(0),
    )
    return select(func.coalesce(func.sum(CycleSession.seq), 0), func.coalesce(func.sum(passed), 0))


@cache
def _build_id() -> str:
    """Digest of the code, templates, styles and translations: the same on every node that runs the same."""
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(path for path in package.rglob("*.*") if path.suffix != ".pyc" and path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


_versions: WeakSet[ContentVersion] = WeakSet()  # of the applications of this process, while they live


@event.listens_for(Session, "after_commit")
def _expire_all(_session: object) -> None:
    for version in list(_versions):
        version.expire()


def init_app(app: Flask) -> ContentVersion:
    version = app.extensions["content_version"] = ContentVersion(app)
    _versions.add(version)
    return version
