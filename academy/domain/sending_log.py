"""What the academy remembers of the mails that it sent: a year, as the register of processings says."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from academy.domain import audit
from academy.extensions import db
from academy.models import SentMail

KEPT = timedelta(days=365)


def has_old(*, now: datetime) -> bool:
    """Whether there is a line to forget."""
    return db.session.scalar(select(SentMail.id).where(SentMail.sent_at < now - KEPT).limit(1)) is not None


def purge(*, now: datetime) -> int:
    """Forget the mails sent more than a year ago; return how many."""
    old = delete(SentMail).where(SentMail.sent_at < now - KEPT).returning(SentMail.id)
    gone = db.session.scalars(old.execution_options(synchronize_session=False)).all()
    if gone:
        audit.record("mail.purge", by=None, now=now, count=len(gone))
    return len(gone)
