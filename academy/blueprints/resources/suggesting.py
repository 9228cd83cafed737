"""What may be meant while typing: titles, sessions, topics and people that lead to a page, words that lead to a search."""

from functools import lru_cache
from typing import Any

from flask import url_for
from sqlalchemy import Select, bindparam, case, exists, select
from sqlalchemy.orm import aliased

from academy import search
from academy.blueprints.resources import naming
from academy.extensions import db
from academy.models import Audience, Cycle, CycleSession, Document, Edition
from academy.policies import audiences_of
from academy.web.identity import asker
from academy.web.labels import type_label
from academy.web.links import document_url
from academy.web.locale import gettext as _, language

MOST = 8
MOST_NAMED = 2  # of sessions, of topics, and of people: the titles and words keep some room


def suggestions(typed: str) -> list[dict[str, str]]:
    """Suggestions for what was typed: `text` to show, `url` to go to, `label` that says what is there, `lang` of a title.

    Titles that begin so, then sessions, topics and people with such a word, then words to search.
    """
    if not typed:
        return []
    found = search.suggest(typed, audiences=audiences_of(asker()), language=language(), limit=MOST)
    pages = _pages(found) if found else {}
    titles = [pages[text] for text in found if text in pages]
    known = {title["url"] for title in titles}
    sessions = [session for session in naming.sessions_named(typed) if session["url"] not in known]
    named = (sessions, naming.topics_named(typed), naming.people_named(typed))
    others = [suggestion for some in named for suggestion in some[:MOST_NAMED]]
    words = [_search(text) for text in found if text not in pages]
    return [*titles[: MOST - len(others)], *others, *words][:MOST]


def _search(text: str) -> dict[str, str]:
    return {"text": text, "url": url_for("resources.index", q=text), "label": _("Chercher")}


def _pages(titles: list[str]) -> dict[str, dict[str, str]]:
    """The page of each title that the asker may read, as the database has it now: one query."""
    rows = db.session.execute(_titled(language(), audiences_of(asker())), {"titles": titles})
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


@lru_cache(maxsize=32)
def _titled(language: str, audiences: frozenset[Audience]) -> Select[*tuple[Any, ...]]:
    """The statement, built once: it is asked at every letter.

    A title in the other language leads to that side of the site, unless the text exists in that language alone.
    """
    own = aliased(Edition)
    has_own = exists().where(
        own.document_id == Edition.document_id, own.language == language, own.published_id.is_not(None)
    )
    return (
        select(
            Edition.title,
            Edition.language,
            Edition.type,
            case((has_own, Edition.language), else_=language).label("side"),
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
            Edition.title.in_(bindparam("titles", expanding=True)),
            Edition.published_id.is_not(None),
            Document.audience.in_(sorted(audiences)),
        )
        .order_by(Edition.language == language, Edition.id.desc())  # of texts with one title, the last one is kept
    )
