"""Who was there: by the code of the room, by the door, by the team; once per person and half-day."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from academy.domain import attendance, doors, enrolment, room_codes
from academy.domain.errors import Refused
from academy.domain.half_days import HalfDay
from academy.extensions import db as database, transaction
from academy.models import Attendance, AuditEntry, CycleSession, DoorLink, Enrolment, Person, Role, RoomCode, Way
from academy.web import clock
from tests.factories import a_person, a_session

pytestmark = pytest.mark.usefixtures("db")
NONCE = "0123456789abcdef0123"


@pytest.fixture
def running() -> tuple[int, int, int]:
    """A session that begins in half an hour with a room: its id, that of somebody with a place, that of an organiser."""
    session, person, boss = a_session(starts_in=timedelta(minutes=30)), a_person(), a_person(role=Role.ORGANISER)
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        enrolment.enrol(it.get_one(Person, person), row, now=clock.now())
        room_codes.renew(row, by=it.get_one(Person, boss), now=clock.now())
    return session, person, boss


def code(session: int, **ago: float) -> str:
    at = clock.now() - timedelta(**ago)
    return room_codes.shown(database.session.get_one(RoomCode, session), now=at)[0]


def check_in(person: int, session: int, typed: str, **later: float) -> HalfDay:
    with transaction() as it:
        now = clock.now() + timedelta(**later)
        return attendance.check_in(it.get_one(Person, person), it.get_one(CycleSession, session), typed, now=now)


def refusal(*args, **later: float) -> str:
    with pytest.raises(Refused) as refused:
        check_in(*args, **later)
    return refused.value.code


def rows() -> list[Attendance]:
    return list(database.session.scalars(select(Attendance).order_by(Attendance.id)))


def test_the_code_of_the_room_marks_once(running):
    session, person, _boss = running
    check_in(person, session, code(session))
    shown = code(session)
    check_in(person, session, f" {shown[:3]} {shown[3:]} ")
    (row,) = rows()
    assert (row.person_id, row.session_id, row.way) == (person, session, Way.ROOM)
    audited = select(func.count()).where(AuditEntry.action == "attendance.mark")
    assert database.session.scalar(audited) == 1


def test_a_code_lives_for_three_steps(running):
    session, _person, _boss = running
    at = clock.now()
    at -= timedelta(seconds=at.timestamp() % room_codes.STEP)
    shown, left = room_codes.shown(database.session.get_one(RoomCode, session), now=at)
    assert left == room_codes.STEP
    lives = {s: room_codes.is_accepted(session, shown, now=at + timedelta(seconds=s)) for s in (-1, 0, 59, 60, 3600)}
    assert lives == {-1: False, 0: True, 59: True, 60: False, 3600: False}


def test_the_code_is_that_of_rfc_6238():
    """Appendix B: the SHA-256 key, 59 s at 30 s a step is step 1, as 20 s are here; the last six of 46119246."""
    secret = b"12345678901234567890123456789012".hex()
    assert room_codes.shown(RoomCode(secret=secret), now=datetime.fromtimestamp(20, UTC)) == ("119246", 20)


@pytest.mark.parametrize("typed", ["", "000000 ", "12345", "1234567", "१२३४५६", "12345\0", "x" * 10_000, "-12345"])
def test_hostile_codes_are_refused(running, typed: str):
    session, person, _boss = running
    if typed.strip() != code(session):
        assert refusal(person, session, typed) == "check_in_code"
    assert rows() == []


def test_another_room_another_day_and_a_stranger_are_refused(running):
    session, person, boss = running
    other = a_session(starts_in=timedelta(minutes=30))
    with transaction() as it:
        row = it.get_one(CycleSession, other)
        room_codes.renew(row, by=it.get_one(Person, boss), now=clock.now())
        enrolment.enrol(it.get_one(Person, person), row, now=clock.now())
    assert refusal(a_person(), session, code(session)) == "check_in_no_place"
    assert refusal(person, session, code(other)) == "check_in_code"
    assert refusal(person, session, code(session), days=1) == "check_in_closed"
    assert refusal(person, session, code(session), days=-1) == "check_in_closed"


def test_a_new_secret_ends_every_code(running):
    session, person, boss = running
    old = code(session)
    with transaction() as it:
        room_codes.renew(it.get_one(CycleSession, session), by=it.get_one(Person, boss), now=clock.now())
    if old != code(session):
        assert refusal(person, session, old) == "check_in_code"


def tap(session: int, person: int, *, on: bool = True, nonce: str = NONCE, door: int | None = None) -> bool:
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        return attendance.tap(
            row,
            person,
            attendance.of_session(row)[0],
            is_present=on,
            nonce=nonce,
            door=it.get_one(DoorLink, door) if door else None,
            by=None,
            now=clock.now(),
        )


def test_a_tap_that_is_sent_again_changes_nothing(running):
    session, person, _boss = running
    assert tap(session, person)
    assert tap(session, person, on=False, nonce=NONCE + "-2")
    assert not tap(session, person)
    assert rows() == []


def test_a_tap_needs_a_place_and_a_nonce(running):
    session, person, _boss = running
    for who, nonce, why in ((a_person(), NONCE, "tap_no_place"), (person, "x' OR 1=1", "tap_unreadable")):
        with pytest.raises(Refused) as refused:
            tap(session, who, nonce=nonce)
        assert refused.value.code == why


def test_who_gave_up_the_place_is_not_on_the_roll(running):
    session, person, _boss = running
    with transaction() as it:
        held = it.scalars(select(Enrolment).where(Enrolment.person_id == person)).one()
        enrolment.cancel(held, by=None, now=clock.now())
    assert attendance.seats(session) == []
    assert refusal(person, session, code(session)) == "check_in_no_place"


def a_door(session: int, boss: int, name: str = "Ana") -> tuple[int, str]:
    with transaction() as it:
        link, token = doors.make(it.get_one(CycleSession, session), name, by=it.get_one(Person, boss), now=clock.now())
        return link.id, token


def test_a_door_is_open_until_the_end_of_its_day(running):
    session, _person, boss = running
    _id, token = a_door(session, boss)
    link = doors.by_token(token)
    assert link is not None
    assert token not in repr(vars(link))
    (half_day, *_) = doors.half_days_of(link)
    assert doors.is_open(link, now=half_day.ends_at - timedelta(hours=2))
    assert link.expires_at.astimezone(clock.PARIS).strftime("%H:%M") == "00:00"
    assert not doors.is_open(link, now=link.expires_at)
    assert doors.by_token("guessed") is None


def test_a_door_can_be_closed_and_says_who_marked(running):
    session, person, boss = running
    number, _token = a_door(session, boss)
    tap(session, person, door=number)
    assert [(row.way, row.door_id) for row in rows()] == [(Way.DOOR, number)]
    with transaction() as it:
        doors.revoke(it.get_one(DoorLink, number), by=it.get_one(Person, boss), now=clock.now())
    assert not doors.is_open(database.session.get_one(DoorLink, number), now=clock.now())
    assert doors.open_links(session, now=clock.now()) == []


def test_a_door_of_a_session_that_is_over_would_open_nothing():
    boss = a_person(role=Role.ORGANISER)
    with pytest.raises(Refused) as refused:
        a_door(a_session(starts_in=-timedelta(days=3)), boss)
    assert refused.value.code == "door_no_day"
