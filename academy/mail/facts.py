"""What mails say: rows in, plain values out, for the rows are let go before a mail leaves."""

from types import ModuleType
from typing import Any

from flask import current_app
from flask_babel import force_locale

from academy.domain import enrolment
from academy.mail import links
from academy.models import CycleSession, Enrolment, EnrolmentStatus


def of_session(session: CycleSession, language: str) -> dict[str, Any]:
    """What every mail about a session says."""
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


def of_enrolment(row: Enrolment, language: str) -> dict[str, Any]:
    """The same, and whose place it is and where it stands."""
    return of_session(row.session, language) | {
        "name": row.person.name,
        "position": enrolment.position(row),
        "was_waiting": row.confirmed_at is not None and row.confirmed_at > row.joined_at,
        "is_waiting": row.status == EnrolmentStatus.WAITING,
        "enrolment_url": links.enrolment_url(row, language=language),
    }


def words(told: dict[str, Any], language: str) -> ModuleType:
    """The pieces that `templates/mail/_words.txt` makes of these values: when, where, the title in an agenda."""
    with force_locale(language):
        return current_app.jinja_env.get_template("mail/_words.txt").make_module(told)  # pyright: ignore[reportReturnType]
