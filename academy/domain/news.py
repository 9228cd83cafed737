"""News: which texts everybody can read since a place in the change log, and could not before."""

from sqlalchemy import func, select

from academy.extensions import db
from academy.models import Audience, Change, Document, Edition


def new_editions(*, after: int, until: int, language: str) -> set[int]:
    """The editions, now public, that are news between two changes: (after, until].

    All of a document that was not public before; of one that was, an edition in *language* that had never been
    published. What was only corrected is no news.
    """
    touched = (
        select(Edition.document_id)
        .join(Change, Change.edition_id == Edition.id)
        .join(Document, Document.id == Edition.document_id)
        .where(Change.seq > after, Change.seq <= until, Document.audience == Audience.PUBLIC)
    )
    last_before = (
        select(Edition.document_id, func.max(Change.seq).label("seq"))
        .join(Change, Change.edition_id == Edition.id)
        .where(Change.seq <= after, Edition.document_id.in_(touched))
        .group_by(Edition.document_id)
        .subquery()
    )
    known = select(last_before.c.document_id).join(Change, Change.seq == last_before.c.seq).where(Change.is_public)
    first = (
        select(Change.edition_id, func.min(Change.seq).label("seq"))
        .where(Change.edition_id.is_not(None))
        .group_by(Change.edition_id)
        .subquery()
    )
    is_translation = (Edition.language == language) & (first.c.seq > after)
    return set(
        db.session.scalars(
            select(Edition.id)
            .outerjoin(first, first.c.edition_id == Edition.id)
            .where(
                Edition.document_id.in_(touched),
                Edition.published_id.is_not(None),
                Edition.document_id.not_in(known) | is_translation,
            )
        )
    )
