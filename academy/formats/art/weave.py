"""Draw woven bands, over and under: the cover of social innovation."""

import random

from academy.formats.art.paint import fill

_COLOURS = ("saffron", "white", "deep", "d3")

Band = tuple[int, int, str]  # where it starts, its width, its colour


def _bands(dice: random.Random, start: int, end: int) -> list[Band]:
    bands, at = [], start
    while at < end:
        width = dice.choice((26, 40, 40, 58))
        bands.append((at, width, dice.choice(_COLOURS)))
        at += width + dice.choice((18, 26, 40))
    return bands


def woven(dice: random.Random, width: int) -> str:
    """Weave two sets of bands, turned by 45 degrees; each passes over one and under the next."""
    reach = (width + 500) // 2 + 60  # half of what a turned square must cover
    middle = (width // 2, 250)
    left, right, top, bottom = (
        middle[0] - reach,
        middle[0] + reach,
        middle[1] - reach,
        middle[1] + reach,
    )
    upright, level = _bands(dice, left, right), _bands(dice, top, bottom)
    out = [fill("green", f"M{left} {top}H{right}V{bottom}H{left}z")]
    for x, wide, colour in upright:
        out.append(fill(colour, f"M{x} {top}h{wide}V{bottom}h-{wide}z", " s-green weave"))
    for row, (y, high, colour) in enumerate(level):
        path, start = "", left
        for column, (x, wide, _) in enumerate(upright):
            if (row + column) % 2:
                path += f"M{start} {y}H{x - 5}v{high}H{start}z"
                start = x + wide + 5
        out.append(fill(colour, path + f"M{start} {y}H{right}v{high}H{start}z"))
    ground = fill("green", f"M0 0h{width}v500H0z")
    return f'{ground}<g transform="rotate(-45 {middle[0]} {middle[1]})">{"".join(out)}</g>'
