"""The roll of a half-day as the door and the desk show it, and the taps that they send."""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from flask import request

from academy.domain import attendance, doors, passes
from academy.domain.errors import Refused
from academy.domain.half_days import HalfDay, named
from academy.extensions import transaction
from academy.models import CycleSession, DoorLink, Half
from academy.web import clock, identity
from academy.web.filters import hours, long_date
from academy.web.locale import gettext as _

SEARCHED = 100  # characters of a search


@dataclass(frozen=True)
class Guest:
    """Somebody with a place; of their address only its domain is shown."""

    id: int
    name: str
    domain: str
    is_present: bool


def half_day_words(half_day: HalfDay) -> str:
    """jeudi 4 février 2027, matin, 9 h – 12 h"""
    half = _("matin") if half_day.half == Half.MORNING else _("après-midi")
    return f"{long_date(half_day.day)}, {half}, {hours(half_day.starts_at, half_day.ends_at)}"


def roll(session: CycleSession, found: list[HalfDay], *, now: datetime) -> dict[str, object]:
    """What `presence/_roll.html` shows of the half-day that the address asks for: three queries, however many come."""
    half_day = named(found, request.values.get("half", "")) or doors.half_day_of(found, now=now)
    query = request.args.get("q", "").strip()[:SEARCHED]
    scanned = passes.read(query) or None  # a reader that types what it sees
    there = attendance.present(session.id)
    seats = attendance.seats(session.id)
    guests = [
        Guest(seat.person_id, seat.person.name, seat.person.email.rpartition("@")[2], _is_in(there, seat, half_day))
        for seat in seats
        if _matches(query, f"{seat.person.name} {seat.person.email}") or seat.pass_token == scanned
    ]
    return {
        "half_days": [(it.key, half_day_words(it)) for it in found],
        "half_day": half_day,
        "query": query,
        "guests": sorted(guests, key=lambda guest: (_folded(guest.name), guest.id)),
        "count": sum(1 for seat in seats if _is_in(there, seat, half_day)),
        "total": len(seats),
        "nonce": secrets.token_hex(10),
    }


def obey(session: CycleSession, found: list[HalfDay], door: DoorLink | None) -> str:
    """Obey the tap that was sent (`tap` is the person's number and 1 or 0); return the key of its half-day."""
    person, _dot, wanted = request.form.get("tap", "").partition(".")
    half_day = named(found, request.form.get("half", ""))
    if half_day is None or wanted not in {"0", "1"} or not (person.isascii() and person.isdecimal()) or len(person) > 9:
        raise Refused("tap_unreadable")
    nonce = f"{request.form.get('nonce', '')}-{person}-{wanted}"
    with transaction():
        attendance.tap(
            session,
            int(person),
            half_day,
            is_present=wanted == "1",
            nonce=nonce,
            door=door,
            by=None if door else identity.me(),
            now=clock.now(),
        )
    return half_day.key


def _is_in(there: set[tuple[int, str]], seat, half_day: HalfDay | None) -> bool:
    return half_day is not None and (seat.person_id, half_day.key) in there


def _matches(query: str, text: str) -> bool:
    folded = _folded(text)
    return all(word in folded for word in _folded(query).split())


def _folded(text: str) -> str:
    """Without accents and capitals: a helper types « helene »."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
