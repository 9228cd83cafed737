"""Follow a cycle: one enrolment in every session of it that one can join."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from academy.domain import admission, audit, enrolment, enrolment_questions, seating
from academy.domain.answers import Answers
from academy.domain.errors import Refused
from academy.extensions import db
from academy.models import (
    Cycle,
    CycleSession,
    Enrolment,
    EnrolmentQuestion,
    EnrolmentStatus,
    Person,
    SessionState,
    SessionStatus,
)

_SHORTEST = timedelta(minutes=1)  # of a session whose end nobody gave


class Outlook(enum.StrEnum):
    """What following does about a session."""

    HELD = "held"  # enrolled already, in whichever way
    JOIN = "join"
    QUEUE = "queue"  # full: the waiting list
    REQUEST = "request"  # the team answers
    CLASH = "clash"  # at the same time as one that is held or joined
    BARRED = "barred"  # for members, or by invitation
    CLOSED = "closed"  # its state takes nobody


_JOINS = {Outlook.JOIN, Outlook.QUEUE, Outlook.REQUEST}


@dataclass(frozen=True)
class Step:
    """One session of the cycle, and what following does about it."""

    session: CycleSession
    outlook: Outlook
    state: SessionState
    held: Enrolment | None = None
    clashes_with: CycleSession | None = None

    @property
    def is_joined(self) -> bool:
        return self.outlook in _JOINS


def plan(person: Person, sessions: Sequence[CycleSession], *, now: datetime) -> list[Step]:
    """What following would do, session by session in their order: nobody is put in two places at once."""
    full = seating.seats(list(sessions)) if sessions else {}
    held = _held(person)
    mine = {one.session_id: one for one in held}
    busy, admitted = [one.session for one in held], admission.admitting(person, sessions)
    steps = []
    for session in sessions:
        state = enrolment.state_of(session, full[session.id], now=now)
        step = _step(session, state, mine.get(session.id), busy, is_admitted=session.id in admitted)
        steps.append(step)
        if step.is_joined:
            busy.append(session)
    return steps


def follow(
    person: Person, cycle: Cycle, sessions: Sequence[CycleSession], *, now: datetime, said: Answers | None = None
) -> list[Enrolment]:
    """Enrol in every session of the cycle that the plan joins; return the new enrolments.

    Sessions are locked in the order of their numbers, as everywhere; one that fills up meanwhile is left out.
    *said* answers the questions of all of them; where one that must be answered is not, nothing is done.
    """
    joined = [step.session for step in plan(person, sessions, now=now) if step.is_joined]
    made = []
    for session in sorted(joined, key=lambda it: it.id):
        try:
            with db.session.begin_nested():
                made.append(enrolment.enrol(person, session, now=now, said=said))
        except Refused as refusal:
            if refusal.code == "answers_missing":
                raise
    audit.record("cycle.follow", cycle, by=person, now=now, sessions=len(made))
    return made


def questions(steps: Sequence[Step]) -> list[tuple[CycleSession | None, list[EnrolmentQuestion]]]:
    """What following asks: the questions of the cycle once (None), then those of each session that it joins."""
    joined = [step.session for step in steps if step.is_joined]
    by_session = enrolment_questions.asked_in(joined) if joined else {}
    shared = [one for one in by_session[joined[0].id] if one.cycle_id is not None] if joined else []
    own = [(session, [one for one in by_session[session.id] if one.cycle_id is None]) for session in joined]
    return [(place, asked) for place, asked in [(None, shared), *own] if asked]


def overlap(one: CycleSession, other: CycleSession) -> bool:
    """Whether two sessions take place at the same time; one without a date does not."""
    if one.starts_at is None or other.starts_at is None:
        return False
    if SessionStatus.POSTPONED in (one.status, other.status):
        return False
    return one.starts_at < _end(other) and other.starts_at < _end(one)


def _end(session: CycleSession) -> datetime:
    assert session.starts_at is not None
    return session.ends_at or session.starts_at + _SHORTEST


def _held(person: Person) -> list[Enrolment]:
    live = select(Enrolment).where(Enrolment.person_id == person.id, Enrolment.status != EnrolmentStatus.CANCELLED)
    wanted = live.join(Enrolment.session).where(CycleSession.status != SessionStatus.CANCELLED)
    return list(db.session.scalars(wanted.options(contains_eager(Enrolment.session)).order_by(Enrolment.id)))


def _step(
    session: CycleSession,
    state: SessionState,
    held: Enrolment | None,
    busy: Sequence[CycleSession],
    *,
    is_admitted: bool,
) -> Step:
    if held is not None:
        return Step(session, Outlook.HELD, state, held)
    if state not in enrolment.ACCEPTING:
        return Step(session, Outlook.CLOSED, state)
    if not is_admitted:
        return Step(session, Outlook.BARRED, state)
    if (other := next((one for one in busy if overlap(one, session)), None)) is not None:
        return Step(session, Outlook.CLASH, state, clashes_with=other)
    if session.needs_approval:
        return Step(session, Outlook.REQUEST, state)
    return Step(session, Outlook.QUEUE if state == SessionState.WAITING_LIST else Outlook.JOIN, state)
