"""Speakers and accounts: who of the list of speakers signs in here, hence who teaches a session."""

from datetime import datetime

from sqlalchemy import select, update

from academy.domain import audit
from academy.domain.errors import Refused
from academy.extensions import db
from academy.models import CycleSession, Person, Role, Speaker

_TEAM = {Role.ORGANISER, Role.ADMIN}


def every() -> list[Speaker]:
    """All of them, by name."""
    return list(db.session.scalars(select(Speaker).order_by(Speaker.name, Speaker.id)))


def of_person(person: Person) -> Speaker | None:
    """The speaker who signs in with this account."""
    return db.session.scalar(select(Speaker).where(Speaker.person_id == person.id).order_by(Speaker.id).limit(1))


def link(person: Person, slug: str, *, by: Person | None, now: datetime) -> None:
    """Say which speaker this account is; "": none. Raise Refused for an unknown one, or one who has another account."""
    speaker = db.session.scalar(select(Speaker).where(Speaker.slug == slug)) if slug else None
    if slug and speaker is None:
        raise Refused("speaker_unknown")
    if speaker is not None and speaker.person_id not in (None, person.id):
        raise Refused("speaker_taken")
    before = of_person(person)
    if before is speaker:
        return
    db.session.execute(update(Speaker).where(Speaker.person_id == person.id).values(person_id=None))
    if speaker is not None:
        speaker.person_id = person.id
    changes = {"speaker": [before.slug if before else "", slug]}
    audit.record("account.change_speaker", person, by=by, now=now, changes=changes)


def teaches(person: Person, session: CycleSession) -> bool:
    """Whether they answer for the session as who teaches it: its trainers, and the team for any."""
    is_speaker = any(speaker.person_id == person.id for speaker in session.speakers)
    return person.role in _TEAM or (person.role == Role.TRAINER and is_speaker)
