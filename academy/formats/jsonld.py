"""Write what a page is about as linked data (schema.org, JSON-LD)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from academy.formats.events import Event, Host, Place
from academy.models import Audience, Edition, Mode, SessionStatus

Node = dict[str, Any]
_PARIS = ZoneInfo("Europe/Paris")
NAME = "Académie One Provence"
_STATUS = {
    SessionStatus.SCHEDULED: "https://schema.org/EventScheduled",
    SessionStatus.POSTPONED: "https://schema.org/EventPostponed",
    SessionStatus.CANCELLED: "https://schema.org/EventCancelled",
}
_ATTENDANCE = {
    Mode.ONSITE: "https://schema.org/OfflineEventAttendanceMode",
    Mode.ONLINE: "https://schema.org/OnlineEventAttendanceMode",
    Mode.BLENDED: "https://schema.org/MixedEventAttendanceMode",
}
# A page may hold `</script>`, `<!--` or a line separator in a title: none of it may end or disturb the block.
_INERT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def write(nodes: Iterable[Node]) -> str:
    """The text inside `<script type="application/ld+json">`: nothing in it can close the element."""
    graph = {"@context": "https://schema.org", "@graph": list(nodes)}
    return json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(_INERT)


def organisation(home: str) -> Node:
    """The academy; *home* is the address of its front page in French, the same on both sides of the site."""
    agency = {"@type": "Organization", "name": "One Provence"}
    return {**_academy(home), "parentOrganization": agency}


def website(home: str, *, url: str, search_url: str, language: str) -> Node:
    """The site in one language; *search_url* ends where the question goes."""
    target = {"@type": "EntryPoint", "urlTemplate": f"{search_url}{{search_term_string}}"}
    question = {"@type": "SearchAction", "target": target, "query-input": "required name=search_term_string"}
    return {
        "@type": "WebSite",
        "@id": f"{url}#site",
        "url": url,
        "name": NAME,
        "inLanguage": language,
        "publisher": _academy(home),
        "potentialAction": question,
    }


def breadcrumbs(trail: Sequence[tuple[str, str | None]]) -> Node:
    """The way to a page: (name, absolute address), none for the page itself."""
    steps = [
        _said({"@type": "ListItem", "position": position, "name": name, "item": url})
        for position, (name, url) in enumerate(trail, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def course(edition: Edition, *, url: str, home: str, licence_url: str, about: Sequence[str], events: Sequence[Event]):
    """A cycle with its sessions."""
    return _said(
        {
            "@type": "Course",
            "@id": f"{url}#cycle",
            **_text(edition, url=url, home=home, licence_url=licence_url, about=about),
            "provider": _academy(home),
            "hasCourseInstance": [session(event, home=home) for event in events],
        }
    )


def session(event: Event, *, home: str) -> Node:
    """A dated meeting of a cycle."""
    return _said(
        {
            "@type": ["CourseInstance", "EducationEvent"],
            "@id": f"{event.url}#session",
            "url": event.url,
            "name": event.title,
            "description": event.description,
            "inLanguage": event.language,
            "startDate": _instant(event.starts_at),
            "endDate": _instant(event.ends_at),
            "eventStatus": _STATUS[event.status],
            "eventAttendanceMode": _ATTENDANCE[event.mode],
            "courseMode": str(event.mode),
            "location": _locations(event),
            "instructor": [_host(host) for host in event.hosts],
            "organizer": _academy(home),
            "maximumAttendeeCapacity": event.capacity,
            "remainingAttendeeCapacity": event.seats_left,
        }
    )


def course_of(event: Event, *, home: str) -> Node:
    """The cycle of a session, named on the session's own page."""
    instance = {"@id": f"{event.url}#session"}
    return {**part_of(event.cycle_title, event.cycle_url), "provider": _academy(home), "hasCourseInstance": instance}


def part_of(title: str, url: str) -> Node:
    """The cycle to which something belongs."""
    return {"@type": "Course", "@id": f"{url}#cycle", "name": title, "url": url}


def learning_resource(
    edition: Edition,
    *,
    url: str,
    home: str,
    kind: str,
    level: str,
    licence_url: str,
    about: Sequence[str],
    whole: Node | None,
    places: Sequence[Place] = (),
    readers: Sequence[str] = (),
) -> Node:
    """A module or a resource; *kind*, *level* and *readers* are the words of the page."""
    is_public = edition.document.audience == Audience.PUBLIC
    return _said(
        {
            "@type": "LearningResource",
            "@id": f"{url}#texte",
            **_text(edition, url=url, home=home, licence_url=licence_url, about=about),
            "learningResourceType": kind,
            "educationalLevel": level,
            "timeRequired": _duration(edition.duration),
            "isAccessibleForFree": is_public or None,  # what the site shows to everybody has no price
            "isPartOf": whole,
            "spatialCoverage": [_place(place) for place in places],
            "audience": [{"@type": "Audience", "audienceType": name} for name in readers],
        }
    )


def _text(edition: Edition, *, url: str, home: str, licence_url: str, about: Sequence[str]) -> Node:
    """What every text says of itself."""
    return {
        "url": url,
        "name": edition.title,
        "description": edition.summary,
        "inLanguage": edition.language,
        "datePublished": edition.published_on.isoformat() if edition.published_on else None,
        "dateModified": _instant(edition.updated_at),
        "license": licence_url,
        "author": [_author(name) for name in edition.authors],
        "publisher": _academy(home),
        "teaches": list(edition.objectives),
        "about": [{"@type": "Thing", "name": name} for name in about],
    }


def _said(node: Mapping[str, Any]) -> Node:
    """Without what is not known."""
    return {key: value for key, value in node.items() if value is not None and value != "" and value != []}


def _academy(home: str) -> Node:
    return {"@type": "Organization", "@id": f"{home}#academie", "name": NAME, "url": home}


def _author(name: str) -> Node:
    """Authors are names: those that begin with ours are the academy, the others are taken for people."""
    return {"@type": "Organization" if name.startswith(NAME) else "Person", "name": name}


def _host(host: Host) -> Node:
    return _said({"@type": "Person", "name": host.name, "jobTitle": host.title})


def _locations(event: Event) -> list[Node]:
    places = [_place(event.place)] if event.place and event.mode != Mode.ONLINE else []
    # The page of the session, where one enrols: the address of the virtual room is for those who are enrolled.
    return [*places, {"@type": "VirtualLocation", "url": event.url}] if event.mode != Mode.ONSITE else places


def _place(place: Place) -> Node:
    address = _said(
        {
            "streetAddress": place.street,
            "postalCode": place.postcode,
            "addressLocality": place.city,
        }
    )
    has_point = place.latitude is not None and place.longitude is not None
    point = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    return _said(
        {
            "@type": "Place",
            "name": place.name,
            "url": place.url,
            "address": {"@type": "PostalAddress", **address} if address else None,
            "geo": point if has_point else None,
        }
    )


def _instant(value: datetime | None) -> str | None:
    """2027-02-04T18:00:00+01:00: the hour of Paris with its offset."""
    return value.astimezone(_PARIS).isoformat(timespec="seconds") if value else None


def _duration(minutes: int | None) -> str | None:
    """ISO 8601: PT25M, PT1H30M."""
    if not minutes:
        return None
    hours, rest = divmod(minutes, 60)
    return f"PT{f'{hours}H' if hours else ''}{f'{rest}M' if rest else ''}"
