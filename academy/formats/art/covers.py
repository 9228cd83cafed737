"""Draw the cover of a cycle: isobaths, a cable lattice, a port, woven bands, or a pattern of patterns.py."""

import math
import random
from collections.abc import Callable, Sequence

from academy.formats.art import patterns
from academy.formats.art.marks import mark_of
from academy.formats.art.paint import (
    STROKES,
    fill,
    ring,
    rng,
    smooth,
    sounding,
    standalone,
)
from academy.formats.art.patterns import HEIGHT
from academy.formats.art.weave import woven

_BANDS = (
    (5.6, "d1"),
    (4.4, "d2"),
    (3.4, "d3"),
    (2.5, "d4"),
    (1.7, "d5"),
    (1.0, "shoal"),
)
_CARGO = ("blue", "white", "green", "navy", "blue", "red")

Isle = tuple[float, float, float, list[tuple[float, float]]]


def _isles(dice: random.Random, width: int) -> list[Isle]:
    isles = []
    for left in range(0, width, 800):
        for x, y, size in (
            (dice.uniform(90, 250), dice.uniform(320, 430), dice.uniform(30, 50)),
            (dice.uniform(520, 620), dice.uniform(110, 190), dice.uniform(70, 95)),
            (dice.uniform(690, 760), dice.uniform(380, 450), dice.uniform(26, 44)),
        ):
            waves = [(1 + 0.22 * dice.random(), dice.uniform(0, 6.3)) for _ in range(4)]
            isles.append((left + x, y, size, waves))
    return isles


def _contour(isle: Isle, grow: float) -> str:
    x, y, size, waves = isle

    def axes(angle: float) -> tuple[float, float]:
        swell = sum(0.11 * m / (k + 1) * math.sin((k + 2) * angle + p + grow * 0.35) for k, (m, p) in enumerate(waves))
        reach = (size * 0.45 + size * 0.55 * grow) * (1 + swell)
        return reach * 1.25, reach * 0.92

    return smooth(ring(x, y, axes, 14))


def isobaths(dice: random.Random, width: int) -> str:
    """Draw nested depth bands around shoals, with soundings where the water is deep."""
    isles = _isles(dice, width)
    out = [fill("deep", f"M0 0h{width}v{HEIGHT}H0z")]
    out += [fill(colour, "".join(_contour(isle, grow) for isle in isles), " iso") for grow, colour in _BANDS]
    for column in range(40, width, 92):
        for row in range(50, HEIGHT, 84):
            x, y = column + dice.uniform(-22, 22), row + dice.uniform(-20, 20)
            near = min(math.hypot((x - cx) / 1.25, (y - cy) / 0.92) / size for cx, cy, size, _ in isles)
            if near > 2.1:
                out.append(sounding(x, y, min(98, near * near * 3.1 + dice.random() * 3)))
    return "".join(out)


def lattice(dice: random.Random, width: int) -> str:
    """Draw a triangulation lattice, with submarine cables landing on it."""
    step, columns, rows = 100, math.ceil(width / 100), 5
    out = [fill("navy", f"M0 0h{width}v{HEIGHT}H0z")]
    for x, y in ((i * step, j * step) for i in range(columns) for j in range(rows)):
        if dice.random() < 0.27:
            halves = (
                f"M{x} {y}h{step}v{step}z",
                f"M{x} {y}v{step}h{step}z",
                f"M{x} {y}h{step}L{x} {y + step}z",
            )
            triangle = dice.choice(halves)
            out.append(fill(dice.choice(("saffron", "blue", "d3", "green", "saffron")), triangle))
    lines = "".join(f"M0 {j * step}H{width}" for j in range(1, rows))
    lines += "".join(f"M{i * step} 0V{HEIGHT}" for i in range(1, columns))
    lines += "".join(f"M{i * step} {j * step}l{step} {step}" for i in range(columns) for j in range(rows))
    out.append(f'<path class="lat" d="{lines}"/>')
    out += [_cable(dice, width) for _ in range(3)]
    for x, y in ((i * step, j * step) for i in range(1, columns) for j in range(1, rows)):
        big = dice.random() < 0.16
        out.append(f'<circle class="f-white{" s-navy node" if big else ""}" cx="{x}" cy="{y}" r="{13 if big else 4}"/>')
    return "".join(out)


