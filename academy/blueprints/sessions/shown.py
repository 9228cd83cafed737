"""Of a session what its address and the guard need, without its row."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from academy.extensions import db
from academy.models import Access, Audience, CycleSession, Document, Edition, OrganisationKind
from academy.web.remembered import remembered

_QUOTAS = [getattr(CycleSession, f"quota_{kind}") for kind in OrganisationKind]


@dataclass(frozen=True, slots=True)
class ShownEdition:
    """Whether this language of the text is published."""

    published_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDocument:
    """The text of a session: who may see it, and what is published of it."""

    slug: str
    audience: Audience
    editions: Sequence[ShownEdition]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSession:
    """A session as its public page finds it."""

    id: int
    access: Access
    has_quotas: bool
    document: ShownDocument


def shown_session(id: int, slug: str) -> ShownSession | None:
    """The session of an address; the view compares the slug."""
    return _shown_session(id)


@remembered
def _shown_session(id: int) -> ShownSession | None:
    rows = db.session.execute(
        select(Document.slug, Document.audience, Edition.published_id, CycleSession.access, *_QUOTAS)
        .join(CycleSession, CycleSession.document_id == Document.id)
        .outerjoin(Edition, Edition.document_id == Document.id)
        .where(CycleSession.id == id)
    ).all()
    if not rows:
        return None
    editions = tuple(ShownEdition(row.published_id) for row in rows)
    document = ShownDocument(slug=rows[0].slug, audience=rows[0].audience, editions=editions)
    _slug, _audience, _published, access, *quotas = rows[0]
    return ShownSession(id=id, access=access, has_quotas=any(quotas), document=document)
