"""What may be meant while typing: titles that lead to their page, words that lead to a search."""

from flask import url_for
from flask_login import current_user
from sqlalchemy import case, exists, select
from sqlalchemy.orm import aliased

from academy import search
from academy.extensions import db
from academy.models import Cycle, CycleSession, Document, Edition
from academy.policies import audiences_of
from academy.web.labels import type_label
from academy.web.links import document_url
from academy.web.locale import gettext as _
from academy.web.locale import language


def suggestions(typed: str) -> list[dict[str, str]]:
    """Suggestions for what was typed: `text` to show, `url` to go to, `label` that says what is there, `lang` of a title."""
    found = search.suggest(typed, audiences=audiences_of(current_user), language=language()) if typed else []
    pages = _pages(found) if found else {}
    return [pages.get(text) or _search(text) for text in found]


def _search(text: str) -> dict[str, str]:
    return {"text": text, "url": url_for("resources.index", q=text), "label": _("Chercher")}


def _pages(titles: list[str]) -> dict[str, dict[str, str]]:
    """The page of each title that the asker may read, as the database has it now: one query.

    A title in the other language leads to that side of the site, unless the text exists in that language alone.
    """
    own = aliased(Edition)
    has_own = exists().where(
        own.document_id == Edition.document_id, own.language == language(), own.published_id.is_not(None)
    )
    rows = db.session.execute(
        select(
            Edition.title,
            Edition.language,
            Edition.type,
            case((has_own, Edition.language), else_=language()).label("side"),
            Document.kind,
            Document.id,
            Document.slug,
            Cycle.slug.label("cycle"),
            CycleSession.id.label("session"),
        )
        .join(Document, Document.id == Edition.document_id)
        .outerjoin(Cycle, Cycle.id == Document.cycle_id)
        .outerjoin(CycleSession, CycleSession.document_id == Document.id)
        .where(
            Edition.title.in_(titles),
            Edition.published_id.is_not(None),
            Document.audience.in_(sorted(audiences_of(current_user))),
        )
        .order_by(Edition.language == language(), Edition.id.desc())  # of texts with one title, the last one is kept
    )
    return {
        row.title: {
            "text": row.title,
            "url": document_url(
                row.kind, id=row.session or row.id, slug=row.slug, cycle=row.cycle or "", language=row.side
            ),
            "label": type_label(row.kind, row.type),
            "lang": row.language,
        }
        for row in rows
    }
