"""What my space reads: my enrolments as cards, in a fixed number of queries."""

from dataclasses import dataclass, field
from datetime import datetime

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from academy.domain import enrolment
from academy.extensions import db
from academy.models import Alert, CycleSession, Enrolment, EnrolmentStatus, Person, SessionState
from academy.web.finding import query_of
from academy.web.links import in_language
from academy.web.session_cards import LOADED, SessionCard, cards


@dataclass(frozen=True)
class Mine:
    """One enrolment of mine. `position` is 0 when not waiting."""

    id: int
    session: SessionCard
    status: EnrolmentStatus
    position: int
    joined_at: datetime
    cancelled_at: datetime | None


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
        item = Mine(row.id, card, row.status, positions.get(row.id, 0), row.joined_at, row.cancelled_at)
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


def _rows(person: Person) -> list[Enrolment]:
    return list(
        db.session.scalars(
            select(Enrolment)
            .join(Enrolment.session)
            .options(contains_eager(Enrolment.session).options(*LOADED))
            .where(Enrolment.person_id == person.id)
            .order_by(CycleSession.starts_at.asc().nulls_last(), Enrolment.id)
        )
    )


def _shelf(mine: MyEnrolments, item: Mine) -> list[Mine]:
    if item.status == EnrolmentStatus.CANCELLED:
        return mine.cancelled
    return mine.past if item.session.state == SessionState.ENDED else mine.upcoming
