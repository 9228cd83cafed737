"""Write calendars (RFC 5545, RFC 7986)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import PARTSTAT, ROLE, STATUS, Calendar, Event as Component, Timezone, vCalAddress

from academy.formats.events import Event
from academy.models import EnrolmentStatus, Mode, SessionStatus

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
# In the agenda of one person; whoever still awaits an answer has the date in pencil.
_HELD = {EnrolmentStatus.CONFIRMED: STATUS.CONFIRMED, EnrolmentStatus.CANCELLED: STATUS.CANCELLED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """The calendar itself; `host` is the name of the academy's site, `source` where the calendar is fetched."""

    name: str
    url: str
    source: str
    host: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody with a mailbox: who invites, who is invited."""

    name: str
    address: str


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


def invite(event: Event, *, host: str, organiser: Party, guest: Party, at: datetime, is_off: bool = False) -> bytes:
    """The message of an instant that puts an event into the agenda of a guest who enrolled, or with *is_off* takes it out (RFC 5546).

    The UID is that of the feeds: an agenda that follows a feed and receives the mail shows the session once.
    """
    component = _component(event, host)
    component["status"] = STATUS.CANCELLED if is_off else STATUS.CONFIRMED
    component.DTSTAMP = at
    component.add("organizer", _address(organiser), encode=False)
    answer = PARTSTAT.DECLINED if is_off else PARTSTAT.ACCEPTED
    standing = {"PARTSTAT": answer, "ROLE": ROLE.REQ_PARTICIPANT, "RSVP": "FALSE", "CUTYPE": "INDIVIDUAL"}
    component.add("attendee", _address(guest, **standing), encode=False)
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "CANCEL" if is_off else "REQUEST")
    calendar.add_component(Timezone.from_ical(_ZONE))
    calendar.add_component(component)
    return calendar.to_ical()


def _address(party: Party, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.address}")
    # A quotation mark cannot stand in a parameter (RFC 5545, 3.1), not even quoted.
    address.params.update({"CN": party.name.replace('"', "'"), **parameters})
    return address


def _component(event: Event, host: str) -> Component:
    component = Component.new(
        uid=f"{event.key}@{host}",
        start=event.starts_at.astimezone(_PARIS),
        end=event.ends_at.astimezone(_PARIS) if event.ends_at else None,
        stamp=event.changed_at,
        last_modified=event.changed_at,
        sequence=event.sequence,
        status=_status(event),
        url=event.url,
        categories=[event.cycle_title] if event.cycle_title else (),
    )
    words = {"LANGUAGE": event.language}
    component.add("summary", event.title, parameters=words)
    told = (event.description, event.video_url, event.url)
    component.add("description", "\n\n".join(filter(None, told)), parameters=words)
    if where := _where(event):
        component.add("location", where)
    if event.video_url:
        component.add("conference", event.video_url, parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
    place = event.place
    if event.mode != Mode.ONLINE and place and place.latitude is not None and place.longitude is not None:
        component.add("geo", (place.latitude, place.longitude))
    return component


def _status(event: Event) -> STATUS:
    if event.held is None or event.status != SessionStatus.SCHEDULED:
        return _STATUS[event.status]
    return _HELD.get(event.held, STATUS.TENTATIVE)


def _where(event: Event) -> str:
    """The place, "online", or both; the address of a virtual room is no place."""
    place = event.place.line if event.place and event.mode != Mode.ONLINE else ""
    online = event.online if event.mode != Mode.ONSITE else ""
    return " · ".join(filter(None, (place, online)))
