"""What the API says of cycles, modules and resources: what is published for everybody, by column queries."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Select, and_, case, or_, select

from academy.blueprints.api.problems import Problem
from academy.extensions import db
from academy.models import Audience, Cycle, Document, Edition, Kind, Rendering, Revision, Topic, edition_topic
from academy.rendering.markdown import RENDERER
from academy.web.labels import licence_of
from academy.web.links import absolute, document_url, in_language, on_this_side
from academy.web.locale import gettext as _, language
from academy.web.remembered import remembered
from academy.web.shown_pictures import with_pictures
from academy.web.texts import shown_to

PUBLIC = frozenset({Audience.PUBLIC})
CENTRE = (Kind.MODULE, Kind.RESOURCE)
_LOCAL = re.compile(r'(<(?:a|img)\b[^>]*?\s(?:href|src)=")(?=/(?!/))')  # a path of ours in the HTML of a text
_COLUMNS = (
    Document.id,
    Document.key,
    Document.kind,
    Document.slug,
    Edition.id.label("edition"),
    Edition.language,
    Edition.title,
    Edition.summary,
    Edition.type,
    Edition.level,
    Edition.duration,
    Edition.licence,
    Edition.authors,
    Edition.territories,
    Edition.stakeholders,
    Edition.objectives,
    Edition.prerequisites,
    Edition.published_on,
    Edition.updated_at,
    Revision.number.label("version"),
    Revision.source_hash,
    Cycle.slug.label("cycle_slug"),
    Cycle.position,
)


def public(*kinds: Kind, side: str = "") -> Select[*tuple[Any, ...]]:
    """Public texts, each in its edition on this side of the site; with *side*, only those published in that language."""
    found = (
        select(*_COLUMNS)
        .join(Edition, Edition.document_id == Document.id)
        .join(Revision, Revision.id == Edition.published_id)
        .outerjoin(Cycle, Cycle.id == Document.cycle_id)
        .where(Document.kind.in_(kinds), *shown_to(side or language(), PUBLIC))
        .order_by(Document.id)
    )
    return found.where(Edition.language == side) if side else found


def narrowed(asked: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """The conditions of what was asked; raise Problem for a cycle or a topic that is none of ours."""
    where: list[ColumnElement[bool]] = []
    if since := asked.get("updated_since"):
        where.append(Edition.updated_at >= since)
    if keys := asked.get("cycle"):
        where.append(Cycle.slug.in_([_known("cycle", key, _cycles_by_key()) for key in keys]))
    if slugs := asked.get("topic"):
        ids = [_known("topic", slug, _topics()) for slug in slugs]
        where.append(Edition.id.in_(select(edition_topic.c.edition_id).where(edition_topic.c.topic_id.in_(ids))))
    if types := asked.get("type"):
        where.append(or_(Edition.type.in_(types), and_(Edition.type == "", Document.kind.in_(_kinds(types)))))
    return where


def _kinds(types: Sequence[str]) -> list[Kind]:
    return [kind for kind in CENTRE if kind in types]


def _known(parameter: str, value: str, known: Mapping[str, Any]) -> Any:
    if value not in known:
        detail = _("Aucun texte public n’a cette valeur : suivez la liste dans /api/v1/%(name)ss.", name=parameter)
        raise Problem(422, detail, parameter=parameter)
    return known[value]


@remembered
def cycle_keys() -> dict[str, str]:
    """The id of each public cycle by its slug."""
    rows = db.session.execute(
        public(Kind.CYCLE).with_only_columns(Cycle.slug, Document.key, maintain_column_froms=True)
    )
    return {row.slug: row.key for row in rows}


def _cycles_by_key() -> dict[str, str]:
    return {key: slug for slug, key in cycle_keys().items()}


@remembered
def _topics() -> dict[str, int]:
    return {row.slug: row.id for row in db.session.execute(select(Topic.slug, Topic.id))}


def documents(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Modules and resources as lists tell them."""
    keys = cycle_keys()
    return [
        said
        | {
            "kind": str(row.kind),
            "type": row.type or str(row.kind),
            "cycle": keys.get(row.cycle_slug),
            "territories": row.territories,
            "stakeholders": row.stakeholders,
            "level": row.level,
            "duration": row.duration,
        }
        for row, said in zip(rows, _told(rows), strict=True)
    ]


