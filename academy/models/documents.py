"""Documents: every word of the academy, as editions (one a language) with immutable revisions."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, String, Table, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.extensions import Model, db
from academy.models.cycles import Cycle
from academy.models.instants import Instant, words
from academy.models.places import Topic


class Kind(enum.StrEnum):
    CYCLE = "cycle"
    MODULE = "module"
    SESSION = "session"
    RESOURCE = "resource"
    PAGE = "page"


class Audience(enum.StrEnum):
    PUBLIC = "public"
    MEMBERS = "members"
    ENROLLED = "enrolled"
    TEAM = "team"


class HidingReason(enum.StrEnum):
    """Why readers may no longer see an earlier version; they are told so in general words."""

    PERSONAL_DATA = "personal_data"
    RIGHTS = "rights"
    MISTAKE = "mistake"
    LAW = "law"


class Document(Model):
    """One text in one or two languages. `path` is its file in content/, without `.fr.md`."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)  # `id` in the front matter
    path: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[Kind] = mapped_column(words(Kind), index=True)
    slug: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)  # order of the modules of a cycle
    audience: Mapped[Audience] = mapped_column(words(Audience), default=Audience.PUBLIC)
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycle.id"), index=True)
    # Files beside it at the last load or dump, name -> digest: tells which side has changed or removed one since.
    synced_files: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    session_key: Mapped[str | None] = mapped_column(String(80), index=True)  # of the session that it came out of
    synced_path: Mapped[str | None] = mapped_column(String(200))  # `path` at the last load or dump: which side moved it
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    cycle: Mapped[Cycle | None] = relationship()
    editions: Mapped[list["Edition"]] = relationship(back_populates="document")

    def published_in(self, language: str) -> "Edition | None":
        """The published edition in *language*, else in French, else in any; None for a draft."""
        published = [edition for edition in self.editions if edition.published_id is not None]
        ranked = sorted(published, key=lambda edition: (edition.language != language, edition.language != "fr"))
        return ranked[0] if ranked else None


edition_topic = Table(
    "edition_topic",
    db.metadata,
    Column("edition_id", ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Edition(Model):
    """A document in one language. The columns below `published_id` describe what is published."""

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("document_id", "language"),
        CheckConstraint("language in ('fr', 'en')", name="language_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    language: Mapped[str] = mapped_column(String(2))
    seq: Mapped[int] = mapped_column(default=0)  # written first by every change: it is the lock
    synced_hash: Mapped[str | None] = mapped_column(String(64))  # source at the last load or dump
    head_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id", use_alter=True), index=True)
    published_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id", use_alter=True), index=True)
    first_published_at: Mapped[datetime | None] = mapped_column(Instant)
    updated_at: Mapped[datetime | None] = mapped_column(Instant)
    # What readers will see from `publish_at` on, if nobody decides otherwise before.
    scheduled_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id", use_alter=True), index=True)
    publish_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    expires_at: Mapped[datetime | None] = mapped_column(Instant, index=True)  # of what is published
    gone_at: Mapped[datetime | None] = mapped_column(Instant)  # since when readers, who once saw it, no longer do
    successor_key: Mapped[str] = mapped_column(String(80), default="", server_default="")  # what to read instead

    title: Mapped[str] = mapped_column(String(300), default="", index=True)
    summary: Mapped[str] = mapped_column(Text, default="")
    type: Mapped[str] = mapped_column(String(40), default="")
    licence: Mapped[str] = mapped_column(String(40), default="")
    level: Mapped[str] = mapped_column(String(40), default="")
    duration: Mapped[int | None]  # minutes
    published_on: Mapped[date | None] = mapped_column(index=True)
    year: Mapped[int | None]
    authors: Mapped[list[str]] = mapped_column(JSON, default=list)
    objectives: Mapped[list[str]] = mapped_column(JSON, default=list)
    prerequisites: Mapped[list[str]] = mapped_column(JSON, default=list)  # keys of modules
    territories: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")  # slugs of communes, venues
    stakeholders: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")  # for whom it is

    document: Mapped[Document] = relationship(back_populates="editions")
    head: Mapped["Revision | None"] = relationship(foreign_keys=[head_id], post_update=True)
    published: Mapped["Revision | None"] = relationship(foreign_keys=[published_id], post_update=True)
    scheduled: Mapped["Revision | None"] = relationship(foreign_keys=[scheduled_id], post_update=True)
    topics: Mapped[list[Topic]] = relationship(secondary=edition_topic, order_by=Topic.id)


class Revision(Model):
    """One immutable state of an edition; `source` is kept byte for byte (UTF-8)."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    number: Mapped[int]
    base_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"), index=True)
    source: Mapped[str] = mapped_column(Text)
    source_hash: Mapped[str] = mapped_column(String(64), index=True)
    title: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(String(200), default="")  # why: "restored from 3", "loaded from content"
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)  # when readers first saw it; None: they never did
    hidden_at: Mapped[datetime | None] = mapped_column(Instant)  # since when they may no longer, once it was replaced
    hidden_reason: Mapped[str] = mapped_column(String(20), default="", server_default="")  # a HidingReason
    # Written from `base` while somebody saved another one: kept beside the line until the two are merged.
    is_aside: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # When the run of drafts that saved themselves, of which this is one, began; None: somebody saved it.
    run_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    edition: Mapped[Edition] = relationship(foreign_keys=[edition_id])


class Rendering(Model):
    """What a source becomes: made once at publication, never on read."""

    __tablename__ = "rendering"

    source_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    renderer: Mapped[str] = mapped_column(String(40), primary_key=True)
    html: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    outline: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    passages: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class ContentHead(Model):
    """One row: the number of the last change. Locked first by whoever publishes, so that changes commit in order."""

    __tablename__ = "content_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)


class Change(Model):
    """One line of the change log: an edition was published, changed or withdrawn.

    `is_public` is whether everybody could read the document from then on, in one language at least: what
    harvesters are told is gone was once told to be there.
    """

    __tablename__ = "change"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    is_public: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
