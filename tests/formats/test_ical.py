"""Calendars, read back by their library: times, states, places, words, and the clock of Paris."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from academy.formats import ical
from academy.formats.events import Event, Place
from academy.models import Mode, SessionStatus
from tests.formats.test_jsonld import an_event

AGENDA = ical.Agenda(
    name="Le port",
    url="https://academie.example/cycles/port/",
    source="https://academie.example/cycles/port.ics",
    host="academie.example",
    language="fr",
)
PARIS = ZoneInfo("Europe/Paris")


def _read(*events: Event) -> Calendar:
    written = ical.write(AGENDA, events)
    assert ical.write(AGENDA, events) == written
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    return Calendar.from_ical(written)


def _only(event: Event):
    return _read(event).events[0]


def test_an_event_says_what_the_session_is():
    event = _only(an_event(sequence=3, note="Un exemple."))
    assert (str(event["uid"]), event.sequence, str(event["status"])) == ("visite@academie.example", 3, "CONFIRMED")
    assert (event.start, event.end) == (
        datetime(2027, 7, 4, 18, tzinfo=PARIS),
        datetime(2027, 7, 4, 20, tzinfo=PARIS),
    )
    assert event["dtstart"].params["TZID"] == "Europe/Paris"
    assert event.stamp == event.LAST_MODIFIED == datetime(2027, 1, 1, tzinfo=UTC)
    assert str(event["summary"]) == "Visite"
    assert event["summary"].params["LANGUAGE"] == "fr"
    assert str(event["description"]) == "Un exemple.\n\nÀ quai.\n\nhttps://academie.example/sessions/1-visite/"
    assert str(event["location"]) == "Le quai, 1 rue du Port, 13002 Marseille"
    assert str(event["url"]) == "https://academie.example/sessions/1-visite/"
    assert event.categories == ["Le port"]
    assert "geo" not in event


def test_the_calendar_says_whose_it_is():
    calendar = _read()
    assert calendar.events == []
    assert (str(calendar["x-wr-calname"]), str(calendar["source"])) == ("Le port", AGENDA.source)
    assert str(calendar["x-published-ttl"]) == "PT6H"
    assert "method" not in calendar  # a file to fetch is no message


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (SessionStatus.SCHEDULED, "CONFIRMED"),
        (SessionStatus.CANCELLED, "CANCELLED"),
        (SessionStatus.POSTPONED, "CANCELLED"),
    ],
)
def test_what_will_not_be_held_is_cancelled(status: SessionStatus, said: str):
    assert str(_only(an_event(status=status))["status"]) == said


@pytest.mark.parametrize(
    ("mode", "place", "said"),
    [
        (Mode.ONLINE, Place(name="Salle", latitude=43.3, longitude=5.37), "En ligne"),
        (Mode.BLENDED, Place(name="Salle"), "Salle · En ligne"),
        (Mode.ONSITE, None, None),
    ],
)
def test_where_it_is(mode: Mode, place: Place | None, said: str | None):
    event = _only(an_event(mode=mode, place=place))
    assert event.get("location") == said
    assert "geo" not in event


def test_a_place_with_a_point_has_it():
    event = _only(an_event(place=Place(name="Arbois", latitude=43.49, longitude=5.34)))
    assert (event["geo"].latitude, event["geo"].longitude) == (43.49, 5.34)


@pytest.mark.parametrize("words", ["a,b;c\\d", "ligne\nEND:VEVENT\nBEGIN:VALARM", "é" * 300, "fin\r\nX-EVIL:1"])
def test_no_words_break_out_of_their_line(words: str):
    calendar = _read(an_event(title=words, summary=words, cycle_title=words))
    assert [component.name for component in calendar.walk()] == [
        "VCALENDAR",
        "VTIMEZONE",
        "STANDARD",
        "DAYLIGHT",
        "VEVENT",
    ]
    event = calendar.events[0]
    assert str(event["summary"]) == words.replace("\r\n", "\n")
    assert "x-evil" not in event


def test_the_zone_is_that_of_paris_at_every_hour_until_2040():
    zone = _read().timezones[0].to_tz(lookup_tzid=False)
    hour, wrong = datetime(2024, 1, 1), []  # noqa: DTZ001 -- wall clock
    while hour.year < 2040:
        ours = hour.replace(tzinfo=PARIS)
        is_real = ours.astimezone(UTC).astimezone(PARIS).replace(tzinfo=None) == hour
        if is_real and ours.utcoffset() != hour.replace(tzinfo=zone).utcoffset():
            wrong.append(hour)
        # Every hour around the changes, of which the others are far.
        hour += timedelta(hours=1) if hour.month in {3, 10} and hour.day > 23 else timedelta(hours=23)
    assert wrong == []
