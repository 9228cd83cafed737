"""The places that texts are about, communes and venues: their names, their ways, their numbers on the map."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select

from academy.domain.communes import COMMUNES
from academy.extensions import db
from academy.formats import art
from academy.models import Edition, Venue
from academy.web.labels import stakeholder_label
from academy.web.locale import language
from academy.web.remembered import remembered

MAP = art.METROPOLIS
Position = tuple[float, float]  # longitude and latitude, in degrees


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place and the way to its texts; no position: it is not one on Earth, or nobody said which."""

    slug: str
    name: str
    position: Position | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A numbered place on the map: `x`, `y` its number, `at_x`, `at_y` itself, in units of the drawing."""

    number: int
    place: Any  # with a name and a url
    x: int
    y: int
    at_x: int
    at_y: int


def pins(places: Sequence[tuple[Any, Position]]) -> list[Pin]:
    """Number the places, in their order, so that no number hides another."""
    heads = art.heads([position for _, position in places])
    return [
        Pin(number=number, place=place, x=round(x), y=round(y), at_x=round(at_x), at_y=round(at_y))
        for number, ((place, position), (x, y)) in enumerate(zip(places, heads, strict=True), 1)
        for at_x, at_y in [MAP.at(*position)]
    ]


def place_pins(urls: Mapping[str, str]) -> tuple[list[Pin], list[Place]]:
    """The places of these slugs with their ways: those on the map, in the order of their names, then the others."""
    if not urls:
        return [], []
    known = sorted((place_of(slug, url) for slug, url in urls.items()), key=lambda place: place.slug)
    on_map = [(place, place.position) for place in known if place.position and MAP.holds(*place.position)]
    there = {place.slug for place, _ in on_map}
    return pins(on_map), [place for place in known if place.slug not in there]


def place_of(slug: str, url: str = "") -> Place:
    """A place by its slug; one that nobody knows any more is called by it."""
    name, position = _places().get(slug, (slug, None))
    return Place(slug=slug, name=name, position=position, url=url)


def place_names() -> dict[str, str]:
    """The name of every place that a text may be about."""
    return {slug: name for slug, (name, _) in _places().items()}


def concerned(edition: Edition) -> dict[str, list[tuple[str, str]]]:
    """What a text is about and for whom: names, each with the way to all the texts that share it."""
    return {
        "territories": _ways("territoire", ((slug, place_of(slug).name) for slug in edition.territories)),
        "stakeholders": _ways("public", ((code, stakeholder_label(code)) for code in edition.stakeholders)),
    }


def _ways(facet: str, named: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    asked: list[tuple[str, dict[str, Any]]] = [(name, {facet: value}) for value, name in named]
    return [(name, url_for("resources.index", **query)) for name, query in asked]


@remembered
def _places() -> dict[str, tuple[str, Position | None]]:
    """A venue named like a commune is the venue."""
    venues = {row.slug: (row.name_in(language()), _position(row)) for row in db.session.scalars(select(Venue))}
    return {slug: (commune.name, commune.position) for slug, commune in COMMUNES.items()} | venues


def _position(venue: Venue) -> Position | None:
    lon, lat = venue.longitude, venue.latitude
    return (lon, lat) if lon is not None and lat is not None else None
