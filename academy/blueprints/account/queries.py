"""What my space reads: my enrolments as cards, in a fixed number of queries."""

from dataclasses import dataclass, field
from datetime import datetime

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from academy.domain import enrolment, video_rooms
from academy.extensions import db
from academy.formats.events import Event
from academy.models import Alert, CycleSession, Enrolment, EnrolmentStatus, Person, SessionState
from academy.web import agendas
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
    video_url: str  # "" until an hour before


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
        video_url = video_rooms.released(row.session, row.status, now=now)
        item = Mine(row.id, card, row.status, positions.get(row.id, 0), row.joined_at, row.cancelled_at, video_url)
        _shelf(mine, item).append(item)
    mine.past.reverse()
    mine.cancelled.reverse()
    return mine


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
