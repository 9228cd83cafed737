"""What the pages of the studio read: documents with the state of each language, revisions with their authors."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from academy.domain import autosaves
from academy.extensions import db
from academy.models import Cycle, CycleSession, Document, Edition, Kind, Person, Revision, Topic
from academy.web.links import document_url
from academy.web.spoken import Spoken

PER_PAGE = 30
LANGUAGES = ("fr", "en")


@dataclass(frozen=True)
class EditionState:
    """Where one language of a document stands.

    `word` is missing, draft (never published), changed (the draft is newer than what readers see), published,
    scheduled (to be published at an hour), renewed (published, and the next version is scheduled), withdrawn or expired.
    """

    language: str
    word: str
    title: str = ""
    saved_at: datetime | None = None

    @property
    def is_public(self) -> bool:
        return self.word in {"changed", "published", "renewed"}


@dataclass
class Row:
    """A document in the list of the studio."""

    id: int
    kind: Kind
    key: str
    slug: str
    page_id: int  # in the address of its page: that of the session for a session's text
    cycle_slug: str | None
    cycle_title: str
    language: str  # the reader's: what is shown of it is in this one where it can be
    states: list[EditionState] = field(default_factory=list)

    @property
    def title(self) -> str:
        return next((Spoken(state.title, state.language) for state in self._preferred if state.title), self.key)

    @property
    def main_language(self) -> str:
        return next((state.language for state in self._preferred if state.word != "missing"), LANGUAGES[0])

    @property
    def _preferred(self) -> list[EditionState]:
        return sorted(self.states, key=lambda state: state.language != self.language)

    def page_url(self, language: str) -> str:
        """Where readers find it in that language."""
        return document_url(self.kind, id=self.page_id, slug=self.slug, cycle=self.cycle_slug or "", language=language)

    @property
    def saved_at(self) -> datetime | None:
        return max((state.saved_at for state in self.states if state.saved_at), default=None)


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    rows: Sequence[Any]
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
    rows = _rows(wanted, number=number, language=language)
    return Page(_with_states(rows), total, number)


def _rows(wanted: Select, *, number: int, language: str) -> list[Row]:
    titles = cycle_titles(language)
    saved_at = (
        select(func.max(Revision.created_at))
        .join(Edition, Edition.head_id == Revision.id)
        .where(Edition.document_id == Document.id)
        .correlate(Document)
        .scalar_subquery()
    )
    found = db.session.execute(
        select(
            Document.id,
            Document.kind,
            Document.key,
            Document.slug,
            func.coalesce(CycleSession.id, Document.id),
            Cycle.slug,
        )
        .outerjoin(Cycle, Cycle.id == Document.cycle_id)
        .outerjoin(CycleSession, CycleSession.document_id == Document.id)
        .where(Document.id.in_(wanted))
        .order_by(saved_at.desc().nulls_last(), Document.id.desc())
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    return [Row(*row, cycle_title=titles.get(row[-1], ""), language=language) for row in found]


def _with_states(rows: list[Row]) -> list[Row]:
    head = aliased(Revision)
    found = db.session.execute(
        select(Edition.document_id, Edition.language, Edition, head.title, head.created_at)
        .outerjoin(head, head.id == Edition.head_id)
        .where(Edition.document_id.in_([row.id for row in rows]))
    )
    states = {(key, spoken): state_of(edition, title, saved_at) for key, spoken, edition, title, saved_at in found}
    for row in rows:
        row.states = [states.get((row.id, language)) or EditionState(language, "missing") for language in LANGUAGES]
    return rows


def state_of(edition: Edition, title: str | None, saved_at: datetime | None) -> EditionState:
    """The state of an edition whose head has that title and instant."""
    return EditionState(edition.language, state_word(edition), title or edition.title, saved_at)


def state_word(edition: Edition) -> str:
    """Where an edition stands, in the words of EditionState."""
    if edition.scheduled_id is not None:
        return "renewed" if edition.published_id else "scheduled"
    if edition.published_id is None:
        if edition.gone_at is None:
            return "draft"
        return "expired" if edition.gone_at == edition.expires_at else "withdrawn"
    return "published" if edition.published_id == edition.head_id else "changed"


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
            titles[slug] = Spoken(title, spoken) if title else slug
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
    published_at: datetime | None  # None: readers never saw it
    hidden_at: datetime | None
    hidden_reason: str
    is_aside: bool  # not on the line: to be merged


def versions(edition: Edition, *, number: int) -> Page:
    """A page of the revisions of an edition, the newest first; of a run of autosaves its last."""
    listed = (Revision.edition_id == edition.id, ~autosaves.superseded())
    total = db.session.scalar(select(func.count()).select_from(Revision).where(*listed)) or 0
    number = min(max(number, 1), max(-(-total // PER_PAGE), 1))
    found = db.session.execute(
        _versions(edition)
        .where(*listed)
        .order_by(Revision.number.desc())
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    return Page([Version(*row) for row in found], total, number)


def newest(edition: Edition) -> int:
    """The highest number of a revision of an edition."""
    return db.session.scalar(select(func.max(Revision.number)).where(Revision.edition_id == edition.id)) or 0


def version(edition: Edition, number: int) -> Version | None:
    """One revision as the history shows it."""
    row = db.session.execute(_versions(edition).where(Revision.number == number)).one_or_none()
    return Version(*row) if row else None


def _versions(edition: Edition) -> Select:
    return (
        select(Revision.id, Revision.number, Revision.title, Revision.note, Revision.created_at, Person.name)
        .add_columns(Revision.published_at, Revision.hidden_at, Revision.hidden_reason, Revision.is_aside)
        .outerjoin(Person, Person.id == Revision.author_id)
        .where(Revision.edition_id == edition.id)
    )


def sources(edition: Edition, numbers: Sequence[int]) -> dict[int, str]:
    """The sources of some revisions by their numbers."""
    wanted = (Revision.edition_id == edition.id, Revision.number.in_(numbers))
    return {
        row.number: row.source for row in db.session.execute(select(Revision.number, Revision.source).where(*wanted))
    }


def revision(edition: Edition, number: int) -> Revision | None:
    """One revision by its number."""
    return db.session.scalar(select(Revision).where(Revision.edition_id == edition.id, Revision.number == number))


def revision_before(edition: Edition, number: int) -> Revision | None:
    """The revision that the history shows just before that number."""
    return db.session.scalar(
        select(Revision)
        .where(Revision.edition_id == edition.id, Revision.number < number, ~autosaves.superseded())
        .order_by(Revision.number.desc())
        .limit(1)
    )


def topics(language: str) -> list[tuple[str, str]]:
    """Slug and label of each topic."""
    label = Topic.label_en if language == "en" else Topic.label_fr
    return [(slug, text) for slug, text in db.session.execute(select(Topic.slug, label).order_by(label))]


@dataclass(frozen=True)
class ExportableCycle:
    """A cycle of which somebody may take texts away."""

    slug: str
    title: str
    texts: int


def exportable_cycles(language: str, *, owner: int | None) -> list[ExportableCycle]:
    """The cycles that have texts of a person (None: of everybody), with how many, in the order of the cycles."""
    query = (
        select(Cycle.slug, func.count(Document.id)).join(Document, Document.cycle_id == Cycle.id).group_by(Cycle.slug)
    )
    if owner is not None:
        query = query.where(Document.owner_id == owner)
    counts = dict(db.session.execute(query).all())
    titles = cycle_titles(language)
    return [ExportableCycle(slug, title, counts[slug]) for slug, title in titles.items() if slug in counts]
