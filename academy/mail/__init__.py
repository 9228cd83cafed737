"""Row in, message out: the mails of the academy. Every handler may run twice and sends once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from academy.domain import accounts, reminders, stated, video_rooms, wishes
from academy.extensions import db, transaction
from academy.mail import facts, invitation, links, message
from academy.models import (
    Alert,
    Certificate,
    CycleSession,
    Document,
    Enrolment,
    EnrolmentStatus,
    Person,
    Purpose,
    Reminder,
    ReminderKind,
    SessionStatus,
    Wish,
)

INVITATION_LIFETIME = timedelta(days=90)  # to a session without a date
_LIVE = frozenset(EnrolmentStatus) - {EnrolmentStatus.CANCELLED}


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
    answers: int | None = None,
) -> None:
    """Mail the link that confirms an enrolment, and with it the address."""
    if message.is_sent(message_id, email):
        return
    told = facts.of_session(db.session.get_one(CycleSession, session), language)
    stated = {"name": name, "language": language, "organisation": organisation, "kind": kind, "answers": answers}
    token = _ticket(Purpose.ENROL, email, session=session, **stated)
    ticket_url = links.url("account.ticket", language=language, token=token)
    message.send(message_id, "enrolment_link", to=email, language=language, name=name, url=ticket_url, **told)


def enrolment_confirmed(message_id: int, *, enrolment: int) -> None:
    """A seat is theirs, at once or from the waiting list."""
    _about(message_id, "enrolment_confirmed", enrolment, only={EnrolmentStatus.CONFIRMED}, invites=True)


def enrolment_waiting(message_id: int, *, enrolment: int) -> None:
    """They are on the waiting list, at this place."""
    _about(message_id, "enrolment_waiting", enrolment, only={EnrolmentStatus.WAITING})


def enrolment_cancelled(message_id: int, *, enrolment: int) -> None:
    """Their enrolment is cancelled."""
    _about(message_id, "enrolment_cancelled", enrolment, only={EnrolmentStatus.CANCELLED}, invites=True)


def enrolment_requested(message_id: int, *, enrolment: int) -> None:
    """Their request reached the team, who answers it."""
    _about(message_id, "enrolment_requested", enrolment, only={EnrolmentStatus.REQUESTED})


def enrolment_refused(message_id: int, *, enrolment: int) -> None:
    """The team said no, and why."""
    _about(message_id, "enrolment_refused", enrolment, only={EnrolmentStatus.CANCELLED})


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
    _about(message_id, "enrolment_offered", enrolment, only={EnrolmentStatus.OFFERED}, url=url)


def enrolment_offer_lapsed(message_id: int, *, enrolment: int) -> None:
    """They did not answer in time: the seat went on."""
    _about(message_id, "enrolment_offer_lapsed", enrolment, only={EnrolmentStatus.CANCELLED})


def session_invited(message_id: int, *, session: int, email: str, language: str) -> None:
    """Mail an invitation whose link enrols, good until enrolment ends; a session that takes nobody any more is silent."""
    row, now, person = db.session.get_one(CycleSession, session), datetime.now(UTC), accounts.by_email(email)
    ends_at = row.enrolment_ends_at if row.status != SessionStatus.POSTPONED else None
    is_over = row.status == SessionStatus.CANCELLED or (ends_at is not None and ends_at <= now)
    if is_over or message.is_sent(message_id, email) or (person is not None and person.is_disabled):
        return
    language, name = (person.language, person.name) if person else (language, "")
    told = facts.of_session(row, language) | {"name": name, "ends_at_enrolment": ends_at}
    until = ends_at or now + INVITATION_LIFETIME
    payload = {"name": name, "language": language, "is_invitation": True}
    token = _ticket(Purpose.ENROL, email, until=until, session=session, **payload)
    url = links.url("account.ticket", language=language, token=token)
    message.send(message_id, "session_invited", to=email, language=language, url=url, **told)


def session_postponed(message_id: int, *, enrolment: int) -> None:
    """The session has no date any more, and keeps their place; agendas drop the old one. Silent once it has another."""
    if db.session.get_one(Enrolment, enrolment).session.status == SessionStatus.POSTPONED:
        _about(message_id, "session_postponed", enrolment, only=_LIVE, invites=True)


def session_changed(
    message_id: int, *, enrolment: int, starts_at: str | None = None, ends_at: str | None = None, **_: object
) -> None:
    """The session has another date, time or place; *starts_at* and *ends_at* are the date that was taken away."""
    end = datetime.fromisoformat(ends_at) if ends_at else None
    was = (datetime.fromisoformat(starts_at), end) if starts_at else None
    _about(message_id, "session_changed", enrolment, only=_LIVE, invites=True, was=was)


def session_cancelled(message_id: int, *, enrolment: int, **_: object) -> None:
    """The session will not take place."""
    _about(message_id, "session_cancelled", enrolment, invites=True)


def reminder(message_id: int, *, reminder: int, **_: object) -> None:
    """A session is near, or was yesterday; a reminder that something overtook is dropped."""
    row, now = db.session.get_one(Reminder, reminder), datetime.now(UTC)
    if not reminders.stands(row, now=now):
        return
    held, language = row.enrolment, row.enrolment.person.language
    told = facts.of_enrolment(held, language) | {"video_url": "", "readings": []}
    if row.kind == ReminderKind.HOUR:
        told["video_url"] = video_rooms.released(held.session, held.status, now=now)
    if row.kind == ReminderKind.AFTER:
        told["readings"] = facts.readings(held, language)
    message.send(message_id, str(row.kind), to=held.person.email, language=language, **told)


def certificate_issued(message_id: int, *, person: int, session: int, certificates: Sequence[int]) -> None:
    """Their papers are in their space; nothing is said of those that were revoked meanwhile."""
    row, about = db.session.get_one(Person, person), db.session.get_one(CycleSession, session)
    valid = select(Certificate).where(Certificate.id.in_(certificates), Certificate.revoked_at.is_(None))
    if (paper := db.session.scalars(valid).first()) is None:
        return
    told: dict[str, Any] = facts.of_session(about, row.language) | {"name": row.name}
    told["title"], told["title_language"] = stated.in_language(paper.stated["titles"], row.language)
    url = links.url("account.my_space", language=row.language) + "#attestations"
    message.send(message_id, "certificate_issued", to=row.email, language=row.language, url=url, **told)


def wish_answered(message_id: int, *, wish: int, document: int) -> None:
    """Tell who asked for a resource where it is; a text withdrawn meanwhile, or an address forgotten, is dropped."""
    row, text = db.session.get_one(Wish, wish), db.session.get_one(Document, document)
    edition = text.published_in(row.language)
    if not row.email or edition is None or not wishes.is_readable(text):
        return
    told: dict[str, Any] = {"question": row.question, "title": edition.title, "title_language": edition.language}
    url = links.url("home.stable", language=row.language, key=text.key)
    message.send(message_id, "wish_answered", to=row.email, language=row.language, url=url, **told)


def alert_asked(message_id: int, *, alert: str) -> None:
    """Mail the link that confirms an alert; say so when it was confirmed already."""
    row = db.session.scalar(select(Alert).where(Alert.key == alert))
    if row is None:  # ended meanwhile
        return
    told: dict[str, Any] = {
        "title": row.title,
        "is_confirmed": row.confirmed_at is not None,
        "url": links.alert_url("resources.confirm_alert", row),
        "end_url": links.alert_url("resources.end_alert", row),
    }
    message.send(message_id, "alert_asked", to=row.email, language=row.language, is_address_kept=False, **told)


def alert_digest(
    message_id: int, alert: Alert, *, texts: Sequence[Mapping[str, Any]], others: int, query: Mapping[str, Any]
) -> None:
    """Mail what is new for an alert: these texts, and the way to the *others* that did not fit."""
    end_url = links.alert_url("resources.end_alert", alert)
    told: dict[str, Any] = {
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
        **told,
    )


def _about(
    message_id: int,
    topic: str,
    enrolment_id: int,
    *,
    only: Collection[EnrolmentStatus] = tuple(EnrolmentStatus),
    invites: bool = False,
    was: tuple[datetime, datetime | None] | None = None,
    **more: Any,
) -> None:
    """Mail about an enrolment; a message overtaken by a later change, or by the session, is dropped."""
    row = db.session.get_one(Enrolment, enrolment_id)
    if row.session.is_past(datetime.now(UTC)) or row.status not in only:
        return
    person, language = row.person, row.person.language
    told = facts.of_enrolment(row, language)
    calendar = invitation.of(row, told, language=language, was=was) if invites else None
    message.send(message_id, topic, to=person.email, language=language, invitation=calendar, **told, **more)


def _ticket(purpose: Purpose, email: str, *, until: datetime | None = None, **payload: Any) -> str:
    """Keep a new ticket, good for the usual time or *until* then; its raw token exists in the mail only."""
    now = datetime.now(UTC)
    lifetime = until - now if until else accounts.TICKET_LIFETIME
    with transaction():
        return accounts.issue_ticket(purpose, email, now=now, lifetime=lifetime, **payload)
