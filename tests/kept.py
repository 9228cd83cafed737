"""What a fixture makes is made once for each kind of database, and put back for the next test: rows, files, index."""

import copy
import functools
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from academy.extensions import db

P = ParamSpec("P")
T = TypeVar("T")
FRESH_FOR = 60  # seconds; then it is made anew: much of it stands at a distance from now

_made: dict[tuple[Callable[..., Any], str], "_Made"] = {}
_written = threading.Event()  # something was, in the academy of this test


@dataclass
class _Made:
    value: Any
    at: float
    folder: Path
    tables: dict[str, bytes]
    numbers: list[tuple[str, int]]


@event.listens_for(Session, "after_commit")
def _note(_session: object) -> None:
    _written.set()


def begin() -> None:
    """An academy without a row begins."""
    _written.clear()


def once(make: Callable[P, T]) -> Callable[P, T]:
    """Decorate a fixture, under `@pytest.fixture`, that fills an empty academy and returns plain values.

    It takes `app` and what fills only rows, files and the index (`indexed`). After another fixture's rows it is made as usual.
    """

    @functools.wraps(make)
    def prepared(*args: P.args, **kwargs: P.kwargs) -> T:
        app = kwargs["app"]
        assert isinstance(app, Flask)
        if _written.is_set():
            return make(*args, **kwargs)
        with app.app_context():
            db.session.remove()
            key = (make, db.engine.dialect.name)
        found = _made.get(key)
        if found and time.monotonic() - found.at < FRESH_FOR:
            _put_back(app, found)
            return copy.deepcopy(found.value)
        began, value = time.monotonic(), make(*args, **kwargs)
        if found:
            shutil.rmtree(found.folder)
        _made[key] = _kept(app, began, copy.deepcopy(value))
        return value

    return prepared


def _kept(app: Flask, at: float, value: Any) -> _Made:
    folder = Path(tempfile.mkdtemp(prefix="kept-", dir=Path(app.instance_path).parent))
    with app.app_context():
        db.session.remove()
        db.engine.dispose()  # the last to leave puts all of SQLite into the one file
        tables, numbers = _rows() if db.engine.dialect.name == "postgresql" else ({}, [])
    shutil.copytree(app.instance_path, folder, dirs_exist_ok=True)
    return _Made(value, at, folder, tables, numbers)


def _put_back(app: Flask, made: _Made) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        for name in ("academy.db-wal", "academy.db-shm"):
            (Path(app.instance_path) / name).unlink(missing_ok=True)
        shutil.copytree(made.folder, app.instance_path, dirs_exist_ok=True)
        if made.tables:
            _write(made)
    app.extensions["content_version"].expire()
    _note(None)


def _rows() -> tuple[dict[str, bytes], list[tuple[str, int]]]:
    """Each table of PostgreSQL that has rows, as COPY gives it; the last number that each sequence gave."""
    tables = {}
    with db.engine.connect() as connection:
        cursor = connection.connection.cursor()
        for table in db.metadata.sorted_tables:
            with cursor.copy(f'COPY "{table.name}" TO STDOUT') as lines:
                tables[table.name] = b"".join(lines)
        cursor.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value > 0"
        )
        numbers = list(cursor.fetchall())
    return {name: lines for name, lines in tables.items() if lines}, numbers


def _write(made: _Made) -> None:
    with db.engine.begin() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("SET LOCAL session_replication_role = replica")  # in any order
        for name, lines in made.tables.items():
            with cursor.copy(f'COPY "{name}" FROM STDIN') as copied:
                copied.write(lines)
        cursor.executemany("SELECT setval(quote_ident(%s)::regclass, %s)", made.numbers)
