"""What mails say: rows in, plain values out, for the rows are let go before a mail leaves."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

from academy.domain import enrolment
from academy.extensions import db
from academy.mail import links
from academy.models import CycleSession, Document, Edition, Enrolment, Kind, Mode, SessionStatus, Venue
from academy.policies import audiences_of
from academy.rendering.typography import typeset


def of_session(session: CycleSession, language: str) -> dict[str, Any]:
    """What every mail about a session says."""
    venue, edition = session.venue, session.document.published_in(language)
    has_date = session.status != SessionStatus.POSTPONED  # else the date of the row no longer stands
    return {
        "title": edition.title if edition else "",
        "title_language": edition.language if edition else language,
        "starts_at": session.starts_at if has_date else None,
        "ends_at": session.ends_at if has_date else None,
        "mode": str(session.mode),
        "venue": venue.name_in(language) if venue else "",
        "address": " ".join(filter(None, (venue.address, venue.postcode, venue.city))) if venue else "",
        "access": _access(venue, language) if venue and session.mode != Mode.ONLINE else "",
        "has_video": bool(session.video_url),
        "is_example": session.is_example,
        "session_url": links.session_url(session, language=language),
        "sessions_url": links.url("sessions.index", language=language),
    }


def of_enrolment(row: Enrolment, language: str) -> dict[str, Any]:
    """The same, and whose place it is and where it stands."""
    session = row.session
    is_sudden = session.offer_hours is None and not session.needs_approval  # nobody asked them first
    return of_session(session, language) | {
        "name": row.person.name,
        "status": str(row.status),
        "position": enrolment.position(row),
        "was_waiting": row.confirmed_at is not None and row.confirmed_at > row.joined_at and is_sudden,
        "offered_until": row.offered_until,
        "offer_hours": session.offer_hours,
        "has_quotas": bool(session.quotas),
        "reason": row.reason,
        "enrolment_url": links.enrolment_url(row, language=language),
        "pass_url": _pass_url(row, language),
    }


@dataclass(frozen=True, slots=True)
class Reading:
    """A text to read on; `language` is that of its title."""

    title: str
    language: str
    url: str


def readings(row: Enrolment, language: str) -> list[Reading]:
    """The modules and resources of a session that this person may read, modules first, in their order."""
    session = row.session
    mine = (Document.kind == Kind.RESOURCE) & (Document.session_key == session.document.key)
    wanted = (
        select(Document.key, Edition.title, Edition.language)
        .join(Edition, Edition.document_id == Document.id)
        .where(
            Document.key.in_(session.module_keys) | mine,
            Document.audience.in_(sorted(audiences_of(row.person))),
            Edition.published_id.is_not(None),
        )
        .order_by(Document.id, (Edition.language == language).desc())
    )
    titles: dict[str, tuple[str, str]] = {}
    for key, title, spoken in db.session.execute(wanted):
        titles.setdefault(key, (title, spoken))
    keys = [key for key in session.module_keys if key in titles]
    keys += [key for key in titles if key not in keys]
    return [Reading(*titles[key], links.url("home.stable", language=language, key=key)) for key in keys]


def _pass_url(row: Enrolment, language: str) -> str:
    """Where the personal code is shown; "" where there is no entrance."""
    is_online = row.session.mode == Mode.ONLINE
    return "" if is_online else links.url("presence.show_pass", language=language, token=row.pass_token)


def _access(venue: Venue, language: str) -> str:
    """How to get there, in the language of the mail or else in the other."""
    said = {"fr": venue.access_fr, "en": venue.access_en}
    spoken = next((code for code in (language, "fr", "en") if said[code]), language)
    return typeset(said[spoken], spoken)


def words(told: dict[str, Any], language: str) -> ModuleType:
    """The pieces that `templates/mail/_words.txt` makes of these values: when, where, the title in an agenda."""
    with force_locale(language):
        return current_app.jinja_env.get_template("mail/_words.txt").make_module(told)  # pyright: ignore[reportReturnType]
