"""Which sessions a text belongs to: the one that a resource came out of, those that have a module on their programme."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from academy.extensions import db
from academy.models import CycleSession, Document, Edition, Kind, SessionStatus
from academy.web.links import document_url
from academy.web.remembered import remembered
from academy.web.spoken import Spoken
from academy.web.texts import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLink:
    """A session that the asker may see."""

    key: str
    title: Spoken
    url: str
    starts_at: datetime | None  # None without a date that stands
    module_keys: Sequence[str]


def sessions_behind(document: Document) -> list[SessionLink]:
    """The session that this resource came out of, if its reader may see it."""
    key = document.session_key
    return [link for link in all_sessions() if link.key == key] if key else []


def sessions_with(document: Document) -> list[SessionLink]:
    """The sessions that have this module on their programme, soonest first."""
    return [link for link in all_sessions() if document.key in link.module_keys]


@remembered
def all_sessions() -> tuple[SessionLink, ...]:
    """The sessions that the asker may see, soonest first: one query, for the keys of modules are a list in a column."""
    rows = db.session.execute(
        select(
            Document.key,
            Document.slug,
            Edition.title,
            Edition.language,
            CycleSession.id,
            CycleSession.status,
            CycleSession.starts_at,
            CycleSession.module_keys,
        )
        .join(Edition, Edition.document_id == Document.id)
        .join(CycleSession, CycleSession.document_id == Document.id)
        .where(Document.kind == Kind.SESSION, *shown())
        .order_by(CycleSession.starts_at.asc().nulls_last(), CycleSession.id)
    )
    return tuple(
        SessionLink(
            key=row.key,
            title=Spoken(row.title, row.language),
            url=document_url(Kind.SESSION, id=row.id, slug=row.slug),
            starts_at=None if row.status == SessionStatus.POSTPONED else row.starts_at,
            module_keys=tuple(row.module_keys),
        )
        for row in rows
    )
