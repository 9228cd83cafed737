"""`flask backup` while people write, `flask restore` on a blank host: the same rows, files and answers of the search."""

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.engine import Engine

from academy import create_app, search
from academy.cli import backup
from academy.domain import accounts, enrolment, invariants
from academy.extensions import db as database, transaction
from academy.files.store import store
from academy.models import Attachment, CycleSession, Edition, Person, SignIn
from academy.web import clock
from tests.conftest import settings_for
from tests.factories import a_person, a_picture, a_session, a_text
from tests.races.storm import rows_of


def _run(app: Flask, *args: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=[str(arg) for arg in args])


@pytest.fixture(params=["sqlite", "postgresql"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """Another host, with nothing: not a table, not a file."""
    folder = tmp_path / "host"
    if request.param == "sqlite":
        yield create_app(settings_for(folder))
        return
    address = request.getfixturevalue("postgresql").replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS host"))
        connection.execute(text("CREATE DATABASE host"))
    engine.dispose()
    url = engine.url.set(database="host").render_as_string(hide_password=False)
    yield create_app(settings_for(folder, database_url=url))


def _rows(engine: Engine) -> dict[str, list]:
    with engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in database.metadata.sorted_tables
            if table.name not in {"sign_in", "sign_in_head"}
        }


@pytest.fixture
def lived(app: Flask) -> Flask:
    """An academy with texts, a picture, a place, somebody signed in."""
    with app.app_context():
        edition, session, person = a_text("quais", body="Un navire accoste."), a_session(capacity=2), a_person()
        with transaction() as it:
            a_picture(it.get_one(Edition, edition).document)
            who = it.get_one(Person, person)
            enrolment.enrol(who, it.get_one(CycleSession, session), now=clock.now())
            accounts.sign_in(who, now=clock.now())
        search.sync()
        database.session.remove()
    return app


def test_a_blank_host_becomes_the_same_academy(lived: Flask, host: Flask, tmp_path: Path):
    made = _run(lived, "backup", tmp_path / "kept")
    assert made.exit_code == 0, made.output
    restored = _run(host, "restore", tmp_path / "kept")
    assert restored.exit_code == 0, restored.output
    with lived.app_context():
        rows, hits = _rows(database.engine), search.find("navire").hits
    with host.app_context():
        assert _rows(database.engine) == rows
        assert [hit.title for hit in search.find("navire").hits] == [hit.title for hit in hits] != []
        digest = database.session.scalars(select(Attachment.digest)).one()
        assert store().read(digest, 0, 9) == b"quai.jpg "
        assert database.session.scalar(select(SignIn.id)) is None
        assert list(invariants.broken(now=clock.now())) == []
        assert search.problems() == []
        newcomer = a_person()  # numbers go on behind those that came
        with transaction() as it:
            session = it.scalars(select(CycleSession)).one()
            assert enrolment.enrol(it.get_one(Person, newcomer), session, now=clock.now()).rank == 2
        database.session.remove()


def test_a_backup_is_of_one_instant_while_people_enrol(app: Flask, tmp_path: Path):
    with app.app_context():
        session, people = a_session(capacity=5), [a_person() for _ in range(60)]
        database.session.remove()
    begun, enough = threading.Event(), threading.Event()

    def enrol() -> None:
        with app.app_context():
            for number, person in enumerate(people):
                with transaction() as it:
                    enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, session), now=clock.now())
                begun.set()
                if number > 20 and enough.is_set():
                    break
            database.session.remove()

    writer = threading.Thread(target=enrol)
    writer.start()
    assert begun.wait(30)
    made = _run(app, "backup", tmp_path / "kept")
    enough.set()
    writer.join(60)
    assert made.exit_code == 0, made.output
    blank = create_app(settings_for(tmp_path / "blank"))
    restored = _run(blank, "restore", tmp_path / "kept")
    assert restored.exit_code == 0, restored.output
    with blank.app_context():
        assert list(invariants.broken(now=clock.now())) == []
        seq = database.session.scalar(select(CycleSession.seq))
        ranks = [rank for _status, rows in rows_of(session).items() for rank, _ in rows]
        assert sorted(ranks) == list(range(1, seq + 1))
        database.session.remove()


def test_a_damaged_backup_restores_nothing_and_says_what_is_wrong(lived: Flask, tmp_path: Path):
    kept, blank = tmp_path / "kept", create_app(settings_for(tmp_path / "blank"))
    assert _run(lived, "backup", kept).exit_code == 0
    picture = next(path for path in (kept / "files").rglob("*") if path.is_file())
    whole = picture.read_bytes()
    picture.write_bytes(b"?" + whole[1:])
    refused = _run(blank, "restore", kept)
    assert refused.exit_code == 1
    assert f"{picture.relative_to(kept)} has other bytes" in refused.output
    picture.unlink()
    assert f"{picture.relative_to(kept)} is missing" in _run(blank, "restore", kept).output
    picture.write_bytes(whole)
    with (kept / "academy.db").open("ab") as rows:
        rows.write(b"?")
    assert "academy.db has other bytes" in _run(blank, "restore", kept).output
    assert "is no backup" in _run(blank, "restore", tmp_path / "blank").output
    manifest = kept / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"migration": ["9999"]}))
    assert "later release" in _run(blank, "restore", kept).output
    with blank.app_context():
        assert not inspect(database.engine).get_table_names()


def test_what_is_there_is_never_written_over(lived: Flask, tmp_path: Path):
    kept = tmp_path / "kept"
    kept.mkdir()
    assert _run(lived, "backup", kept).exit_code == 0  # it is empty
    assert "is there already" in _run(lived, "backup", kept).output
    refused = _run(lived, "restore", kept)
    assert refused.exit_code == 1
    assert "1 rows in person" in refused.output
    assert not list(tmp_path.glob(".kept-*"))


def test_a_backup_that_cannot_be_written_leaves_nothing(lived: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "sync_path", full)
    refused = _run(lived, "backup", tmp_path / "kept")
    assert refused.exit_code == 1
    assert "No space left" in refused.output
    assert not (tmp_path / "kept").exists()
    assert not list(tmp_path.glob(".kept-*"))


def test_bytes_that_the_store_damaged_are_named(lived: Flask, tmp_path: Path):
    with lived.app_context():
        digest = database.session.scalars(select(Attachment.digest)).one()
        (Path(lived.instance_path) / "files" / digest[:2] / digest).write_bytes(b"?")
        database.session.remove()
    made = _run(lived, "backup", tmp_path / "kept")
    assert made.exit_code == 1
    assert f"whole but for {digest}" in made.output
    assert _run(create_app(settings_for(tmp_path / "blank")), "restore", tmp_path / "kept").exit_code == 0


def test_only_its_owner_reads_a_backup(lived: Flask, tmp_path: Path):
    assert _run(lived, "backup", tmp_path / "kept").exit_code == 0
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0
    assert not [path for path in (tmp_path / "kept").rglob("*") if "secret" in path.name]


def test_a_backup_that_is_not_made_any_more_is_noticed(tmp_path: Path, migrated: Path):
    (tmp_path / "academy.db").write_bytes(migrated.read_bytes())
    app = create_app(settings_for(tmp_path))
    assert "last backup" not in _run(app, "check").output  # other tools may do it
    assert _run(app, "backup", tmp_path / "kept").exit_code == 0
    assert "last backup" not in _run(app, "check").output
    long_ago = clock.now().timestamp() - 5 * 86400 - 60
    os.utime(tmp_path / backup.LAST, (long_ago, long_ago))
    assert "- warning: the last backup is 5 days old" in _run(app, "check").output
