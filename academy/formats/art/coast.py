"""Draw the coast of the metropolis, from the Rhône to La Ciotat, as a flat chart with a plotted route.

The coast line is simplified and digitised by hand; soundings are decorative. It is a picture, not for navigation.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from academy.formats.art.flags import cloth
from academy.formats.art.paint import (
    DISPLAY,
    STROKES,
    TEXT,
    Point,
    fill,
    n,
    rng,
    smooth,
    sounding,
    standalone,
)

SHORE = [
    (3.90, 43.50), (4.05, 43.46), (4.13, 43.455), (4.30, 43.45), (4.42, 43.44), (4.52, 43.40), (4.60, 43.355),
    (4.70, 43.352), (4.78, 43.335), (4.84, 43.325), (4.868, 43.345), (4.855, 43.372), (4.90, 43.362), (4.93, 43.352),
    (4.905, 43.374), (4.872, 43.388), (4.83, 43.392), (4.85, 43.41), (4.872, 43.412), (4.866, 43.45), (4.878, 43.45),
    (4.886, 43.414), (4.90, 43.41), (4.893, 43.447), (4.905, 43.447), (4.918, 43.41), (4.93, 43.422), (4.955, 43.428),
    (4.982, 43.405), (5.002, 43.392), (4.99, 43.378), (5.012, 43.345), (5.052, 43.322), (5.10, 43.329),
    (5.155, 43.325), (5.215, 43.331), (5.27, 43.348), (5.312, 43.362), (5.345, 43.352), (5.362, 43.325),
    (5.362, 43.302), (5.375, 43.298), (5.374, 43.293), (5.358, 43.293), (5.346, 43.283), (5.372, 43.268),
    (5.372, 43.25), (5.346, 43.234), (5.328, 43.213), (5.36, 43.208), (5.40, 43.215), (5.425, 43.203), (5.445, 43.212),
    (5.458, 43.20), (5.505, 43.204), (5.536, 43.216), (5.552, 43.193), (5.606, 43.163), (5.612, 43.178),
    (5.645, 43.19), (5.685, 43.178), (5.70, 43.145), (5.78, 43.12), (5.95, 43.09),
]  # fmt: skip
LAGOON = [
    (5.052, 43.406), (5.02, 43.425), (5.012, 43.452), (4.992, 43.50), (5.01, 43.535), (5.04, 43.545), (5.082, 43.532),
    (5.10, 43.515), (5.092, 43.49), (5.13, 43.478), (5.172, 43.472), (5.198, 43.478), (5.232, 43.462), (5.218, 43.44),
    (5.19, 43.43), (5.14, 43.42), (5.10, 43.404),
]  # fmt: skip
ISLES = [
    [
        (5.283, 43.262),
        (5.303, 43.272),
        (5.326, 43.279),
        (5.316, 43.267),
        (5.298, 43.259),
    ],
    [(5.306, 43.283), (5.333, 43.287), (5.326, 43.279), (5.31, 43.278)],
    [(5.375, 43.178), (5.395, 43.18), (5.392, 43.172), (5.378, 43.171)],
    [(5.348, 43.199), (5.372, 43.201), (5.366, 43.195)],
    [(5.227, 43.2), (5.233, 43.2), (5.23, 43.196)],
]
CANAL = [(4.985, 43.404), (5.03, 43.412), (5.056, 43.406)]
PLACES = [  # name, position, shift of the label, its anchor
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

WIDTH, HEIGHT = 1440, 700
WEST, NORTH, SCALE = 4.08, 43.6, 1180  # SCALE: units for one degree of latitude
LATITUDE = math.radians(43.4)
QUIET = (
    (0, 320, 800, 700),
    (600, 520, 1440, 700),
)  # no soundings where the page writes its headline and search box
_DEPTHS = ((290, "b1"), (196, "b2"), (120, "b3"), (60, "b4"), (22, "b5"))
_STYLE = (
    ".band{fill:none;stroke-linejoin:round;stroke-linecap:round}.shore{stroke-width:2;stroke-linejoin:round}"
    ".canal{fill:none;stroke-width:3}.grat{stroke:#fcfaf3;stroke-opacity:.26;fill:none}"
    ".route{stroke-width:5;fill:none;stroke-linejoin:round}.halo{stroke-width:9;fill:none;stroke-linejoin:round}"
    ".leg{stroke-width:2}.pole{stroke-width:4}.wp{stroke-width:2.5}.flag__edge{fill:none;stroke:#0a1836;stroke-width:2.5}"
    f".place{{font:700 17px {DISPLAY};letter-spacing:-.01em}}.water{{font:italic 400 17px {TEXT};letter-spacing:.04em}}"
    f".bearing{{font:700 15px {TEXT}}}.deg{{font:400 13px {TEXT};fill-opacity:.85}}"
    # in a picture, the width is that of the picture: a phone gets the drawing without its lettering
    "@media(max-width:56rem){text,.leg,.dot{display:none}.wp{r:14px}.pin{transform:scale(1.1)}.route{stroke-width:8}.halo{stroke-width:14}}"
)


def at(lon: float, lat: float) -> Point:
    """Give the place of a position on the drawing."""
    return (lon - WEST) * SCALE * math.cos(LATITUDE), (NORTH - lat) * SCALE


def _placed(positions: Sequence[Point]) -> list[Point]:
    return [at(*position) for position in positions]


def _line(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{n(x)} {n(y)}" for x, y in points)


def bearing(start: Point, end: Point) -> int:
    """Give the true bearing from one position to another, in degrees (plane approximation, good within 50 km)."""
    east, north = (end[0] - start[0]) * math.cos(LATITUDE), end[1] - start[1]
    return round(math.degrees(math.atan2(east, north))) % 360


def _waters() -> str:
    shore = _placed(SHORE)
    isles = "".join(_line(_placed(isle)) + "z" for isle in ISLES)
    both = _line(shore) + isles
    out = [fill("deep", f"M0 0h{WIDTH}v{HEIGHT}H0z")]
    out += [f'<path class="band s-{colour}" stroke-width="{width}" d="{both}"/>' for width, colour in _DEPTHS]
    out.append(fill("land", f"{_line(shore)}V-200H{n(shore[0][0])}z{isles}", " shore s-shore"))
    out.append(fill("b5", smooth(_placed(LAGOON)), " shore s-shore"))
    cx, cy = at(5.09, 43.463)
    for shrink, colour in ((0.78, "b4"), (0.5, "b3")):
        out.append(
            fill(
                colour,
                smooth([(cx + (x - cx) * shrink, cy + (y - cy) * shrink) for x, y in _placed(LAGOON)]),
            )
        )
    return "".join(out) + f'<path class="canal s-shore" d="{_line(_placed(CANAL))}"/>'


def _graticule() -> str:
    lines = "".join(f"M{n(at(4.8 + 0.2 * k, 43)[0])} 0V{HEIGHT}" for k in range(6))
    lines += "".join(f"M0 {n(at(5, lat)[1])}H{WIDTH}" for lat in (43.0, 43.2, 43.4, 43.6))
    minutes = ""
    for lon in (4.2, 4.4, 4.6, 4.8, 5.0, 5.2, 5.4, 5.6):
        position = f"{int(lon)}°{round(lon % 1 * 60):02d}′\u2009E"
        minutes += f'<text class="deg f-white" x="{n(at(lon, 43)[0] + 6)}" y="690">{position}</text>'
    return f'<path class="grat" d="{lines}"/>{minutes}'


def _soundings() -> str:
    dice, shore = rng("carte"), _placed(SHORE)
    legs = pairwise(shore)
    dense = [(a[0] + (b[0] - a[0]) * k / 6, a[1] + (b[1] - a[1]) * k / 6) for a, b in legs for k in range(6)]
    dense += [point for isle in ISLES for point in _placed(isle)]
    out = []
    for column in range(24, WIDTH, 84):
        for row in range(20, HEIGHT, 62):
            x, y = column + dice.uniform(-24, 24), row + dice.uniform(-20, 20)
            coast = max((sy for sx, sy in dense if abs(sx - x) < 30), default=0)
            far = min(math.hypot(sx - x, sy - y) for sx, sy in dense)
            written = any(left < x < right and top < y < bottom for left, top, right, bottom in QUIET)
            if y > coast + 12 and far > 24 and not written:
                out.append(sounding(x, y, min(940, far**1.45 / 9 + dice.random() * 4)))
    return "".join(out)


def _towns() -> str:
    out = []
    for name, lon, lat, dx, dy, anchor in PLACES:
        x, y = at(lon, lat)
        out.append(f'<circle class="dot f-ink" cx="{n(x)}" cy="{n(y)}" r="4.5"/>')
        out.append(f'<text class="place f-ink" x="{n(x + dx)}" y="{n(y + dy)}" text-anchor="{anchor}">{name}</text>')
    x, y = at(5.10, 43.458)
    for word, lower in (("étang", 0), ("de Berre", 20)):
        out.append(f'<text class="water f-white" x="{n(x)}" y="{n(y + lower)}" text-anchor="middle">{word}</text>')
    return "".join(out)


def _route(slugs: Sequence[str]) -> str:
    stops = [STOPS[slug] for slug in slugs]
    places = _placed(stops)
    path = _line(places)
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
    body = _waters() + _graticule() + _soundings() + _towns() + _route(slugs)
    return standalone(body, f"0 0 {WIDTH} {HEIGHT}", style=STROKES + _STYLE)
