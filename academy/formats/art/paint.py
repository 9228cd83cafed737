"""Hold the palette of the drawings and the few strokes that they share."""

import hashlib
import math
import random
from collections.abc import Callable, Sequence

Point = tuple[float, float]

# Hexadecimal twins of the OKLCH tokens in static/css/tokens.css: a picture in an <img> sees no custom property, and
# viewers outside the browser (mail, feeds, link cards) know no oklch().
DAY = {
    "white": "#fcfaf3", "navy": "#0a1836", "saffron": "#faba25", "blue": "#154fac", "deep": "#0e3176",
    "green": "#006852", "red": "#d0382c", "ink": "#0c1c3d", "paper": "#fcf9ee", "sea1": "#dbf1fa", "land": "#f4e6b8",
    "d1": "#114792", "d2": "#2564ab", "d3": "#478cc4", "d4": "#7cbbdb", "d5": "#bae3ed", "shoal": "#f4e6b8",
    "b1": "#143c84", "b2": "#184b98", "b3": "#2763ae", "b4": "#488cc4", "b5": "#8ec7e1", "shore": "#0a1836",
}  # fmt: skip
NIGHT = {
    "saffron": "#ecae30", "blue": "#1b4b9b", "deep": "#0b2455", "green": "#005242", "ink": "#f2efe0",
    "paper": "#0b1524", "sea1": "#0d2840", "land": "#141c2a", "d1": "#0f3a78", "d2": "#1d5490", "d3": "#3877a8",
    "d4": "#5f9dc0", "d5": "#9cc9d8", "shoal": "#e4d098",
    "b1": "#102c5a", "b2": "#133361", "b3": "#163e6b", "b4": "#1f507a", "b5": "#367091", "shore": "#75aec7",
}  # fmt: skip

TEXT = '"Avenir Next",Avenir,"Source Sans 3","Segoe UI","Nimbus Sans",Helvetica,Arial,sans-serif'
DISPLAY = '"Avenir Next",Avenir,Montserrat,"URW Gothic","Century Gothic",Bahnschrift,Corbel,sans-serif'
STROKES = (
    ".iso{stroke:#fcfaf3;stroke-opacity:.3;stroke-width:1.25}"
    ".lat{stroke:#fcfaf3;stroke-opacity:.32;stroke-width:1.5;fill:none}"
    ".cable{stroke-width:5;fill:none;stroke-dasharray:22 9}.node{stroke-width:7}"
    ".crane{stroke-width:9;fill:none;stroke-linejoin:bevel}.quay{stroke-width:8}"
    ".weave{stroke-width:10;paint-order:stroke}.rose{fill:none;stroke-width:1.25}.rhumb{opacity:.3}.rope{stroke-width:4;fill:none}"
    f".sound{{font:400 15px {TEXT};fill:#fcfaf3;fill-opacity:.75}}.sub{{font-size:11px}}"
)


def rng(slug: str) -> random.Random:
    """Make the dice of a slug: the same slug always draws the same picture."""
    return random.Random(int(hashlib.sha256(slug.encode()).hexdigest(), 16))  # noqa: S311 -- a drawing, not a secret


def n(value: float) -> str:
    """Write a coordinate to the nearest unit: the eye sees no finer at the size of a page."""
    return str(round(value))


def smooth(points: Sequence[Point], *, closed: bool = True) -> str:
    """Draw a Catmull-Rom curve through the points, as cubic Béziers."""
    count = len(points)

    def at(i: int) -> Point:
        return points[i % count] if closed else points[min(max(i, 0), count - 1)]

    path = f"M{n(points[0][0])} {n(points[0][1])}"
    for i in range(count if closed else count - 1):
        before, start, end, after = at(i - 1), at(i), at(i + 1), at(i + 2)
        handles = (
            start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6,
            end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6, *end,
        )  # fmt: skip
        path += "C" + " ".join(n(value) for value in handles)
    return path + ("z" if closed else "")


def fill(colour: str, path: str, extra: str = "") -> str:
    """Draw a flat shape in one colour of the palette."""
    return f'<path class="f-{colour}{extra}" d="{path}"/>'


def sounding(x: float, y: float, metres: float) -> str:
    """Write a depth as charts do: metres, decimetres lowered, none in deep water."""
    whole, tenths = divmod(round(metres * 10), 10)
    lowered = f'<tspan class="sub" dy="4">{tenths}</tspan>' if whole < 31 and tenths else ""
    return f'<text class="sound" x="{n(x)}" y="{n(y)}">{whole}{lowered}</text>'


def ring(cx: float, cy: float, radius: Callable[[float], Point], steps: int) -> list[Point]:
    """Place *steps* points around a centre; *radius* gives both half-axes at an angle."""
    points = []
    for i in range(steps):
        angle = i * math.tau / steps
        across, along = radius(angle)
        points.append((cx + across * math.cos(angle), cy + along * math.sin(angle)))
    return points


def palette(body: str, *, has_night: bool = True) -> str:
    """Write the rules of the colours that *body* uses, by day and by night."""
    used = [name for name in DAY if f"f-{name}" in body or f"s-{name}" in body]
    day = "".join(f".f-{name}{{fill:{DAY[name]}}}.s-{name}{{stroke:{DAY[name]}}}" for name in used)
    night = "".join(
        f".f-{name}{{fill:{NIGHT[name]}}}.s-{name}{{stroke:{NIGHT[name]}}}" for name in used if name in NIGHT
    )
    return f"{day}@media(prefers-color-scheme:dark){{{night}}}" if has_night and night else day


def standalone(body: str, box: str, *, style: str = "", has_night: bool = True) -> str:
    """Wrap a drawing as a file of its own; one that becomes a PNG has no night."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" preserveAspectRatio="xMidYMid slice">'
        f"<style>{palette(body, has_night=has_night)}{style}</style>{body}</svg>"
    )
