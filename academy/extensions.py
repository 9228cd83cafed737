"""The extensions of Flask, the database's one door for writes, and where rate limits count."""

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask import Flask, current_app
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_mailman import Mail
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from limits.storage import Storage
from sqlalchemy import MetaData, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase
from werkzeug.local import LocalProxy

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
RESTED = 1.0  # seconds after which a connection is asked whether its server still knows it
PATIENCE = 30.0  # seconds that a write waits for those before it, at the gate and at the database together


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)
if TYPE_CHECKING:  # what a type checker needs to know of `db.Model`: it takes its columns as keywords
    Model = Base
else:
    Model = db.Model
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()
mail = Mail()
limiter = Limiter(key_func=get_remote_address)


class Counts(Storage):
    """What was counted in the windows of this process: `counts://` in the settings of the limiter.

    The storage of limits itself starts a thread for every request that it counts, which costs what a query does.
    """

    STORAGE_SCHEME = ["counts"]  # noqa: RUF012 -- limits declares it so
    SWEPT_EVERY = 10  # seconds

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: Any):
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._windows: dict[str, tuple[int, float]] = {}  # by what is counted: how often, and when its window ends
        self._lock = threading.Lock()
        self._swept_at = time.time()

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        now = time.time()
        with self._lock:
            if now - self._swept_at > self.SWEPT_EVERY:
                self._windows = {key: it for key, it in self._windows.items() if it[1] > now}
                self._swept_at = now
            count, end = self._windows.get(key, (0, 0.0))
            if end <= now:
                count, end = 0, now + expiry
            self._windows[key] = count + amount, end
            return count + amount

    def get(self, key: str) -> int:
        count, end = self._windows.get(key, (0, 0.0))
        return count if end > time.time() else 0

    def get_expiry(self, key: str) -> float:
        return self._windows.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        return True

    def clear(self, key: str) -> None:
        with self._lock:
            self._windows.pop(key, None)

    def reset(self) -> int | None:
        with self._lock:
            count, self._windows = len(self._windows), {}
        return count


@contextmanager
def transaction() -> Iterator[Any]:
    """Commit once, at the edge: the only place that commits.

    What was read before is let go first: on SQLite a read snapshot cannot become a
    write one while somebody else writes ("database is locked", at once).
    """
    session = db.session
    if session.info.get("is_writing"):
        raise RuntimeError("transaction() inside transaction(): commit once, at the edge")
    session.rollback()
    began = time.monotonic()
    with _turn():
        session.info["is_writing"] = True
        try:
            # Whoever queued behind a writer that waited in vain does not wait as long again.
            left = max(PATIENCE - (time.monotonic() - began), 0.1)
            session.connection(execution_options={"academy_write": True, "academy_patience": left})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["is_writing"] = False


@contextmanager
def _turn() -> Iterator[None]:
    """Let SQLite writers of all processes queue fairly on a file lock (`ACADEMY_WRITE_GATE`)."""
    settings = current_app.config["SETTINGS"]
    if not (settings.is_sqlite and settings.write_gate):
        yield
        return
    with ExitStack() as held:
        # The gate is for fairness only: without it (a full or read-only disk) the database decides.
        with suppress(OSError):
            file = held.enter_context((settings.instance / "write.lock").open("a"))
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def init_app(app: Flask) -> None:
    for extension in (db, login, csrf, limiter, mail):
        extension.init_app(app)
    app.extensions["migrate"] = LocalProxy(lambda: _migrations(app))
    if click.get_current_context(silent=True):
        _migrations(app)  # its commands too


def _migrations(app: Flask) -> Any:
    """Put Flask-Migrate in its place when somebody migrates: Alembic takes 11 MB, and web processes have no use for it."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
    return app.extensions["migrate"]


@event.listens_for(Engine, "connect")
def _prepare(connection, _record) -> None:
    if type(connection).__module__ != "sqlite3":
        return
    connection.isolation_level = None  # SQLAlchemy's begin event speaks instead of the driver
    # First the patience: turning a new file to WAL waits for whoever does the same.
    for pragma in (f"busy_timeout={PATIENCE * 1000:.0f}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "engine_connect")
def _wake(connection: Connection) -> None:
    """Ask a connection that rested whether PostgreSQL was restarted since; one in use is trusted, which spares a round trip."""
    dialect = connection.dialect
    if dialect.name == "sqlite":
        return
    now = time.monotonic()
    used, connection.info["used"] = connection.info.get("used", now), now
    if now - used <= RESTED:
        return
    try:
        dialect.do_ping(connection.connection.dbapi_connection)  # pyright: ignore[reportArgumentType]
    except dialect.loaded_dbapi.Error:
        connection.engine.dispose()  # the others knew the same server
        connection.invalidate()  # its next statement opens another


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        options = connection.get_execution_options()
        patience = options.get("academy_patience", PATIENCE)
        if connection.info.get("patience", PATIENCE) != patience:  # the next transaction gets the usual one back
            connection.connection.cursor().execute(f"PRAGMA busy_timeout={patience * 1000:.0f}")
            connection.info["patience"] = patience
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("academy_write") else "BEGIN")
