"""Sessions as calendars and linked data read them: rows and cards in, events out; a calendar as an answer."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from flask import Response, current_app

from academy.domain import video_rooms
from academy.formats import ical
from academy.formats.events import Event, Host, Place
from academy.models import CycleSession, Enrolment, Kind, Venue
from academy.web.links import absolute, document_url, path_to
from academy.web.locale import gettext as _, language
from academy.web.session_cards import SessionCard

_FIRST_DAY = datetime(2024, 1, 25, tzinfo=UTC)  # of the academy: for a row whose changes nobody dated


def event(session: CycleSession, card: SessionCard) -> Event | None:
    """A session loaded with SPOKEN, with its card; none while it has no date."""
    if session.starts_at is None:
        return None
    return Event(
        key=session.document.key,
        url=absolute(card.url),
        title=marked(card),
        summary=card.summary,
        note=_("Cette session est un exemple : elle n’aura pas lieu.") if session.is_example else "",
        language=card.language,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        status=session.status,
        mode=session.mode,
        place=_place(session.venue) if session.venue else None,
        online=_("En ligne"),
        hosts=[Host(name=who.name, title=_in_words(who.title_fr, who.title_en)) for who in session.speakers],
        capacity=card.capacity,
        seats_left=card.seats_left,
        sequence=session.sequence,
        changed_at=changed_at(session),
        cycle_title=card.cycle_title,
        cycle_url=absolute(document_url(Kind.CYCLE, id=0, slug=card.cycle_slug)),
    )


def own_event(row: Enrolment, card: SessionCard, *, now: datetime) -> Event | None:
    """The session in the agenda of who holds this place, whatever became of the place."""
    if (shown := event(row.session, card)) is None:
        return None
    return replace(
        shown,
        held=row.status,
        video_url=video_rooms.released(row.session, row.status, now=now),
        changed_at=max(filter(None, (shown.changed_at, row.joined_at, row.confirmed_at, row.cancelled_at))),
    )


def events(sessions: Iterable[CycleSession], cards: Iterable[SessionCard]) -> list[Event]:
    """The sessions that have a date, in the order of their cards."""
    by_id = {session.id: session for session in sessions}
    return [it for card in cards if (it := event(by_id[card.id], card)) is not None]


def marked(card: SessionCard) -> str:
    """The title, which says of an example that it is one."""
    is_said = card.title.lower().startswith(("exemple", "example"))
    return _("Exemple : %(title)s", title=card.title) if card.is_example and not is_said else card.title


def answer(events: list[Event], *, name: str, url: str, source: str, file: str) -> Response:
    """A calendar to open or to subscribe to; *url* is the path of the page, *source* that of the calendar."""
    agenda = ical.Agenda(
        name=name,
        url=absolute(url),
        source=absolute(source),
        host=current_app.config["SETTINGS"].host,
        language=language(),
    )
    headers = {"Content-Disposition": f'inline; filename="{file}.ics"'}
    return Response(ical.write(agenda, events), headers=headers, content_type=ical.CONTENT_TYPE)


def changed_at(session: CycleSession) -> datetime:
    """When its words, time, place or status last changed."""
    edition = session.document.published_in(language())
    known = (session.changed_at, edition.updated_at if edition else None)
    return max(filter(None, known), default=_FIRST_DAY)


def _place(venue: Venue) -> Place:
    return Place(
        name=venue.name_in(language()),
        url=absolute(path_to("venues.show", slug=venue.slug)),
        street=venue.address,
        postcode=venue.postcode,
        city=venue.city,
        latitude=venue.latitude,
        longitude=venue.longitude,
    )


def _in_words(french: str, english: str) -> str:
    return english if language() == "en" else french
