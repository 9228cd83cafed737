"""What the index knows of an edition, and the only mapping from rows to it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, case, func, select

from academy.extensions import db
from academy.files.kinds import language_of
from academy.models import Attachment, Change, Cycle, Document, Edition, Rendering, Revision, Topic, edition_topic
from academy.rendering.markdown import RENDERER
from academy.search.analysis import LANGUAGES

FILES, TEXT = "fichiers", "texte"  # below the address of a document: its files, the text of one


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text under its headings, and the anchor that leads there.

    The anchor is a fragment of the document's page or, in a file that comes with it, a path below that page with
    its fragment: `fichiers/slides.pdf#page=12` (see `FilePlace`).
    """

    anchor: str
    path: tuple[str, ...]  # headings from the outermost, without the title of the document
    text: str


@dataclass(frozen=True, slots=True)
class FilePlace:
    """Where a passage stands in a file: `anchor` is that of `Attachment.passages`."""

    name: str
    anchor: str


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """A published edition, as the index sees it."""

    id: int
    key: str
    kind: str
    type: str
    language: str
    title: str
    summary: str
    text: str
    passages: tuple[Passage, ...] = ()
    cycle: str = ""
    topics: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    stakeholders: tuple[str, ...] = ()
    year: int | None = None
    licence: str = ""
    audience: str = "public"
    published_on: date | None = None
    slug: str = ""
    authors: tuple[str, ...] = ()
    revision: int = 0


_SEVERAL = {"topic": "topics", "territory": "territories", "stakeholder": "stakeholders", "author": "authors"}


def values_of(document: IndexDocument, facet: str) -> tuple[str, ...]:
    """Return the values of an edition in a facet: none, one or several."""
    if facet in _SEVERAL:
        return getattr(document, _SEVERAL[facet])
    value = getattr(document, facet)
    return (str(value),) if value else ()


def documents(edition_ids: Iterable[int]) -> list[IndexDocument]:
    """Return the published editions among these; whatever is missing must leave the index."""
    ids = sorted(set(edition_ids))
    best_last = case((Rendering.renderer == RENDERER, 1), else_=0), Rendering.renderer
    rows = db.session.execute(published().where(Edition.id.in_(ids)).order_by(Edition.id, *best_last)).all()
    latest = {row.id: row for row in rows}  # by the present renderer, else by the last one before it
    topics, attached = _topics(ids), _attached(ids)
    return [_document(row, topics[row.id], attached[row.id]) for row in latest.values()]


def anchor_of(name: str, anchor: str) -> str:
    """The anchor of a passage of a file: viewers open a PDF at its page, the text of other files is a page of ours."""
    return f"{FILES}/{name}#{anchor}" if anchor.startswith("page=") else f"{FILES}/{name}/{TEXT}#{anchor}"


def place_in_file(anchor: str) -> FilePlace | None:
    """The place that `anchor_of` wrote; None for a place in the text itself."""
    path, _, fragment = anchor.partition("#")
    folder, _, rest = path.partition("/")
    return FilePlace(rest.removesuffix(f"/{TEXT}"), fragment) if folder == FILES and rest else None


def published_ids(*, after: int = 0, limit: int = 200) -> list[int]:
    """Return the ids of published editions after an id, in order."""
    query = select(Edition.id).where(Edition.published_id.is_not(None), Edition.id > after)
    return list(db.session.scalars(query.order_by(Edition.id).limit(limit)))


def every_document(*, batch: int = 200) -> Iterator[IndexDocument]:
    """Yield all published editions, a batch in memory at a time."""
    after = 0
    while ids := published_ids(after=after, limit=batch):
        yield from documents(ids)
        after = ids[-1]


def changes_after(cursor: int, *, limit: int = 500) -> list[tuple[int, int | None]]:
    """Return the next lines of the change log: (seq, edition id)."""
    query = select(Change.seq, Change.edition_id).where(Change.seq > cursor).order_by(Change.seq).limit(limit)
    return [(row.seq, row.edition_id) for row in db.session.execute(query)]


def last_change() -> int:
    """Return the number of the last change, 0 before the first."""
    return db.session.scalar(select(func.max(Change.seq))) or 0


def with_siblings(edition_ids: Iterable[int]) -> list[int]:
    """Return the editions of the same documents too: audience, cycle and slug are the document's."""
    of = select(Edition.document_id).where(Edition.id.in_(set(edition_ids)))
    return list(db.session.scalars(select(Edition.id).where(Edition.document_id.in_(of)).order_by(Edition.id)))


