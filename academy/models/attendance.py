"""Attendance: who was there in which half-day, by which door; the code of the room and the links of those who help."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.extensions import Model
from academy.models.instants import Instant, words
from academy.models.people import Person
from academy.models.sessions import CycleSession


class Half(enum.StrEnum):
    """Of a day in Paris: before and after 13:00."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class Way(enum.StrEnum):
    """How somebody was marked as present."""

    ROOM = "room"  # by themselves, with the code of the room
    DOOR = "door"  # by who holds the link of the door
    TEAM = "team"


class RoomCode(Model):
    """The secret from which the code on the screen of a session's room follows; renewing it ends every older code."""

    __tablename__ = "room_code"

    session_id: Mapped[int] = mapped_column(ForeignKey("cycle_session.id"), primary_key=True, autoincrement=False)
    secret: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Instant)


class DoorLink(Model):
    """A link with which somebody without an account keeps the roll of one day; only the hash of its token is kept."""

    __tablename__ = "door_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cycle_session.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))  # of who is to hold it
    day: Mapped[date]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    session: Mapped[CycleSession] = relationship()


class Attendance(Model):
    """Somebody was there in a half-day."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("session_id", "day", "half", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cycle_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    day: Mapped[date]
    half: Mapped[Half] = mapped_column(words(Half))
    way: Mapped[Way] = mapped_column(words(Way))
    door_id: Mapped[int | None] = mapped_column(ForeignKey("door_link.id"), index=True)
    marked_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship()


class RollTap(Model):
    """A tap on the roll that was obeyed: sent again, from a queue or by going back, it changes nothing."""

    __tablename__ = "roll_tap"
    __table_args__ = (UniqueConstraint("session_id", "nonce"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cycle_session.id"))
    nonce: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)


class Signer(enum.StrEnum):
    """As whom somebody signs an attendance sheet."""

    PARTICIPANT = "participant"
    TRAINER = "trainer"


class SheetHead(Model):
    """Where the chain of a session's signatures ends: without it, nobody would miss the last one."""

    __tablename__ = "sheet_head"

    session_id: Mapped[int] = mapped_column(ForeignKey("cycle_session.id"), primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(String(64))


class Signature(Model):
    """One signature of an attendance sheet; append-only, each holds the digest of the one before."""

    __tablename__ = "signature"
    __table_args__ = (
        UniqueConstraint("session_id", "number"),
        UniqueConstraint("session_id", "person_id", "day", "half", "signer", name="uq_signature_once"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cycle_session.id"))
    number: Mapped[int]  # in its session, from 1 without a gap
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))  # of the account when it signed
    signer: Mapped[Signer] = mapped_column(words(Signer))
    day: Mapped[date]
    half: Mapped[Half] = mapped_column(words(Half))
    typed: Mapped[str] = mapped_column(String(120))  # a name, or "" with a drawing
    drawing: Mapped[str] = mapped_column(Text)  # strokes in a box of 600 × 200, or ""
    signed_at: Mapped[datetime] = mapped_column(Instant)
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class SheetScan(Model):
    """A sheet that was signed on paper, scanned back: for the team alone. Its bytes are in the store under their digest."""

    __tablename__ = "sheet_scan"
    __table_args__ = (UniqueConstraint("session_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cycle_session.id"))
    media_type: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(64), index=True)  # SHA-256 of the bytes
    size: Mapped[int]  # bytes
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)

    session: Mapped[CycleSession] = relationship()
    added_by: Mapped[Person] = relationship()
