"""What is kept is deleted on its day, not before, and what is due can be asked without deleting."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from academy import jobs
from academy.domain import accounts, after_session, answers, enrolment, forgetting, invariants, scheduling
from academy.domain.answers import Said
from academy.domain.retention import PLAN
from academy.extensions import db as database
from academy.extensions import transaction
from academy.models import (
    Answer,
    AuditEntry,
    CycleSession,
    Enrolment,
    EnrolmentQuestion,
    Invitation,
    PendingAnswers,
    Person,
    Purpose,
    SessionStatus,
)
from academy.web import clock
from tests.factories import a_person, a_question, a_session

NOW = datetime(2027, 2, 4, 12, tzinfo=UTC)
MONTH = timedelta(days=30)
MOMENT = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def _enrol(session_id: int) -> int:
    """Somebody who answers a sensitive and an ordinary question of the session."""
    who = a_person()
    with transaction() as it:
        row = it.get_one(CycleSession, session_id)
        of_it = select(EnrolmentQuestion).where(EnrolmentQuestion.session_id == session_id)
        said = {answers.key(one): Said("x") for one in it.scalars(of_it)}
        held = enrolment.enrol(it.get_one(Person, who), row, now=clock.now(), said=said)
        it.flush()
        return held.id


def _asking(**values) -> int:
    session = a_session(**values)
    a_question(session=session, label_fr="Accès", is_sensitive=True)
    a_question(session=session, label_fr="Attentes")
    return session


def _invited(session_id: int) -> None:
    with transaction() as it:
        it.add(Invitation(session_id=session_id, email="camille@example.org", invited_at=clock.now()))


def _left(at: datetime) -> tuple[int, int]:
    """Sensitive answers and invitations that are left after the jobs of that moment; ordinary answers always stay."""
    with time_machine.travel(at, tick=False):
        jobs.tidy()
    sensitive = select(func.count(Answer.id)).join(Answer.question).where(EnrolmentQuestion.is_sensitive)
    rows = (sensitive, select(func.count(Invitation.id)))
    found = tuple(database.session.scalar(wanted) or 0 for wanted in rows)
    ordinary = select(func.count(Answer.id)).join(Answer.question).where(~EnrolmentQuestion.is_sensitive)
    assert database.session.scalar(ordinary) == database.session.scalar(select(func.count(Enrolment.id)))
    database.session.rollback()
    return found  # pyright: ignore[reportReturnType]


def test_sensitive_answers_and_invitations_go_thirty_days_after_the_session(db):
    session = _asking(starts_in=timedelta(days=10))
    _enrol(session)
    _invited(session)
    end = NOW + timedelta(days=10, hours=2)
    assert after_session.forgotten_at(db.session.get_one(CycleSession, session)) == end + MONTH
    assert _left(end + MONTH - MOMENT) == (1, 1)
    assert _left(end + MONTH) == (0, 0)
    actions = set(database.session.scalars(select(AuditEntry.action)))
    assert {"answer.purge", "invitation.purge"} <= actions


def test_of_a_session_that_is_called_off_they_go_thirty_days_later(db):
    session = _asking(starts_in=timedelta(days=100))
    held = _enrol(session)
    _invited(session)
    with transaction() as it:
        scheduling.cancel_session(it.get_one(CycleSession, session), by=None, now=NOW)
    row = db.session.get_one(CycleSession, session)
    assert after_session.forgotten_at(row, db.session.get_one(Enrolment, held)) == NOW + MONTH
    assert _left(NOW + MONTH - MOMENT) == (1, 1)
    assert _left(NOW + MONTH) == (0, 0)


def test_of_who_gives_a_place_up_they_go_thirty_days_later(db):
    session = _asking(starts_in=timedelta(days=100))
    gone, _stays = _enrol(session), _enrol(session)
    with transaction() as it:
        enrolment.cancel(it.get_one(Enrolment, gone), by=None, now=NOW)
    assert _left(NOW + MONTH - MOMENT) == (2, 0)
    assert _left(NOW + MONTH) == (1, 0)


def test_while_a_session_has_no_date_its_answers_stay_and_its_invitations_a_year(db):
    session = _asking(starts_in=timedelta(days=10))
    _enrol(session)
    _invited(session)
    with transaction() as it:
        it.get_one(CycleSession, session).status = SessionStatus.POSTPONED
    assert after_session.forgotten_at(db.session.get_one(CycleSession, session)) is None
    assert _left(NOW + timedelta(days=364)) == (1, 1)
    assert _left(NOW + timedelta(days=365)) == (1, 0)


def test_answers_that_nobody_confirms_go_after_a_day(db):
    with transaction():
        answers.hold({"q1-1": Said("secret")}, now=NOW)
    for later, left in ((timedelta(days=1) - MOMENT, 1), (timedelta(days=1), 0)):
        with time_machine.travel(NOW + later, tick=False):
            jobs.tidy()
        assert database.session.scalar(select(func.count(PendingAnswers.id))) == left
        database.session.rollback()


def test_a_great_many_are_deleted_piece_by_piece(db, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    session = _asking(starts_in=timedelta(days=1))
    for _ in range(5):
        _enrol(session)
    assert _left(NOW + timedelta(days=40)) == (0, 0)
    counts = select(AuditEntry.detail).where(AuditEntry.action == "answer.purge").order_by(AuditEntry.id)
    assert [detail["count"] for detail in database.session.scalars(counts)] == [2, 2, 1]


def test_the_plan_says_what_is_due_and_deletes_nothing(app: Flask):
    with app.app_context():
        session = _asking(starts_in=timedelta(days=1))
        _enrol(session)
        _invited(session)
    with time_machine.travel(NOW + timedelta(days=40), tick=False):
        for _ in range(2):
            printed = app.test_cli_runner().invoke(args=["retention"])
            assert (printed.exit_code, printed.output.count("\n- ")) == (0, len(PLAN) - 1)
            assert printed.output.count("; due now: 1\n") == 2
            assert "sensitive answers to enrolment questions: 30 days" in printed.output


@pytest.mark.parametrize("line", PLAN, ids=lambda line: line.what)
def test_each_line_can_be_asked_and_followed_on_an_empty_academy(db, line):
    assert (line.is_due(now=NOW), line.count(now=NOW)) == (False, 0)
    with transaction():
        assert line.purge(now=NOW) == 0


def test_links_and_sign_ins_are_forgotten_a_month_after_they_expired(db):
    who = a_person()
    with transaction() as it:
        accounts.issue_ticket(Purpose.SIGN_IN, "ana@example.org", now=NOW, lifetime=MONTH)
        used = accounts.issue_ticket(Purpose.SIGN_IN, "zoe@example.org", now=NOW, lifetime=MONTH)
        spent = accounts.ticket_for(used)
        assert spent is not None
        accounts.use_ticket(spent, now=NOW)
        accounts.sign_in(it.get_one(Person, who), now=NOW)
    end = NOW + accounts.SIGN_IN_LIFETIME + forgetting.KEPT
    for now, count in ((end, 0), (end + MOMENT, 3)):
        with transaction():
            assert forgetting.purge_tickets(now=now) + forgetting.purge_sign_ins(now=now) == count
    actions = set(database.session.scalars(select(AuditEntry.action)))
    assert {"ticket.purge", "sign_in.purge"} <= actions


def test_check_says_when_nobody_deletes_what_is_due(db):
    session = _asking(starts_in=timedelta(days=1))
    _enrol(session)
    end = NOW + timedelta(days=1, hours=2) + MONTH
    told = [list(invariants.broken(now=end + timedelta(days=days))) for days in (1, 3)]
    assert [
        [it for it in said if "sensitive answers" in it and "is a worker running" in it] != [] for said in told
    ] == [
        False,
        True,
    ]
