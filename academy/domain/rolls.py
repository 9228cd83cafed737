"""Rolls: what an organiser does for somebody else."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from academy.domain import accounts, audit, enrolment
from academy.domain.errors import Refused
from academy.extensions import db
from academy.models import CycleSession, Enrolment, EnrolmentStatus, OrganisationKind, Person


def enrol_for(
    session: CycleSession,
    email: str,
    *,
    name: str,
    by: Person | None,
    now: datetime,
    organisation: str = "",
    kind: OrganisationKind | None = None,
) -> Enrolment:
    """Enrol the person of an address, whose account is made if there is none; the journal says who did it.

    The same rule as for everybody: no seat beyond the capacity, none out of the order of the queue. But who
    is enrolled by the team needs no approval and no invitation any more.
    """
    enrolment.lock(session)
    person = accounts.by_email(email) or _new_person(email, name, by=by, now=now)
    if person.is_disabled:
        raise Refused("account_disabled")
    accounts.state_organisation(person, organisation, kind)
    held = enrolment.enrol(person, session, now=now, kind=kind, by_team=True)
    if held.status == EnrolmentStatus.REQUESTED:
        enrolment.approve(held, by=by, now=now)
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


def answer(held: Sequence[Enrolment], *, is_approved: bool, reason: str = "", by: Person | None, now: datetime) -> int:
    """Approve or refuse the requests among *held*, in the order in which they were made; return how many."""
    requests = sorted((one for one in held if one.status == EnrolmentStatus.REQUESTED), key=lambda one: one.rank)
    if requests and not is_approved and not reason.strip():
        raise Refused("reason_missing")
    for request in requests:
        if is_approved:
            enrolment.approve(request, by=by, now=now)
        else:
            enrolment.refuse(request, reason=reason, by=by, now=now)
    return len(requests)
