"""Enrolments: a person's place in a session."""

import enum
import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.extensions import Model
from academy.models.instants import Instant, words
from academy.models.people import OrganisationKind, Person
from academy.models.sessions import CycleSession

_LIVE = text("status <> 'cancelled'")


class EnrolmentStatus(enum.StrEnum):
    REQUESTED = "requested"  # the organiser has not answered yet: no place in the queue so far, but a rank
    WAITING = "waiting"
    OFFERED = "offered"  # a seat is kept for them until `offered_until`
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Ending(enum.StrEnum):
    """Why an enrolment ended, where it was not its owner or the team who simply cancelled it."""

    REFUSED = "refused"
    DECLINED = "declined"
    EXPIRED = "expired"


def new_pass() -> str:
    """160 random bits, short enough for a QR code that any phone reads."""
    return secrets.token_urlsafe(20)


class Enrolment(Model):
    """A person's place in a session. Cancelled rows stay: they are the history.

    Three years after its session a place is nobody's any more: `person_id` is null, `person` is None, the rest counts.
    What shows people asks for places with a person (`IS_SOMEBODYS`).
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        Index("uq_enrolment_live", "session_id", "person_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        UniqueConstraint("session_id", "rank"),
        Index("ix_enrolment_session_id_status_rank", "session_id", "status", "rank"),
        Index("ix_enrolment_offered_until", "offered_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cycle_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, nullable=True)
    status: Mapped[EnrolmentStatus] = mapped_column(words(EnrolmentStatus))
    rank: Mapped[int]  # the session's `seq` on joining: a total order of the queue
    joined_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    offered_until: Mapped[datetime | None] = mapped_column(Instant)
    ending: Mapped[Ending | None] = mapped_column(words(Ending))
    reason: Mapped[str] = mapped_column(String(1000), default="", server_default="")  # of a refusal
    organisation_kind: Mapped[OrganisationKind | None] = mapped_column(words(OrganisationKind))  # as they enrolled
    # What the personal QR code says: opaque, another one when it is renewed. Worth something while the place is confirmed.
    pass_token: Mapped[str] = mapped_column(String(40), unique=True, index=True, default=new_pass, server_default="")

    session: Mapped[CycleSession] = relationship()
    person: Mapped[Person] = relationship()


IS_SOMEBODYS = Enrolment.person_id.is_not(None)


class Invitation(Model):
    """An address that may enrol in a session by invitation."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("session_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cycle_session.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))
    invited_at: Mapped[datetime] = mapped_column(Instant)
