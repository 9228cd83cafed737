"""People: an account, the sessions in which it is signed in, the tickets that it is sent."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.extensions import Model
from academy.models.instants import Instant, words


class Role(enum.StrEnum):
    STAKEHOLDER = "stakeholder"
    TRAINER = "trainer"
    ORGANISER = "organiser"
    ADMIN = "admin"


class OrganisationKind(enum.StrEnum):
    """What somebody's organisation is: the audiences among which a session may divide its seats."""

    COMPANY = "company"
    PUBLIC_BODY = "public_body"
    ASSOCIATION = "association"
    EDUCATION = "education"


class Person(Model):
    """An account. It exists once its address was verified by a click, or an organiser made it."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_is_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(words(Role), default=Role.STAKEHOLDER)
    language: Mapped[str] = mapped_column(String(2), default="fr")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(160), default="", server_default="")  # its name, in their words
    organisation_kind: Mapped[OrganisationKind | None] = mapped_column(words(OrganisationKind))
    is_member: Mapped[bool] = mapped_column(default=False, server_default=text("false"))  # an organiser said so
    is_disabled: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    is_sample: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    bounced_at: Mapped[datetime | None] = mapped_column(Instant)  # when a mail server last refused the address for good
    bounce_reason: Mapped[str] = mapped_column(String(300), default="", server_default="")  # what it said

    is_authenticated = True  # for policies, as `current_user` is


class SignIn(Model):
    """One browser in which a person is signed in; deleting the row signs it out."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    person: Mapped[Person] = relationship()


class SignInHead(Model):
    """One row: its number rises whenever a sign-in may have ended, so that every process forgets those it remembers."""

    __tablename__ = "sign_in_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)


class Purpose(enum.StrEnum):
    SIGN_IN = "sign_in"
    ENROL = "enrol"
    OFFER = "offer"


class Ticket(Model):
    """A single-use link sent by mail; only the hash of its token is kept."""

    __tablename__ = "ticket"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[Purpose] = mapped_column(words(Purpose))
    email: Mapped[str] = mapped_column(String(254))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
