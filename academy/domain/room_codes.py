"""The code on the screen of a room: six digits that change every 20 seconds (RFC 6238 with SHA-256)."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime

from academy.domain import audit
from academy.extensions import db
from academy.models import CycleSession, Person, RoomCode

STEP = 20  # seconds
DIGITS = 6
STEPS_BEFORE = 2  # still accepted: a code dies at most 60 s after it was first shown
_CODE = re.compile(rf"[0-9]{{{DIGITS}}}")


def of(session_id: int) -> RoomCode | None:
    """The secret of a session's room, once somebody opened it."""
    return db.session.get(RoomCode, session_id)


def renew(session: CycleSession, *, by: Person, now: datetime) -> None:
    """Give the room a new secret: every code that was shown before is worth nothing."""
    db.session.merge(RoomCode(session_id=session.id, secret=secrets.token_hex(32), made_at=now))
    audit.record("room.open", session, by=by, now=now)


def code_at(secret: str, step: int) -> str:
    """The code of a step: dynamic truncation of an HMAC, as RFC 4226 has it."""
    digest = hmac.new(bytes.fromhex(secret), step.to_bytes(8, "big"), hashlib.sha256).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def shown(room: RoomCode, *, now: datetime) -> tuple[str, int]:
    """The code to show now, and for how many seconds, from 1 to 20."""
    at = int(now.timestamp())
    return code_at(room.secret, at // STEP), STEP - at % STEP


def is_accepted(session_id: int, code: str, *, now: datetime) -> bool:
    """Whether that code was shown in this room a moment ago; blanks between its digits are no fault."""
    room, code = of(session_id), "".join(code.split())
    if room is None or not _CODE.fullmatch(code):
        return False
    step = int(now.timestamp()) // STEP
    valid = [hmac.compare_digest(code, code_at(room.secret, step - back)) for back in range(STEPS_BEFORE + 1)]
    return any(valid)
