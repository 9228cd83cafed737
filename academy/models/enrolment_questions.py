"""What organisers ask of who enrols, and what people answer."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.extensions import Model
from academy.models.instants import Instant, words


class QuestionKind(enum.StrEnum):
    """How a question is answered."""

    SHORT = "short"  # a line of text
    LONG = "long"  # a few lines
    CHOICE = "choice"  # one of its choices
    CHOICES = "choices"  # any of them
    CONSENT = "consent"  # a box to tick

    @property
    def has_choices(self) -> bool:
        return self in {QuestionKind.CHOICE, QuestionKind.CHOICES}


class EnrolmentQuestion(Model):
    """A question to who enrols: in every session of a cycle, or in one session."""

    __tablename__ = "enrolment_question"
    __table_args__ = (CheckConstraint("(cycle_id is null) <> (session_id is null)", name="of_a_cycle_or_a_session"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycle.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("cycle_session.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[QuestionKind] = mapped_column(words(QuestionKind))
    label_fr: Mapped[str] = mapped_column(String(200))
    label_en: Mapped[str] = mapped_column(String(200), default="", server_default="")  # "": not translated
    help_fr: Mapped[str] = mapped_column(String(500), default="", server_default="")
    help_en: Mapped[str] = mapped_column(String(500), default="", server_default="")
    choices: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # id (never used again), fr, en
    is_required: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    is_sensitive: Mapped[bool] = mapped_column(default=False, server_default=text("false"))  # answers are kept 30 days
    # Rises with each change of its words: what was answered to other words is no answer.
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    closed_at: Mapped[datetime | None] = mapped_column(Instant)  # no longer asked since
    created_at: Mapped[datetime] = mapped_column(Instant)


class Answer(Model):
    """What somebody answered to a question for their place in a session; no row is no answer."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("enrolment_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("enrolment_question.id"), index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    picked: Mapped[list[int]] = mapped_column(JSON, default=list)  # ids of choices; of a consent, 1
    answered_at: Mapped[datetime] = mapped_column(Instant)
    question: Mapped[EnrolmentQuestion] = relationship()


class PendingAnswers(Model):
    """What somebody answered who has still to open the link that confirms their address."""

    __tablename__ = "pending_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    said: Mapped[dict[str, Any]] = mapped_column(JSON)  # by question and version: text, picked
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)
