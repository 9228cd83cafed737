"""Alembic's entry point: migrate the database of the running Flask application, or that of `attributes["engine"]`."""

from alembic import context
from flask import current_app

from academy.extensions import db


def _run() -> None:
    engine = context.config.attributes.get("engine") or db.engine
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:  # a table is rebuilt by copying it: its references must not be followed meanwhile
            _outside_transaction(connection, "PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite:
            _outside_transaction(connection, "PRAGMA foreign_keys=ON")


def _outside_transaction(connection, statement: str) -> None:
    # SQLAlchemy would begin a transaction first, in which SQLite ignores this pragma.
    connection.connection.driver_connection.execute(statement)


_run()
