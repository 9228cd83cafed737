"""What mails and personal calendars keep: reminders that were promised, words of organisers, secret addresses."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.extensions import Model
from academy.models.enrolments import Enrolment
from academy.models.instants import Instant, words
from academy.models.people import Person


class ReminderKind(enum.StrEnum):
    """Each is also the name of its mail."""

    WEEK = "reminder_week"
    DAY = "reminder_day"
    HOUR = "reminder_hour"
    AFTER = "session_after"


class Reminder(Model):
    """A reminder that was promised; another date of the session has another `due_at`, so that it is reminded of anew."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("enrolment_id", "kind", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    kind: Mapped[ReminderKind] = mapped_column(words(ReminderKind))
    due_at: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)

    enrolment: Mapped[Enrolment] = relationship()


class MailText(Model):
    """How organisers word a mail in one language, instead of the template that ships."""

    __tablename__ = "mail_text"
    __table_args__ = (UniqueConstraint("topic", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class PersonalAgenda(Model):
    """The secret address of a person's calendar. It is shown again, so the token itself is kept; renewing ends the old one."""

    __tablename__ = "personal_agenda"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship()
