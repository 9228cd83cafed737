"""Presence: a hundred phones of one room say that they are there and sign, through the whole application."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from statistics import median, quantiles

from flask import Flask

from academy.domain import accounts, attendance, half_days, room_codes, sheets
from academy.extensions import db, transaction
from academy.models import CycleSession, Enrolment, RoomCode
from academy.web import clock
from academy.web.identity import cookie_name
from tests.bench.tables import table

PHONES, HANDS = 100, 8  # as many requests at once as a server has threads
MOST_P95 = "300"


def report(app: Flask) -> None:
    """Print what each of the two taps takes, and whether the chain of signatures is whole."""
    with app.app_context():
        number, tokens = _a_room()
        half = _half(number)
    began = time.perf_counter()
    with ThreadPoolExecutor(HANDS) as hands:
        taken = list(hands.map(lambda token: _arrive(app, number, half, token), tokens))
    spent = time.perf_counter() - began
    with app.app_context():
        head = sheets.head_of(number)
        faults = list(sheets.faults(number))
    rows = []
    for name, times in (("check in", [it[0] for it in taken]), ("sign", [it[1] for it in taken])):
        p95 = quantiles(times, n=20)[-1]
        rows.append([f"{name}, median ms", f"{median(times):.0f}", ""])
        rows.append([f"{name}, p95 ms", f"{p95:.0f}", MOST_P95])
    rows.append([f"all {PHONES} phones, s", f"{spent:.1f}", "60"])
    rows.append(["signatures, faults of their chain", f"{head.count if head else 0}, {len(faults)}", f"{PHONES}, 0"])
    table(f"Presence: {PHONES} phones, {HANDS} at once", ["what", "measured", "at most"], rows)


def _a_room() -> tuple[int, list[str]]:
    """A session under way in which everybody has a place; a sign-in token for each."""
    now = clock.now()
    with transaction() as it:
        row = it.scalars(db.select(CycleSession).order_by(CycleSession.id)).first()
        row.status, row.capacity = "scheduled", None
        row.starts_at, row.ends_at = now - timedelta(minutes=10), now + timedelta(hours=1)
        people = [accounts.add_person(f"phone-{n}@example.org", f"Phone {n}", by=None, now=now) for n in range(PHONES)]
        it.flush()
        place = {"session_id": row.id, "status": "confirmed", "joined_at": now}
        it.add_all([Enrolment(**place, person_id=one.id, rank=1_000_000 + one.id) for one in people])
        room_codes.renew(row, by=people[0], now=now)
        return row.id, [accounts.sign_in(person, now=now) for person in people]


def _half(number: int) -> str:
    found = attendance.of_session(db.session.get_one(CycleSession, number))
    current = half_days.current(found, now=clock.now())
    assert current is not None
    return current.key


def _arrive(app: Flask, number: int, half: str, token: str) -> tuple[float, float]:
    """Open the page, then time the two posts, in ms."""
    phone, path = app.test_client(), f"/presence/{number}/"
    phone.set_cookie(cookie_name_of(app), token, domain="127.0.0.1")
    sent = dict(re.findall(r'name="(csrf_token)"[^>]*value="([^"]+)"', phone.get(path, base_url=_BASE).text))
    with app.app_context():
        code, _left = room_codes.shown(db.session.get_one(RoomCode, number), now=clock.now())
    first = _timed(phone, path, sent | {"code": code})
    signature = {"half": half, "signer": "participant", "typed": "Phone"}
    return first, _timed(phone, f"{path}signer", sent | signature)


_BASE = "http://127.0.0.1"


def cookie_name_of(app: Flask) -> str:
    """The name of the sign-in cookie of that application."""
    with app.app_context():
        return cookie_name()


def _timed(phone, path: str, sent: dict[str, str]) -> float:
    began = time.perf_counter()
    answer = phone.post(path, data=sent, base_url=_BASE)
    if answer.status_code != 303:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return (time.perf_counter() - began) * 1000
