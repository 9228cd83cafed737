"""What the academy remembers of the mails that it sent: a year, as the register of processings says."""

from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select

from academy.domain import audit
from academy.extensions import db
from academy.models import SentMail

KEPT = timedelta(days=365)


def old(now: datetime) -> Select[int]:
    """The lines to forget."""
    return select(SentMail.id).where(SentMail.sent_at < now - KEPT)


def purge(*, now: datetime) -> int:
    """Forget the mails sent more than a year ago; return how many."""
    late = delete(SentMail).where(SentMail.sent_at < now - KEPT).returning(SentMail.id)
    gone = db.session.scalars(late.execution_options(synchronize_session=False)).all()
    if gone:
        audit.record("mail.purge", by=None, now=now, count=len(gone))
    return len(gone)
