"""Real processes enrol and cancel at once: no seat twice, nobody twice, the queue in order."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.domain import enrolment
from academy.extensions import db as database, transaction
from academy.models import CycleSession, Enrolment, EnrolmentStatus, OrganisationKind, OutboxMessage, Person
from academy.web import clock
from tests.races.storm import ATTEMPTS, CAPACITY, rows_of, storm

CONFIRMED = EnrolmentStatus.CONFIRMED


def _enrol(session_id: int, person_id: int) -> list[str]:
    with transaction() as session:
        held = enrolment.enrol(
            session.get_one(Person, person_id), session.get_one(CycleSession, session_id), now=clock.now()
        )
        return [str(held.status)]


def _enrol_or_leave(session_id: int, person_id: int) -> list[str]:
    """Every third person changes their mind at once."""
    answers = _enrol(session_id, person_id)
    if person_id % 3 == 0:
        with transaction():
            wanted = enrolment.live_enrolment(person_id, session_id)
            if wanted is not None:
                enrolment.cancel(wanted, by=None, now=clock.now())
    return answers


def _enrol_of_a_kind(session_id: int, person_id: int) -> list[str]:
    kind = [None, OrganisationKind.COMPANY, OrganisationKind.EDUCATION][person_id % 3]
    with transaction() as session:
        person, row = session.get_one(Person, person_id), session.get_one(CycleSession, session_id)
        held = enrolment.enrol(person, row, now=clock.now(), kind=kind)
        return [str(held.status)]


@pytest.mark.parametrize("processes", [8, 32])
def test_parallel_enrolments_fill_the_seats_exactly_and_queue_the_rest(app: Flask, processes: int):
    session_id, answers, worst = storm(app, _enrol, processes)
    assert set(answers) <= {"confirmed", "waiting"}
    assert len(answers) == ATTEMPTS // 2 * 2
    assert worst < 30
    with app.app_context():
        rows = rows_of(session_id)
        confirmed, waiting = rows[EnrolmentStatus.CONFIRMED], rows[EnrolmentStatus.WAITING]
        assert len(confirmed) == CAPACITY
        assert sorted(person for _, person in confirmed + waiting) == sorted({p for _, p in confirmed + waiting})
        assert len(confirmed) + len(waiting) == ATTEMPTS // 2
        assert max(confirmed)[0] < min(waiting)[0]
        mails = select(OutboxMessage.topic, func.count()).group_by(OutboxMessage.topic)
        sent = {topic: count for topic, count in database.session.execute(mails)}  # noqa: C416 -- Row is no pair
        assert sent == {"enrolment.confirmed": len(confirmed), "enrolment.waiting": len(waiting)}


@pytest.mark.parametrize("processes", [8])
def test_a_race_of_cancel_and_enrol_leaves_no_seat_empty_and_none_taken_twice(app: Flask, processes: int):
    session_id, answers, _worst = storm(app, _enrol_or_leave, processes)
    assert set(answers) <= {"confirmed", "waiting"}
    with app.app_context():
        rows = rows_of(session_id)
        confirmed, waiting = rows[EnrolmentStatus.CONFIRMED], rows[EnrolmentStatus.WAITING]
        live = [person for _, person in confirmed + waiting]
        assert len(confirmed) == CAPACITY
        assert len(live) == len(set(live))
        assert max(confirmed)[0] < min(waiting)[0]
        assert rows[EnrolmentStatus.CANCELLED] != []


@pytest.mark.parametrize("processes", [8])
def test_quotas_hold_in_a_storm(app: Flask, processes: int):
    session_id, answers, _worst = storm(app, _enrol_of_a_kind, processes, quota_company=4, quota_education=4)
    assert set(answers) <= {"confirmed", "waiting"}
    with app.app_context():
        counts = dict(
            database.session.execute(
                select(Enrolment.organisation_kind, func.count())
                .where(Enrolment.session_id == session_id, Enrolment.status == CONFIRMED)
                .group_by(Enrolment.organisation_kind)
            ).all()
        )
        assert sum(counts.values()) == CAPACITY
        assert min(counts[OrganisationKind.COMPANY], counts[OrganisationKind.EDUCATION]) >= 4
