"""The secret address of a person's calendar: given when they ask for it, ended when they renew it."""

import secrets
from datetime import datetime

from sqlalchemy import select

from academy.domain import audit
from academy.domain.rows import insert_once
from academy.extensions import db
from academy.models import Person, PersonalAgenda


def token_of(person_id: int) -> str | None:
    """The token of a person's address, if they ever asked for one."""
    return db.session.scalar(select(PersonalAgenda.token).where(PersonalAgenda.person_id == person_id))


def renew(person: Person, *, now: datetime) -> str:
    """Give a new address (256 random bits) and end the one before; return its token."""
    token = secrets.token_urlsafe(32)
    kept = db.session.get(PersonalAgenda, person.id)
    if kept is None and not insert_once(PersonalAgenda(person_id=person.id, token=token, created_at=now)):
        kept = db.session.get(PersonalAgenda, person.id)  # asked for twice at the same instant
    if kept is not None:
        kept.token, kept.created_at = token, now
    audit.record("agenda.renew", person, by=person, now=now)
    return token


def person_of(token: str) -> Person | None:
    """Whose address this is; nobody's once it was renewed, or the account closed."""
    wanted = select(Person).join(PersonalAgenda, PersonalAgenda.person_id == Person.id)
    return db.session.scalar(wanted.where(PersonalAgenda.token == token, Person.is_disabled.is_(False)))
