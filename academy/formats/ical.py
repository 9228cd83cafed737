"""Write calendars (RFC 5545, RFC 7986)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from icalendar import STATUS, Calendar, Timezone
from icalendar import Event as Component

from academy.formats.events import Event
from academy.models import Mode, SessionStatus

CONTENT_TYPE = "text/calendar; charset=utf-8"
_PRODUCT = "-//One Provence//Academy//FR"
_PARIS = ZoneInfo("Europe/Paris")
_ASK_AGAIN = timedelta(hours=6)
# The rule of 1996, in force since: shorter than a list of dates, and true whenever a session is held.
# `Calendar.add_missing_timezones` (icalendar 7.3) would write the spring change an hour late.
_ZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19970330T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""
# A postponed session will not be held at the time that it has: only its next date is worth a place in an agenda.
_STATUS = {
    SessionStatus.SCHEDULED: STATUS.CONFIRMED,
    SessionStatus.POSTPONED: STATUS.CANCELLED,
    SessionStatus.CANCELLED: STATUS.CANCELLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """The calendar itself; `host` is the name of the academy's site, `source` where the calendar is fetched."""

    name: str
    url: str
    source: str
    host: str
    language: str


def write(agenda: Agenda, events: Sequence[Event]) -> bytes:
    """The calendar; the same events give the same bytes. Times are those of Paris, with the rules of its clock."""
    calendar = Calendar.new(
        prodid=_PRODUCT,
        name=agenda.name,
        language=agenda.language,
        uid=uuid.uuid5(uuid.NAMESPACE_URL, agenda.source),
        url=agenda.url,
        source=agenda.source,
        refresh_interval=_ASK_AGAIN,
        subcomponents=[Timezone.from_ical(_ZONE), *(_component(event, agenda.host) for event in events)],
    )
    calendar.add("x-published-ttl", "PT6H")  # the same for Outlook
    return calendar.to_ical()


def _component(event: Event, host: str) -> Component:
    component = Component.new(
        uid=f"{event.key}@{host}",
        start=event.starts_at.astimezone(_PARIS),
        end=event.ends_at.astimezone(_PARIS) if event.ends_at else None,
        stamp=event.changed_at,
        last_modified=event.changed_at,
        sequence=event.sequence,
        status=_STATUS[event.status],
        url=event.url,
        categories=[event.cycle_title] if event.cycle_title else (),
    )
    words = {"LANGUAGE": event.language}
    component.add("summary", event.title, parameters=words)
    component.add("description", "\n\n".join(filter(None, (event.description, event.url))), parameters=words)
    if where := _where(event):
        component.add("location", where)
    place = event.place
    if event.mode != Mode.ONLINE and place and place.latitude is not None and place.longitude is not None:
        component.add("geo", (place.latitude, place.longitude))
    return component


def _where(event: Event) -> str:
    """The place, "online", or both; the address of a virtual room is for those who are enrolled, never here."""
    place = event.place.line if event.place and event.mode != Mode.ONLINE else ""
    online = event.online if event.mode != Mode.ONSITE else ""
    return " · ".join(filter(None, (place, online)))
