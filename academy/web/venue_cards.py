"""What pages show of a venue: plain values, and where it stands on the map."""

from dataclasses import dataclass

from flask import url_for

from academy.formats import art
from academy.models import Venue
from academy.rendering.typography import typeset
from academy.web.locale import language
from academy.web.navigation import art_url
from academy.web.spoken import Spoken

MAP_SITE = "https://www.openstreetmap.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueCard:
    """A venue as the pages of sessions and venues read it."""

    id: int
    slug: str
    url: str
    name: str
    address: str
    city: str  # with its postcode
    access: str
    is_totem: bool
    position: tuple[float, float] | None  # longitude and latitude, None: not a place on Earth, as a video call
    map_url: str  # our drawing with its mark; "" when it has no position or stands off the map
    way_url: str  # how to get there, on the site of OpenStreetMap: a link, nothing is asked of it


def venue_card(venue: Venue) -> VenueCard:
    """The card of a row, in the page's language."""
    lon, lat = venue.longitude, venue.latitude
    position = (lon, lat) if lon is not None and lat is not None else None
    return VenueCard(
        id=venue.id,
        slug=venue.slug,
        url=url_for("venues.show", slug=venue.slug),
        name=venue.name_in(language()),
        address=venue.address,
        city=" ".join(filter(None, (venue.postcode, venue.city))),
        access=_access(venue),
        is_totem=venue.is_totem,
        position=position,
        map_url=_map_url(venue.slug, position) if position and art.METROPOLIS.holds(*position) else "",
        way_url=f"{MAP_SITE}/directions?to={lat}%2C{lon}" if position else "",
    )


def _access(venue: Venue) -> Spoken:
    """How to get there, in the page's language if that was written."""
    words = {"fr": venue.access_fr, "en": venue.access_en}
    code = next((code for code in (language(), "fr", "en") if words[code]), "fr")
    return Spoken(typeset(words[code], code), code)


def _map_url(slug: str, position: tuple[float, float]) -> str:
    return f"{art_url(f'venue-{slug}')}-{position[0]:g}-{position[1]:g}"
