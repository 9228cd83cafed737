"""Everything at once, in 8 and 32 processes: enrol, cancel, accept, approve, refuse, expire, resize, postpone, set again.

Afterwards the journal is read again step by step: no seat beyond the capacity at any moment, each seat and each offer to
whose turn it was, and rows, journal and promised mails say the same.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.domain import enrolment, invariants, layout, postponing, scheduling, seating
from academy.domain.errors import Refused
from academy.domain.session_texts import Schedule, Words, schedule_of
from academy.extensions import db as database, transaction
from academy.models import (
    Cycle,
    CycleSession,
    Enrolment,
    EnrolmentStatus,
    Kind,
    OrganisationKind,
    OutboxMessage,
    Person,
    SessionStatus,
)
from academy.rendering.markdown import render
from academy.web import clock
from tests.factories import a_text
from tests.races.replay import wrongs
from tests.races.storm import CAPACITY, storm

FEWEST, MOST = 6, 14  # seats during a storm
OFFERS, APPROVAL, QUOTAS = {"offer_hours": 1}, {"needs_approval": True, "offer_hours": 1}, {"quota_company": 3}
CASES = [(8, OFFERS), (32, APPROVAL | QUOTAS)]
if os.environ.get("ACADEMY_DEEP"):
    CASES = [(processes, rules) for processes in (8, 32) for rules in ({}, OFFERS, APPROVAL, QUOTAS | OFFERS)]
EXPECTED = {"done", "enrolment_postponed", "edited_meanwhile", "session_not_postponed", "offer_over"}
MAILS = {
    "enrolment.seat": "enrolment.confirmed",
    "enrolment.offer": "enrolment.offered",
    "enrolment.offer_lapse": "enrolment.offer_lapsed",
    "enrolment.cancel": "enrolment.cancelled",
    "enrolment.refuse": "enrolment.refused",
}
_dice = random.SystemRandom()  # another in each process


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Render without a child for each of 32 processes; the text is ours."""
    monkeypatch.setattr(layout.worker, "render_safely", render)


def _a_session(*, capacity: int, **rules: object) -> int:
    """A session whose seats and date stand in a text, as on the desk."""
    a_text("port", kind=Kind.CYCLE, slug="port")
    now = clock.now()
    starts_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=30)
    facts = Schedule(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), capacity=capacity)
    words = {"fr": Words(title="Les câbles", summary="Deux heures.", programme="Café.")}
    cycle = database.session.scalars(select(Cycle).where(Cycle.slug == "port")).one()
    texts = scheduling.prepare_session(cycle, facts, words, publish=True, now=now)
    with transaction() as it:
        row = scheduling.create_session(texts, cycle=it.get_one(Cycle, cycle.id), by=None, now=now)
        for name, value in rules.items():
            setattr(row, name, value)
        it.flush()
        return row.id


def _any(session_id: int, person_id: int) -> list[str]:
    """One gesture of somebody, or of the team, by chance; a session that is postponed is soon set again."""
    answers = [_told(_gesture, session_id, person_id)]
    if answers[0] == "enrolment_postponed" and _dice.random() < 0.2:
        answers.append(_told(_postpone_or_set_again, session_id))
    return answers


def _told(gesture: Callable[..., None], *args: int) -> str:
    try:
        gesture(*args)
    except Refused as refusal:
        return refusal.code
    return "done"


def _gesture(session_id: int, person_id: int) -> None:
    chance = _dice.random()
    if chance < 0.5:
        _enrol(session_id, person_id)
    elif chance < 0.65:
        _leave(session_id, person_id)
    elif chance < 0.86:
        _answer(session_id)
    elif chance < 0.92:
        with transaction():
            seating.settle_next(now=clock.now() + timedelta(hours=2))
    elif chance < 0.96:
        _resize(session_id, _dice.randint(FEWEST, MOST))
    else:
        _postpone_or_set_again(session_id)


