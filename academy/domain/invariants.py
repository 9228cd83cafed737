"""What must always hold: each invariant is a query for the rows that break it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import and_, func, literal, select

from academy.domain import attachments, retention, seating, sheets
from academy.extensions import db
from academy.models import (
    IS_SOMEBODYS,
    Change,
    ContentHead,
    CycleSession,
    Edition,
    Enrolment,
    EnrolmentStatus,
    OrganisationKind,
    OutboxMessage,
    Rendering,
    Revision,
    SessionStatus,
    Ticket,
)
from academy.rendering.markdown import RENDERER

OUTBOX_AGE = timedelta(minutes=15)
PURGE_AGE = timedelta(days=2)


def broken(*, now: datetime) -> Iterator[str]:
    """Say in a sentence each thing that is wrong; nothing when all is well."""
    for check in CHECKS:
        yield from check(now)


def _no_session_is_oversold(_now: datetime) -> Iterator[str]:
    # True as well after an organiser lowered the capacity below the seats given: somebody must decide.
    taken = func.count(Enrolment.id)
    rows = (
        select(CycleSession.id, CycleSession.capacity, taken)
        .join(Enrolment, and_(Enrolment.session_id == CycleSession.id, Enrolment.status.in_(seating.TAKEN)))
        .where(CycleSession.capacity.is_not(None))
        .group_by(CycleSession.id, CycleSession.capacity)
        .having(taken > CycleSession.capacity)
    )
    for session_id, capacity, count in db.session.execute(rows):
        yield f"session {session_id}: {count} seats are taken of {capacity}"


def _nobody_waits_beside_a_free_seat(now: datetime) -> Iterator[str]:
    waits = select(Enrolment.session_id).where(Enrolment.status == EnrolmentStatus.WAITING)
    wanted = select(CycleSession).where(
        CycleSession.status == SessionStatus.SCHEDULED,
        (CycleSession.starts_at.is_(None)) | (CycleSession.starts_at > now),
        CycleSession.id.in_(waits),
    )
    for session in db.session.scalars(wanted.order_by(CycleSession.id)):
        # What the clock alone frees is the worker's to give: it has a while for it.
        if ids := seating.who_would_gain(session, now=now - OUTBOX_AGE):
            yield f"session {session.id}: {len(ids)} people wait while seats are free for them"


def _offers_end(now: datetime) -> Iterator[str]:
    is_offer = Enrolment.status == EnrolmentStatus.OFFERED
    endless = select(Enrolment.id).where(is_offer, Enrolment.offered_until.is_(None))
    for enrolment_id in db.session.scalars(endless):
        yield f"enrolment {enrolment_id}: a seat is offered without a deadline"
    late = (
        select(func.count(), func.min(Enrolment.offered_until))
        .join(CycleSession, CycleSession.id == Enrolment.session_id)
        .where(is_offer, CycleSession.status == SessionStatus.SCHEDULED, Enrolment.offered_until < now - OUTBOX_AGE)
    )
    count, oldest = db.session.execute(late).one()
    if count:
        yield f"{count} offers of seats ended since {oldest} and were not passed on; is a worker running?"


def _quotas_fit(_now: datetime) -> Iterator[str]:
    kept = sum((func.coalesce(getattr(CycleSession, f"quota_{kind}"), 0) for kind in OrganisationKind), literal(0))
    for session_id, seats, capacity in db.session.execute(
        select(CycleSession.id, kept, CycleSession.capacity).where(
            kept > func.coalesce(CycleSession.capacity, 0), CycleSession.status != SessionStatus.CANCELLED
        )
    ):
        yield f"session {session_id}: {seats} seats are kept for kinds of organisations, of {capacity or 'no limit'}"


def _each_person_is_enrolled_once(_now: datetime) -> Iterator[str]:
    rows = (
        select(Enrolment.session_id, Enrolment.person_id)
        .where(Enrolment.status != EnrolmentStatus.CANCELLED, IS_SOMEBODYS)
        .group_by(Enrolment.session_id, Enrolment.person_id)
        .having(func.count() > 1)
    )
    for session_id, person_id in db.session.execute(rows):
        yield f"session {session_id}: person {person_id} is enrolled more than once"


def _each_published_text_is_rendered(_now: datetime) -> Iterator[str]:
    rows = (
        select(Edition.id, Edition.title)
        .join(Revision, Revision.id == Edition.published_id)
        .outerjoin(
            Rendering,
            and_(
                Rendering.source_hash == Revision.source_hash,
                Rendering.language == Edition.language,
                Rendering.renderer == RENDERER,
            ),
        )
        .where(Rendering.source_hash.is_(None))
    )
    for edition_id, title in db.session.execute(rows):
        yield f"edition {edition_id} ({title}): not rendered by {RENDERER}; run `flask content render`"


def _the_change_log_ends_at_its_head(_now: datetime) -> Iterator[str]:
    head = db.session.scalar(select(ContentHead.seq)) or 0
    last, count = db.session.execute(select(func.coalesce(func.max(Change.seq), 0), func.count())).one()
    if last != head:
        yield f"the change log ends at {last}, its head says {head}"
    if count != last:
        yield f"the change log has {count} lines up to number {last}: it is not dense"


def _each_file_has_its_bytes(_now: datetime) -> Iterator[str]:
    for path, name in attachments.lost():
        yield f"{path}/{name}: its bytes are not in the store; take them from a backup, or load a folder that has it"


def _each_sheet_is_whole(_now: datetime) -> Iterator[str]:
    for fault in sheets.faults():
        yield f"session {fault.session_id}: signature {fault.number} of its attendance sheet is {fault.what}"


def _the_outbox_flows(now: datetime) -> Iterator[str]:
    late = select(func.count(), func.min(OutboxMessage.created_at)).where(
        OutboxMessage.done_at.is_(None), OutboxMessage.created_at < now - OUTBOX_AGE
    )
    count, oldest = db.session.execute(late).one()
    if count:
        yield f"outbox: {count} messages wait since {oldest}; is a worker running, do mails leave?"


def _tickets_expire(_now: datetime) -> Iterator[str]:
    endless = select(func.count()).select_from(Ticket).where(Ticket.expires_at <= Ticket.created_at)
    if count := db.session.scalar(endless):
        yield f"{count} tickets expire before they were made"


def _what_is_due_is_deleted(now: datetime) -> Iterator[str]:
    for line in retention.PLAN:
        if count := line.count(now=now - PURGE_AGE):
            yield f"{line.what}: {count} rows are kept for too long ({line.until}); is a worker running?"


CHECKS: tuple[Callable[[datetime], Iterator[str]], ...] = (
    _no_session_is_oversold,
    _nobody_waits_beside_a_free_seat,
    _offers_end,
    _quotas_fit,
    _each_person_is_enrolled_once,
    _each_published_text_is_rendered,
    _the_change_log_ends_at_its_head,
    _each_file_has_its_bytes,
    _each_sheet_is_whole,
    _the_outbox_flows,
    _tickets_expire,
    _what_is_due_is_deleted,
)
