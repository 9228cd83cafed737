"""What was sent to a person: handed over, waiting to be tried again, refused, given up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from academy.blueprints.desk import mail_words
from academy.domain.outbox import MAX_ATTEMPTS
from academy.extensions import db
from academy.models import Enrolment, OutboxMessage, Person, Reminder, SentMail
from academy.web.spoken import Spoken

SHOWN = 100
_TOPICS = {
    "account.link_asked": "sign_in_link",
    "account.password_set": "password_set",
    "enrolment.link_asked": "enrolment_link",
    "enrolment.confirmed": "enrolment_confirmed",
    "enrolment.waiting": "enrolment_waiting",
    "enrolment.cancelled": "enrolment_cancelled",
    "enrolment.requested": "enrolment_requested",
    "enrolment.refused": "enrolment_refused",
    "enrolment.offered": "enrolment_offered",
    "enrolment.offer_lapsed": "enrolment_offer_lapsed",
    "session.invited": "session_invited",
    "session.postponed": "session_postponed",
    "session.changed": "session_changed",
    "session.cancelled": "session_cancelled",
    "certificate.issued": "certificate_issued",
    "review.asked": "review_asked",
    "review.answered": "review_answered",
    "review.closed": "review_accepted",
}


@dataclass(frozen=True)
class Letter:
    """One mail. `state` is sent, refused, waiting or given_up; `next_at` is when it is tried again."""

    at: datetime
    subject: str
    state: str
    reason: str = ""
    next_at: datetime | None = None


def letters(person: Person) -> list[Letter]:
    """The last mails of a person, those that did not leave first."""
    sent = select(SentMail).where(SentMail.to == person.email).order_by(SentMail.sent_at.desc(), SentMail.id.desc())
    gone = [
        Letter(row.sent_at, Spoken(row.subject, person.language), "refused" if row.refused else "sent", row.refused)
        for row in db.session.scalars(sent.limit(SHOWN))
    ]
    return _waiting(person) + gone


def _waiting(person: Person) -> list[Letter]:
    """What the outbox still holds for this person: a payload names the person, an enrolment or the address."""
    payload, theirs = OutboxMessage.payload, select(Enrolment.id).where(Enrolment.person_id == person.id)
    about = or_(
        payload["enrolment"].as_integer().in_(theirs),
        payload["person"].as_integer() == person.id,
        payload["email"].as_string() == person.email,
    )
    wanted = select(OutboxMessage).where(OutboxMessage.done_at.is_(None), about).order_by(OutboxMessage.id.desc())
    rows = list(db.session.scalars(wanted.limit(SHOWN)))
    kinds = _kinds([row.payload["reminder"] for row in rows if "reminder" in row.payload])
    return [_letter(row, kinds) for row in rows]


def _kinds(reminders: list[int]) -> dict[int, str]:
    rows = db.session.execute(select(Reminder.id, Reminder.kind).where(Reminder.id.in_(reminders)))
    return {number: str(kind) for number, kind in rows}


def _letter(row: OutboxMessage, kinds: dict[int, str]) -> Letter:
    topic = kinds.get(row.payload.get("reminder", 0)) or _TOPICS.get(row.topic)
    subject = mail_words.name_of(topic) if topic else row.topic
    is_over = row.attempts >= MAX_ATTEMPTS
    return Letter(
        row.created_at, subject, "given_up" if is_over else "waiting", row.error or "", None if is_over else row.due_at
    )
