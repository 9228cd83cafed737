"""Attendance: marked by the person with the code of the room, by a helper at the door, by the team."""

import re
from datetime import datetime, timedelta

from sqlalchemy import Select, case, delete, func, select
from sqlalchemy.orm import joinedload

from academy.domain import audit, room_codes
from academy.domain.errors import Refused
from academy.domain.half_days import HalfDay, current, half_days
from academy.domain.rows import insert_once
from academy.domain.video_rooms import Room
from academy.extensions import db
from academy.models import (
    IS_SOMEBODYS,
    Attendance,
    CycleSession,
    DoorLink,
    Enrolment,
    EnrolmentStatus,
    Person,
    RollTap,
    RoomCode,
    SessionStatus,
    SheetHead,
    SheetScan,
    Signature,
    Way,
)

KEPT = timedelta(days=6 * 365)  # after the last evidence of a session
KEPT_COFINANCED = timedelta(days=10 * 365)  # of one that a public fund paid in part
PURGED = 20  # sessions at a time
_NONCE = re.compile(r"[A-Za-z0-9-]{20,64}")


def of_session(session: CycleSession | Room) -> list[HalfDay]:
    """The half-days in which somebody can have been there; none of a session that does not take place."""
    return half_days(session.starts_at, session.ends_at) if session.status == SessionStatus.SCHEDULED else []


def is_going_on(session: CycleSession | Room, *, now: datetime) -> bool:
    """Whether one can say now that one is there."""
    return current(of_session(session), now=now) is not None


def seat_of(person_id: int, session_id: int) -> Enrolment | None:
    """The confirmed place of a person."""
    return db.session.scalar(
        select(Enrolment).where(
            Enrolment.session_id == session_id,
            Enrolment.person_id == person_id,
            Enrolment.status == EnrolmentStatus.CONFIRMED,
        )
    )


def is_present(person_id: int, session_id: int, half_day: HalfDay) -> bool:
    """Whether the person is marked in that half-day."""
    return db.session.scalar(select(Attendance.id).where(*_row(person_id, session_id, half_day))) is not None


def check_in(person: Person, session: CycleSession, code: str, *, now: datetime) -> HalfDay:
    """Mark oneself in the half-day that runs or is about to; twice is harmless."""
    seat = seat_of(person.id, session.id)
    if seat is None:
        raise Refused("check_in_no_place")
    half_day = current(of_session(session), now=now)
    if half_day is None:
        raise Refused("check_in_closed")
    if not room_codes.is_accepted(session.id, code, now=now):
        raise Refused("check_in_code")
    _mark(seat, half_day, Way.ROOM, by=person, now=now)
    return half_day


def tap(
    session: CycleSession,
    person_id: int,
    half_day: HalfDay,
    *,
    is_present: bool,
    nonce: str,
    door: DoorLink | None,
    by: Person | None,
    now: datetime,
) -> bool:
    """Mark somebody with a place, or take the mark back; False for a tap that was obeyed before.

    *door* is the link of who taps, None for the team. The nonce is the browser's: one for each tap.
    """
    if not _NONCE.fullmatch(nonce):
        raise Refused("tap_unreadable")
    seat = seat_of(person_id, session.id)
    if seat is None:
        raise Refused("tap_no_place")
    if not is_present and _is_signed(seat, half_day):
        raise Refused("tap_signed")
    if not insert_once(RollTap(session_id=session.id, nonce=nonce, at=now)):
        return False
    if is_present:
        _mark(seat, half_day, Way.DOOR if door else Way.TEAM, door=door, by=by, now=now)
    else:
        _unmark(seat, half_day, door=door, by=by, now=now)
    return True


def present(session_id: int) -> set[tuple[int, str]]:
    """Who was there when, as (person, key of the half-day)."""
    wanted = select(Attendance.person_id, Attendance.day, Attendance.half).where(Attendance.session_id == session_id)
    return {(row.person_id, f"{row.day}.{row.half}") for row in db.session.execute(wanted)}


