"""The code on the screen of a room: six digits that change every 20 seconds (RFC 6238 with SHA-256)."""

import re
import secrets
from base64 import b32encode
from datetime import datetime, timedelta
from hashlib import sha256

from pyotp.totp import TOTP

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


def shown(room: RoomCode, *, now: datetime) -> tuple[str, int]:
    """The code to show now, and for how many seconds, from 1 to 20."""
    return _codes(room).at(now), STEP - int(now.timestamp()) % STEP


def is_accepted(session_id: int, code: str, *, now: datetime) -> bool:
    """Whether that code was shown in this room a moment ago; blanks between its digits are no fault."""
    room, code = of(session_id), "".join(code.split())
    if room is None or not _CODE.fullmatch(code):
        return False
    codes = _codes(room)
    return any(codes.verify(code, for_time=now - timedelta(seconds=STEP * back)) for back in range(STEPS_BEFORE + 1))


def _codes(room: RoomCode) -> TOTP:
    """The secret is kept as hexadecimal digits, which pyotp wants in base 32."""
    return TOTP(b32encode(bytes.fromhex(room.secret)).decode(), digits=DIGITS, digest=sha256, interval=STEP)
