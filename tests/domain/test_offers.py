"""A freed seat may be offered with a deadline: accepted, declined, lapsed, passed on; nobody else gets it meanwhile."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.domain import admission, enrolment, invariants, rolls, seating
from academy.domain.errors import Refused
from academy.extensions import db as database, transaction
from academy.models import (
    AuditEntry,
    CycleSession,
    Enrolment,
    OrganisationKind,
    OutboxMessage,
    Person,
    SessionStatus,
)
from academy.web import clock
from tests.factories import a_person, a_session

pytestmark = pytest.mark.usefixtures("db")
NOW = clock.now()
LATER = NOW + timedelta(hours=25)
COMPANY, EDUCATION = OrganisationKind.COMPANY, OrganisationKind.EDUCATION


def enrol(session: int, *, kind: OrganisationKind | None = None, now=NOW) -> int:
    person = a_person()
    with transaction() as it:
        held = enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, session), now=now, kind=kind)
        it.flush()
        return held.id


def act(verb, held: int, *, now=NOW, **more):
    with transaction() as it:
        verb(it.get_one(Enrolment, held), by=None, now=now, **more)


def statuses(*held: int) -> list[str]:
    database.session.rollback()
    return [str(database.session.get_one(Enrolment, one).status) for one in held]


def work(*, now=LATER) -> int:
    """What the worker does each minute."""
    if not seating.has_due(now=now):
        return 0
    with transaction():
        return seating.settle_next(now=now)


def topics(start: str = "enrolment.") -> list[str]:
    rows = database.session.scalars(select(OutboxMessage.topic).order_by(OutboxMessage.id))
    return [topic.removeprefix(start) for topic in rows]


def a_full_session(**values) -> tuple[int, list[int]]:
    """One seat, taken, and three who wait."""
    session = a_session(**{"capacity": 1, "offer_hours": 24} | values)
    return session, [enrol(session) for _ in range(4)]


def test_a_freed_seat_is_offered_to_the_head_of_the_queue_and_kept_for_it():
    session, (first, second, third, _fourth) = a_full_session()
    act(enrolment.cancel, first)
    assert statuses(first, second, third) == ["cancelled", "offered", "waiting"]
    assert database.session.get_one(Enrolment, second).offered_until == NOW + timedelta(hours=24)
    row = database.session.get_one(CycleSession, session)
    assert seating.seats([row])[session].left == 0
    assert topics()[-2:] == ["cancelled", "offered"]
    assert list(invariants.broken(now=NOW)) == []


def test_a_newcomer_to_a_free_seat_gets_it_at_once():
    session = a_session(capacity=1, offer_hours=24)
    assert statuses(enrol(session)) == ["confirmed"]


def test_an_accepted_offer_is_a_seat_and_twice_is_harmless():
    _session, (first, second, *_rest) = a_full_session()
    act(enrolment.cancel, first)
    act(enrolment.accept, second)
    act(enrolment.accept, second)
    assert statuses(second) == ["confirmed"]
    assert topics().count("confirmed") == 2


def test_a_declined_offer_goes_to_the_next():
    _session, (first, second, third, _fourth) = a_full_session()
    act(enrolment.cancel, first)
    act(enrolment.cancel, second)
    assert statuses(second, third) == ["cancelled", "offered"]
    assert database.session.get_one(Enrolment, second).ending == "declined"


def test_a_lapsed_offer_goes_to_the_next_and_cannot_be_accepted_any_more():
    _session, (first, second, third, _fourth) = a_full_session()
    act(enrolment.cancel, first)
    with pytest.raises(Refused, match="offer_over"):
        act(enrolment.accept, second, now=LATER)
    assert statuses(second) == ["offered"]
    assert work() == 2  # one lapsed, one offered
    assert statuses(second, third) == ["cancelled", "offered"]
    assert database.session.get_one(Enrolment, second).ending == "expired"
    assert "offer_lapsed" in topics()
    assert work() == 0


def test_any_change_of_the_session_lets_offers_lapse_first():
    session, (first, second, third, fourth) = a_full_session()
    act(enrolment.cancel, first)
    newcomer = enrol(session, now=LATER)
    assert statuses(second, third, fourth, newcomer) == ["cancelled", "offered", "waiting", "waiting"]


def test_a_session_without_a_queue_takes_somebody_once_its_offer_has_lapsed():
    session, (first, second, third, fourth) = a_full_session()
    for held in (third, fourth, first):
        act(enrolment.cancel, held)
    with transaction() as it:
        it.get_one(CycleSession, session).has_waiting_list = False
    assert statuses(second) == ["offered"]
    assert statuses(enrol(session, now=LATER)) == ["confirmed"]


def test_more_seats_are_as_many_offers():
    session, (_first, second, third, fourth) = a_full_session()
    with transaction() as it:
        enrolment.resize(it.get_one(CycleSession, session), 3, by=None, now=NOW)
    assert statuses(second, third, fourth) == ["offered", "offered", "waiting"]


def test_no_offer_lasts_beyond_the_start_and_none_is_made_after_it():
    session, (first, second, third, _fourth) = a_full_session(starts_in=timedelta(hours=10))
    act(enrolment.cancel, first)
    start = database.session.get_one(CycleSession, session).starts_at
    assert database.session.get_one(Enrolment, second).offered_until == start
    work(now=start + timedelta(minutes=1))
    assert statuses(second, third) == ["cancelled", "waiting"]


def test_offers_of_a_postponed_session_wait_with_it():
    session, (first, second, third, _fourth) = a_full_session()
    act(enrolment.cancel, first)
    with transaction() as it:
        it.get_one(CycleSession, session).status = SessionStatus.POSTPONED
    assert work() == 0
    assert statuses(second, third) == ["offered", "waiting"]
    act(enrolment.accept, second, now=LATER)
    assert statuses(second) == ["confirmed"]


def test_every_step_is_in_the_journal():
    _session, (first, second, third, _fourth) = a_full_session()
    act(enrolment.cancel, first)
    work()
    act(enrolment.accept, third, now=LATER)
    rows = select(AuditEntry.action).where(AuditEntry.entity == "enrolment", AuditEntry.entity_id.in_([second, third]))
    assert list(database.session.scalars(rows.order_by(AuditEntry.id))) == [
        *("enrolment.join", "enrolment.join", "enrolment.offer"),
        *("enrolment.offer_lapse", "enrolment.offer", "enrolment.accept", "enrolment.seat"),
    ]


def test_the_check_names_offers_that_nobody_passed_on():
    _session, (first, *_rest) = a_full_session()
    act(enrolment.cancel, first)
    assert any("offers of seats ended" in line for line in invariants.broken(now=LATER + timedelta(hours=1)))


# Requests


def test_a_request_waits_for_an_answer_and_takes_no_seat():
    session = a_session(capacity=1, needs_approval=True)
    held = enrol(session)
    row = database.session.get_one(CycleSession, session)
    assert (statuses(held), seating.seats([row])[session].taken, topics()) == (["requested"], 0, ["requested"])


def test_approved_requests_get_seats_in_the_order_in_which_they_were_made():
    session = a_session(capacity=1, needs_approval=True)
    first, second = enrol(session), enrol(session)
    with transaction() as it:
        both = [it.get_one(Enrolment, one) for one in (second, first)]
        assert rolls.answer(both, is_approved=True, by=None, now=NOW) == 2
    assert statuses(first, second) == ["confirmed", "waiting"]


def test_a_request_is_refused_with_a_reason_that_is_kept():
    session = a_session(needs_approval=True)
    held = enrol(session)
    with pytest.raises(Refused, match="reason_missing"):
        act(enrolment.refuse, held, reason="  ")
    act(enrolment.refuse, held, reason="La session est complète.")
    row = database.session.get_one(Enrolment, held)
    assert (row.status, row.ending, row.reason) == ("cancelled", "refused", "La session est complète.")
    assert topics()[-1] == "refused"
    act(enrolment.approve, held)
    assert statuses(held) == ["cancelled"]


def test_whom_the_team_enrols_needs_no_approval():
    session = a_session(needs_approval=True, access="invitation")
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        held = rolls.enrol_for(row, "ana@example.org", name="Ana", by=None, now=NOW).id
    assert statuses(held) == ["confirmed"]


# Quotas


def test_quotas_hold_until_three_days_before_then_everybody_may():
    session = a_session(capacity=2, quota_education=1, starts_in=timedelta(days=10))
    first, second = enrol(session, kind=COMPANY), enrol(session, kind=COMPANY)
    assert statuses(first, second) == ["confirmed", "waiting"]
    assert list(invariants.broken(now=NOW)) == []
    assert work(now=NOW + timedelta(days=6)) == 0
    assert work(now=NOW + timedelta(days=8)) == 1
    assert statuses(second) == ["confirmed"]


def test_somebody_of_a_kind_with_room_passes_those_who_wait():
    session = a_session(capacity=2, quota_education=1)
    held = [enrol(session, kind=kind) for kind in (COMPANY, COMPANY, EDUCATION)]
    assert statuses(*held) == ["confirmed", "waiting", "confirmed"]


def test_without_a_queue_nobody_takes_a_seat_kept_for_others():
    session = a_session(capacity=2, quota_education=1, has_waiting_list=False)
    enrol(session)
    with pytest.raises(Refused, match="enrolment_kept"):
        enrol(session, kind=COMPANY)
    assert statuses(enrol(session, kind=EDUCATION)) == ["confirmed"]


def rules(session: int, **values) -> None:
    with transaction() as it:
        wanted = admission.Rules(**{"quotas": {}} | values)
        admission.set_rules(it.get_one(CycleSession, session), wanted, by=None, now=NOW)


def test_quotas_are_no_more_than_the_seats():
    with pytest.raises(Refused, match="quotas_above_capacity"):
        rules(a_session(capacity=2), quotas={EDUCATION: 2, COMPANY: 1})
    with pytest.raises(Refused, match="quotas_without_limit"):
        rules(a_session(capacity=None), quotas={EDUCATION: 2})


def test_a_quota_that_is_given_up_seats_who_waits():
    session = a_session(capacity=2, quota_education=1)
    _first, second = enrol(session, kind=COMPANY), enrol(session, kind=COMPANY)
    rules(session)
    assert statuses(second) == ["confirmed"]


def test_the_check_names_quotas_above_the_seats():
    session = a_session(capacity=1, quota_education=3)
    assert any(line.startswith(f"session {session}: 3 seats are kept") for line in invariants.broken(now=NOW))
