"""What organisers decide of a session and no text of it states: its virtual room, reminders, who paid for it."""

from datetime import datetime

from academy.domain import audit, enrolment
from academy.domain.video_rooms import clean_url
from academy.models import CycleSession, Person


def accompany(
    session: CycleSession, *, video_url: str, has_reminders: bool, is_cofinanced: bool, by: Person | None, now: datetime
) -> list[str]:
    """Keep all three; return what changed. The journal says that the link changed, never the link.

    Raise Refused("video_url_bad") for a link that is not https.
    """
    wanted = {"video_url": clean_url(video_url), "has_reminders": has_reminders, "is_cofinanced": is_cofinanced}
    changed = [name for name, value in wanted.items() if getattr(session, name) != value]
    if not changed:
        return []
    enrolment.lock(session)
    for name in changed:
        setattr(session, name, wanted[name])
    audit.record("session.accompany", session, by=by, now=now, changed=changed)
    return changed
