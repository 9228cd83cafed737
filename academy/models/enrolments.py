"""Enrolments: a person's place in a session."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.extensions import Model
from academy.models.instants import Instant, words
from academy.models.people import Person
from academy.models.sessions import CycleSession

_LIVE = text("status <> 'cancelled'")


class EnrolmentStatus(enum.StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Enrolment(Model):
    """A person's place in a session. Cancelled rows stay: they are the history."""

    __tablename__ = "enrolment"
    __table_args__ = (
        Index("uq_enrolment_live", "session_id", "person_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        UniqueConstraint("session_id", "rank"),
        Index("ix_enrolment_session_id_status_rank", "session_id", "status", "rank"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cycle_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    status: Mapped[EnrolmentStatus] = mapped_column(words(EnrolmentStatus))
    rank: Mapped[int]  # the session's `seq` on joining: a total order of the queue
    joined_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)

    session: Mapped[CycleSession] = relationship()
    person: Mapped[Person] = relationship()
