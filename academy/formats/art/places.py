"""Draw the map of the metropolis for its venues, and place their numbers so that none hides another."""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import count, product

from academy.formats.art.coast import STYLE, Window, graticule, names, waters
from academy.formats.art.paint import DISPLAY, TEXT, Point, n, standalone

METROPOLIS = Window(width=960, height=770, west=4.8, north=43.725, scale=1295)
APART = 78  # between the middles of two numbers: on a telephone one is 66 units wide
_TOWNS = (
    ("Aix-en-Provence", 5.447, 43.529, 13, 6, "start"), ("Marseille", 5.40, 43.293, 13, 6, "start"),
    ("Martigues", 5.055, 43.393, 13, 6, "start"), ("Istres", 4.985, 43.513, -13, 6, "end"),
    ("Salon-de-Provence", 5.097, 43.640, 13, 6, "start"), ("Vitrolles", 5.25, 43.455, 13, 6, "start"),
    ("Aubagne", 5.57, 43.293, 13, 6, "start"), ("La Ciotat", 5.606, 43.184, 8, -12, "start"),
    ("Pertuis", 5.503, 43.694, 13, 6, "start"), ("Gardanne", 5.469, 43.455, 13, 6, "start"),
)  # fmt: skip
_STYLE = (
    f".place{{font:700 19px {DISPLAY};letter-spacing:-.01em}}.water{{font:italic 400 18px {TEXT};letter-spacing:.04em}}"
    ".mark{stroke-width:5}.lead{stroke-width:5;fill:none}.core{stroke:none}"
    # in a picture, the width is that of the picture
    "@media(max-width:34rem){text,.dot{display:none}.pin{transform:scale(1.9)}}"
)


def metropolis_svg() -> str:
    """Draw the map without its numbers: a page lays them over it."""
    return _file("")


def venue_svg(lon: float, lat: float) -> str | None:
    """Draw the map with one mark; None for a place that is not on it."""
    if not METROPOLIS.holds(lon, lat):
        return None
    x, y = METROPOLIS.at(lon, lat)
    mark = (
        '<g class="pin"><circle class="mark f-saffron s-navy" r="26"/><circle class="core f-navy" r="8"/>'
        '<path class="lead s-ink" d="M0-26V-46M0 26V46M-26 0H-46M26 0H46"/></g>'
    )
    return _file(f'<g transform="translate({n(x)} {n(y)})">{mark}</g>')


def heads(positions: Sequence[Point]) -> list[Point]:
    """Give each position, in order, a place for its number: the nearest free one, first towards the sea."""
    taken: list[Point] = []
    for position in positions:
        taken.append(_free(METROPOLIS.at(*position), taken))
    return taken


def _free(wanted: Point, taken: Sequence[Point]) -> Point:
    if not _hits(wanted, taken) and _is_inside(wanted):
        return wanted
    for ring in count(1):  # ends: the map has more room than an academy has venues, and far rings leave it
        for turn, share in product(range(12 * ring), (0.55, 1)):
            angle, reach = math.pi + math.tau * turn / (12 * ring), APART * (ring - 1 + share)
            place = (wanted[0] + reach * math.cos(angle), wanted[1] + reach * math.sin(angle))
            if not _hits(place, taken) and (_is_inside(place) or ring > 12):
                return place
    raise AssertionError  # `count` has no end


def _hits(place: Point, taken: Sequence[Point]) -> bool:
    return any(math.dist(place, other) < APART for other in taken)


def _is_inside(place: Point) -> bool:
    margin = APART / 2
    return margin <= place[0] <= METROPOLIS.width - margin and margin <= place[1] <= METROPOLIS.height - margin


def _file(mark: str) -> str:
    return standalone(_ground() + mark, f"0 0 {METROPOLIS.width} {METROPOLIS.height}", style=STYLE + _STYLE)


@lru_cache(maxsize=1)
def _ground() -> str:
    return waters(METROPOLIS) + graticule(METROPOLIS) + names(METROPOLIS, _TOWNS, (5.1, 43.462))
