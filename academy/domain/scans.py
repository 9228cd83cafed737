"""Attendance sheets that were signed on paper and scanned back: added, listed, deleted by the team."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from academy.domain import audit
from academy.domain.errors import Refused
from academy.domain.rows import insert_once
from academy.extensions import db
from academy.files.store import store
from academy.models import CycleSession, Person, SheetScan

MAX_BYTES = 10 * 1024 * 1024  # of one file
MOST = 30  # of one session
SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def kind_of(data: bytes) -> str:
    """The media type of a PDF, JPEG or PNG by its first and last bytes; "" of anything else, or of half a file."""
    end = data[-2048:]
    if data.startswith(b"%PDF-") and b"%%EOF" in end:
        return "application/pdf"
    if data.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in end:
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") and b"IEND\xaeB`\x82" in end:
        return "image/png"
    return ""


def add(session: CycleSession, data: bytes, *, by: Person, now: datetime) -> SheetScan | None:
    """Keep a scan; None for bytes that the session has already. They are on the disk before the row is committed."""
    if not data:
        raise Refused("scan_missing")
    if len(data) > MAX_BYTES:
        raise Refused("scan_too_big", limit=MAX_BYTES >> 20)
    media_type = kind_of(data)
    if not media_type:
        raise Refused("scan_kind")
    if len(of_session(session.id)) >= MOST:
        raise Refused("scan_too_many", limit=MOST)
    digest = store().put(data)
    row = SheetScan(
        session_id=session.id,
        media_type=media_type,
        digest=digest,
        size=len(data),
        added_at=now,
        added_by_id=by.id,
    )
    if not insert_once(row):
        return None
    audit.record("scan.add", session, by=by, now=now, digest=digest, size=len(data))
    return row


def remove(scan: SheetScan, *, by: Person, now: datetime) -> None:
    """Forget a scan; its bytes stay in the store until they are swept."""
    audit.record("scan.remove", scan.session, by=by, now=now, digest=scan.digest, size=scan.size)
    db.session.delete(scan)


def of_session(session_id: int) -> list[SheetScan]:
    """The scans of a session, the first first, with who added them."""
    wanted = select(SheetScan).where(SheetScan.session_id == session_id).options(joinedload(SheetScan.added_by))
    return list(db.session.scalars(wanted.order_by(SheetScan.id)))


def name_of(scan: SheetScan) -> str:
    """What a download of it is called."""
    return f"emargement-{scan.session_id}-{scan.id}.{SUFFIXES[scan.media_type]}"
