"""What is forgotten after a session: sensitive answers and who was invited in 30 days, who had a place in three years."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update

from academy.domain import audit, forgetting
from academy.domain.forgetting import delete_due
from academy.extensions import db
from academy.models import (
    IS_SOMEBODYS,
    Answer,
    AuditEntry,
    CycleSession,
    Enrolment,
    EnrolmentQuestion,
    EnrolmentStatus,
    Invitation,
    PendingAnswers,
    Reminder,
    SessionStatus,
    new_pass,
)

KEPT = timedelta(days=30)  # after the session, or after what ended it for somebody
KEPT_WITHOUT_DATE = timedelta(days=365)  # an invitation to a session that never gets a date
KEPT_NAMED = timedelta(days=3 * 365)  # after the session: whose an enrolment was
KEPT_UNCONFIRMED = timedelta(days=1)  # answers of who has still to confirm their address


def is_over_since(instant: datetime) -> ColumnElement[bool]:
    """Of sessions: took place, or were called off, by then. One that is postponed or has no date is not over."""
    took_place = func.coalesce(CycleSession.ends_at, CycleSession.starts_at) <= instant
    called_off = func.coalesce(CycleSession.changed_at, CycleSession.ends_at, CycleSession.starts_at) <= instant
    status = CycleSession.status
    return or_(and_(status == SessionStatus.SCHEDULED, took_place), and_(status == SessionStatus.CANCELLED, called_off))


def over_at(session: CycleSession) -> datetime | None:
    """The same for one session; None as long as nobody knows."""
    ended_at = session.ends_at or session.starts_at
    if session.status == SessionStatus.CANCELLED:
        return session.changed_at or ended_at
    return ended_at if session.status == SessionStatus.SCHEDULED else None


def forgotten_at(session: CycleSession, held: Enrolment | None = None) -> datetime | None:
    """When the sensitive answers of a session, or of one place in it, are deleted; None as long as nobody knows."""
    instants = [over_at(session), held.cancelled_at if held and held.status == EnrolmentStatus.CANCELLED else None]
    return min((instant + KEPT for instant in instants if instant is not None), default=None)


def due_answers(now: datetime) -> Select[int]:
    """Sensitive answers of sessions that are over, and of places that were given up."""
    gave_up = and_(Enrolment.status == EnrolmentStatus.CANCELLED, Enrolment.cancelled_at <= now - KEPT)
    return (
        select(Answer.id)
        .join(EnrolmentQuestion, EnrolmentQuestion.id == Answer.question_id)
        .join(Enrolment, Enrolment.id == Answer.enrolment_id)
        .join(CycleSession, CycleSession.id == Enrolment.session_id)
        .where(EnrolmentQuestion.is_sensitive, or_(is_over_since(now - KEPT), gave_up))
    )


def purge_answers(*, now: datetime) -> int:
    """Delete sensitive answers that are due; return how many."""
    return delete_due(Answer, due_answers(now), "answer.purge", now=now)


def due_invitations(now: datetime) -> Select[int]:
    """Invitations to sessions that are over, or that had no date for a year."""
    is_stale = and_(
        or_(CycleSession.starts_at.is_(None), CycleSession.status == SessionStatus.POSTPONED),
        Invitation.invited_at <= now - KEPT_WITHOUT_DATE,
    )
    joined = select(Invitation.id).join(CycleSession, CycleSession.id == Invitation.session_id)
    return joined.where(or_(is_over_since(now - KEPT), is_stale))


def purge_invitations(*, now: datetime) -> int:
    """Delete invitations that are due; return how many."""
    return delete_due(Invitation, due_invitations(now), "invitation.purge", now=now)


def due_pending(now: datetime) -> Select[int]:
    """Answers whose address nobody confirmed in time."""
    return select(PendingAnswers.id).where(PendingAnswers.created_at <= now - KEPT_UNCONFIRMED)


def purge_pending(*, now: datetime) -> int:
    """Delete answers that nobody confirmed in time; return how many."""
    return delete_due(PendingAnswers, due_pending(now), "answer.purge_pending", now=now)


def due_enrolments(now: datetime) -> Select[int]:
    """Enrolments in sessions that are over for three years and still say whose they were."""
    joined = select(Enrolment.id).join(CycleSession, CycleSession.id == Enrolment.session_id)
    return joined.where(IS_SOMEBODYS, is_over_since(now - KEPT_NAMED))


def anonymise(*, now: datetime) -> int:
    """Take from enrolments whose they were, and what those people wrote; return how many.

    The rows stay with their status and kind of organisation: they are the numbers of the session. The journal says
    still what was done with each, no longer that its person did it. Evidence of presence has a term of its own.
    """
    ids = db.session.scalars(due_enrolments(now).order_by(Enrolment.id).limit(forgetting.AT_ONCE)).all()
    theirs = (AuditEntry.entity == Enrolment.__tablename__, AuditEntry.entity_id.in_(ids))
    owner = select(Enrolment.person_id).where(Enrolment.id == AuditEntry.entity_id).scalar_subquery()
    for change in (
        delete(Answer).where(Answer.enrolment_id.in_(ids)),
        delete(Reminder).where(Reminder.enrolment_id.in_(ids)),
        update(AuditEntry).where(*theirs, AuditEntry.person_id == owner).values(person_id=None),
        update(Enrolment).where(Enrolment.id.in_(ids)).values(person_id=None, reason=""),
    ):
        db.session.execute(change.execution_options(synchronize_session=False))
    if ids:  # the codes at the entrance are others, that nobody has seen
        db.session.execute(update(Enrolment), [{"id": number, "pass_token": new_pass()} for number in ids])
        audit.record("enrolment.anonymise", by=None, now=now, count=len(ids))
    return len(ids)
