"""What is kept is deleted on its day, not before, and what is due can be asked without deleting."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from academy import jobs
from academy.domain import (
    accounts,
    after_session,
    answers,
    attendance,
    attended,
    enrolment,
    forgetting,
    invariants,
    passes,
    reviews,
    scheduling,
    seating,
)
from academy.domain.answers import Said
from academy.domain.retention import PLAN
from academy.extensions import db as database, transaction
from academy.models import (
    Answer,
    Attendance,
    AuditEntry,
    Comment,
    CycleSession,
    Edition,
    Enrolment,
    EnrolmentQuestion,
    Invitation,
    OrganisationKind,
    PendingAnswers,
    Person,
    Purpose,
    Review,
    Role,
    SessionStatus,
    Thread,
)
from academy.web import clock
from tests.factories import a_person, a_question, a_session, a_text

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


def test_reviews_and_comments_are_forgotten_a_year_after_their_end(db):
    ugo, edition_id = a_person(role=Role.TRAINER), a_text("escale", is_published=False)
    year = timedelta(days=365)
    said = {"digest": "0" * 64, "line": 1, "excerpt": "Un quai.", "body": "Lequel ?", "now": NOW}
    with transaction() as it:
        edition, by = it.get_one(Edition, edition_id), it.get_one(Person, ugo)
        reviews.call_off(reviews.ask(edition, reviewer=None, note="La fin.", by=by, now=NOW), by=by, now=NOW)
        it.flush()
        reviews.ask(edition, reviewer=None, note="Encore.", by=by, now=NOW)
        idle, answered, settled = (reviews.comment(edition, by=by, **said) for _ in range(3))
        it.flush()
        reviews.answer(answered, "Le grand.", by=by, now=NOW + MONTH)
        reviews.resolve(settled, by=by, now=NOW + 2 * MONTH)
        ids = [idle.id, answered.id, settled.id]
    for after, asked, threads, comments in (
        (year, 2, 3, 4),
        (year + MOMENT, 1, 2, 3),
        (year + MONTH + MOMENT, 1, 1, 1),
        (2 * year, 1, 0, 0),
    ):
        with time_machine.travel(NOW + after, tick=False):
            jobs.tidy()
        counted = [database.session.scalar(select(func.count(kind.id))) for kind in (Review, Thread, Comment)]
        kept = list(database.session.scalars(select(Thread.id).order_by(Thread.id)))
        database.session.rollback()
        assert (counted, kept) == ([asked, threads, comments], ids[3 - threads :])
    actions = set(database.session.scalars(select(AuditEntry.action)))
    assert {"review.purge", "thread.purge"} <= actions


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


THREE_YEARS = timedelta(days=3 * 365)


def test_whose_an_enrolment_was_is_forgotten_three_years_after_the_session_and_its_numbers_stay(db):
    session = _asking(starts_in=timedelta(days=10), capacity=1)
    seated, waiting = _enrol(session), _enrol(session)
    young = _enrol(_asking(starts_in=timedelta(days=20)))
    with transaction() as it:
        row = it.get_one(Enrolment, seated)
        row.organisation_kind, row.reason = OrganisationKind.COMPANY, "trop tard"
        code, who = row.pass_token, row.person_id
        day = NOW.date()
        it.add(Attendance(session_id=session, person_id=who, day=day, half="morning", way="team", marked_at=NOW))
    end = NOW + timedelta(days=10, hours=2) + THREE_YEARS
    assert not any(line.is_due(now=end - MOMENT) for line in PLAN if line.purge is after_session.anonymise)
    with transaction():
        assert after_session.anonymise(now=end) == 2
    told = select(AuditEntry).where(AuditEntry.entity == "enrolment", AuditEntry.entity_id.in_([seated, waiting]))
    assert {(entry.action, entry.person_id) for entry in database.session.scalars(told)} == {
        ("enrolment.join", None),
        ("enrolment.seat", None),
    }
    with time_machine.travel(end, tick=False):
        jobs.tidy()
    rows = database.session.scalars(select(Enrolment).order_by(Enrolment.id)).all()
    assert [row.person_id is None for row in rows] == [True, True, False]
    assert [row.status for row in rows] == ["confirmed", "waiting", "confirmed"]
    assert (rows[0].organisation_kind, rows[0].reason, rows[0].id) == (OrganisationKind.COMPANY, "", seated)
    assert rows[0].pass_token != code
    assert passes.by_token(rows[0].pass_token) is None
    assert set(database.session.scalars(select(Answer.enrolment_id))) == {young}
    assert seating.seats([database.session.get_one(CycleSession, session)])[session].taken == 1
    assert database.session.scalars(told).all() == []  # the journal forgot them after a year
    written = select(AuditEntry.detail).where(AuditEntry.action == "enrolment.anonymise")
    assert list(database.session.scalars(written)) == [{"count": 2}]
    assert database.session.scalars(select(Attendance.person_id)).all() == [who]  # evidence has its own term
    assert attendance.seats(session) == []
    row = database.session.get_one(CycleSession, session)
    assert [it.person.id for it in attended.attended(row, attended.Evidence.MARKED)] == [who]
    assert [said for said in invariants.broken(now=end) if "enrolled more than once" in said] == []


def test_what_the_team_did_with_an_old_enrolment_stays_the_teams(db):
    session = a_session(starts_in=timedelta(days=10))
    who, team = a_person(), a_person(role=Role.ORGANISER)
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        held = enrolment.enrol(it.get_one(Person, who), row, now=clock.now())
        enrolment.cancel(held, by=it.get_one(Person, team), now=clock.now())
    with transaction():
        assert after_session.anonymise(now=NOW + timedelta(days=11) + THREE_YEARS) == 1
    told = select(AuditEntry.action, AuditEntry.person_id).where(AuditEntry.entity == "enrolment")
    assert dict(database.session.execute(told.order_by(AuditEntry.id)).all()) == {
        "enrolment.join": None,
        "enrolment.seat": None,
        "enrolment.cancel": team,
    }


def test_while_a_session_is_postponed_its_enrolments_keep_their_people(db):
    session = a_session(starts_in=timedelta(days=10), status=SessionStatus.POSTPONED)
    with transaction() as it:
        it.add(Enrolment(session_id=session, person_id=a_person_in(it), status="waiting", rank=1, joined_at=NOW))
        assert after_session.anonymise(now=NOW + 3 * THREE_YEARS) == 0


def a_person_in(it) -> int:
    person = Person(email="zoe@example.org", name="Zoé", created_at=NOW)
    it.add(person)
    it.flush()
    return person.id


def test_old_enrolments_are_made_anonymous_piece_by_piece(db, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    session = a_session(starts_in=timedelta(days=1))
    for _ in range(3):
        _enrol(session)
    with time_machine.travel(NOW + timedelta(days=2) + THREE_YEARS, tick=False):
        jobs.tidy()
    counts = select(AuditEntry.detail).where(AuditEntry.action == "enrolment.anonymise").order_by(AuditEntry.id)
    assert [detail["count"] for detail in database.session.scalars(counts)] == [2, 1]


@pytest.mark.parametrize(("is_cofinanced", "years"), [(False, 6), (True, 10)])
def test_evidence_of_presence_is_kept_six_years_and_ten_where_a_fund_pays(app: Flask, is_cofinanced: bool, years: int):
    with app.app_context():
        session, who = a_session(starts_in=timedelta(days=1)), a_person()
        with transaction() as it:
            it.get_one(CycleSession, session).is_cofinanced = is_cofinanced
            day = NOW.date()
            it.add(Attendance(session_id=session, person_id=who, day=day, half="morning", way="team", marked_at=NOW))
    term = timedelta(days=365 * years)
    for later, due in ((term, 0), (term + MOMENT, 1)):
        with time_machine.travel(NOW + later, tick=False):
            said = app.test_cli_runner().invoke(args=["retention"]).output
        wanted = "6 years after the last of them, 10 years of a co-financed session; due now:"
        assert f"{wanted} {due}\n" in said
    with app.app_context(), transaction() as it:
        assert attendance.purge(now=NOW + term + MOMENT) == 1
        assert it.scalar(select(func.count(Attendance.id))) == 0


def test_the_journal_is_kept_a_year_and_ten_for_what_proves_presence(db):
    now = datetime(2030, 1, 1, tzinfo=UTC)
    days = {"cycle.create": 366, "enrolment.cancel": 364, "sheet.sign": 366, "certificate.issue": 3654}
    with transaction() as session:
        session.add_all(
            AuditEntry(at=now - timedelta(days=old), action=action, entity="x", detail={})
            for action, old in days.items()
        )
    with transaction():
        assert forgetting.purge_journal(now=now) == 2
    actions = set(db.session.scalars(select(AuditEntry.action)))
    assert actions == {"enrolment.cancel", "sheet.sign", "journal.purge"}
