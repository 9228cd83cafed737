"""Sessions: the dated meetings of a cycle."""

import enum
from datetime import datetime, timedelta

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.extensions import Model, db
from academy.models.cycles import Cycle
from academy.models.documents import Document
from academy.models.instants import Instant, words
from academy.models.people import OrganisationKind
from academy.models.places import Speaker, Venue

CLOSING_SOON = timedelta(days=3)  # before the end of enrolment
QUOTAS_END = timedelta(days=3)  # before the start: from then on every seat is everybody's


class Mode(enum.StrEnum):
    ONSITE = "onsite"
    ONLINE = "online"
    BLENDED = "blended"


class SessionStatus(enum.StrEnum):
    """What the organiser decided (schema.org eventStatus)."""

    SCHEDULED = "scheduled"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class Access(enum.StrEnum):
    """Who may enrol; everybody may read."""

    OPEN = "open"
    MEMBERS = "members"
    INVITATION = "invitation"


class SessionState(enum.StrEnum):
    """What a visitor sees, from the decision, the clock and the seats; in the order of lists at equal dates."""

    OPEN = "open"
    CLOSING_SOON = "closing_soon"
    WAITING_LIST = "waiting_list"
    FULL = "full"
    NOT_YET_OPEN = "not_yet_open"
    CLOSED = "closed"
    POSTPONED = "postponed"
    TO_SCHEDULE = "to_schedule"
    CANCELLED = "cancelled"
    ENDED = "ended"

    @property
    def has_date(self) -> bool:
        """Whether the date that the row holds still stands."""
        return self not in {SessionState.POSTPONED, SessionState.TO_SCHEDULE}

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self in {SessionState.CANCELLED, SessionState.ENDED}


session_speaker = Table(
    "session_speaker",
    db.metadata,
    Column("session_id", ForeignKey("cycle_session.id", ondelete="CASCADE"), primary_key=True),
    Column("speaker_id", ForeignKey("speaker.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class CycleSession(Model):
    """One dated meeting of a cycle (schema.org EducationEvent, iCalendar VEVENT)."""

    __tablename__ = "cycle_session"
    __table_args__ = (
        CheckConstraint("capacity is null or capacity >= 0", name="capacity_is_not_negative"),
        CheckConstraint("ends_at is null or starts_at < ends_at", name="ends_after_start"),
        CheckConstraint("offer_hours > 0", name="offer_hours_are_some"),
        CheckConstraint("quota_company >= 0", name="quota_company_is_not_negative"),
        CheckConstraint("quota_public_body >= 0", name="quota_public_body_is_not_negative"),
        CheckConstraint("quota_association >= 0", name="quota_association_is_not_negative"),
        CheckConstraint("quota_education >= 0", name="quota_education_is_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    seq: Mapped[int] = mapped_column(default=0)  # written first by every change: it is the lock, and orders the queue
    sequence: Mapped[int] = mapped_column(
        default=0, server_default=text("0")
    )  # how often time, place or status changed
    changed_at: Mapped[datetime | None] = mapped_column(Instant)  # when they last did
    status: Mapped[SessionStatus] = mapped_column(words(SessionStatus), default=SessionStatus.SCHEDULED)
    starts_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    opens_at: Mapped[datetime | None] = mapped_column(Instant)  # enrolment; None: at once
    closes_at: Mapped[datetime | None] = mapped_column(Instant)  # enrolment; None: at the start
    capacity: Mapped[int | None]  # None: no limit
    has_waiting_list: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    access: Mapped[Access] = mapped_column(words(Access), default=Access.OPEN, server_default=Access.OPEN)
    needs_approval: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    offer_hours: Mapped[int | None]  # how long a freed seat is kept for the head of the queue; None: given at once
    quota_company: Mapped[int | None]  # seats kept for a kind of organisation; None: none
    quota_public_body: Mapped[int | None]
    quota_association: Mapped[int | None]
    quota_education: Mapped[int | None]
    mode: Mapped[Mode] = mapped_column(words(Mode), default=Mode.ONSITE)
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"), index=True)
    module_keys: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_example: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # Of the virtual room: for who has a place, from an hour before; on no public surface, in no file.
    video_url: Mapped[str] = mapped_column(String(500), default="", server_default="")
    has_reminders: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    # Paid in part by a public fund: evidence of presence is kept for 10 years, not 6.
    is_cofinanced: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    cycle: Mapped[Cycle] = relationship()
    document: Mapped[Document] = relationship()
    venue: Mapped[Venue | None] = relationship()
    speakers: Mapped[list[Speaker]] = relationship(secondary=session_speaker, order_by=Speaker.id)

    @property
    def enrolment_ends_at(self) -> datetime | None:
        return self.closes_at or self.starts_at

    @property
    def quotas(self) -> dict[OrganisationKind, int]:
        """Seats kept for each kind of organisation; those that keep none are left out."""
        kept = {kind: getattr(self, f"quota_{kind}") for kind in OrganisationKind}
        return {kind: seats for kind, seats in kept.items() if seats}

    def is_past(self, now: datetime) -> bool:
        """Whether it took place; one that is postponed did not, whatever its old date."""
        return self.status != SessionStatus.POSTPONED and self.ends_at is not None and self.ends_at <= now


def session_state(session, *, seats_left: int | None, queue_length: int, now: datetime) -> SessionState:
    """The one rule for what a visitor is told; *session* has the columns of CycleSession."""
    if session.status == SessionStatus.CANCELLED:
        return SessionState.CANCELLED
    if session.status == SessionStatus.POSTPONED:
        return SessionState.POSTPONED
    if session.starts_at is None:
        return SessionState.TO_SCHEDULE
    if (session.ends_at or session.starts_at) <= now:
        return SessionState.ENDED
    if session.opens_at and now < session.opens_at:
        return SessionState.NOT_YET_OPEN
    closes_at = session.closes_at or session.starts_at
    if now >= closes_at:
        return SessionState.CLOSED
    if seats_left is not None and (seats_left <= 0 or queue_length):
        return SessionState.WAITING_LIST if session.has_waiting_list else SessionState.FULL
    return SessionState.CLOSING_SOON if now >= closes_at - CLOSING_SOON else SessionState.OPEN
