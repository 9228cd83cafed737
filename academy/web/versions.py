"""The pages of earlier versions of a module or a resource: the revisions that readers have seen, as they saw them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask import abort, redirect, render_template
from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, func, select

from academy.domain import contract, layout
from academy.domain.lending import Borrower, borrower_of
from academy.domain.problems import ContentRefused
from academy.extensions import db
from academy.models import Edition, Revision
from academy.rendering.typography import typeset
from academy.web.fragments import kept_page
from academy.web.hiding_words import hidden_words
from academy.web.labels import licence_of
from academy.web.links import area_of
from academy.web.locale import gettext as _
from academy.web.reuse import beside, page_of
from academy.web.spoken import Spoken
from academy.web.texts import Body, ShownText, body_of_revision, edition_of, is_fallback, shown_html


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A line of the history; `url` is that of the text for the version that stands."""

    id: int
    number: int
    title: Spoken
    published_at: datetime
    url: str
    is_current: bool


def history_url(edition: Edition) -> str | None:
    """The address of the earlier public versions, when there is one."""
    count = select(func.count()).where(*_was_seen(edition.id), Revision.hidden_at.is_(None))
    return beside(edition, "versions") if (db.session.scalar(count) or 0) > 1 else None


def history_page(text: ShownText, *, trail: Sequence[tuple[str, str]]) -> str:
    """All versions that readers have seen and still may, the latest first; *trail* leads to the page of the text."""

    def context() -> dict[str, object]:
        edition = edition_of(text)
        rows = db.session.execute(
            _seen(edition.id).where(Revision.hidden_at.is_(None)).order_by(Revision.number.desc())
        )
        return {**_around(edition, trail), "versions": [_version(row, edition) for row in rows]}

    return kept_page("versions/index.html", text.id, context=context)


def version_page(text: ShownText, number: int, *, trail: Sequence[tuple[str, str]]) -> Any:
    """A version as it was; 404 for drafts, 410 with the reason for one that was hidden."""
    found = db.session.execute(_seen(text.id).where(Revision.number == number)).one_or_none() or abort(404)
    if found.id == text.published_id:
        return redirect(page_of(edition_of(text)))  # for now: the next publication makes it an old one
    if found.hidden_at is not None:
        return _gone(found.hidden_reason, page_of(edition_of(text))), 410
    return kept_page("versions/show.html", text.id, number, context=lambda: _old(edition_of(text), found, trail))


def _gone(reason: str, page: str) -> str:
    link = Markup('{} <a href="{}">{}</a>').format(hidden_words(reason), page, _("Lire la version actuelle"))
    return render_template("errors/error.html", code=410, message=link)


def _old(edition: Edition, row: Any, trail: Sequence[tuple[str, str]]) -> dict[str, object]:
    """A version as it was: its own title, authors, licence and text."""
    source = db.session.scalars(select(Revision.source).where(Revision.id == row.id)).one()
    facts = contract.read(source, kind=edition.document.kind)
    later = _seen(edition.id).where(Revision.published_at > row.published_at).order_by(Revision.published_at).limit(1)
    after = db.session.execute(later).first()
    body = body_of_revision(row.id, edition.language) or _rendered(source, borrower_of(edition))
    return {
        **_around(edition, trail),
        "version": _version(row, edition),
        "replaced_at": after.published_at if after else None,
        "summary": typeset(facts.summary, edition.language) if facts else "",
        "authors": facts.authors if facts else (),
        "licence": licence_of(facts.licence) if facts else None,
        "language_of_text": edition.language,
        "is_fallback": is_fallback(edition),
        "body": shown_html(edition, body.html),
        "outline": body.outline,
    }


def _was_seen(edition_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Revision.edition_id == edition_id, Revision.published_at.is_not(None))


def _seen(edition_id: int) -> Select:
    columns = (Revision.id, Revision.number, Revision.title, Revision.published_at)
    return select(*columns, Revision.hidden_at, Revision.hidden_reason).where(*_was_seen(edition_id))


def _version(row: Any, edition: Edition) -> Version:
    is_current = row.id == edition.published_id
    return Version(
        id=row.id,
        number=row.number,
        title=Spoken(row.title, edition.language),
        published_at=row.published_at,
        url=page_of(edition) if is_current else beside(edition, "version", number=row.number),
        is_current=is_current,
    )


def _around(edition: Edition, trail: Sequence[tuple[str, str]]) -> dict[str, object]:
    title, page = Spoken(edition.title, edition.language), page_of(edition)
    return {
        "title": title,
        "page_url": page,
        "history_url": beside(edition, "versions"),
        "trail": [*trail, (title, page)],
        "area": area_of(edition.document.kind),
    }


def _rendered(source: str, to: Borrower) -> Body:
    """What was never stored is rendered for the page, which is kept; empty when today's renderer refuses it."""
    try:
        front = contract.parse("", source)
        rendered, _loan = layout.render_lent(front.body, to, first_line=front.body_line)
    except ContentRefused:
        return Body()
    return Body(rendered.html, [asdict(heading) for heading in rendered.outline])
