"""Draw the covers of the cycles that the academy adds later, each in the colours of its ground."""

import math
import random
from itertools import pairwise
from typing import NamedTuple

from academy.formats.art.paint import fill, n

HEIGHT = 500  # of the field on which every pattern is drawn


class Scheme(NamedTuple):
    """The colours of a cover: the field, the one that stands out, two that go with them."""

    field: str
    mark: str
    light: str
    shade: str


SCHEMES = {
    "blue": (Scheme("deep", "saffron", "white", "d2"), Scheme("deep", "white", "d4", "green")),
    "ink": (Scheme("navy", "saffron", "d4", "d1"), Scheme("navy", "white", "saffron", "green")),
    "green": (Scheme("green", "saffron", "white", "deep"), Scheme("green", "white", "d5", "navy")),
    "saffron": (Scheme("saffron", "navy", "white", "blue"), Scheme("saffron", "white", "green", "navy")),
}


def _field(colour: str, width: int) -> str:
    return fill(colour, f"M0 0h{width}v{HEIGHT}H0z")


def swell(dice: random.Random, width: int, scheme: Scheme) -> str:
    """Lay rows of round waves, each row over the last; here and there a wave stands out."""
    radius, name = dice.choice((84, 100, 120)), f"w{dice.getrandbits(32):x}"
    plain = (scheme.field, scheme.light, scheme.field, scheme.shade, scheme.field)
    bright = (scheme.field, scheme.mark, scheme.field, scheme.light, scheme.mark)
    waves = "".join(
        f'<g id="{name}{kind}">'
        + "".join(
            f'<circle class="f-{colour}" r="{round(radius * share)}"/>'
            for colour, share in zip(colours, (1, 0.92, 0.72, 0.64, 0.4), strict=True)
        )
        + "</g>"
        for kind, colours in (("a", plain), ("b", bright))
    )
    rows = range(HEIGHT // (radius // 2) + 3)
    uses = "".join(
        f'<use href="#{name}{"b" if dice.random() < 0.14 else "a"}" x="{x}" y="{row * radius // 2}"/>'
        for row in rows
        for x in range(-(row % 2) * radius, width + 2 * radius, 2 * radius)
    )
    return f"<defs>{waves}</defs>{_field(scheme.shade, width)}{uses}"


def beams(dice: random.Random, width: int, scheme: Scheme) -> str:
    """Turn on a light with its sectors and its rings of range, one for each 800 units."""
    out = [_field(scheme.field, width)]
    for left in range(0, width, 800):
        x, y = left + dice.randint(240, 560), dice.randint(170, 330)
        turn, count = dice.uniform(0, 360), dice.choice((5, 6, 7))
        for k in range(count):
            colour = (scheme.shade, scheme.light, scheme.mark)[k % 3 if count % 3 else (k * 2) % 3]
            out.append(fill(colour, _wedge(x, y, 620, turn + 360 / count * k, 360 / count * dice.uniform(0.3, 0.62))))
        out += [f'<circle class="rose s-{scheme.field}" cx="{x}" cy="{y}" r="{reach}"/>' for reach in (90, 190, 310)]
        out.append(f'<circle class="f-{scheme.field}" cx="{x}" cy="{y}" r="46"/>')
        out.append(f'<circle class="f-{scheme.mark}" cx="{x}" cy="{y}" r="26"/>')
    return "".join(out)


def _wedge(x: int, y: int, reach: int, start: float, spread: float) -> str:
    edges = (math.radians(start), math.radians(start + spread))
    tips = "L".join(f"{n(x + reach * math.cos(a))} {n(y + reach * math.sin(a))}" for a in edges)
    return f"M{x} {y}L{tips}z"


def sails(dice: random.Random, width: int, scheme: Scheme) -> str:
    """Send out a regatta: tall sails over a sea in bands."""
    out, x = [_field(scheme.field, width)], -60
    horizon = dice.randint(360, 400)
    while x < width + 120:
        tall, wide = dice.randint(190, 330), dice.randint(90, 130)
        foot = horizon + dice.randint(-6, 34)
        main, jib = dice.sample((scheme.mark, scheme.light, scheme.light, scheme.shade), 2)
        if main == jib:
            jib = scheme.mark
        out.append(fill(main, f"M{x} {foot}V{foot - tall}L{x + wide} {foot}z"))
        out.append(fill(jib, f"M{x - 8} {foot}V{foot - tall + 40}L{x - wide * 5 // 9} {foot}z"))
        out.append(fill(scheme.shade, f"M{x - wide * 5 // 9} {foot + 10}h{wide * 14 // 9}l-26 26h-{wide}z"))
        x += wide + dice.randint(70, 130)
    for k, colour in enumerate((scheme.shade, scheme.field, scheme.light, scheme.field)):
        out.append(fill(colour, f"M0 {horizon + 50 + 22 * k}H{width}V{HEIGHT}H0z"))
    return "".join(out)


def bunting(dice: random.Random, width: int, scheme: Scheme) -> str:
    """Dress the ship overall: pennants on slack lines from side to side."""
    out, inks = [_field(scheme.field, width)], (scheme.mark, scheme.light, scheme.shade)
    for row in range(4):
        y, slack, lean = 30 + row * 122 + dice.randint(-12, 12), dice.randint(24, 64), dice.randint(-40, 40)
        start = dice.randint(0, 2)
        places = [
            (x, y + lean * x / width + slack * math.sin(math.pi * (x % 800) / 800)) for x in range(-40, width + 80, 60)
        ]
        rope = "M" + "L".join(f"{n(px)} {n(py)}" for px, py in places)
        for k, ((ax, ay), (bx, by)) in enumerate(pairwise(places)):
            tip = f"{n((ax + bx) / 2)} {n((ay + by) / 2 + 78)}"
            out.append(fill(inks[(start + k) % 3], f"M{n(ax + 5)} {n(ay)}L{n(bx - 5)} {n(by)}L{tip}z"))
        out.append(f'<path class="quay s-{scheme.light} rope" d="{rope}"/>')
    return "".join(out)


def compass(dice: random.Random, width: int, scheme: Scheme) -> str:
    """Draw rhumb lines out of a sober compass rose."""
    cx, cy = dice.randint(width * 6 // 10, width * 3 // 4), dice.randint(190, 300)
    far, radius = width + HEIGHT, dice.choice((150, 170, 190))
    rays = (math.tau * k / 32 for k in range(32))
    rhumbs = "".join(f"M{cx} {cy}L{n(cx + far * math.cos(a))} {n(cy + far * math.sin(a))}" for a in rays)
    return (
        _field(scheme.field, width)
        + f'<path class="rose rhumb s-{scheme.light}" d="{rhumbs}"/>'
        + f'<circle class="f-{scheme.shade}" cx="{cx}" cy="{cy}" r="{radius}"/>'
        + _rose(cx, cy, radius, scheme)
    )


def _rose(cx: int, cy: int, radius: int, scheme: Scheme) -> str:
    ticks, star = "", ""
    for degree in range(0, 360, 5):
        a = math.radians(degree - 90)
        inner = radius * (0.84 if degree % 30 == 0 else 0.9 if degree % 10 == 0 else 0.94)
        ticks += f"M{n(cx + inner * math.cos(a))} {n(cy + inner * math.sin(a))}"
        ticks += f"L{n(cx + radius * math.cos(a))} {n(cy + radius * math.sin(a))}"
    for k in range(8):
        a, reach = math.radians(k * 45 - 90), radius * (0.74 if k % 2 == 0 else 0.42)
        side = (cx + radius * 0.13 * math.cos(a + 0.785), cy + radius * 0.13 * math.sin(a + 0.785))
        tip = (cx + reach * math.cos(a), cy + reach * math.sin(a))
        star += f"M{n(cx)} {n(cy)}L{n(side[0])} {n(side[1])}L{n(tip[0])} {n(tip[1])}z"
    ring = f'<circle class="rose s-{scheme.light}" cx="{cx}" cy="{cy}" r="{n(radius * 0.8)}"/>'
    return f'{ring}<path class="rose s-{scheme.light}" d="{ticks}"/>{fill(scheme.mark, star)}'
