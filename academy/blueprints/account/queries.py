"""What my space reads: my enrolments as cards, in a fixed number of queries."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from academy.domain import attendance, certificates, enrolment, video_rooms
from academy.extensions import db
from academy.formats.events import Event
from academy.models import (
    Alert,
    Cycle,
    CycleSession,
    Edition,
    Enrolment,
    EnrolmentStatus,
    Person,
    SessionState,
    SessionStatus,
)
from academy.web import agendas
from academy.web.certificates import subject_of, title_of
from academy.web.finding import query_of
from academy.web.links import in_language
from academy.web.session_cards import LOADED, SPOKEN, SessionCard, cards


@dataclass(frozen=True)
class Mine:
    """One enrolment of mine. `position` is 0 when not waiting."""

    id: int
    session: SessionCard
    status: EnrolmentStatus
    position: int
    joined_at: datetime
    cancelled_at: datetime | None
    offered_until: datetime | None
    ending: str | None
    video_url: str  # "" until an hour before
    is_on: bool  # a half-day of it is going on: one can say that one is there, and sign


@dataclass
class MyEnrolments:
    upcoming: list[Mine] = field(default_factory=list)
    past: list[Mine] = field(default_factory=list)
    cancelled: list[Mine] = field(default_factory=list)


def my_enrolments(person: Person, *, now: datetime) -> MyEnrolments:
    """Upcoming soonest first, past and cancelled latest first."""
    rows = _rows(person)
    positions = enrolment.positions(rows)
    by_session = {card.id: card for card in cards([row.session for row in rows], now=now)}
    mine = MyEnrolments()
    for row in rows:
        card = by_session[row.session_id]
        place = positions.get(row.id, 0)
        times = (row.joined_at, row.cancelled_at, row.offered_until)
        video_url = video_rooms.released(row.session, row.status, now=now)
        is_on = row.status == EnrolmentStatus.CONFIRMED and attendance.is_going_on(row.session, now=now)
        item = Mine(row.id, card, row.status, place, *times, row.ending, video_url, is_on)
        _shelf(mine, item).append(item)
    mine.past.reverse()
    mine.cancelled.reverse()
    return mine


@dataclass(frozen=True)
class Progress:
    """How far I am in a cycle: its sessions that took place while I held a place, of all that are not called off."""

    title: str
    url: str
    done: int
    total: int

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total)


def my_progress(mine: MyEnrolments) -> list[Progress]:
    """The cycles of my enrolments, in the order of their next session; one query."""
    held = [*mine.upcoming, *mine.past]
    done = Counter(
        it.session.cycle_slug
        for it in mine.past
        if it.session.state == SessionState.ENDED and it.status == EnrolmentStatus.CONFIRMED
    )
    titles = {it.session.cycle_slug: it.session.cycle_title for it in held if it.session.cycle_title}
    totals = _totals(list(titles))
    return [
        Progress(title, url_for("cycles.show", slug=slug), done[slug], totals[slug])
        for slug, title in titles.items()
        if totals.get(slug)
    ]


def _totals(slugs: list[str]) -> dict[str, int]:
    """How many published sessions of each cycle take place."""
    if not slugs:
        return {}
    published = select(Edition.document_id).where(Edition.published_id.is_not(None))
    counts = (
        select(Cycle.slug, func.count(CycleSession.id))
        .join(CycleSession, CycleSession.cycle_id == Cycle.id)
        .where(
            Cycle.slug.in_(slugs),
            CycleSession.status != SessionStatus.CANCELLED,
            CycleSession.document_id.in_(published),
        )
        .group_by(Cycle.slug)
    )
    return dict(db.session.execute(counts).all())


@dataclass(frozen=True)
class MyCertificate:
    """One paper of mine."""

    id: int
    title: str
    subject: str
    number: str
    issued_at: datetime
    is_revoked: bool


def my_certificates(person: Person) -> list[MyCertificate]:
    """The latest first."""
    return [
        MyCertificate(
            row.id, title_of(row.kind), subject_of(row), row.number, row.issued_at, row.revoked_at is not None
        )
        for row in certificates.of_person(person.id)
    ]


@dataclass(frozen=True)
class MyAlert:
    """A search that I follow; not confirmed: the link of its mail waits."""

    id: int
    title: str
    language: str
    url: str
    confirmed_at: datetime | None


def my_alerts(person: Person) -> list[MyAlert]:
    """The latest first."""
    rows = db.session.scalars(select(Alert).where(Alert.email == person.email).order_by(Alert.id.desc()))
    return [
        MyAlert(
            id=row.id,
            title=row.title,
            language=row.language,
            url=in_language(url_for("resources.index", **query_of(**row.question)), row.language),
            confirmed_at=row.confirmed_at,
        )
        for row in rows
    ]


def my_events(person: Person, *, now: datetime) -> list[Event]:
    """One event for each session that has a date: of several places in it the one that lives, else the last."""
    rows = _rows(person, with_speakers=True)
    by_session = {card.id: card for card in cards([row.session for row in rows], now=now)}
    latest: dict[int, Enrolment] = {}
    for row in rows:
        if row.session_id not in latest or latest[row.session_id].status == EnrolmentStatus.CANCELLED:
            latest[row.session_id] = row
    events = (agendas.own_event(row, by_session[row.session_id], now=now) for row in latest.values())
    return [event for event in events if event is not None]


def _rows(person: Person, *, with_speakers: bool = False) -> list[Enrolment]:
    return list(
        db.session.scalars(
            select(Enrolment)
            .join(Enrolment.session)
            .options(contains_eager(Enrolment.session).options(*(SPOKEN if with_speakers else LOADED)))
            .where(Enrolment.person_id == person.id)
            .order_by(CycleSession.starts_at.asc().nulls_last(), Enrolment.id)
        )
    )


def _shelf(mine: MyEnrolments, item: Mine) -> list[Mine]:
    if item.status == EnrolmentStatus.CANCELLED:
        return mine.cancelled
    return mine.past if item.session.state == SessionState.ENDED else mine.upcoming
