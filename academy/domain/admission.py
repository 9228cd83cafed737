"""Admission: the rules of a session's enrolment, who may enrol, who is invited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from academy.domain import accounts, audit, outbox, seating
from academy.domain.errors import Refused
from academy.extensions import db
from academy.models import Access, CycleSession, Invitation, OrganisationKind, Person, SessionStatus

MOST_INVITED = 500  # addresses at once
MOST_OFFER_HOURS = 14 * 24


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What an organiser decides of the enrolment in a session, beside its seats and dates."""

    access: Access = Access.OPEN
    needs_approval: bool = False
    offer_hours: int | None = None  # None: a freed seat is given at once
    quotas: Mapping[OrganisationKind, int | None]  # seats kept for each kind


def rules_of(session: CycleSession) -> Rules:
    """The rules in force."""
    return Rules(
        access=session.access,
        needs_approval=session.needs_approval,
        offer_hours=session.offer_hours,
        quotas={kind: session.quotas.get(kind) for kind in OrganisationKind},
    )


def set_rules(session: CycleSession, rules: Rules, *, by: Person | None, now: datetime) -> None:
    """Change the rules; seats that they free go to the head of the queue. Nobody loses a seat."""
    seating.lock(session)
    if session.status == SessionStatus.CANCELLED:
        raise Refused("session_cancelled")
    refuse_quotas_above(session.capacity, rules.quotas)
    before = _told(rules_of(session))
    session.access, session.needs_approval = rules.access, rules.needs_approval
    session.offer_hours = rules.offer_hours
    for kind in OrganisationKind:
        setattr(session, f"quota_{kind}", rules.quotas.get(kind) or None)
    after = _told(rules_of(session))
    if changed := {name: [before[name], after[name]] for name in before if before[name] != after[name]}:
        audit.record("session.set_rules", session, by=by, now=now, changes=changed)
    seating.settle(session, now=now)


def refuse_quotas_above(capacity: int | None, quotas: Mapping[OrganisationKind, int | None]) -> None:
    """Refuse to keep more seats for kinds of organisations than there are."""
    kept = sum(seats or 0 for seats in quotas.values())
    if kept and capacity is None:
        raise Refused("quotas_without_limit")
    if capacity is not None and kept > capacity:
        raise Refused("quotas_above_capacity", kept=kept, capacity=capacity)


def admitting(person: Person | None, sessions: Sequence[CycleSession]) -> set[int]:
    """The ids of the sessions that are for this person, in one query at most; nobody in particular is None."""
    is_member = person is not None and person.is_member
    by_access = {Access.OPEN: True, Access.MEMBERS: is_member}
    found = {session.id for session in sessions if by_access.get(session.access)}
    by_invitation = [session.id for session in sessions if session.access == Access.INVITATION]
    if person is not None and by_invitation:
        mine = (Invitation.session_id.in_(by_invitation), Invitation.email == person.email)
        found |= set(db.session.scalars(select(Invitation.session_id).where(*mine)))
    return found


def is_admitted(person: Person | None, session: CycleSession) -> bool:
    """Whether the session is for this person; nobody in particular is None."""
    return session.id in admitting(person, [session])


def refuse_unless_admitted(person: Person | None, session: CycleSession) -> None:
    """Refuse whom the session is not for."""
    if not is_admitted(person, session):
        raise Refused(f"enrolment_{session.access}")


def invite(session: CycleSession, emails: Sequence[str], *, by: Person | None, language: str, now: datetime) -> int:
    """Invite each address once and promise its mail; return how many are new. *language*: for who has no account."""
    seating.lock(session)
    if session.status == SessionStatus.CANCELLED:
        raise Refused("session_cancelled")
    if session.is_past(now):
        raise Refused("session_ended")
    wanted = dict.fromkeys(accounts.clean_email(email) for email in emails)
    known = set(db.session.scalars(select(Invitation.email).where(Invitation.session_id == session.id)))
    added = [email for email in wanted if email not in known]
    db.session.add_all([Invitation(session_id=session.id, email=email, invited_at=now) for email in added])
    for email in added:
        outbox.promise("session.invited", now=now, session=session.id, email=email, language=language)
    if added:
        audit.record("session.invite", session, by=by, now=now, invited=len(added))
    return len(added)


def withdraw_invitation(invitation: Invitation, *, by: Person | None, now: datetime) -> None:
    """Take an invitation back; who enrolled with it keeps their place."""
    session = db.session.get_one(CycleSession, invitation.session_id)
    seating.lock(session)
    db.session.delete(invitation)
    audit.record("session.withdraw_invitation", session, by=by, now=now)


def _told(rules: Rules) -> dict[str, object]:
    """The rules as the journal keeps them."""
    quotas = {f"quota_{kind}": rules.quotas.get(kind) or None for kind in OrganisationKind}
    facts = {"access": str(rules.access), "needs_approval": rules.needs_approval, "offer_hours": rules.offer_hours}
    return {**facts, **quotas}
