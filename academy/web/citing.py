"""The texts that lead to a text: those that the asker may read, and nothing of the others."""

from sqlalchemy import select

from academy.extensions import db
from academy.models import Cycle, CycleSession, Document, Edition, TextLink
from academy.web.links import document_url
from academy.web.spoken import Spoken
from academy.web.texts import shown

MOST = 50  # of one page


def citing(document: Document) -> list[tuple[Spoken, str]]:
    """Title and address of the shown editions that link to this document or include it, by title: one query."""
    leading = select(TextLink.edition_id).where(TextLink.target == document.key)
    columns = (Document.id, Document.kind, Document.slug, Edition.title, Edition.language, Cycle.slug.label("cycle"))
    rows = db.session.execute(
        select(*columns, CycleSession.id.label("session"))
        .join(Edition, Edition.document_id == Document.id)
        .outerjoin(Cycle, Cycle.id == Document.cycle_id)
        .outerjoin(CycleSession, CycleSession.document_id == Document.id)
        .where(Edition.id.in_(leading), Document.id != document.id, *shown())
        .order_by(Edition.title, Document.id)
        .limit(MOST)
    )
    return [
        (
            Spoken(row.title, row.language),
            document_url(row.kind, id=row.session or row.id, slug=row.slug, cycle=row.cycle or ""),
        )
        for row in rows
    ]
