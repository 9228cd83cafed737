"""Draw the waters of the metropolis: the land, the isles, bands of depth around them, the étang de Berre.

The coast is that of GSHHG (Wessel and Smith, 1996; LGPL), see coast_points.py. GSHHG has no étang de Berre and no canal
de Caronte: both are digitised by hand. It is a picture, not for navigation.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from academy.formats.art import coast_points
from academy.formats.art.paint import Point, fill, n, smooth

LAGOON = [
    (5.052, 43.406), (5.02, 43.425), (5.012, 43.452), (4.992, 43.50), (5.01, 43.535), (5.04, 43.545), (5.082, 43.532),
    (5.10, 43.515), (5.092, 43.49), (5.13, 43.478), (5.172, 43.472), (5.198, 43.478), (5.232, 43.462), (5.218, 43.44),
    (5.19, 43.43), (5.14, 43.42), (5.10, 43.404),
]  # fmt: skip
CANAL = [(4.979, 43.405), (4.987, 43.404), (5.03, 43.408), (5.056, 43.406)]

Town = tuple[str, float, float, int, int, str]  # name, longitude, latitude, shift of the label, its anchor
LATITUDE = math.radians(43.4)
_DEPTHS = ((0.246, "b1"), (0.166, "b2"), (0.102, "b3"), (0.051, "b4"), (0.0187, "b5"))  # width in degrees of latitude
STYLE = (
    ".band{fill:none;stroke-linejoin:round;stroke-linecap:round}.shore{stroke-width:2;stroke-linejoin:round}"
    ".canal{fill:none;stroke-width:3}.grat{stroke:#fcfaf3;stroke-opacity:.26;fill:none}"
)


def _ring(text: str) -> tuple[Point, ...]:
    numbers = [int(number) / 1000 for number in text.split()]
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


SHORE = _ring(coast_points.SHORE)
ISLES = tuple(_ring(isle) for isle in coast_points.ISLES)


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the coast on paper: its north-west corner, and how many units make one degree of latitude."""

    width: int
    height: int
    west: float
    north: float
    scale: int

    def at(self, lon: float, lat: float) -> Point:
        """Give the place of a position on the drawing."""
        return (lon - self.west) * self.scale * math.cos(LATITUDE), (self.north - lat) * self.scale

    def placed(self, positions: Sequence[Point]) -> list[Point]:
        return [self.at(*position) for position in positions]

    def holds(self, lon: float, lat: float) -> bool:
        x, y = self.at(lon, lat)
        return 0 <= x <= self.width and 0 <= y <= self.height


def line(points: Sequence[Point]) -> str:
    """Draw straight legs from point to point; what rounds to the same unit is written once."""
    return "M" + "L".join(place for place, _ in groupby(f"{n(x)} {n(y)}" for x, y in points))


def waters(window: Window) -> str:
    """Draw the sea with its bands of depth, the land over it, the lagoon in the land."""
    shore = line(window.placed(SHORE))
    isles = "".join(line(window.placed(isle)) + "z" for isle in ISLES)
    bands = "".join(f'<use class="s-{c}" stroke-width="{n(w * window.scale)}" href="#coast"/>' for w, c in _DEPTHS)
    west, east = (n(window.at(*SHORE[end])[0]) for end in (0, -1))
    return (
        f'<defs><path id="coast" d="{shore}{isles}"/></defs>'
        + fill("deep", f"M0 0h{window.width}v{window.height}H0z")
        + f'<g class="band">{bands}</g>'
        + fill("land", f"{shore}H{int(east) + 200}V-200H{west}z{isles}", " shore s-shore")
        + _lagoon(window)
    )


def _lagoon(window: Window) -> str:
    edge = window.placed(LAGOON)
    cx, cy = window.at(5.09, 43.463)
    inner = "".join(
        fill(colour, smooth([(cx + (x - cx) * shrink, cy + (y - cy) * shrink) for x, y in edge]))
        for shrink, colour in ((0.78, "b4"), (0.5, "b3"))
    )
    water = fill("b5", smooth(edge), " shore s-shore")
    return f'{water}{inner}<path class="canal s-shore" d="{line(window.placed(CANAL))}"/>'


def graticule(window: Window, *, step: float = 0.2) -> str:
    """Draw meridians and parallels, *step* degrees apart."""
    fifths = range(round(40 / step), round(45 / step))
    lats = (k * step for k in fifths)
    lons = (k * step for k in range(round(3 / step), round(7 / step)))
    across = "".join(f"M0 {n(y)}H{window.width}" for lat in lats if 0 < (y := window.at(5, lat)[1]) < window.height)
    down = "".join(f"M{n(x)} 0V{window.height}" for lon in lons if 0 < (x := window.at(lon, 43)[0]) < window.width)
    return f'<path class="grat" d="{down}{across}"/>'


def names(window: Window, towns: Sequence[Town], lagoon: Point) -> str:
    """Write the towns, each with its dot, and the étang de Berre."""
    out = []
    for name, lon, lat, dx, dy, anchor in towns:
        x, y = window.at(lon, lat)
        out.append(f'<circle class="dot f-ink" cx="{n(x)}" cy="{n(y)}" r="4.5"/>')
        out.append(f'<text class="place f-ink" x="{n(x + dx)}" y="{n(y + dy)}" text-anchor="{anchor}">{name}</text>')
    x, y = window.at(*lagoon)
    for word, lower in (("étang", 0), ("de Berre", 20)):
        out.append(f'<text class="water f-white" x="{n(x)}" y="{n(y + lower)}" text-anchor="middle">{word}</text>')
    return "".join(out)
