"""What the pages of the desk read: sessions with their seats, rolls, messages and drafts that wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload, selectinload

from academy.domain import enrolment
from academy.extensions import db
from academy.models import (
    Cycle,
    CycleSession,
    Document,
    Edition,
    Enrolment,
    EnrolmentStatus,
    Invitation,
    OutboxMessage,
    Person,
    Rendering,
    Review,
    ReviewState,
    Revision,
    SessionStatus,
)
from academy.rendering.markdown import RENDERER
from academy.web.session_cards import LOADED, SessionCard, cards, in_order

PER_PAGE = 25
SHOWN = 20  # failed messages, drafts
SOON = timedelta(days=7)
_ENDS_AT = case(
    (CycleSession.status == SessionStatus.POSTPONED, None),  # its old date says nothing any more
    else_=func.coalesce(CycleSession.ends_at, CycleSession.starts_at),
)


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    rows: Sequence[Any]
    total: int
    number: int
    per_page: int = PER_PAGE

    @property
    def count(self) -> int:
        return max(-(-self.total // self.per_page), 1)


@dataclass(frozen=True)
class Line:
    """A session on the desk: what visitors see of it, and what only the team sees."""

    card: SessionCard
    taken: int
    requested: int
    lacks: tuple[str, ...]  # of venue, programme, trainers
    is_public: bool


def page_of(wanted: Select, *, number: int, per_page: int = PER_PAGE) -> Page:
    """Cut a page out of an ordered select; a number too high is the last page."""
    total = db.session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    number = min(max(number, 1), max(-(-total // per_page), 1))
    rows = db.session.scalars(wanted.limit(per_page).offset((number - 1) * per_page))
    return Page(list(rows), total, number, per_page)


def upcoming(*, now: datetime) -> list[Line]:
    """Sessions to come or without a date, the next first, as visitors see them."""
    wanted = select(CycleSession).where(_ENDS_AT.is_(None) | (now < _ENDS_AT))
    found = {line.card.id: line for line in lines(_loaded(wanted), now=now)}
    return [found[card.id] for card in in_order(line.card for line in found.values())]


def past(*, now: datetime, number: int) -> Page:
    """Sessions that ended, the last first; rows are lines."""
    wanted = select(CycleSession).where(now >= _ENDS_AT).order_by(CycleSession.starts_at.desc(), CycleSession.id.desc())
    page = page_of(wanted.options(*LOADED, selectinload(CycleSession.speakers)), number=number)
    return Page(lines(page.rows, now=now), page.total, page.number)


def lines(sessions: Sequence[CycleSession], *, now: datetime) -> list[Line]:
    """The lines of loaded sessions, in their order, in a fixed number of queries."""
    seats = enrolment.seats(list(sessions))
    with_programme = _with_programme([session.document_id for session in sessions])
    return [
        Line(
            card,
            seats[session.id].taken,
            seats[session.id].requested,
            _lacks(session, session.document_id in with_programme),
            session.document.published_in("fr") is not None,
        )
        for session, card in zip(sessions, cards(sessions, now=now), strict=True)
    ]


def invited(session: CycleSession) -> list[tuple[Invitation, str | None]]:
    """Who is invited, in order of address, with the status of their enrolment if they have one."""
    theirs = (
        select(Enrolment.session_id, Enrolment.status, Person.email)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.status != EnrolmentStatus.CANCELLED)
        .subquery()
    )
    same = (theirs.c.session_id == Invitation.session_id) & (theirs.c.email == Invitation.email)
    wanted = select(Invitation, theirs.c.status).outerjoin(theirs, same)
    rows = db.session.execute(wanted.where(Invitation.session_id == session.id).order_by(Invitation.email))
    return [(invitation, status) for invitation, status in rows]


def failed_messages() -> tuple[list[OutboxMessage], int]:
    """The oldest messages that could not be delivered, and how many there are."""
    failed = (OutboxMessage.done_at.is_(None), OutboxMessage.error.is_not(None))
    rows = db.session.scalars(select(OutboxMessage).where(*failed).order_by(OutboxMessage.id).limit(SHOWN))
    return list(rows), db.session.scalar(select(func.count()).select_from(OutboxMessage).where(*failed)) or 0


def waiting_drafts() -> tuple[list[Edition], int]:
    """Editions whose last words readers do not see yet, the last saved first, and how many there are."""
    waits = Edition.head_id.is_not(None) & (Edition.published_id.is_(None) | (Edition.published_id != Edition.head_id))
    wanted = select(Edition).join(Revision, Revision.id == Edition.head_id).where(waits)
    loaded = wanted.options(joinedload(Edition.head), joinedload(Edition.document))
    rows = db.session.scalars(loaded.order_by(Revision.created_at.desc(), Edition.id.desc()).limit(SHOWN))
    return list(rows), db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0


def has_cycle() -> bool:
    """Whether there is a cycle that a session may belong to."""
    return db.session.scalar(select(Cycle.id).limit(1)) is not None


def _loaded(wanted: Select) -> list[CycleSession]:
    return list(db.session.scalars(wanted.options(*LOADED, selectinload(CycleSession.speakers))))


def _with_programme(document_ids: Sequence[int]) -> set[int]:
    """The documents with a published text that says something."""
    wanted = (
        select(Edition.document_id)
        .join(Revision, Revision.id == Edition.published_id)
        .join(
            Rendering,
            (Rendering.source_hash == Revision.source_hash)
            & (Rendering.language == Edition.language)
            & (Rendering.renderer == RENDERER),
        )
        .join(Document, Document.id == Edition.document_id)
        .where(Document.id.in_(document_ids), Rendering.html != "")
    )
    return set(db.session.scalars(wanted))


def _lacks(session: CycleSession, has_programme: bool) -> tuple[str, ...]:
    if session.status == SessionStatus.CANCELLED:
        return ()
    lacking = {
        "venue": session.venue is None and session.mode != "online",
        "programme": not has_programme,
        "trainers": not session.speakers,
    }
    return tuple(name for name, is_lacking in lacking.items() if is_lacking)


def asked_reviews() -> list[Review]:
    """The reviews that somebody asked for, the oldest first."""
    loaded = (
        joinedload(Review.asked_by),
        joinedload(Review.edition).options(joinedload(Edition.head), joinedload(Edition.document)),
    )
    wanted = select(Review).where(Review.state == ReviewState.ASKED).options(*loaded)
    return list(db.session.scalars(wanted.order_by(Review.asked_at, Review.id).limit(SHOWN)))
