"""The audit trail: every change of state writes one line in its own transaction."""

from datetime import datetime

from academy.extensions import db
from academy.models import AuditEntry, Person


def record(action: str, it: object = None, *, by: Person | None, now: datetime, **detail: object) -> None:
    """Write that *by* (None: the system) did *action* on the row *it*."""
    if it is not None and getattr(it, "id", None) is None:
        db.session.flush()  # a new row gets its id
    db.session.add(
        AuditEntry(
            at=now,
            person_id=by.id if by is not None else None,
            action=action,
            entity=getattr(it, "__tablename__", ""),
            entity_id=getattr(it, "id", None),
            detail=detail,
        )
    )
