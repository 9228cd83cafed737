"""What the pages of earlier versions read: the revisions that readers have seen, and how each read."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from academy.domain import contract, publishing
from academy.domain.problems import ContentRefused
from academy.extensions import db
from academy.models import Edition, Revision
from academy.rendering.typography import typeset
from academy.web.labels import licence_of
from academy.web.links import document_url, on_this_side, path_to
from academy.web.spoken import Spoken
from academy.web.texts import Body, body_of_revision, is_fallback


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A line of the history; `url` is that of the resource for the version that stands."""

    id: int
    number: int
    title: Spoken
    published_at: datetime
    url: str
    is_current: bool


def history(edition: Edition) -> dict[str, object]:
    """All versions that readers have seen, the latest first."""
    rows = db.session.execute(_seen(edition.id).order_by(Revision.number.desc()))
    return {**_around(edition), "versions": [_version(row, edition) for row in rows]}


def published_version(edition_id: int, number: int) -> Any:
    """The row of a version that readers have seen; None for drafts, which nobody may read here."""
    return db.session.execute(_seen(edition_id).where(Revision.number == number)).one_or_none()


def old(edition: Edition, row: Any) -> dict[str, object]:
    """A version as it was: its own title, authors, licence and text."""
    source = db.session.scalars(select(Revision.source).where(Revision.id == row.id)).one()
    facts = contract.read(source, kind=edition.document.kind)
    later = _seen(edition.id).where(Revision.published_at > row.published_at).order_by(Revision.published_at).limit(1)
    after = db.session.execute(later).first()
    body = body_of_revision(row.id, edition.language) or _rendered(source, edition.language)
    return {
        **_around(edition),
        "version": _version(row, edition),
        "replaced_at": after.published_at if after else None,
        "summary": typeset(facts.summary, edition.language) if facts else "",
        "authors": facts.authors if facts else (),
        "licence": licence_of(facts.licence) if facts else None,
        "language_of_text": edition.language,
        "is_fallback": is_fallback(edition),
        "body": on_this_side(body.html),
        "outline": body.outline,
    }


def _seen(edition_id: int):
    columns = (Revision.id, Revision.number, Revision.title, Revision.published_at)
    return select(*columns).where(Revision.edition_id == edition_id, Revision.published_at.is_not(None))


def _version(row: Any, edition: Edition) -> Version:
    document, is_current = edition.document, row.id == edition.published_id
    address = {"id": document.id, "slug": document.slug}
    return Version(
        id=row.id,
        number=row.number,
        title=Spoken(row.title, edition.language),
        published_at=row.published_at,
        url=_page(edition) if is_current else path_to("resources.version", **address, number=row.number),
        is_current=is_current,
    )


def _around(edition: Edition) -> dict[str, object]:
    document = edition.document
    return {
        "title": Spoken(edition.title, edition.language),
        "page_url": _page(edition),
        "history_url": path_to("resources.versions", id=document.id, slug=document.slug),
    }


def _page(edition: Edition) -> str:
    document = edition.document
    return document_url(document.kind, id=document.id, slug=document.slug)


def _rendered(source: str, language: str) -> Body:
    """What was never stored is rendered for the page, which is kept; empty when today's renderer refuses it."""
    try:
        front = contract.parse("", source)
        rendered = publishing.render_body(front.body, first_line=front.body_line, language=language)
    except ContentRefused:
        return Body()
    return Body(rendered.html, [asdict(heading) for heading in rendered.outline])
