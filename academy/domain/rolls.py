"""Rolls: what an organiser does for somebody else."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from academy.domain import accounts, audit, enrolment
from academy.domain.errors import Refused
from academy.extensions import db
from academy.models import CycleSession, Enrolment, Person


def enrol_for(session: CycleSession, email: str, *, name: str, by: Person | None, now: datetime) -> Enrolment:
    """Enrol the person of an address, whose account is made if there is none; the journal says who did it.

    The same rule as for everybody: no seat beyond the capacity, none out of the order of the queue.
    """
    enrolment.lock(session)
    person = accounts.by_email(email) or _new_person(email, name, by=by, now=now)
    if person.is_disabled:
        raise Refused("account_disabled")
    held = enrolment.enrol(person, session, now=now)
    audit.record("enrolment.add", held, by=by, now=now, session=session.id)
    return held


def _new_person(email: str, name: str, *, by: Person | None, now: datetime) -> Person:
    """Make the account; somebody else may make the same one at the same instant."""
    try:
        with db.session.begin_nested():
            return accounts.add_person(email, name, by=by, now=now)
    except IntegrityError:
        if (person := accounts.by_email(email)) is None:
            raise
        return person