def seats(session_id: int) -> list[Enrolment]:
    """The confirmed places with their people."""
    is_confirmed = Enrolment.status == EnrolmentStatus.CONFIRMED
    wanted = select(Enrolment).where(Enrolment.session_id == session_id, is_confirmed, IS_SOMEBODYS)
    return list(db.session.scalars(wanted.options(joinedload(Enrolment.person))))


def _mark(
    seat: Enrolment,
    half_day: HalfDay,
    way: Way,
    *,
    door: DoorLink | None = None,
    by: Person | None,
    now: datetime,
) -> None:
    row = Attendance(
        session_id=seat.session_id,
        person_id=seat.person_id,
        day=half_day.day,
        half=half_day.half,
        way=way,
        door_id=door.id if door else None,
        marked_at=now,
    )
    if insert_once(row):
        detail = {"half_day": half_day.key, "way": str(way), "door": door.name if door else ""}
        audit.record("attendance.mark", seat, by=by, now=now, session=seat.session_id, **detail)


def _unmark(seat: Enrolment, half_day: HalfDay, *, door: DoorLink | None, by: Person | None, now: datetime) -> None:
    gone = db.session.scalar(
        delete(Attendance)
        .where(*_row(seat.person_id, seat.session_id, half_day))
        .returning(Attendance.id)
        .execution_options(synchronize_session=False)
    )
    if gone is not None:
        detail = {"half_day": half_day.key, "door": door.name if door else ""}
        audit.record("attendance.unmark", seat, by=by, now=now, session=seat.session_id, **detail)


def _is_signed(seat: Enrolment, half_day: HalfDay) -> bool:
    signed = select(Signature.id).where(
        Signature.session_id == seat.session_id,
        Signature.person_id == seat.person_id,
        Signature.day == half_day.day,
        Signature.half == half_day.half,
    )
    return db.session.scalar(signed.limit(1)) is not None


def _row(person_id: int, session_id: int, half_day: HalfDay) -> tuple:
    return (
        Attendance.session_id == session_id,
        Attendance.person_id == person_id,
        Attendance.day == half_day.day,
        Attendance.half == half_day.half,
    )


def purge(*, now: datetime) -> int:
    """Forget who was where, sheet, scans and links of sessions whose last evidence is six years old (ten if co-financed); return how many.

    A session goes whole, or its chain of signatures would look broken.
    """
    sessions = list(db.session.scalars(old(now).limit(PURGED)))
    for table in (Attendance, Signature, SheetHead, SheetScan, RollTap, DoorLink, RoomCode):
        gone = delete(table).where(table.session_id.in_(sessions))
        db.session.execute(gone.execution_options(synchronize_session=False))
    if sessions:
        audit.record("attendance.purge", by=None, now=now, count=len(sessions))
    return len(sessions)


def old(now: datetime) -> Select[int]:
    """The sessions whose evidence was kept for long enough: nothing of them is younger."""
    dated = (
        (Attendance.session_id, Attendance.marked_at),
        (Signature.session_id, Signature.signed_at),
        (SheetScan.session_id, SheetScan.added_at),
        (RollTap.session_id, RollTap.at),
        (DoorLink.session_id, DoorLink.expires_at),
        (RoomCode.session_id, RoomCode.made_at),
    )
    parts = [select(number.label("session_id"), at.label("at")) for number, at in dated]
    every = parts[0].union_all(*parts[1:]).subquery()
    term = case((CycleSession.is_cofinanced, now - KEPT_COFINANCED), else_=now - KEPT)
    joined = select(every.c.session_id).join(CycleSession, CycleSession.id == every.c.session_id)
    grouped = joined.group_by(every.c.session_id, CycleSession.is_cofinanced)
    return grouped.having(func.max(every.c.at) < term).order_by(every.c.session_id)
