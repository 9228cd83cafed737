"""What to say of a session's room before it is saved; nothing of it ever prevents saving."""

from dataclasses import dataclass

from flask import url_for

from academy.blueprints.desk import sheets
from academy.blueprints.desk.forms import SessionForm
from academy.domain import bookings, session_texts
from academy.domain.session_texts import Schedule
from academy.models import CycleSession, Mode
from academy.web import clock
from academy.web.filters import hours, long_date
from academy.web.locale import gettext as _, ngettext
from academy.web.session_cards import cards

_ROOM = ("venue", "mode", "starts_at", "ends_at", "capacity")


@dataclass(frozen=True)
class Caution:
    """A sentence and, of a session that it names, where it is."""

    words: str
    url: str = ""


def of(form: SessionForm, session: CycleSession | None) -> list[Caution]:
    """What is unusual about the room of a valid form; nothing when a session that exists keeps its room as it was."""
    wanted = sheets.schedule_in(form)
    if wanted.venue is None or wanted.mode == Mode.ONLINE:
        return []
    if session is not None:
        before = session_texts.schedule_of(session)
        if all(getattr(before, name) == getattr(wanted, name) for name in _ROOM):
            return []
    return [*_crowd(wanted), *_clashes(wanted, session)]


def _crowd(wanted: Schedule) -> list[Caution]:
    seats = bookings.seats_of(wanted.venue)
    if seats is None or (wanted.capacity is not None and wanted.capacity <= seats):
        return []
    if wanted.capacity is None:
        told = ngettext(
            "Ce lieu a %(num)s place, et la session n’a pas de limite.",
            "Ce lieu a %(num)s places, et la session n’a pas de limite.",
            seats,
        )
    else:
        told = ngettext(
            "Ce lieu a %(num)s place, et la session en offre %(wanted)s.",
            "Ce lieu a %(num)s places, et la session en offre %(wanted)s.",
            seats,
            wanted=wanted.capacity,
        )
    return [Caution(told)]


def _clashes(wanted: Schedule, session: CycleSession | None) -> list[Caution]:
    if wanted.starts_at is None or wanted.venue is None:
        return []
    found = bookings.clashes(wanted.venue, wanted.starts_at, wanted.ends_at, but=session.id if session else None)
    return [
        Caution(
            _(
                "Ce lieu accueille déjà « %(title)s », le %(day)s, %(hours)s.",
                title=card.title,
                day=long_date(other.starts_at),
                hours=hours(other.starts_at, other.ends_at),
            ),
            url_for(".session", id=other.id),
        )
        for other, card in zip(found, cards(found, now=clock.now()), strict=True)
        if other.starts_at is not None
    ]
