"""Forms that arrive twice: a button pressed twice, a page sent again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from academy.domain.preparing import Prepared
from academy.extensions import db
from academy.models import AuditEntry, Cycle, CycleSession, Document, Edition, Person, SessionStatus
from academy.rendering import frontmatter

WITHIN = timedelta(minutes=10)
_OWN = ("id", "status", "published_on")  # what two files of the same content differ in


def twin(cycle: Cycle, texts: Sequence[Prepared], *, by: Person | None, now: datetime) -> CycleSession | None:
    """The session of the same words and facts, in all its languages, that the same person made minutes ago."""
    if by is None:
        return None
    wanted, editions = {text.language: _content(text.source) for text in texts}, CycleSession.document
    found = (
        select(CycleSession)
        .join(AuditEntry, (AuditEntry.entity == "cycle_session") & (AuditEntry.entity_id == CycleSession.id))
        .where(AuditEntry.action == "session.create", AuditEntry.person_id == by.id, AuditEntry.at > now - WITHIN)
        .where(CycleSession.cycle_id == cycle.id, CycleSession.status != SessionStatus.CANCELLED)
        .options(joinedload(editions).selectinload(Document.editions).joinedload(Edition.head))
        .order_by(CycleSession.id.desc())
    )
    for session in db.session.scalars(found):
        heads = {edition.language: edition.head for edition in session.document.editions}
        if {language: head and _content(head.source) for language, head in heads.items()} == wanted:
            return session
    return None


def _content(source: str) -> str:
    try:
        return frontmatter.replace(source, dict.fromkeys(_OWN))
    except frontmatter.FrontMatterError:
        return source
