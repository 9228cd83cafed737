"""What lists show of cycles, modules and resources: plain values, by column queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from academy.extensions import db
from academy.models import Audience, Cycle, Document, Edition, Kind, Topic
from academy.policies import audiences_of
from academy.web.identity import asker
from academy.web.labels import level_label, licence_of, type_label
from academy.web.links import document_url
from academy.web.locale import language
from academy.web.remembered import remembered
from academy.web.spoken import Spoken
from academy.web.texts import shown, shown_to

EVERYBODY = frozenset({Audience.PUBLIC})
CENTRE = (Kind.MODULE, Kind.RESOURCE)  # what the resource centre lists


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCard:
    """A text as the components `codebook`, `module_list` and `notice_list` read it."""

    id: int
    key: str
    kind: Kind
    slug: str
    url: str
    title: str
    summary: str
    language: str  # of the words, which may be the other one
    type_label: str
    level: str
    licence: str
    duration: int | None
    authors: Sequence[str]
    published_on: date | None
    updated_at: datetime | None
    cycle_slug: str
    cycle_title: str = ""
    session_count: int = 0
    module_count: int = 0


COLUMNS = (
    Document.id,
    Document.key,
    Document.kind,
    Document.slug,
    Edition.title,
    Edition.summary,
    Edition.language,
    Edition.type,
    Edition.level,
    Edition.licence,
    Edition.duration,
    Edition.authors,
    Edition.published_on,
    Edition.updated_at,
    Cycle.slug.label("cycle_slug"),
)


def text_query(*kinds: Kind) -> Select[*tuple[Any, ...]]:
    """Select the columns of cards of the texts that the asker may read."""
    return _text_query(kinds, language(), audiences_of(asker()))


def public_query(*kinds: Kind) -> Select[*tuple[Any, ...]]:
    """The same of the texts that everybody may read, whoever asks."""
    return _text_query(kinds, language(), EVERYBODY)


@lru_cache(maxsize=64)
def _text_query(kinds: tuple[Kind, ...], language: str, audiences: frozenset[Audience]) -> Select[*tuple[Any, ...]]:
    return (
        select(*COLUMNS)
        .join(Edition, Edition.document_id == Document.id)
        .outerjoin(Cycle, Cycle.id == Document.cycle_id)
        .where(Document.kind.in_(kinds), *shown_to(language, audiences))
    )


def card(row: Any, **extra: Any) -> TextCard:
    """A row of `text_query` as a card."""
    cycle = row.cycle_slug or ""
    return TextCard(
        id=row.id,
        key=row.key,
        kind=row.kind,
        slug=row.slug,
        url=document_url(row.kind, id=row.id, slug=row.slug, cycle=cycle),
        title=Spoken(row.title, row.language),
        summary=row.summary,
        language=row.language,
        type_label=type_label(row.kind, row.type),
        level=level_label(row.level),
        licence=licence_of(row.licence).name,
        duration=row.duration,
        authors=row.authors,
        published_on=row.published_on,
        updated_at=row.updated_at,
        cycle_slug=cycle,
        **extra,
    )


def cycle_cards() -> list[TextCard]:
    """The cycles in order, with how many sessions and modules each has: two queries."""
    rows = db.session.execute(text_query(Kind.CYCLE).order_by(Cycle.position, Cycle.id)).all()
    counts = _counts() if rows else {}
    return [
        card(
            row,
            cycle_title=Spoken(row.title, row.language),
            session_count=counts.get((row.cycle_slug, Kind.SESSION), 0),
            module_count=counts.get((row.cycle_slug, Kind.MODULE), 0),
        )
        for row in rows
    ]


def _counts() -> dict[tuple[str, Kind], int]:
    found = db.session.execute(
        select(Cycle.slug, Document.kind, func.count())
        .join(Document, Document.cycle_id == Cycle.id)
        .join(Edition, Edition.document_id == Document.id)
        .where(Document.kind.in_((Kind.MODULE, Kind.SESSION)), *shown())
        .group_by(Cycle.slug, Document.kind)
    )
    return {(slug, kind): count for slug, kind, count in found}


@remembered
def cycle_titles() -> dict[str, Spoken]:
    """The title of each published cycle by its slug, in their order."""
    found = db.session.execute(
        select(Cycle.slug, Edition.title, Edition.language)
        .join(Document, Document.cycle_id == Cycle.id)
        .join(Edition, Edition.document_id == Document.id)
        .where(Document.kind == Kind.CYCLE, *shown())
        .order_by(Cycle.position, Cycle.id)
    )
    return {row.slug: Spoken(row.title, row.language) for row in found}


@remembered
def topic_labels() -> dict[str, str]:
    """The word of each topic by its slug, in the page's language."""
    label = Topic.label_en if language() == "en" else Topic.label_fr
    return dict(db.session.execute(select(Topic.slug, label)).all())


def module_cards(*where: ColumnElement[bool]) -> list[TextCard]:
    """Modules in the order of their cycle."""
    rows = db.session.execute(text_query(Kind.MODULE).where(*where).order_by(Document.position, Document.id))
    return [card(row) for row in rows]


def latest_cards(
    titles: Mapping[str, str],
    *where: ColumnElement[bool],
    kinds: Sequence[Kind] = CENTRE,
    limit: int,
    offset: int = 0,
) -> list[TextCard]:
    """The last published texts, newest first."""
    newest = (Edition.published_on.desc().nulls_last(), Document.id.desc())
    rows = db.session.execute(text_query(*kinds).where(*where).order_by(*newest).limit(limit).offset(offset))
    return [card(row, cycle_title=titles.get(row.cycle_slug, "")) for row in rows]
