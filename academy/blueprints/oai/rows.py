"""The rows behind records: when each document changed, whether it is gone, its sets and its words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import case, func, select

from academy.extensions import db
from academy.models import Audience, Change, Cycle, CycleSession, Document, Edition, Kind, Topic, edition_topic
from academy.web.hits import KINDS
from academy.web.labels import TYPES, licence_of, type_label
from academy.web.links import absolute, document_url
from academy.web.locale import gettext as _, language
from academy.web.places import place_of
from academy.web.remembered import remembered
from academy.web.text_cards import cycle_titles

DCMI = {Kind.CYCLE: "Collection", Kind.SESSION: "Event", Kind.MODULE: "Text", Kind.RESOURCE: "Text"}
FIRST_DAY = datetime(2024, 1, 25, tzinfo=UTC)  # of the academy: nothing was said before it
Element = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A document that is public, or was: to the second, since harvesters count in seconds."""

    id: int
    key: str
    kind: Kind
    changed_at: datetime
    is_deleted: bool
    sets: tuple[str, ...]


@remembered
def stamps() -> tuple[Stamp, ...]:
    """Every document that everybody may or might read, in the order of their creation: five queries.

    What was never public is not here: not even its identifier is told.
    """
    public_cycles = cycle_titles()
    logged, gone, subjects = _logged(), _gone(), _subjects()
    found = []
    for row in db.session.execute(_documents()):
        is_public = row.audience == Audience.PUBLIC and row.published > 0
        last_change, public_seq = logged.get(row.id, (None, None))
        if not is_public and public_seq is None:
            continue
        last = max(filter(None, (last_change, row.updated_at, row.moved_at)), default=FIRST_DAY)
        changed_at = last if is_public else gone.get(row.id, last)
        sets = [f"type:{row.type or row.kind}"]
        sets += [f"cycle:{row.cycle}"] if row.cycle in public_cycles else []
        sets += [f"topic:{slug}" for slug in subjects.get(row.id, ())]
        stamp = Stamp(
            id=row.id,
            key=row.key,
            kind=row.kind,
            changed_at=changed_at.replace(microsecond=0),
            is_deleted=not is_public,
            sets=tuple(sets),
        )
        found.append(stamp)
    return tuple(found)


def _documents():
    return (
        select(
            Document.id,
            Document.key,
            Document.kind,
            Document.audience,
            Cycle.slug.label("cycle"),
            func.max(Edition.type).label("type"),
            func.count(Edition.published_id).label("published"),
            func.max(case((Edition.published_id.is_not(None), Edition.updated_at))).label("updated_at"),
            func.max(CycleSession.changed_at).label("moved_at"),
        )
        .join(Edition, Edition.document_id == Document.id)
        .outerjoin(Cycle, Cycle.id == Document.cycle_id)
        .outerjoin(CycleSession, CycleSession.document_id == Document.id)
        .where(Document.kind.in_(KINDS))
        .group_by(Document.id, Document.key, Document.kind, Document.audience, Cycle.slug)
        .order_by(Document.id)
    )


def _last_public():
    return (
        select(
            Edition.document_id,
            func.max(Change.at).label("at"),
            func.max(case((Change.is_public, Change.seq))).label("seq"),
        )
        .select_from(Change)
        .join(Edition, Edition.id == Change.edition_id)
        .group_by(Edition.document_id)
    )


def _logged() -> dict[int, tuple[datetime, int | None]]:
    """When each document last changed, and by which line of the log it was last public."""
    return {row.document_id: (row.at, row.seq) for row in db.session.execute(_last_public())}


def _gone() -> dict[int, datetime]:
    """When each document was first no longer public, after it last was."""
    last = _last_public().subquery()
    rows = db.session.execute(
        select(Edition.document_id, func.min(Change.at).label("at"))
        .select_from(Change)
        .join(Edition, Edition.id == Change.edition_id)
        .join(last, last.c.document_id == Edition.document_id)
        .where(Change.seq > last.c.seq)
        .group_by(Edition.document_id)
    )
    return {row.document_id: row.at for row in rows}


