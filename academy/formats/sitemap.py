"""Write the sitemap (sitemaps.org 0.9): one address a line of the map, each naming its twins in other languages.

A map holds 50,000 addresses at most: beyond that an index names the maps.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

_XML = '<?xml version="1.0" encoding="utf-8"?>'
_NAMES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


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
    return "\n".join([_XML, f'<urlset {_NAMES} xmlns:xhtml="http://www.w3.org/1999/xhtml">', *lines, "</urlset>\n"])


def write_index(maps: Iterable[tuple[str, datetime | None]]) -> str:
    """The index of these maps, each by its address and the last change of a page in it."""
    lines = [f"<sitemap><loc>{escape(address)}</loc>{_changed(at)}</sitemap>" for address, at in maps]
    return "\n".join([_XML, f"<sitemapindex {_NAMES}>", *lines, "</sitemapindex>\n"])


def _changed(at: datetime | None) -> str:
    return f"<lastmod>{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if at else ""


def _line(place: Place, twins: list[Place], absolute: Callable[[str], str]) -> str:
    hreflangs = [(twin.language, twin.path) for twin in twins if len(twins) > 1]
    hreflangs += [("x-default", path) for language, path in hreflangs if language == "fr"]
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(absolute(path))}/>' for code, path in hreflangs
    )
    return f"<url><loc>{escape(absolute(place.path))}</loc>{_changed(place.updated_at)}{links}</url>"
