"""Hours attended: which half-days of a session count for whom, and on which evidence."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from academy.domain import attendance
from academy.domain.half_days import HalfDay
from academy.extensions import db
from academy.models import CycleSession, Person, SheetScan, Signature, Signer


class Evidence(enum.StrEnum):
    """What says that somebody was there."""

    SIGNED = "signed"  # a signature of theirs on the academy's sheet
    PAPER = "paper"  # marked, and the sheet that was signed on paper is kept as a scan
    MARKED = "marked"  # marked with the code of the room, at the door, by the team


@dataclass(frozen=True, slots=True)
class Attended:
    """A person and the half-days that count; `is_marked` says whether they were seen in any at all."""

    person: Person
    half_days: Sequence[HalfDay]
    is_marked: bool

    @property
    def minutes(self) -> int:
        return sum(it.minutes for it in self.half_days)


def evidence_of(session_id: int) -> Evidence:
    """What counts in a session: signatures once one participant signed, else the marks.

    A sheet that is signed by some and not by others was used: who did not sign was not there, or says so to the team.
    """
    signed = select(Signature.id).where(Signature.session_id == session_id, Signature.signer == Signer.PARTICIPANT)
    if db.session.scalar(signed.limit(1)) is not None:
        return Evidence.SIGNED
    scanned = select(SheetScan.id).where(SheetScan.session_id == session_id)
    return Evidence.PAPER if db.session.scalar(scanned.limit(1)) is not None else Evidence.MARKED


def attended(session: CycleSession, evidence: Evidence) -> list[Attended]:
    """Who has a place, or was there and gave it up since, by name: four queries, however many they are."""
    marked = attendance.present(session.id)
    counted = _signed(session.id) if evidence == Evidence.SIGNED else marked
    found = attendance.of_session(session)
    people = {seat.person_id: seat.person for seat in attendance.seats(session.id)}
    others = {who for who, _key in marked | counted} - people.keys()
    if others:
        people |= {it.id: it for it in db.session.scalars(select(Person).where(Person.id.in_(others)))}
    seen = {who for who, _key in marked}
    listed = [
        Attended(it, [half for half in found if (it.id, half.key) in counted], it.id in seen) for it in people.values()
    ]
    return sorted(listed, key=lambda it: (it.person.name.casefold(), it.person.id))


def _signed(session_id: int) -> set[tuple[int, str]]:
    wanted = select(Signature.person_id, Signature.day, Signature.half).where(
        Signature.session_id == session_id, Signature.signer == Signer.PARTICIPANT
    )
    return {(row.person_id, f"{row.day}.{row.half}") for row in db.session.execute(wanted)}