def _subjects() -> dict[int, tuple[str, ...]]:
    """The topics of each document; only those that some public text has."""
    rows = db.session.execute(
        select(Edition.document_id, Topic.slug, Edition.published_id, Document.audience)
        .select_from(edition_topic)
        .join(Edition, Edition.id == edition_topic.c.edition_id)
        .join(Document, Document.id == Edition.document_id)
        .join(Topic, Topic.id == edition_topic.c.topic_id)
        .where(Document.kind.in_(KINDS))
        .order_by(Topic.id)
    ).all()
    public = {row.slug for row in rows if row.published_id and row.audience == Audience.PUBLIC}
    found: dict[int, dict[str, None]] = {}
    for row in rows:
        if row.slug in public:
            found.setdefault(row.document_id, {})[row.slug] = None
    return {document: tuple(slugs) for document, slugs in found.items()}


@remembered
def sets() -> tuple[tuple[str, str], ...]:
    """What a harvest may be narrowed to: types, public cycles, topics of public texts."""
    used = {spec for stamp in stamps() if not stamp.is_deleted for spec in stamp.sets}
    types = [name for name in TYPES if name not in {Kind.PAGE, Kind.RESOURCE}]
    return (
        *((f"type:{name}", type_label(name, name)) for name in types),
        *((f"cycle:{slug}", str(title)) for slug, title in cycle_titles().items()),
        *((f"topic:{slug}", labels[language()]) for slug, labels in _labels().items() if f"topic:{slug}" in used),
    )


@remembered
def _labels() -> dict[str, dict[str, str]]:
    rows = db.session.execute(select(Topic.slug, Topic.label_fr, Topic.label_en).order_by(Topic.id))
    return {row.slug: {"fr": row.label_fr, "en": row.label_en} for row in rows}


def words(found: Sequence[Stamp]) -> dict[int, list[Element]]:
    """The Dublin Core of public documents, in all their languages: two queries."""
    if not found:
        return {}
    editions: dict[int, list[Any]] = {}
    rows = db.session.execute(
        select(
            Document.id, Document.slug, Cycle.slug.label("cycle"), CycleSession.id.label("session"), Edition.language,
            Edition.title, Edition.summary, Edition.authors, Edition.licence, Edition.published_on, Edition.type,
            Edition.territories,
        )
        .join(Edition, Edition.document_id == Document.id)
        .outerjoin(Cycle, Cycle.id == Document.cycle_id)
        .outerjoin(CycleSession, CycleSession.document_id == Document.id)
        .where(Document.id.in_([it.id for it in found]), Edition.published_id.is_not(None))
        .order_by(Document.id, Edition.language.desc())
    )  # fmt: skip
    for row in rows:
        editions.setdefault(row.id, []).append(row)
    return {it.id: list(dict.fromkeys(_elements(it, editions.get(it.id, [])))) for it in found}


def _elements(stamp: Stamp, editions: Sequence[Any]) -> Iterator[Element]:
    for row in editions:
        yield "title", row.title, row.language
        if row.summary:
            yield "description", row.summary, row.language
        yield from (("creator", name, "") for name in row.authors)
        path = document_url(
            stamp.kind, id=row.session or row.id, slug=row.slug, cycle=row.cycle or "", language=row.language
        )
        yield "identifier", absolute(path), ""
        yield "language", row.language, ""
        if row.published_on:
            yield "date", row.published_on.isoformat(), ""
        if row.licence:
            licence = licence_of(row.licence)
            yield from (("rights", text, "") for text in (licence.name, licence.url) if text)
        if row.cycle in cycle_titles() and stamp.kind != Kind.CYCLE:
            yield "relation", absolute(document_url(Kind.CYCLE, id=0, slug=row.cycle, language=row.language)), ""
        yield from (("coverage", place_of(slug).name, "") for slug in row.territories)
        if row.type:
            yield "type", row.type, ""
    for spec in stamp.sets:
        name, _colon, slug = spec.partition(":")
        if name == "topic":
            yield from (("subject", label, code) for code, label in _labels()[slug].items())
    yield "publisher", _("Académie One Provence"), ""
    yield "type", DCMI[stamp.kind], ""
    yield "format", "text/html", ""