def _cable(dice: random.Random, width: int) -> str:
    y = dice.uniform(60, 440)
    drift = dice.uniform(-60, 60)
    points = [(float(x), y + 26 * math.sin(x / 60 + y) + x / width * drift) for x in range(-20, width + 40, 40)]
    return f'<path class="cable s-saffron" d="{smooth(points, closed=False)}"/>'


def harbour(dice: random.Random, width: int) -> str:
    """Draw basins, quays, stacked containers and gantry cranes, in plan and in profile."""
    out = [
        fill("saffron", f"M0 0h{width}v{HEIGHT}H0z"),
        fill("deep", f"M0 330h{width}v170H0z"),
    ]
    out.append(fill("d3", f"M0 330h{width}v18H0z"))
    for jetty in range(width // 266):
        x = 90 + jetty * 270 + dice.randint(-14, 14)
        out.append(fill("saffron", f"M{x} 330h70v{dice.choice((84, 104, 124))}h-70z"))
    out += [_stack(dice, 24 + block * 158 + dice.randint(-6, 6)) for block in range(width // 158)]
    apart = 330 if width == 800 else 410
    out += [_crane(dice.choice((150, 170, 190)) + k * apart) for k in range(width // 390)]
    out.append(f'<path class="quay s-navy" d="M0 330H{width}"/>')
    for x in range(30, width, 105):
        out.append(
            sounding(
                x + dice.uniform(-12, 12),
                480 + dice.uniform(-8, 8),
                dice.uniform(9, 21),
            )
        )
    return "".join(out)


def _stack(dice: random.Random, left: int) -> str:
    boxes = ((left + 43 * column, 305 - 25 * level) for column in range(3) for level in range(dice.randint(1, 5)))
    return "".join(fill(dice.choice(_CARGO), f"M{x} {y}h40v22H{x}z") for x, y in boxes)


def _crane(x: int) -> str:
    frame = (
        f"M{x} 330V70M{x + 84} 330V120M{x - 70} 120H{x + 170}M{x} 70L{x - 70} 120M{x} 70L{x + 170} 120"
        f"M{x} 230L{x + 84} 180M{x} 180h84M{x + 130} 120v60"
    )
    return f'<path class="crane s-navy" d="{frame}"/>' + fill("navy", f"M{x + 112} 180h36v18h-36z")


Pattern = Callable[[random.Random, int], str]
PATTERNS: dict[str, Pattern] = {"isobaths": isobaths, "lattice": lattice, "harbour": harbour, "woven": woven}
SPARE = {
    "beams": patterns.beams,
    "bunting": patterns.bunting,
    "compass": patterns.compass,
    "sails": patterns.sails,
    "swell": patterns.swell,
}


def field_of(slug: str, width: int) -> str:
    """Draw the field of a slug, *width* by 500, to put in a picture."""
    mark = mark_of(slug)
    if mark.pattern in PATTERNS:
        return PATTERNS[mark.pattern](rng(slug), width)
    dice = rng(slug)
    return SPARE[mark.pattern](dice, width, dice.choice(patterns.SCHEMES[mark.ground]))


def cover_svg(slug: str, width: int = 800, height: int = HEIGHT) -> str:
    """Draw a cover; a wide low box gives a strip. Width at most 3000, height at most 500 (units of the drawing)."""
    width, height = min(max(width, 200), 3000), min(max(height, 100), HEIGHT)
    top = 50 if mark_of(slug).pattern == "harbour" and height < 450 else (HEIGHT - height) // 2
    return standalone(field_of(slug, max(width, 800)), f"0 {top} {width} {height}", style=STROKES)


def covers_svg(slugs: Sequence[str]) -> str:
    """Draw several covers, one under another in one file; `#<slug>` shows that cover alone."""
    views = [f'<view id="{slug}" viewBox="0 {k * HEIGHT} 800 {HEIGHT}"/>' for k, slug in enumerate(slugs)]
    fields = [
        f'<svg y="{k * HEIGHT}" width="800" height="{HEIGHT}" viewBox="0 0 800 {HEIGHT}">{field_of(slug, 800)}</svg>'
        for k, slug in enumerate(slugs)
    ]
    return standalone("".join(views + fields), f"0 0 800 {HEIGHT * len(slugs)}", style=STROKES)
