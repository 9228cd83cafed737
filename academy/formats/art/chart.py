"""Draw the chart of the home page: from the Rhône to La Ciotat, with soundings (decorative) and a plotted route."""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from academy.formats.art.coast import ISLES, LATITUDE, SHORE, STYLE, Window, graticule, line, names, waters
from academy.formats.art.flags import cloth
from academy.formats.art.paint import DISPLAY, STROKES, TEXT, Point, n, rng, sounding, standalone

PLACES = [
    ("Aix-en-Provence", 5.447, 43.529, 14, 28, "start"), ("Marseille", 5.385, 43.303, 16, 8, "start"),
    ("Martigues", 5.055, 43.393, 12, 6, "start"), ("Istres", 4.985, 43.513, -14, 4, "end"),
    ("Vitrolles", 5.25, 43.455, 8, 5, "start"), ("Salon", 5.097, 43.585, 12, 6, "start"),
    ("Aubagne", 5.57, 43.293, 10, 5, "start"), ("La Ciotat", 5.612, 43.182, 0, -12, "middle"),
    ("Arbois", 5.315, 43.497, 12, 5, "start"),
]  # fmt: skip
STOPS = {
    "port": (4.90, 43.40),
    "economie-bleue": (5.19, 43.262),
    "ia-et-cybersecurite": (5.362, 43.296),
    "innovation-sociale": (5.447, 43.529),
}

CHART = Window(width=1440, height=700, west=4.08, north=43.6, scale=1180)
QUIET = (
    (0, 320, 800, 700),
    (600, 520, 1440, 700),
)  # no soundings where the page writes its headline and search box
CLEAR = 44  # of the route and its flags
_STYLE = (
    STYLE
    + ".route{stroke-width:5;fill:none;stroke-linejoin:round}.halo{stroke-width:9;fill:none;stroke-linejoin:round}"
    ".leg{stroke-width:2}.pole{stroke-width:4}.wp{stroke-width:2.5}.flag__edge{fill:none;stroke:#0a1836;stroke-width:2.5}"
    f".place{{font:700 17px {DISPLAY};letter-spacing:-.01em}}.water{{font:italic 400 17px {TEXT};letter-spacing:.04em}}"
    f".bearing{{font:700 15px {TEXT}}}.deg{{font:400 13px {TEXT};fill-opacity:.85}}"
    # in a picture, the width is that of the picture: a phone gets the drawing without its lettering
    "@media(max-width:56rem){text,.leg,.dot{display:none}.wp{r:14px}.pin{transform:scale(1.1)}.route{stroke-width:8}.halo{stroke-width:14}}"
)


def bearing(start: Point, end: Point) -> int:
    """Give the true bearing from one position to another, in degrees (plane approximation, good within 50 km)."""
    east, north = (end[0] - start[0]) * math.cos(LATITUDE), end[1] - start[1]
    return round(math.degrees(math.atan2(east, north))) % 360


def _minutes() -> str:
    out = []
    for lon in (4.2, 4.4, 4.6, 4.8, 5.0, 5.2, 5.4, 5.6):
        position = f"{int(lon)}°{round(lon % 1 * 60):02d}′\u2009E"
        out.append(f'<text class="deg f-white" x="{n(CHART.at(lon, 43)[0] + 6)}" y="690">{position}</text>')
    return "".join(out)


def _soundings() -> str:
    dice, near, route = rng("carte"), _along(CHART.placed(SHORE)), _along(CHART.placed(list(STOPS.values())), steps=24)
    near += [point for isle in ISLES for point in CHART.placed(isle)]
    route += [(x + 30, y - 50) for x, y in CHART.placed(list(STOPS.values()))]  # the flags
    out = []
    for column in range(24, CHART.width, 84):
        for row in range(20, CHART.height, 62):
            x, y = column + dice.uniform(-24, 24), row + dice.uniform(-20, 20)
            coast = max((sy for sx, sy in near if abs(sx - x) < 30), default=0)
            far = min(math.hypot(sx - x, sy - y) for sx, sy in near)
            written = any(left < x < right and top < y < bottom for left, top, right, bottom in QUIET)
            busy = min(math.hypot(bx - x, by - y) for bx, by in route) < CLEAR
            if y > coast + 12 and far > 24 and not written and not busy:
                out.append(sounding(x, y, min(940, far**1.45 / 9 + dice.random() * 4)))
    return "".join(out)


def _along(points: Sequence[Point], steps: int = 6) -> list[Point]:
    """Points on every leg, close enough to measure how far something is from the line."""
    legs = pairwise(points)
    return [(a[0] + (b[0] - a[0]) * k / steps, a[1] + (b[1] - a[1]) * k / steps) for a, b in legs for k in range(steps)]


def _route(slugs: Sequence[str]) -> str:
    stops = [STOPS[slug] for slug in slugs]
    places = CHART.placed(stops)
    path = line(places)
    out = [f'<path class="halo s-navy" d="{path}"/><path class="route s-saffron" d="{path}"/>']
    for start, end in pairwise(range(len(stops))):
        x, y = ((a + b) / 2 for a, b in zip(places[start], places[end], strict=True))
        out.append(f'<path class="leg f-saffron s-navy" d="M{n(x - 24)} {n(y - 13)}h48v26h-48z"/>')
        text = f"{bearing(stops[start], stops[end]):03d}°"
        out.append(f'<text class="bearing f-navy" text-anchor="middle" x="{n(x + 2)}" y="{n(y + 6)}">{text}</text>')
    for slug, (x, y) in zip(slugs, places, strict=True):
        pole = f'<path class="pole s-navy" d="M0 0V-72"/><g transform="translate(0 -72) scale(.92)">{cloth(slug)}</g>'
        mark = f'<g class="pin">{pole}</g><circle class="wp f-saffron s-navy" r="8"/>'
        out.append(f'<g transform="translate({n(x)} {n(y)})">{mark}</g>')
    return "".join(out)


@lru_cache(maxsize=4)
def chart_svg(slugs: tuple[str, ...] = tuple(STOPS)) -> str:
    """Draw the chart; *slugs* are the cycles whose flags stand on the route, west to east (of those in STOPS)."""
    body = (
        waters(CHART)
        + graticule(CHART)
        + _minutes()
        + _soundings()
        + names(CHART, PLACES, (5.10, 43.458))
        + _route(slugs)
    )
    return standalone(body, f"0 0 {CHART.width} {CHART.height}", style=STROKES + _STYLE)
