"""What a page shows of a session: rows, seats and clock in one mapping."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from academy.domain import enrolment
from academy.extensions import db
from academy.models import CycleSession, Document, Edition, Kind, SessionState
from academy.policies import audiences_of
from academy.web import clock
from academy.web.identity import asker
from academy.web.locale import language
from academy.web.spoken import Spoken, by_preference
from academy.web.texts import shown

# For every query whose sessions become cards: no query in a loop.
LOADED = (
    joinedload(CycleSession.cycle),
    joinedload(CycleSession.venue),
    joinedload(CycleSession.document).selectinload(Document.editions),
)

_STATES = list(SessionState)
_NEVER = datetime.max.replace(tzinfo=UTC)
SPOKEN = (*LOADED, selectinload(CycleSession.speakers))  # and those who teach, for calendars and linked data


def visible() -> Select[int]:
    """Select the documents of the sessions that the asker may see."""
    return select(Edition.document_id).join(Edition.document).where(Document.kind == Kind.SESSION, *shown())


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCard:
    """A session as the components `session_card`, `route`, `seats` and `mode` read it."""

    id: int
    url: str
    title: str
    summary: str
    language: str  # of the words, which may be the other one
    cycle_slug: str
    cycle_title: str  # "" for a cycle that the asker may not see
    starts_at: datetime | None  # None too once it was postponed: the old date no longer stands
    ends_at: datetime | None
    opens_at: datetime | None  # enrolment
    state: SessionState
    access: str  # open, members, invitation
    needs_approval: bool
    has_quotas: bool
    capacity: int | None
    seats_left: int | None
    queue_length: int
    mode: str
    venue_name: str
    venue_city: str
    is_example: bool

    @property
    def month_on(self) -> date | None:
        """First day of its month in Paris: what the calendar groups by."""
        return self.starts_at.astimezone(clock.PARIS).date().replace(day=1) if self.starts_at else None


def in_order(cards: Iterable[SessionCard]) -> list[SessionCard]:
    """By date, what has none last; at the same date what one can still act on first."""
    return sorted(cards, key=lambda it: (it.starts_at is None, it.starts_at or _NEVER, _STATES.index(it.state), it.id))


def cards(sessions: Sequence[CycleSession], *, now: datetime) -> list[SessionCard]:
    """The cards of sessions loaded with LOADED, in their order: two queries, however many they are."""
    seats = enrolment.seats(list(sessions)) if sessions else {}
    titles = cycle_titles({session.cycle_id for session in sessions})
    return [_card(session, seats[session.id], titles.get(session.cycle_id, ""), now) for session in sessions]


def cycle_titles(ids: set[int]) -> dict[int, Spoken]:
    """The title of each cycle that the asker may see, in the page's language, else in the other."""
    if not ids:
        return {}
    found = db.session.execute(
        select(Document.cycle_id, Edition.language, Edition.title)
        .join(Edition, Edition.document_id == Document.id)
        .where(
            Document.kind == Kind.CYCLE,
            Document.cycle_id.in_(ids),
            Document.audience.in_(sorted(audiences_of(asker()))),
            Edition.published_id.is_not(None),
        )
    )
    return {row.cycle_id: Spoken(row.title, row.language) for row in by_preference(found)}


def _card(session: CycleSession, seats: enrolment.Seats, cycle_title: str, now: datetime) -> SessionCard:
    edition = session.document.published_in(language())
    venue, state = session.venue, enrolment.state_of(session, seats, now=now)
    return SessionCard(
        id=session.id,
        url=url_for("sessions.show", id=session.id, slug=session.document.slug),
        title=Spoken(edition.title, edition.language) if edition else session.document.key,
        summary=edition.summary if edition else "",
        language=edition.language if edition else language(),
        cycle_slug=session.cycle.slug,
        cycle_title=cycle_title,
        starts_at=session.starts_at if state.has_date else None,
        ends_at=session.ends_at if state.has_date else None,
        opens_at=session.opens_at,
        state=state,
        access=str(session.access),
        needs_approval=session.needs_approval,
        has_quotas=bool(session.quotas),
        capacity=session.capacity,
        seats_left=seats.left,
        queue_length=seats.waiting,
        mode=str(session.mode),
        venue_name=venue.name_in(language()) if venue else "",
        venue_city=venue.city if venue else "",
        is_example=session.is_example,
    )
