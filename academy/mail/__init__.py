"""Row in, message out: the mails of the academy. Every handler may run twice and sends once."""

from datetime import UTC, datetime, timedelta
from typing import Any

from academy.domain import accounts, enrolment, wishes
from academy.extensions import db, transaction
from academy.mail import links, message
from academy.models import CycleSession, Document, Enrolment, EnrolmentStatus, Person, Purpose, SessionStatus, Wish

INVITATION_LIFETIME = timedelta(days=90)  # to a session without a date


def sign_in_link(message_id: int, *, email: str, language: str, then: str = "") -> None:
    """Mail a sign-in link to a known address; tell an unknown one that there is no account."""
    if message.is_sent(message_id, email):
        return
    person = accounts.by_email(email)
    if person is None or person.is_disabled:
        topic = "no_account" if person is None else "account_closed"
        sessions = links.url("sessions.index", language=language)
        message.send(message_id, topic, to=email, language=language, sessions_url=sessions)
        return
    name = person.name
    token = _ticket(Purpose.SIGN_IN, email, then=then)
    ticket_url = links.url("account.ticket", language=language, token=token)
    message.send(message_id, "sign_in_link", to=email, language=language, name=name, url=ticket_url)


def password_set(message_id: int, *, person: int) -> None:
    """Tell a person that their password was set, in case it was somebody else."""
    row = db.session.get_one(Person, person)
    space = links.url("account.my_space", language=row.language)
    message.send(message_id, "password_set", to=row.email, language=row.language, name=row.name, url=space)


def enrolment_link(
    message_id: int,
    *,
    session: int,
    email: str,
    name: str,
    language: str,
    organisation: str = "",
    kind: str | None = None,
) -> None:
    """Mail the link that confirms an enrolment, and with it the address."""
    if message.is_sent(message_id, email):
        return
    facts = _session_facts(db.session.get_one(CycleSession, session), language)
    stated = {"name": name, "language": language, "organisation": organisation, "kind": kind}
    token = _ticket(Purpose.ENROL, email, session=session, **stated)
    ticket_url = links.url("account.ticket", language=language, token=token)
    message.send(message_id, "enrolment_link", to=email, language=language, name=name, url=ticket_url, **facts)


def enrolment_confirmed(message_id: int, *, enrolment: int) -> None:
    """A seat is theirs, at once or from the waiting list."""
    _about(message_id, "enrolment_confirmed", enrolment, only=EnrolmentStatus.CONFIRMED)


def enrolment_waiting(message_id: int, *, enrolment: int) -> None:
    """They are on the waiting list, at this place."""
    _about(message_id, "enrolment_waiting", enrolment, only=EnrolmentStatus.WAITING)


def enrolment_cancelled(message_id: int, *, enrolment: int) -> None:
    """Their enrolment is cancelled."""
    _about(message_id, "enrolment_cancelled", enrolment, only=EnrolmentStatus.CANCELLED)


def enrolment_requested(message_id: int, *, enrolment: int) -> None:
    """Their request reached the team, who answers it."""
    _about(message_id, "enrolment_requested", enrolment, only=EnrolmentStatus.REQUESTED)


def enrolment_refused(message_id: int, *, enrolment: int) -> None:
    """The team said no, and why."""
    _about(message_id, "enrolment_refused", enrolment, only=EnrolmentStatus.CANCELLED)


def enrolment_offered(message_id: int, *, enrolment: int, until: str) -> None:
    """A seat is kept for them until a deadline: one link to accept or decline. A later offer has its own mail."""
    row = db.session.get_one(Enrolment, enrolment)
    email, language, deadline = row.person.email, row.person.language, row.offered_until
    if row.status != EnrolmentStatus.OFFERED or deadline is None or deadline != datetime.fromisoformat(until):
        return
    if deadline <= datetime.now(UTC) or message.is_sent(message_id, email):
        return
    token = _ticket(Purpose.OFFER, email, until=deadline, enrolment=enrolment, language=language)
    url = links.url("account.ticket", language=language, token=token)
    _about(message_id, "enrolment_offered", enrolment, only=EnrolmentStatus.OFFERED, url=url)


def enrolment_offer_lapsed(message_id: int, *, enrolment: int) -> None:
    """They did not answer in time: the seat went on."""
    _about(message_id, "enrolment_offer_lapsed", enrolment, only=EnrolmentStatus.CANCELLED)


