"""Rows that are not simply added: those that two transactions may want at the same time, those written at once."""

from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError

from academy.extensions import Model, db


def insert_once(row: Any) -> bool:
    """Insert a row that another transaction may have just inserted; False when it had."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        return False
    return True


def table_of(kind: type[Model]) -> Table:
    """The table of a kind of row, to write where the work of the ORM would cost too much under a lock."""
    return cast(Table, kind.__table__)
