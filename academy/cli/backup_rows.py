"""The rows of an academy, carried whole between two databases of any kind; the form of a backup is SQLite's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.runtime.migration import MigrationContext
from flask import current_app
from sqlalchemy import Connection, Engine, create_engine, func, insert, inspect, select, text

from academy.extensions import db

AT_ONCE = 500  # rows in memory

_KEYS = """SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"""
_NUMBERS = """SELECT setval(pg_get_serial_sequence('"{table}"', '{column}'), max("{column}")) FROM "{table}" HAVING count(*) > 0"""


@contextmanager
def academy_on(path: Path) -> Iterator[Engine]:
    """The SQLite file at *path*, made when it is missing, brought to the migration of this code."""
    engine = create_engine(f"sqlite:///{path}")
    config = current_app.extensions["migrate"].migrate.get_config()
    config.attributes["engine"] = engine
    command.upgrade(config, "head")
    try:
        yield engine
    finally:
        engine.dispose()  # the last to leave puts all of it into the one file


def snapshot(path: Path) -> None:
    """Write the rows of the database, as they are at one instant, into a new SQLite file; writers go on meanwhile."""
    with db.engine.connect() as source:
        if source.dialect.name == "sqlite":
            source.connection.cursor().execute("VACUUM INTO :path", {"path": str(path)})
            return
        source.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)  # in place
        with academy_on(path) as engine, engine.begin() as target:
            copy(source, target)


def copy(source: Connection, target: Connection) -> None:
    """Carry all rows to the same tables, which are empty. References are looked at when all are there."""
    keys = _without_keys(target)
    for table in db.metadata.sorted_tables:
        for rows in source.execution_options(yield_per=AT_ONCE).execute(select(table)).mappings().partitions():
            target.execute(insert(table), [dict(row) for row in rows])
    for name, key, definition in keys:
        target.exec_driver_sql(f"ALTER TABLE {name} ADD CONSTRAINT {key} {definition}")
    if target.dialect.name == "postgresql":
        for table in db.metadata.sorted_tables:
            if (column := table.autoincrement_column) is not None:
                target.exec_driver_sql(_NUMBERS.format(table=table.name, column=column.name))


def counts(engine: Engine) -> dict[str, int]:
    """How many rows each table has; nothing of tables that are not there."""
    with engine.connect() as connection:
        there = set(inspect(connection).get_table_names())
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in db.metadata.sorted_tables
            if table.name in there
        }


def migrations(engine: Engine) -> set[str]:
    """The migrations that the database is at."""
    with engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads())


def _without_keys(target: Connection) -> list[tuple[str, str, str]]:
    """Let rows come in any order (texts and their revisions name each other); on PostgreSQL, what to put back."""
    if target.dialect.name == "sqlite":
        target.execute(text("PRAGMA defer_foreign_keys = ON"))
        return []
    keys = [(name, key, definition) for name, key, definition in target.exec_driver_sql(_KEYS)]
    for name, key, _definition in keys:
        target.exec_driver_sql(f"ALTER TABLE {name} DROP CONSTRAINT {key}")
    return keys
