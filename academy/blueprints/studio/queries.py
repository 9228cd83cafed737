"""What the pages of the studio read: documents with the state of each language, revisions with their authors."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from academy.extensions import db
from academy.models import Cycle, Document, Edition, Kind, Person, Revision

PER_PAGE = 30
LANGUAGES = ("fr", "en")


@dataclass(frozen=True)
class EditionState:
    """Where one language of a document stands.

    `word` is missing, draft (never published), changed (the draft is newer than what readers see), published or
    withdrawn.
    """

    language: str
    word: str
    title: str = ""
    saved_at: datetime | None = None

    @property
    def is_public(self) -> bool:
        return self.word in {"changed", "published"}


@dataclass
class Row:
    """A document in the list of the studio."""

    id: int
    kind: Kind
    key: str
    slug: str
    cycle_slug: str | None
    cycle_title: str
    states: list[EditionState] = field(default_factory=list)

    @property
    def title(self) -> str:
        return next((state.title for state in self.states if state.title), self.key)

    @property
    def saved_at(self) -> datetime | None:
        return max((state.saved_at for state in self.states if state.saved_at), default=None)


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    rows: Sequence[Row]
    total: int
    number: int

    @property
    def count(self) -> int:
        return max(-(-self.total // PER_PAGE), 1)


def documents(*, owner: int | None, kind: str = "", cycle: str = "", number: int = 1, language: str = "fr") -> Page:
    """The documents of a person (None: of everybody), the last saved first."""
    wanted = select(Document.id)
    if owner is not None:
        wanted = wanted.where(Document.owner_id == owner)
    if kind in set(Kind):
        wanted = wanted.where(Document.kind == Kind(kind))
    if cycle:
        wanted = wanted.join(Cycle, Cycle.id == Document.cycle_id).where(Cycle.slug == cycle)
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    number = min(max(number, 1), max(-(-total // PER_PAGE), 1))
    rows = _rows(wanted, number=number, titles=cycle_titles(language))
    return Page(_with_states(rows), total, number)


def _rows(wanted: Select, *, number: int, titles: dict[str, str]) -> list[Row]:
    saved_at = (
        select(func.max(Revision.created_at))
        .join(Edition, Edition.head_id == Revision.id)
        .where(Edition.document_id == Document.id)
        .correlate(Document)
        .scalar_subquery()
    )
    found = db.session.execute(
        select(Document.id, Document.kind, Document.key, Document.slug, Cycle.slug)
        .outerjoin(Cycle, Cycle.id == Document.cycle_id)
        .where(Document.id.in_(wanted))
        .order_by(saved_at.desc().nulls_last(), Document.id.desc())
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    return [Row(*row, cycle_title=titles.get(row[-1], "")) for row in found]


def _with_states(rows: list[Row]) -> list[Row]:
    head = aliased(Revision)
    found = db.session.execute(
        select(Edition.document_id, Edition.language, Edition, head.title, head.created_at)
        .outerjoin(head, head.id == Edition.head_id)
        .where(Edition.document_id.in_([row.id for row in rows]))
    )
    states = {(id, language): state_of(edition, title, saved_at) for id, language, edition, title, saved_at in found}
    for row in rows:
        row.states = [states.get((row.id, language)) or EditionState(language, "missing") for language in LANGUAGES]
    return rows


def state_of(edition: Edition, title: str | None, saved_at: datetime | None) -> EditionState:
    """The state of an edition whose head has that title and instant."""
    if edition.published_id is None:
        word = "withdrawn" if edition.first_published_at else "draft"
    else:
        word = "published" if edition.published_id == edition.head_id else "changed"
    return EditionState(edition.language, word, title or edition.title, saved_at)


def cycle_titles(language: str) -> dict[str, str]:
    """The title of each cycle by slug, in the order of the cycles; in the other language rather than none."""
    found = db.session.execute(
        select(Cycle.slug, Edition.language, Edition.title)
        .outerjoin(Document, (Document.cycle_id == Cycle.id) & (Document.kind == Kind.CYCLE))
        .outerjoin(Edition, Edition.document_id == Document.id)
        .order_by(Cycle.position, Cycle.id)
    )
    titles: dict[str, str] = {}
    for slug, spoken, title in found:
        if slug not in titles or titles[slug] == slug or (spoken == language and title):
            titles[slug] = title or slug
    return titles


@dataclass(frozen=True)
class Version:
    """A revision in the history."""

    id: int
    number: int
    title: str
    note: str
    created_at: datetime
    author: str | None


def versions(edition: Edition, *, limit: int) -> list[Version]:
    """The revisions of an edition, the newest first."""
    found = db.session.execute(
        select(Revision.id, Revision.number, Revision.title, Revision.note, Revision.created_at, Person.name)
        .outerjoin(Person, Person.id == Revision.author_id)
        .where(Revision.edition_id == edition.id)
        .order_by(Revision.number.desc())
        .limit(limit)
    )
    return [Version(*row) for row in found]


def revision(edition: Edition, number: int) -> Revision | None:
    """One revision by its number."""
    return db.session.scalar(select(Revision).where(Revision.edition_id == edition.id, Revision.number == number))


def revision_before(edition: Edition, number: int) -> Revision | None:
    """The revision that came just before that number."""
    return db.session.scalar(
        select(Revision)
        .where(Revision.edition_id == edition.id, Revision.number < number)
        .order_by(Revision.number.desc())
        .limit(1)
    )
