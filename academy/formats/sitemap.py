"""Write the sitemap: one address a line of the map, each naming its twins in other languages."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page in one language; pages of one `group` are translations of each other."""

    group: object
    language: str
    path: str
    updated_at: datetime | None = None


def write(places: Iterable[Place], absolute: Callable[[str], str]) -> str:
    """The sitemap of these pages; *absolute* makes an address of a path."""
    groups: dict[object, list[Place]] = {}
    for place in places:
        groups.setdefault(place.group, []).append(place)
    lines = [_line(place, twins, absolute) for twins in groups.values() for place in twins]
    return "\n".join([_HEAD, *lines, "</urlset>\n"])


def _line(place: Place, twins: list[Place], absolute: Callable[[str], str]) -> str:
    changed = f"<lastmod>{place.updated_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if place.updated_at else ""
    hreflangs = [(twin.language, twin.path) for twin in twins if len(twins) > 1]
    hreflangs += [("x-default", path) for language, path in hreflangs if language == "fr"]
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(absolute(path))}/>' for code, path in hreflangs
    )
    return f"<url><loc>{escape(absolute(place.path))}</loc>{changed}{links}</url>"
