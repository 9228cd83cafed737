"""The virtual room of a session: its link is for who has a place, from an hour before the start until the end."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from academy.domain.errors import Refused
from academy.models import CycleSession, EnrolmentStatus, SessionStatus

OPENS = timedelta(hours=1)  # before the start
LENGTH = 500  # characters of a link


def released(session: CycleSession, held: EnrolmentStatus, *, now: datetime) -> str:
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
    if not is_good or len(url) > LENGTH or not url.isprintable() or any(c in url for c in " \"<>\\^`{|}"):
        raise Refused("video_url_bad")
    return url