def published_revisions() -> dict[int, int]:
    """Return the published revision of every edition that is published."""
    query = select(Edition.id, Edition.published_id).where(Edition.published_id.is_not(None))
    return {row.id: row.published_id for row in db.session.execute(query)}


_VISIBLE = (
    select(Edition.id)
    .join(Document, Document.id == Edition.document_id)
    .where(
        Edition.id.in_(bindparam("ids", expanding=True)),
        Edition.published_id.is_not(None),
        Document.audience.in_(bindparam("audiences", expanding=True)),
    )
)


def visible_ids(edition_ids: Sequence[int], audiences: Iterable[str]) -> set[int]:
    """Return those of the editions that are published, now, for one of these audiences."""
    return set(db.session.scalars(_VISIBLE, {"ids": list(edition_ids), "audiences": list(audiences)}))


def published() -> Select:
    """Select everything that the mapping needs, of published editions only."""
    return (
        select(
            Edition.id,
            Edition.published_id,
            Document.key,
            Document.kind,
            Document.slug,
            Document.audience,
            Cycle.slug.label("cycle"),
            Edition.language,
            Edition.title,
            Edition.summary,
            Edition.type,
            Edition.licence,
            Edition.published_on,
            Edition.authors,
            Edition.territories,
            Edition.stakeholders,
            Edition.year,
            Rendering.text,
            Rendering.passages,
        )
        .join(Document, Document.id == Edition.document_id)
        .join(Revision, Revision.id == Edition.published_id)
        .outerjoin(Cycle, Cycle.id == Document.cycle_id)
        .outerjoin(
            Rendering,
            (Rendering.source_hash == Revision.source_hash) & (Rendering.language == Edition.language),
        )
        .where(Edition.published_id.is_not(None), Edition.language.in_(LANGUAGES))
    )


def _topics(ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    query = (
        select(edition_topic.c.edition_id, Topic.slug)
        .join(Topic, Topic.id == edition_topic.c.topic_id)
        .where(edition_topic.c.edition_id.in_(ids))
        .order_by(Topic.slug)
    )
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for edition_id, slug in db.session.execute(query):
        found[edition_id] += (slug,)
    return found


def _attached(ids: Sequence[int]) -> dict[int, tuple[Passage, ...]]:
    """The passages of the files of each edition, in the order of their names.

    A file that names its language belongs to the edition in that language, while there is a published one.
    """
    of = select(Edition.document_id).where(Edition.id.in_(ids))
    files = db.session.execute(
        select(Attachment.document_id, Attachment.name, Attachment.passages)
        .where(Attachment.document_id.in_(of))
        .order_by(Attachment.document_id, Attachment.name)
    ).all()
    found: defaultdict[int, tuple[Passage, ...]] = defaultdict(tuple)
    if not files:
        return found
    editions: defaultdict[int, dict[str, int]] = defaultdict(dict)
    published = select(Edition.document_id, Edition.language, Edition.id).where(
        Edition.document_id.in_(of), Edition.published_id.is_not(None)
    )
    for document_id, language, edition_id in db.session.execute(published):
        editions[document_id][language] = edition_id
    for file in files:
        readers = editions[file.document_id]
        own = readers.get(language_of(file.name))
        passages = tuple(_passage(item | {"anchor": anchor_of(file.name, item["anchor"])}) for item in file.passages)
        for edition_id in [own] if own else readers.values():
            found[edition_id] += passages
    return found


def _document(row: Any, topics: tuple[str, ...], attached: tuple[Passage, ...]) -> IndexDocument:
    own = tuple(_passage(item) for item in row.passages or ())
    if attached and not own and (row.text or "").strip():
        own = (Passage(anchor="", path=(), text=row.text),)  # files never stand in for the text
    return IndexDocument(
        id=row.id,
        key=row.key,
        kind=str(row.kind),
        type=row.type or str(row.kind),  # what has no type of its own is counted by its kind
        language=row.language,
        title=row.title,
        summary=row.summary,
        text=row.text or "",
        passages=(*own, *attached),
        cycle=row.cycle or "",
        topics=topics,
        territories=tuple(row.territories),
        stakeholders=tuple(row.stakeholders),
        year=row.year or (row.published_on.year if row.published_on else None),
        licence=row.licence,
        audience=str(row.audience),
        published_on=row.published_on,
        slug=row.slug,
        authors=tuple(row.authors),
        revision=row.published_id,
    )


def _passage(item: dict[str, Any]) -> Passage:
    path = item.get("path") or ()
    return Passage(
        anchor=item.get("anchor") or "",
        path=(path,) if isinstance(path, str) else tuple(path),
        text=item.get("text") or "",
    )
