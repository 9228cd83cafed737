"""Roles: who gives which, and what ends when one changes."""

from datetime import datetime

from sqlalchemy import update

from academy.domain import accounts, audit
from academy.domain.errors import Refused
from academy.extensions import db
from academy.models import Person, Role

_TEAM = {Role.ORGANISER, Role.ADMIN}


def given_by(person: Person) -> list[Role]:
    """The roles that this person may give: only an admin makes an admin."""
    if person.role == Role.ADMIN:
        return list(Role)
    return [role for role in Role if role != Role.ADMIN] if person.role == Role.ORGANISER else []


def change_role(person: Person, role: Role, *, by: Person, now: datetime) -> None:
    """Give another role and close every browser of the person, who signs in again with the new rights.

    Nobody changes their own: the team cannot lose its last organiser, not even when two act at once.
    """
    _lock(by, person)
    if person.id == by.id:
        raise Refused("role_own")
    if role not in given_by(by) or person.role not in given_by(by):
        raise Refused("role_above")
    if person.role == role:
        return
    before, person.role = person.role, role
    audit.record("account.change_role", person, by=by, now=now, before=before, after=role)
    accounts.sign_out_everywhere(person, by=by, now=now)


def _lock(*people: Person) -> None:
    """Write the rows first, in the order of their ids, and read them afresh: whoever lost the role may not act."""
    for person in sorted(set(people), key=lambda person: person.id):
        same = update(Person).where(Person.id == person.id).values(role=Person.role)
        db.session.execute(same.execution_options(synchronize_session=False))
        db.session.refresh(person)
