"""What somebody who enrols stands before: the seats, a place that they have, whether there are questions.

One statement, made once: it is asked while the session's lock is held, so whatever it says stays true until the commit.
"""

from typing import NamedTuple

from sqlalchemy import String, bindparam, func, literal, select, type_coerce, union_all

from academy.domain import enrolment_questions, seating
from academy.extensions import db
from academy.models import CycleSession, Enrolment, EnrolmentQuestion

_SESSION, _PLACE, _QUESTIONS = bindparam("session"), "place", "questions"
_ASKED = union_all(
    select(type_coerce(Enrolment.status, String), func.count())
    .where(Enrolment.session_id == _SESSION)
    .group_by(Enrolment.status),
    select(literal(_PLACE), Enrolment.id).where(
        Enrolment.session_id == _SESSION,
        Enrolment.person_id == bindparam("person"),
        Enrolment.status != seating.CANCELLED,
    ),
    select(literal(_QUESTIONS), func.count(EnrolmentQuestion.id)).where(*enrolment_questions.IS_ASKED),
)


class Standing(NamedTuple):
    """The number of the place that they have, None without one; how full the session is; how many questions it asks."""

    place: int | None
    full: seating.Seats
    questions: int


def of(person_id: int, session: CycleSession) -> Standing:
    """Ask it. The caller holds the session's lock."""
    asked = {"session": session.id, "cycle": session.cycle_id, "person": person_id}
    said = dict(db.session.execute(_ASKED, asked).all())
    return Standing(said.get(_PLACE), seating.counted(session.capacity, said), said[_QUESTIONS])
