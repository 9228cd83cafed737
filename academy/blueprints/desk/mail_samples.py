"""With whose facts a mail is previewed: the last row that it could be about, or a sample that says it is one."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import joinedload

from academy.domain.mail_texts import MAILS
from academy.extensions import db
from academy.mail import facts, links
from academy.models import IS_SOMEBODYS, Ending, Enrolment, EnrolmentStatus, Person, SessionStatus, Wish
from academy.web.locale import gettext as _
from academy.web.spoken import Spoken

_STATUS = {
    "enrolment_waiting": EnrolmentStatus.WAITING,
    "enrolment_cancelled": EnrolmentStatus.CANCELLED,
    "session_cancelled": EnrolmentStatus.CANCELLED,
}
# Mails of which a row that is elsewhere tells too little: the last that is there, or else the sample.
_ONLY = {
    "enrolment_requested": Enrolment.status == EnrolmentStatus.REQUESTED,
    "enrolment_refused": Enrolment.ending == Ending.REFUSED,
    "enrolment_offered": Enrolment.status == EnrolmentStatus.OFFERED,
    "enrolment_offer_lapsed": Enrolment.ending == Ending.EXPIRED,
    "session_postponed": Enrolment.session.has(status=SessionStatus.POSTPONED)
    & (Enrolment.status != EnrolmentStatus.CANCELLED),
}
_ROOM = "https://visio.example/exemple"  # RFC 2606: nobody's


@dataclass(frozen=True)
class Sample:
    """Facts for a mail. `about` says whose they are; "" for a sample."""

    facts: dict[str, Any]
    about: str
    values: dict[str, Any] = field(default_factory=dict)


def sample(topic: str, language: str, me: Person) -> Sample:
    """Facts as the mail will have them, of a row if there is one. No ticket is made: links to click once are invented."""
    ticket = links.url("account.ticket", language=language, token=_("exemple"))
    if "session" in MAILS[topic].placeholders:
        row = _enrolment(topic)
        return _of_enrolment(row, topic, language, ticket) if row else _invented(topic, language, ticket)
    if topic == "wish_answered":
        return _of_wish(language)
    if topic.startswith("review_"):
        return _of_review(topic, language, me)
    own = {
        "name": me.name,
        "url": links.url("account.my_space", language=language) if topic != "sign_in_link" else ticket,
    }
    return Sample(own | {"sessions_url": links.url("sessions.index", language=language)}, me.name)


def _of_enrolment(row: Enrolment, topic: str, language: str, ticket: str) -> Sample:
    told = facts.of_enrolment(row, language) | {"video_url": "", "readings": [], "url": ticket}
    if topic == "reminder_hour":
        told["video_url"] = row.session.video_url
    if topic == "session_after":
        told["readings"] = facts.readings(row, language)
    if topic == "certificate_issued":
        told["url"] = links.url("account.my_space", language=language)
    if topic == "enrolment_waiting" and not told["position"]:
        told["position"] = 1
    return Sample(told, Spoken(f"{row.person.name}, {told['title']}", told["title_language"]))


def _invented(topic: str, language: str, ticket: str) -> Sample:
    start = datetime(2027, 2, 4, 17, tzinfo=UTC)
    sessions = links.url("sessions.index", language=language)
    is_postponed = topic == "session_postponed"
    return Sample(
        {
            "name": _("Camille Exemple"),
            "title": _("Une session d’exemple"),
            "title_language": language,
            "starts_at": None if is_postponed else start,
            "ends_at": None if is_postponed else start.replace(hour=19),
            "mode": "onsite",
            "venue": _("Un lieu d’exemple"),
            "address": "",
            "access": "",
            "is_example": True,
            "was_waiting": False,
            "status": str(_STATUS.get(topic, EnrolmentStatus.CONFIRMED)),
            "offered_until": start - timedelta(days=2),
            "offer_hours": None,
            "has_quotas": False,
            "reason": _("Une raison d’exemple."),
            "position": 2,
            "url": ticket,
            "session_url": sessions,
            "sessions_url": sessions,
            "enrolment_url": links.url("sessions.enrolment", language=language, signed=_("exemple")),
            "pass_url": links.url("presence.show_pass", language=language, token=_("exemple")),
            "video_url": _ROOM,
            "readings": [facts.Reading(_("Une ressource d’exemple"), language, sessions)],
        },
        "",
    )


def _of_wish(language: str) -> Sample:
    wish = db.session.scalar(select(Wish).order_by(Wish.id.desc()).limit(1))
    told = {
        "question": wish.question if wish else _("Une ressource d’exemple"),
        "title": _("Un texte d’exemple"),
        "url": links.url("resources.index", language=language),
    }
    return Sample(told, _("la demande « %(question)s »", question=wish.question) if wish else "")


def _of_review(topic: str, language: str, me: Person) -> Sample:
    told = {
        "name": me.name,
        "asker": _("Camille Exemple"),
        "title": _("Un texte d’exemple"),
        "title_language": language,
        "reason": _("Une raison d’exemple.") if topic in {"review_asked", "review_returned"} else "",
        "url": links.url("studio.reviews_list", language=language),
    }
    return Sample(told, me.name)


def _enrolment(topic: str) -> Enrolment | None:
    """The last enrolment, of those who are where this mail finds them first."""
    fits = (Enrolment.status == _STATUS.get(topic, EnrolmentStatus.CONFIRMED)).desc()
    wanted = select(Enrolment).options(joinedload(Enrolment.session), joinedload(Enrolment.person))
    wanted = wanted.where(_ONLY.get(topic, true()), IS_SOMEBODYS).order_by(fits, Enrolment.id.desc())
    return db.session.scalar(wanted.limit(1))
