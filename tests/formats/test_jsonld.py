"""Linked data: inert whatever the words, silent about what is not known."""

import json
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from academy.formats import jsonld
from academy.formats.events import Event, Host, Place
from academy.models import Audience, Document, Edition, Mode, SessionStatus

HOME = "https://academie.example/"
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]></script >",
    "&lt;/script&gt;",
    '"}],"@type":"Hack"',
    "a\u2028b\u2029c",
    "\\u003c/script>",
]


def an_event(**values: object) -> Event:
    facts: dict[str, object] = {
        "key": "visite",
        "url": f"{HOME}sessions/1-visite/",
        "title": "Visite",
        "summary": "À quai.",
        "language": "fr",
        "starts_at": datetime(2027, 7, 4, 16, tzinfo=UTC),
        "ends_at": datetime(2027, 7, 4, 18, tzinfo=UTC),
        "status": SessionStatus.SCHEDULED,
        "mode": Mode.ONSITE,
        "place": Place(name="Le quai", street="1 rue du Port", postcode="13002", city="Marseille"),
        "online": "En ligne",
        "capacity": 10,
        "seats_left": 0,
        "sequence": 0,
        "changed_at": datetime(2027, 1, 1, tzinfo=UTC),
        "cycle_title": "Le port",
        "cycle_url": f"{HOME}cycles/port/",
    }
    return Event(**facts | values)  # pyright: ignore[reportArgumentType]


def _learning(edition: Edition) -> jsonld.Node:
    edition.document = edition.document or Document(audience=Audience.PUBLIC)
    return jsonld.learning_resource(
        edition, url=HOME, home=HOME, kind="Note", level="", licence_url="", about=[], whole=None
    )


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_ends_the_element_or_changes_the_data(title: str):
    block = jsonld.write([{"@type": "Course", "name": title}])
    page = Elements()
    page.feed(f'<script type="application/ld+json">{block}</script>')
    assert page.tags == ["script"]
    assert json.loads(page.text)["@graph"] == [{"@type": "Course", "name": title}]
    assert not set("<>&\u2028\u2029") & set(block)


def test_a_session_says_its_hour_with_the_offset_of_paris():
    node = jsonld.session(an_event(), home=HOME)
    assert (node["startDate"], node["endDate"]) == ("2027-07-04T18:00:00+02:00", "2027-07-04T20:00:00+02:00")
    winter = jsonld.session(an_event(starts_at=datetime(2027, 1, 4, 17, tzinfo=UTC), ends_at=None), home=HOME)
    assert winter["startDate"] == "2027-01-04T18:00:00+01:00"
    assert "endDate" not in winter


def test_no_seat_left_is_said_and_no_limit_is_not():
    full = jsonld.session(an_event(), home=HOME)
    assert (full["maximumAttendeeCapacity"], full["remainingAttendeeCapacity"]) == (10, 0)
    free = jsonld.session(an_event(capacity=None, seats_left=None), home=HOME)
    assert {"maximumAttendeeCapacity", "remainingAttendeeCapacity"}.isdisjoint(free)


@pytest.mark.parametrize(
    ("mode", "attendance", "kinds"),
    [
        (Mode.ONSITE, "Offline", ["Place"]),
        (Mode.ONLINE, "Online", ["VirtualLocation"]),
        (Mode.BLENDED, "Mixed", ["Place", "VirtualLocation"]),
    ],
)
def test_where_a_session_is_attended(mode: Mode, attendance: str, kinds: list[str]):
    node = jsonld.session(an_event(mode=mode), home=HOME)
    assert node["eventAttendanceMode"] == f"https://schema.org/{attendance}EventAttendanceMode"
    assert node["courseMode"] == mode.value
    assert [place["@type"] for place in node["location"]] == kinds


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (SessionStatus.SCHEDULED, "Scheduled"),
        (SessionStatus.POSTPONED, "Postponed"),
        (SessionStatus.CANCELLED, "Cancelled"),
    ],
)
def test_what_was_decided_of_a_session(status: SessionStatus, word: str):
    assert jsonld.session(an_event(status=status), home=HOME)["eventStatus"] == f"https://schema.org/Event{word}"


def test_a_place_without_address_or_point_says_its_name_alone():
    node = jsonld.session(an_event(place=Place(name="Le quai")), home=HOME)
    assert node["location"] == [{"@type": "Place", "name": "Le quai"}]
    at_zero = jsonld.session(an_event(place=Place(name="Golfe", latitude=0.0, longitude=0.0)), home=HOME)
    assert at_zero["location"][0]["geo"] == {"@type": "GeoCoordinates", "latitude": 0.0, "longitude": 0.0}


def test_who_teaches():
    node = jsonld.session(an_event(hosts=[Host(name="Ada", title="Ingénieure"), Host(name="Bob")]), home=HOME)
    assert node["instructor"] == [
        {"@type": "Person", "name": "Ada", "jobTitle": "Ingénieure"},
        {"@type": "Person", "name": "Bob"},
    ]


@pytest.mark.parametrize(
    ("minutes", "said"), [(None, None), (0, None), (25, "PT25M"), (60, "PT1H"), (90, "PT1H30M"), (1500, "PT25H")]
)
def test_the_time_that_a_text_takes(minutes: int | None, said: str | None):
    edition = Edition(title="T", language="fr", duration=minutes, authors=["Ada"], objectives=[])
    node = _learning(edition)
    assert node.get("timeRequired") == said
    assert {"educationalLevel", "license", "datePublished", "dateModified", "isPartOf", "teaches"}.isdisjoint(node)


@pytest.mark.parametrize(("audience", "said"), [(Audience.PUBLIC, True), (Audience.MEMBERS, None)])
def test_only_what_everybody_may_read_is_said_to_be_free(audience: Audience, said: bool | None):
    edition = Edition(title="T", language="fr", authors=[], objectives=[], document=Document(audience=audience))
    assert _learning(edition).get("isAccessibleForFree") is said


def test_an_author_who_bears_our_name_is_the_academy():
    edition = Edition(
        title="T", language="fr", authors=["Académie One Provence (texte de départ)", "Ada"], objectives=[]
    )
    node = _learning(edition)
    assert [author["@type"] for author in node["author"]] == ["Organization", "Person"]
