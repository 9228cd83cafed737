"""Which published text a reader sees: the edition in the page's language, else the other one."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, case, exists, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from academy.extensions import db
from academy.models import Audience, Cycle, Document, Edition, Kind, Rendering, Revision
from academy.policies import audiences_of
from academy.rendering.markdown import RENDERER
from academy.web.identity import asker
from academy.web.links import document_url, on_this_side
from academy.web.locale import language
from academy.web.shown_pictures import with_pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDocument:
    """Of a document what its address and the guard need; `cycle` is a slug."""

    id: int
    kind: Kind
    slug: str
    audience: Audience
    cycle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownText:
    """A published edition as loaders give it to the guard; `edition_of` has the whole row."""

    id: int
    published_id: int | None
    language: str
    document: ShownDocument


@dataclass(frozen=True, slots=True)
class Body:
    """What a source was rendered to; empty when no rendering is stored (`flask content render` makes it)."""

    html: str = ""
    outline: list[dict[str, Any]] = field(default_factory=list)


def shown() -> tuple[ColumnElement[bool], ...]:
    """Conditions on Edition and Document for lists: exactly one edition of each text that the asker may read."""
    return shown_to(language(), audiences_of(asker()))


@lru_cache(maxsize=32)
def shown_to(language: str, audiences: frozenset[Audience]) -> tuple[ColumnElement[bool], ...]:
    """The same for a language and audiences; built once, for building SQL costs more than running it."""
    own = aliased(Edition)
    is_translated = exists().where(
        own.document_id == Edition.document_id, own.language == language, own.published_id.is_not(None)
    )
    return (
        Edition.published_id.is_not(None),
        Document.audience.in_(sorted(audiences)),
        or_(Edition.language == language, ~is_translated),
    )


def shown_text(*where: ColumnElement[bool]) -> ShownText | None:
    """One published text; who may read it is for the guard to say."""
    row = db.session.execute(
        select(
            Edition.id,
            Edition.published_id,
            Edition.language,
            Edition.document_id,
            Document.kind,
            Document.slug,
            Document.audience,
            Cycle.slug.label("cycle"),
        )
        .join(Edition.document)
        .outerjoin(Cycle, Cycle.id == Document.cycle_id)
        .where(Edition.published_id.is_not(None), *where)
        .order_by(case((Edition.language == language(), 0), else_=1))
        .limit(1)
    ).first()
    if row is None:
        return None
    document = ShownDocument(
        id=row.document_id, kind=row.kind, slug=row.slug, audience=row.audience, cycle=row.cycle or ""
    )
    return ShownText(id=row.id, published_id=row.published_id, language=row.language, document=document)


def edition_of(text: ShownText) -> Edition:
    """The whole row, with its document and cycle; 404 if it was withdrawn since."""
    options = contains_eager(Edition.document).options(joinedload(Document.cycle))
    found = select(Edition).join(Edition.document).options(options)
    return db.session.scalar(found.where(Edition.id == text.id, Edition.published_id.is_not(None))) or abort(404)


def body_of(edition: Edition) -> Body:
    """The stored rendering of what is published."""
    return body_of_revision(edition.published_id, edition.language) or Body()


def body_of_revision(revision_id: int | None, language: str) -> Body | None:
    """The stored rendering of a revision: by the present renderer, else by the last one before it."""
    row = db.session.execute(
        select(Rendering.html, Rendering.outline)
        .join(Revision, Revision.source_hash == Rendering.source_hash)
        .where(Revision.id == revision_id, Rendering.language == language)
        .order_by(case((Rendering.renderer == RENDERER, 0), else_=1), Rendering.renderer.desc())
        .limit(1)
    ).first()
    return Body(row.html, row.outline) if row else None


def reading(edition: Edition) -> dict[str, object]:
    """What a page that shows the whole text puts under its head."""
    body = body_of(edition)
    return {
        "body": shown_html(edition, body.html),
        "outline": body.outline,
        "is_fallback": is_fallback(edition),
        "languages": languages_of(edition.document_id),
    }


def shown_html(edition: Edition, html: str) -> str:
    """The HTML of a text as its page shows it: links on this side of the site, pictures in the widths that fit."""
    document = edition.document
    html = on_this_side(html)
    if document.kind not in (Kind.MODULE, Kind.RESOURCE):
        return html
    page = document_url(
        document.kind, id=document.id, slug=document.slug, cycle=document.cycle.slug if document.cycle else ""
    )
    return with_pictures(html, document.id, f"{page}fichiers/")


def languages_of(document_id: int) -> list[str]:
    """The languages in which a document is published: those that its page has twins in."""
    published = (Edition.document_id == document_id, Edition.published_id.is_not(None))
    return sorted(db.session.scalars(select(Edition.language).where(*published)))


def is_fallback(edition: Edition) -> bool:
    """Whether the text is shown in another language than the page, which then says so."""
    return edition.language != language()
