"""`flask backup` and `flask restore`: the whole academy in one folder, on either kind of database."""

import hashlib
import json
import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import click
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import delete, update
from sqlalchemy.exc import SQLAlchemyError

from academy import search
from academy.cli import backup_rows, content
from academy.extensions import MIGRATIONS, db
from academy.files.disk import sync_path
from academy.files.store import LostFile, store
from academy.models import SignIn, SignInHead
from academy.web import clock

LAST = "last_backup"  # in the instance: its date is that of the last backup made from this host
FORM = 1  # of the folder; a restore refuses a later one
ROWS, MANIFEST, FILES = "academy.db", "manifest.json", "files"
SHOWN = 5  # faults named one by one
_folder = click.argument("folder", type=click.Path(path_type=Path))


@click.command("backup")
@_folder
@with_appcontext
def backup(folder: Path) -> None:
    """Write database and files into a new FOLDER, while everybody works on.

    Neither the secret key nor the index goes into it. It appears under its name when it is whole.
    """
    _quiet()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.ClickException(f"{folder} is there already: name a folder that is new, as one for each day.")
    if (found := backup_rows.migrations(db.engine)) != _expected():
        raise click.ClickException(
            f"The database is at {', '.join(found) or 'no migration'}, this release at {', '.join(_expected())}:"
            " back it up with the release that serves it, or run `flask db upgrade` first."
        )
    try:
        with _under_way(folder) as partial:
            lost = _write(partial)
    except (OSError, SQLAlchemyError, sqlite3.Error) as problem:
        raise click.ClickException(f"{folder} could not be written, nothing is left of it: {problem}") from problem
    (current_app.config["SETTINGS"].instance / LAST).touch()
    if lost:
        raise click.ClickException(f"{folder} is whole but for {_some(lost)}: `flask check` says whose they are.")


def _write(folder: Path) -> list[str]:
    """Fill the folder, the manifest last; say which files the store gave other bytes for than their digest."""
    backup_rows.snapshot(folder / ROWS)
    sizes, lost = {}, []
    for digest, _since in store().digests():  # after the rows: whatever they name is there
        path = folder / FILES / digest[:2] / digest
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(LostFile), path.open("wb") as file:  # swept since: a day ago nobody needed it
            for part in store().parts(digest):
                file.write(part)
        if _digest(path) == digest:
            sizes[digest] = path.stat().st_size
        else:
            path.unlink()
            lost += [digest] if store().has(digest) else []
    with backup_rows.academy_on(folder / ROWS) as engine:
        rows = backup_rows.counts(engine)
    manifest = {
        "form": FORM,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "migration": sorted(_expected()),
        "rows": rows,
        "sha256": {ROWS: _digest(folder / ROWS)},
        "files": sizes,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
    click.echo(f"backup: {sum(rows.values())} rows, {len(sizes)} files, {sum(sizes.values())} bytes of files")
    return lost


@click.command("restore")
@_folder
@with_appcontext
def restore(folder: Path) -> None:
    """Bring the academy of FOLDER to this host, whose database is empty; of either kind, whatever it came from.

    Everybody is signed out. A backup of an earlier release is brought up to this one.
    """
    _quiet()
    manifest = _manifest(folder)
    if faults := list(_faults(folder, manifest)):
        raise click.ClickException(f"{folder} is damaged, nothing was restored: {_some(faults)}.")
    if full := [f"{count} rows in {name}" for name, count in backup_rows.counts(db.engine).items() if count]:
        raise click.ClickException(
            f"The database is not empty ({_some(full)}): nothing was restored. Set ACADEMY_DATABASE_URL, or ACADEMY_INSTANCE,"
            " to where there is none yet."
        )
    for digest in manifest[FILES]:
        store().put(_kept(folder, digest).read_bytes())
    _restore_rows(folder / ROWS)
    rendered, editions = content.render_missing(), search.rebuild()
    rows = backup_rows.counts(db.engine)
    click.echo(f"restore: {sum(rows.values())} rows, {len(manifest[FILES])} files, as of {manifest['made_at']}")
    click.echo(f"restore: {editions} editions indexed, {rendered} rendered again; everybody is signed out")
    click.echo("restore: set ACADEMY_SECRET_KEY to that of the former host, then run `flask check`")


def _restore_rows(kept: Path) -> None:
    """Work on a copy: it is brought to this release, then becomes the database or fills it in one transaction."""
    settings, own = current_app.config["SETTINGS"], db.engine
    if not settings.is_sqlite:
        upgrade()
    with TemporaryDirectory(prefix=".restore-", dir=settings.instance) as work:
        rows = Path(work) / ROWS
        shutil.copyfile(kept, rows)
        with backup_rows.academy_on(rows) as engine, engine.begin() as source:
            source.execute(delete(SignIn))
            source.execute(update(SignInHead).values(seq=SignInHead.seq + 1))
            if not settings.is_sqlite:
                with own.begin() as target:
                    backup_rows.copy(source, target)
        own.dispose()
        if settings.is_sqlite:
            place = Path(own.url.database or "")
            for name in ("", "-wal", "-shm"):
                place.with_name(place.name + name).unlink(missing_ok=True)
            sync_path(rows)
            rows.replace(place)
            sync_path(place.parent)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        form, migration = manifest["form"], manifest["migration"]
        if ROWS not in manifest["sha256"] or not isinstance(manifest[FILES], dict):
            raise KeyError(ROWS)
    except (OSError, ValueError, LookupError, TypeError) as problem:
        raise click.ClickException(f"{folder} is no backup of an academy: {MANIFEST} cannot be read.") from problem
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if form > FORM or not set(migration) <= known:
        raise click.ClickException(f"{folder} was made by a later release (at {migration}): restore it with that one.")
    return manifest


def _faults(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    """What is missing or has other bytes than when it was made."""
    expected = {folder / name: digest for name, digest in manifest["sha256"].items()}
    expected |= {_kept(folder, digest): digest for digest in manifest[FILES]}
    for path, digest in expected.items():
        if not path.is_file():
            yield f"{path.relative_to(folder)} is missing"
        elif _digest(path) != digest:
            yield f"{path.relative_to(folder)} has other bytes"


@contextmanager
def _under_way(folder: Path) -> Iterator[Path]:
    """A folder beside it for its owner alone, which gets the name when it is whole and on the disk."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield partial
        for path in [*partial.rglob("*"), partial]:
            sync_path(path)
        partial.replace(folder)
        sync_path(folder.parent)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _kept(folder: Path, digest: str) -> Path:
    return folder / FILES / digest[:2] / digest


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _some(faults: list[str]) -> str:
    more = len(faults) - SHOWN
    return ", ".join(faults[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _expected() -> set[str]:
    return set(ScriptDirectory(str(MIGRATIONS)).get_heads())


def _quiet() -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)
