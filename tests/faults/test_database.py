"""A database that cannot be written: pages are still read, a form is told when to try again, nothing is half done."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError, TimeoutError as NoConnectionLeft

from academy import extensions
from academy.domain import accounts
from academy.extensions import db as database
from academy.models import OutboxMessage
from academy.web.version import ContentVersion
from tests.factories import a_person, a_session

FORM = {"email": "ada@example.org"}


@pytest.fixture
def on_connect(app: Flask):
    """`on_connect(pragma)`: what each connection says first, from the next one on."""

    def say(pragma: str) -> None:
        with app.app_context():
            database.session.remove()
            database.engine.dispose()
            event.listen(database.engine, "connect", lambda connection, _: connection.execute(pragma))

    return say


def _promised(app: Flask) -> int:
    with app.app_context():
        return database.session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_locked_by_another_program_is_told_and_nobody_waits_twice(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(extensions, "PATIENCE", 1.0)
    with closing(sqlite3.connect(tmp_path / "academy.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: app.test_client().post("/connexion", data=FORM), range(4)))
        # One after the other, each waiting as long again, would take four times the patience.
        assert 1.0 <= time.monotonic() - began < 3.0
        assert [(a.status_code, a.headers["Retry-After"]) for a in answers] == [(503, "5")] * 4
        assert app.test_client().get("/sessions/").status_code == 200
        other.execute("ROLLBACK")
    assert app.test_client().post("/connexion", data=FORM).status_code == 303
    assert _promised(app) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_short_lock_is_waited_for(app: Flask, tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "academy.db", isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.4, lambda: other.execute("ROLLBACK")).start()
        assert app.test_client().post("/connexion", data=FORM).status_code == 303


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_its_gate_the_database_is_still_written(app: Flask, tmp_path: Path):
    (tmp_path / "write.lock").unlink(missing_ok=True)
    (tmp_path / "write.lock").mkdir()  # as on a read-only disk, it cannot be opened
    assert app.test_client().post("/connexion", data=FORM).status_code == 303


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_read_only_disk_shows_the_site_and_takes_no_form(app: Flask, as_, on_connect):
    with app.app_context():
        session = a_session()
        browser = as_(a_person())
    on_connect("PRAGMA query_only=ON")
    assert [browser.get(path).status_code for path in ("/", "/sessions/", "/moi/")] == [200] * 3
    answer = app.test_client().post(f"/sessions/{session}/inscription", data=FORM | {"name": "Ada"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert _promised(app) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_loses_nothing_that_was_acknowledged(app: Flask, on_connect):
    with app.app_context():
        pages = database.session.execute(text("PRAGMA page_count")).scalar()
    on_connect(f"PRAGMA max_page_count={pages}")
    taken = 0
    while (answer := app.test_client().post("/connexion", data=FORM)).status_code == 303:
        taken += 1
        assert taken < 500, "the disk was never full"
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert _promised(app) == taken
    assert app.test_client().get("/sessions/").status_code == 200


def test_when_every_connection_is_in_use_the_form_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch):
    def none_left(*_, **__) -> None:
        raise NoConnectionLeft("QueuePool limit reached")

    monkeypatch.setattr(accounts, "ask_sign_in", none_left)
    answer = app.test_client().post("/connexion", data=FORM)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_a_database_that_is_away_while_an_error_page_is_made_is_told_as_such(
    app: Flask, as_, monkeypatch: pytest.MonkeyPatch
):
    with app.app_context():
        browser = as_(a_person())
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def away(_version: ContentVersion) -> str:
        raise OperationalError("SELECT", {}, Exception("the database system is starting up"))

    monkeypatch.setattr(ContentVersion, "__call__", away)  # asked before who is signed in is looked up
    answer = browser.post("/moi/")  # without its token: the page that says so greets whoever is signed in
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