def cycles(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Cycles as lists tell them."""
    return [
        said
        | {
            "slug": row.cycle_slug,
            "position": row.position,
            "feed": absolute(url_for("cycles.flux", slug=row.cycle_slug)),
            "calendar": absolute(url_for("cycles.agenda", slug=row.cycle_slug)),
        }
        for row, said in zip(rows, _told(rows), strict=True)
    ]


def _told(rows: Sequence[Any]) -> list[dict[str, Any]]:
    topics, languages = topics_of([row.edition for row in rows]), languages_of([row.id for row in rows])
    return [told(row, topics=topics.get(row.edition, []), languages=languages[row.id]) for row in rows]


def told(row: Any, *, topics: list[str], languages: list[str], number: int = 0) -> dict[str, Any]:
    """What is said of every text; *number* is that of its session."""
    path = document_url(row.kind, id=number or row.id, slug=row.slug, cycle=row.cycle_slug or "", language=row.language)
    return {
        "id": row.key,
        "language": row.language,
        "languages": languages,
        "title": row.title,
        "summary": row.summary,
        "topics": topics,
        "authors": row.authors,
        "licence": _licence(row.licence),
        "published_on": row.published_on,
        "updated_at": row.updated_at,
        "version": row.version,
        "urls": {
            "page": absolute(path),
            "stable": absolute(in_language(url_for("home.stable", key=row.key), row.language)),
            "source": _source(row),
        },
    }


def _licence(code: str) -> dict[str, Any]:
    licence = licence_of(code)
    return {"id": code, "name": licence.name, "url": licence.url or None}


def _source(row: Any) -> str | None:
    """The Markdown of a resource that may be reused: the other kinds have no address for it."""
    if row.kind != Kind.RESOURCE or not licence_of(row.licence).is_open:
        return None
    return absolute(in_language(url_for("resources.source", id=row.id, slug=row.slug), row.language))


def topics_of(editions: Sequence[int]) -> dict[int, list[str]]:
    """The slugs of the topics of each edition: one query."""
    found: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(edition_topic.c.edition_id, Topic.slug)
        .join(Topic, Topic.id == edition_topic.c.topic_id)
        .where(edition_topic.c.edition_id.in_(editions))
        .order_by(Topic.id)
    )
    for edition, slug in rows:
        found.setdefault(edition, []).append(slug)
    return found


def languages_of(documents: Sequence[int]) -> dict[int, list[str]]:
    """The languages in which each document is published, French first: one query."""
    found: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(Edition.document_id, Edition.language)
        .where(Edition.document_id.in_(documents), Edition.published_id.is_not(None))
        .order_by(Edition.language.desc())
    )
    for document, code in rows:
        found.setdefault(document, []).append(code)
    return found


def content(row: Any) -> dict[str, Any]:
    """The words of a text as they were rendered, its links complete."""
    kept = db.session.execute(
        select(Rendering.html, Rendering.text, Rendering.outline)
        .where(Rendering.source_hash == row.source_hash, Rendering.language == row.language)
        .order_by(case((Rendering.renderer == RENDERER, 0), else_=1), Rendering.renderer.desc())
        .limit(1)
    ).first()
    if kept is None:
        return {"html": "", "text": "", "outline": []}
    root = absolute("")
    html = on_this_side(kept.html)
    if row.kind in CENTRE:
        page = document_url(row.kind, id=row.id, slug=row.slug, cycle=row.cycle_slug or "", language=row.language)
        html = with_pictures(html, row.id, absolute(f"{page}fichiers/"))
    html = _LOCAL.sub(lambda found: f"{found[1]}{root}", html)
    return {"html": html, "text": kept.text, "outline": kept.outline}


def public_keys(keys: Sequence[str]) -> list[str]:
    """Of these ids, in their order, those of public texts."""
    if not keys:
        return []
    where = (Document.key.in_(keys), Document.audience == Audience.PUBLIC, Edition.published_id.is_not(None))
    found = set(
        db.session.scalars(select(Document.key).join(Edition, Edition.document_id == Document.id).where(*where))
    )
    return [key for key in keys if key in found]
