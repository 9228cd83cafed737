"""Rows that two transactions may want to insert at the same time."""

from typing import Any

from sqlalchemy.exc import IntegrityError

from academy.extensions import db


def insert_once(row: Any) -> bool:
    """Insert a row that another transaction may have just inserted; False when it had."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        return False
    return True