def _enrol(session_id: int, person_id: int) -> None:
    kind = [None, OrganisationKind.COMPANY, OrganisationKind.EDUCATION][person_id % 3]
    with transaction() as it:
        person, row = it.get_one(Person, person_id), it.get_one(CycleSession, session_id)
        enrolment.enrol(person, row, now=clock.now(), kind=kind)


def _leave(session_id: int, person_id: int) -> None:
    with transaction():
        if (mine := enrolment.live_enrolment(person_id, session_id)) is not None:
            enrolment.cancel(mine, by=mine.person, now=clock.now())


def _answer(session_id: int) -> None:
    """Somebody to whom a seat is offered says yes or no, or the team answers a request."""
    open_ = Enrolment.status.in_((EnrolmentStatus.OFFERED, EnrolmentStatus.REQUESTED))
    wanted = select(Enrolment).where(Enrolment.session_id == session_id, open_).order_by(Enrolment.rank).limit(6)
    with transaction() as it:
        rows, now, is_yes = list(it.scalars(wanted)), clock.now(), _dice.random() < 0.7
        if not rows:
            return
        row = _dice.choice(rows)
        if row.status == EnrolmentStatus.OFFERED and is_yes:
            enrolment.accept(row, by=row.person, now=now)
        elif row.status == EnrolmentStatus.OFFERED:
            enrolment.cancel(row, by=row.person, now=now)
        elif is_yes:
            enrolment.approve(row, by=None, now=now)
        else:
            enrolment.refuse(row, reason="Session pour les ports.", by=None, now=now)


def _resize(session_id: int, seats: int) -> None:
    row, now = _row(session_id), clock.now()
    edit = scheduling.prepare_resize(row, seats, now=now)
    with transaction():
        scheduling.edit_session(edit, by=None, now=now)


def _postpone_or_set_again(session_id: int) -> None:
    row, now = _row(session_id), clock.now()
    if row.status != SessionStatus.POSTPONED:
        with transaction():
            postponing.postpone_session(row, by=None, now=now)
        return
    _set_again(row)


def _set_again(row: CycleSession) -> None:
    now = clock.now()
    edit = scheduling.prepare_edit(row, schedule_of(row), now=now)
    with transaction():
        postponing.reschedule_session(edit, by=None, now=now)


def _row(session_id: int) -> CycleSession:
    database.session.rollback()  # what others committed meanwhile
    return database.session.get_one(CycleSession, session_id)


def _calm(session_id: int) -> None:
    """Set the session again, pass every deadline, and see to it that there are seats for all who have one."""
    row = database.session.get_one(CycleSession, session_id)
    if row.status == SessionStatus.POSTPONED:
        _set_again(row)
    _resize(session_id, MOST)
    while seating.has_due(now=clock.now() + timedelta(hours=3)):
        with transaction():
            seating.settle_next(now=clock.now() + timedelta(hours=3))


@pytest.mark.parametrize(("processes", "rules"), CASES, ids=[f"{n}-{'-'.join(rules)}" for n, rules in CASES])
@pytest.mark.usefixtures("in_process")
def test_at_no_moment_is_a_seat_given_twice_or_out_of_turn(app: Flask, processes: int, rules: dict):
    session_id, answers, _worst = storm(app, _any, processes, session_of=_a_session, **rules)
    assert set(answers) - EXPECTED == set()
    with app.app_context():
        _calm(session_id)
        row = database.session.get_one(CycleSession, session_id)
        wrong, steps = wrongs(session_id, capacity=CAPACITY, quotas=row.quotas)
        assert wrong == []
        counts = Counter(dict(database.session.execute(_MAILS).all()))
        assert {action: counts[topic] for action, topic in MAILS.items()} == {name: steps[name] for name in MAILS}
        assert steps["enrolment.join"] == database.session.scalar(select(func.count(Enrolment.id)))
        assert list(invariants.broken(now=clock.now())) == []


_MAILS = select(OutboxMessage.topic, func.count()).group_by(OutboxMessage.topic)
