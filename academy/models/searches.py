"""What the organisers teach the search, and what the search tells them: synonyms, pins, questions, wishes."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.extensions import Model
from academy.models.documents import Document
from academy.models.instants import Instant


class Synonym(Model):
    """Words that mean the same in a search: a sigle and its long form, two names of one trade."""

    __tablename__ = "synonym"
    __table_args__ = (UniqueConstraint("language", "term"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(2))
    term: Mapped[str] = mapped_column(String(100))  # as an organiser wrote it
    meanings: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_mutual: Mapped[bool] = mapped_column(default=True)  # the meanings find the term too


class Pin(Model):
    """A document that stands first for a question, whatever its score."""

    __tablename__ = "pin"
    __table_args__ = (UniqueConstraint("question", "document_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(String(200))  # as `search.analysis` folds it
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    rank: Mapped[int] = mapped_column(default=0)
    document: Mapped[Document] = relationship()


class Question(Model):
    """How often one question was asked on one day: no address, no cookie, no person."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("day", "language", "words"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(String(2))
    words: Mapped[str] = mapped_column(String(200))  # folded and stemmed: what groups variants
    typed: Mapped[str] = mapped_column(String(200))  # one of the ways it was typed
    asked: Mapped[int] = mapped_column(default=0)
    unanswered: Mapped[int] = mapped_column(default=0)  # times without a result
    opened: Mapped[int] = mapped_column(default=0)  # times a result was opened


class Wish(Model):
    """A resource that somebody looked for and did not find."""

    __tablename__ = "wish"

    id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(String(254), default="")  # only who wants an answer leaves one
    language: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
