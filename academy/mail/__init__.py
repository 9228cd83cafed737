"""Row in, message out: the mails of the academy. Every handler may run twice and sends once."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from academy.domain import accounts, enrolment, wishes
from academy.extensions import db, transaction
from academy.mail import links, message
from academy.models import Alert, CycleSession, Document, Enrolment, EnrolmentStatus, Person, Purpose, Wish


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


def enrolment_link(message_id: int, *, session: int, email: str, name: str, language: str) -> None:
    """Mail the link that confirms an enrolment, and with it the address."""
    if message.is_sent(message_id, email):
        return
    facts = _session_facts(db.session.get_one(CycleSession, session), language)
    token = _ticket(Purpose.ENROL, email, session=session, name=name, language=language)
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
    facts: dict[str, Any] = {"question": row.question, "title": edition.title, "title_language": edition.language}
    url = links.url("home.stable", language=row.language, key=text.key)
    message.send(message_id, "wish_answered", to=row.email, language=row.language, url=url, **facts)


def alert_asked(message_id: int, *, alert: str) -> None:
    """Mail the link that confirms an alert; say so when it was confirmed already."""
    row = db.session.scalar(select(Alert).where(Alert.key == alert))
    if row is None:  # ended meanwhile
        return
    facts = {
        "title": row.title,
        "is_confirmed": row.confirmed_at is not None,
        "url": links.alert_url("resources.confirm_alert", row),
        "end_url": links.alert_url("resources.end_alert", row),
    }
    message.send(message_id, "alert_asked", to=row.email, language=row.language, is_address_kept=False, **facts)


def alert_digest(
    message_id: int, alert: Alert, *, texts: Sequence[Mapping[str, Any]], others: int, query: Mapping[str, Any]
) -> None:
    """Mail what is new for an alert: these texts, and the way to the *others* that did not fit."""
    end_url = links.alert_url("resources.end_alert", alert)
    facts = {
        "title": alert.title,
        "texts": [{**it, "url": links.url("home.stable", language=alert.language, key=it["key"])} for it in texts],
        "others": others,
        "search_url": links.url("resources.index", language=alert.language, **query, tri="date"),
        "end_url": end_url,
    }
    headers = {"List-Unsubscribe": f"<{end_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}  # RFC 8058
    message.send(
        message_id,
        "alert_digest",
        to=alert.email,
        language=alert.language,
        headers=headers,
        is_address_kept=False,
        **facts,
    )


def _about(message_id: int, topic: str, enrolment_id: int, *, only: EnrolmentStatus | None = None) -> None:
    """Mail about an enrolment; a message overtaken by a later change, or by the session, is dropped."""
    row = db.session.get_one(Enrolment, enrolment_id)
    now = datetime.now(UTC)
    is_over = row.session.ends_at is not None and row.session.ends_at <= now
    if is_over or (only is not None and row.status != only):
        return
    person, language = row.person, row.person.language
    facts = _session_facts(row.session, language) | {
        "name": person.name,
        "position": enrolment.position(row),
        "was_waiting": row.confirmed_at is not None and row.confirmed_at > row.joined_at,
        "is_waiting": row.status == EnrolmentStatus.WAITING,
        "enrolment_url": links.enrolment_url(row, language=language),
    }
    message.send(message_id, topic, to=person.email, language=language, **facts)


def _session_facts(session: CycleSession, language: str) -> dict[str, Any]:
    """What every mail about a session says. Plain values: the rows are let go before the mail leaves."""
    venue, edition = session.venue, session.document.published_in(language)
    return {
        "title": edition.title if edition else "",
        "title_language": edition.language if edition else language,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "mode": str(session.mode),
        "venue": venue.name if venue else "",
        "address": " ".join(filter(None, (venue.address, venue.postcode, venue.city))) if venue else "",
        "is_example": session.is_example,
        "session_url": links.session_url(session, language=language),
        "sessions_url": links.url("sessions.index", language=language),
    }


def _ticket(purpose: Purpose, email: str, **payload: Any) -> str:
    """Keep a new ticket; its raw token exists in the mail only."""
    with transaction():
        return accounts.issue_ticket(purpose, email, now=datetime.now(UTC), **payload)
