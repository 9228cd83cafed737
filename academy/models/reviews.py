"""Reviews: somebody else reads a draft before it is published, and says what they think, paragraph by paragraph."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.extensions import Model
from academy.models.documents import Edition
from academy.models.instants import Instant, words
from academy.models.people import Person


class ReviewState(enum.StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"  # by who had asked for it


class Review(Model):
    """A draft that somebody was asked to read; an edition has one at a time."""

    __tablename__ = "review"
    __table_args__ = (
        Index(
            "uq_review_asked",
            "edition_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    state: Mapped[ReviewState] = mapped_column(words(ReviewState), default=ReviewState.ASKED)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # None: whoever may
    note: Mapped[str] = mapped_column(String(1000), default="")  # of who asks
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(1000), default="")  # of who sends it back
    edition: Mapped[Edition] = relationship()
    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id])
    reviewer: Mapped[Person | None] = relationship(foreign_keys=[reviewer_id])
    closed_by: Mapped[Person | None] = relationship(foreign_keys=[closed_by_id])


class Thread(Model):
    """Comments on one paragraph, known by its words: it is found again wherever it moves.

    Once its words changed, the thread is about an earlier wording, of which `excerpt` keeps the beginning.
    """

    __tablename__ = "thread"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the words of the paragraph
    line: Mapped[int]  # of the source where the paragraph stood: tells apart two of the same words
    excerpt: Mapped[str] = mapped_column(String(300))
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    edition: Mapped[Edition] = relationship()
    comments: Mapped[list["Comment"]] = relationship(back_populates="thread", order_by="Comment.id")


class Comment(Model):
    """What somebody said in a thread: plain words."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    thread: Mapped[Thread] = relationship(back_populates="comments")
    author: Mapped[Person | None] = relationship()
