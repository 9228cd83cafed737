"""The virtual room of a session: its link is for who has a place, from an hour before the start until the end."""

from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import select

from academy.domain.errors import Refused
from academy.extensions import db
from academy.models import CycleSession, EnrolmentStatus, SessionStatus

OPENS = timedelta(hours=1)  # before the start
LENGTH = 500  # characters of a link


class Room(NamedTuple):
    """What decides of a room, without the row of its session."""

    status: SessionStatus
    starts_at: datetime | None
    ends_at: datetime | None
    video_url: str


def room_of(session_id: int) -> Room:
    """The room of a session."""
    columns = (CycleSession.status, CycleSession.starts_at, CycleSession.ends_at, CycleSession.video_url)
    return Room(*db.session.execute(select(*columns).where(CycleSession.id == session_id)).one())


def released(session: CycleSession | Room, held: EnrolmentStatus, *, now: datetime) -> str:
    """The link of the room for who holds this place at this instant; "" for everybody else, before and after."""
    start = session.starts_at
    if held != EnrolmentStatus.CONFIRMED or session.status != SessionStatus.SCHEDULED or start is None:
        return ""
    end = session.ends_at or start + timedelta(days=1)
    return session.video_url if start - OPENS <= now < end else ""


def clean_url(typed: str) -> str:
    """A link that a browser opens over TLS, or ""; raise Refused("video_url_bad") for anything else."""
    url = typed.strip()
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        is_good = parts.scheme == "https" and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or len(url) > LENGTH or not url.isprintable() or any(c in url for c in ' "<>\\^`{|}'):
        raise Refused("video_url_bad")
    return url