def session_invited(message_id: int, *, session: int, email: str, language: str) -> None:
    """Mail an invitation whose link enrols, good until enrolment ends; a session that takes nobody any more is silent."""
    row, now, person = db.session.get_one(CycleSession, session), datetime.now(UTC), accounts.by_email(email)
    ends_at = row.enrolment_ends_at
    is_over = row.status == SessionStatus.CANCELLED or (ends_at is not None and ends_at <= now)
    if is_over or message.is_sent(message_id, email) or (person is not None and person.is_disabled):
        return
    language, name = (person.language, person.name) if person else (language, "")
    facts = _session_facts(row, language) | {"name": name, "ends_at_enrolment": ends_at}
    until = ends_at or now + INVITATION_LIFETIME
    payload = {"name": name, "language": language, "is_invitation": True}
    token = _ticket(Purpose.ENROL, email, until=until, session=session, **payload)
    url = links.url("account.ticket", language=language, token=token)
    message.send(message_id, "session_invited", to=email, language=language, url=url, **facts)


def session_postponed(message_id: int, *, enrolment: int) -> None:
    """The session has no date any more, and keeps their place."""
    _about(message_id, "session_postponed", enrolment)


def session_changed(message_id: int, *, enrolment: int, **_: object) -> None:
    """The session has another date, time or place."""
    _about(message_id, "session_changed", enrolment)


def session_cancelled(message_id: int, *, enrolment: int, **_: object) -> None:
    """The session will not take place."""
    _about(message_id, "session_cancelled", enrolment)


def wish_answered(message_id: int, *, wish: int, document: int) -> None:
    """Tell who asked for a resource where it is; a text withdrawn meanwhile, or an address forgotten, is dropped."""
    row, text = db.session.get_one(Wish, wish), db.session.get_one(Document, document)
    edition = text.published_in(row.language)
    if not row.email or edition is None or not wishes.is_readable(text):
        return
    facts = {"question": row.question, "title": edition.title, "title_language": edition.language}
    url = links.url("home.stable", language=row.language, key=text.key)
    message.send(message_id, "wish_answered", to=row.email, language=row.language, url=url, **facts)


def _about(
    message_id: int, topic: str, enrolment_id: int, *, only: EnrolmentStatus | None = None, **more: object
) -> None:
    """Mail about an enrolment; a message overtaken by a later change, or by the session, is dropped."""
    row = db.session.get_one(Enrolment, enrolment_id)
    if row.session.is_past(datetime.now(UTC)) or (only is not None and row.status != only):
        return
    person, language = row.person, row.person.language
    is_sudden = row.session.offer_hours is None and not row.session.needs_approval  # nobody asked them first
    facts = _session_facts(row.session, language) | {
        "name": person.name,
        "position": enrolment.position(row),
        "was_waiting": row.confirmed_at is not None and row.confirmed_at > row.joined_at and is_sudden,
        "status": str(row.status),
        "offered_until": row.offered_until,
        "offer_hours": row.session.offer_hours,
        "has_quotas": bool(row.session.quotas),
        "reason": row.reason,
        "enrolment_url": links.enrolment_url(row, language=language),
    }
    message.send(message_id, topic, to=person.email, language=language, **facts, **more)


def _session_facts(session: CycleSession, language: str) -> dict[str, object]:
    """What every mail about a session says. Plain values: the rows are let go before the mail leaves."""
    venue, edition = session.venue, session.document.published_in(language)
    has_date = session.status != SessionStatus.POSTPONED
    return {
        "title": edition.title if edition else "",
        "title_language": edition.language if edition else language,
        "starts_at": session.starts_at if has_date else None,
        "ends_at": session.ends_at if has_date else None,
        "mode": str(session.mode),
        "venue": venue.name if venue else "",
        "address": " ".join(filter(None, (venue.address, venue.postcode, venue.city))) if venue else "",
        "is_example": session.is_example,
        "session_url": links.session_url(session, language=language),
        "sessions_url": links.url("sessions.index", language=language),
    }


def _ticket(purpose: Purpose, email: str, *, until: datetime | None = None, **payload: Any) -> str:
    """Keep a new ticket, good for the usual time or *until* then; its raw token exists in the mail only."""
    now = datetime.now(UTC)
    lifetime = until - now if until else accounts.TICKET_LIFETIME
    with transaction():
        return accounts.issue_ticket(purpose, email, now=now, lifetime=lifetime, **payload)
