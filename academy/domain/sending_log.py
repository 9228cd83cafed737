"""What the academy remembers of the mails that it sent: a year, as the register of processings says."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select

from academy.domain.forgetting import delete_due
from academy.models import SentMail

KEPT = timedelta(days=365)


def old(now: datetime) -> Select[int]:
    """The lines to forget."""
    return select(SentMail.id).where(SentMail.sent_at < now - KEPT)


def purge(*, now: datetime) -> int:
    """Forget the mails sent more than a year ago; return how many."""
    return delete_due(SentMail, old(now), "mail.purge", now=now)
