"""What the pages about a roll read: a page of it, its counts, all of it."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import contains_eager, joinedload

from academy.blueprints.desk.people_queries import holding
from academy.blueprints.desk.queries import Page, page_of
from academy.extensions import db
from academy.models import IS_SOMEBODYS, CycleSession, Enrolment, EnrolmentStatus, Person

PER_PAGE = 100
ROLL = (  # in the order of a roll
    EnrolmentStatus.CONFIRMED,
    EnrolmentStatus.OFFERED,
    EnrolmentStatus.WAITING,
    EnrolmentStatus.REQUESTED,
    EnrolmentStatus.CANCELLED,
)
_ORDER = case({status: place for place, status in enumerate(ROLL)}, value=Enrolment.status), Enrolment.rank


@dataclass(frozen=True)
class Seat:
    """One line of a roll or of a queue."""

    enrolment: Enrolment
    position: int  # in the queue; 0 with a seat


def counts(session: CycleSession) -> Counter[str]:
    """How many enrolments have each status."""
    wanted = select(Enrolment.status, func.count()).where(Enrolment.session_id == session.id).group_by(Enrolment.status)
    return Counter({str(status): count for status, count in db.session.execute(wanted)})


def page(session: CycleSession, *, status: str, query: str, number: int) -> Page:
    """Some lines of the roll: those of a *status* ("": all but the cancelled) whose person holds every word of *query*."""
    wanted = select(Enrolment).join(Enrolment.person).where(Enrolment.session_id == session.id)
    if status:
        wanted = wanted.where(Enrolment.status == status).order_by(Enrolment.rank)
    else:
        wanted = wanted.where(Enrolment.status != EnrolmentStatus.CANCELLED).order_by(*_ORDER)
    wanted = wanted.where(*holding(query, (Person.name, Person.email, Person.organisation)))
    found = page_of(wanted.options(contains_eager(Enrolment.person)), number=number, per_page=PER_PAGE)
    places = _places(session, [row.id for row in found.rows])
    return Page([Seat(row, places.get(row.id, 0)) for row in found.rows], found.total, found.number, PER_PAGE)


def _places(session: CycleSession, ids: list[int]) -> dict[int, int]:
    """Where those of *ids* who wait stand in the queue, from 1, by id."""
    queue = select(Enrolment.id, func.row_number().over(order_by=Enrolment.rank).label("place"))
    queued = queue.where(Enrolment.session_id == session.id, Enrolment.status == EnrolmentStatus.WAITING).subquery()
    return dict(db.session.execute(select(queued.c.id, queued.c.place).where(queued.c.id.in_(ids))).all())


def roll(session: CycleSession) -> list[Seat]:
    """Who has a seat, to whom one is offered, who waits, who asks, then who gave up; each in the order of joining."""
    return _seats(select(Enrolment).where(Enrolment.session_id == session.id))


def live(session: CycleSession) -> list[Seat]:
    """The roll without those who gave up: who is told of a change."""
    is_live = Enrolment.status != EnrolmentStatus.CANCELLED
    return _seats(select(Enrolment).where(Enrolment.session_id == session.id, is_live))


def _seats(wanted: Select[Enrolment]) -> list[Seat]:
    named = wanted.where(IS_SOMEBODYS).options(joinedload(Enrolment.person))
    rows = list(db.session.scalars(named.order_by(*_ORDER)))
    queue = [row.id for row in rows if row.status == EnrolmentStatus.WAITING]
    places = {waiting: place for place, waiting in enumerate(queue, start=1)}
    return [Seat(row, places.get(row.id, 0)) for row in rows]
