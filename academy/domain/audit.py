"""The audit trail: every change of state writes one line in its own transaction."""

from datetime import datetime

from sqlalchemy import insert

from academy.domain.rows import table_of
from academy.extensions import db
from academy.models import AuditEntry, Person

_LINE = insert(table_of(AuditEntry)).inline()  # written at once, without a row of the ORM: every verb does it


def record(action: str, it: object = None, *, by: Person | None, now: datetime, **detail: object) -> None:
    """Write that *by* (None: the system) did *action* on the row *it*."""
    if it is not None and getattr(it, "id", None) is None:
        db.session.flush()  # a new row gets its id
    line = {"at": now, "person_id": by.id if by is not None else None, "action": action, "detail": detail}
    about = {"entity": getattr(it, "__tablename__", ""), "entity_id": getattr(it, "id", None)}
    db.session.execute(_LINE, line | about)
