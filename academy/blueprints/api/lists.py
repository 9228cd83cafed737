"""What the API says of topics and venues."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from academy.models import Audience, Document, Edition, Topic, Venue, edition_topic
from academy.web.hits import KINDS
from academy.web.links import absolute

_PARENT = aliased(Topic)


def topics() -> Select[*tuple[Any, ...]]:
    """The topics of public texts, with how many there are: a topic that only drafts have is not told."""
    counts = (
        select(edition_topic.c.topic_id, func.count(Document.id.distinct()).label("documents"))
        .join(Edition, Edition.id == edition_topic.c.edition_id)
        .join(Document, Document.id == Edition.document_id)
        .where(Edition.published_id.is_not(None), Document.audience == Audience.PUBLIC, Document.kind.in_(KINDS))
        .group_by(edition_topic.c.topic_id)
        .subquery()
    )
    return (
        select(Topic.id, Topic.slug, Topic.label_fr, Topic.label_en, _PARENT.slug.label("parent"), counts.c.documents)
        .join(counts, counts.c.topic_id == Topic.id)
        .outerjoin(_PARENT, _PARENT.id == Topic.parent_id)
        .order_by(Topic.id)
    )


def told_topics(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.slug,
            "label": {"fr": row.label_fr, "en": row.label_en},
            "parent": row.parent,
            "documents": row.documents,
        }
        for row in rows
    ]


def venues() -> Select[*tuple[Any, ...]]:
    """Every venue: all have a public page."""
    names = ("id", "slug", "name", "address", "postcode", "city", "latitude", "longitude", "is_totem")
    return select(*(getattr(Venue, name) for name in (*names, "access_fr", "access_en"))).order_by(Venue.id)


def told_venues(rows: Sequence[Any]) -> list[dict[str, Any]]:
    names = ("name", "address", "postcode", "city", "latitude", "longitude", "is_totem")
    return [
        {
            "id": row.slug,
            **{name: getattr(row, name) for name in names},
            "access": {"fr": row.access_fr, "en": row.access_en},
            "url": absolute(url_for("venues.show", slug=row.slug)),
        }
        for row in rows
    ]
