"""Deleting what was kept for long enough, a few hundred rows at a time, with a line in the journal."""

from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Mapped

from academy.domain import audit
from academy.extensions import db
from academy.models import AuditEntry, SignIn, Ticket

AT_ONCE = 500  # rows of one transaction
JOURNAL_KEPT = timedelta(days=365)
EVIDENCE_KEPT = timedelta(
    days=3653
)  # of what was done with proofs of presence and certificates: as long as any of them
EVIDENCE = ("attendance", "certificate", "door", "scan", "sheet")  # what their actions begin with
KEPT = timedelta(days=30)  # after a link or a sign-in expired: until then the link says so


class Row(Protocol):
    """A table whose rows are deleted by number."""

    id: Mapped[int]


def delete_due(kind: type[Row], due: Select[int], action: str, *, now: datetime) -> int:
    """Delete rows whose ids *due* selects; return how many."""
    ids = db.session.scalars(due.order_by(kind.id).limit(AT_ONCE)).all()
    old = delete(kind).where(kind.id.in_(ids)).returning(kind.id)
    gone = db.session.scalars(old.execution_options(synchronize_session=False)).all()
    if gone:
        audit.record(action, by=None, now=now, count=len(gone))
    return len(gone)


def due_tickets(now: datetime) -> Select[int]:
    """Links of mails, used or not, that expired long ago."""
    return select(Ticket.id).where(Ticket.expires_at < now - KEPT)


def purge_tickets(*, now: datetime) -> int:
    """Delete the links, with the addresses that they were sent to; return how many."""
    return delete_due(Ticket, due_tickets(now), "ticket.purge", now=now)


def due_sign_ins(now: datetime) -> Select[int]:
    """Sign-ins that expired long ago."""
    return select(SignIn.id).where(SignIn.expires_at < now - KEPT)


def purge_sign_ins(*, now: datetime) -> int:
    """Delete the sign-ins; return how many."""
    return delete_due(SignIn, due_sign_ins(now), "sign_in.purge", now=now)


def due_journal(now: datetime) -> Select[int]:
    """Lines of the journal that nobody needs any more."""
    proves = or_(*(AuditEntry.action.startswith(f"{word}.") for word in EVIDENCE))
    old = (AuditEntry.at < now - JOURNAL_KEPT) & ~proves
    return select(AuditEntry.id).where(or_(old, AuditEntry.at < now - EVIDENCE_KEPT))


def purge_journal(*, now: datetime) -> int:
    """Delete the lines; return how many."""
    return delete_due(AuditEntry, due_journal(now), "journal.purge", now=now)
