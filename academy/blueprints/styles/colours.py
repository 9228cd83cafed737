"""The colours of tokens.css, and the contrast of the pairs that the product sets one on the other."""

import math
import re
from dataclasses import dataclass
from functools import cache

from academy.web.assets import STATIC

_TOKEN = re.compile(r"--([a-z0-9-]+):\s*((?:light-dark|oklch)\(.*\));")
_OKLCH = re.compile(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)( / [\d.]+)?\)")

# (text, ground): what people read. Saffron on green or on paper is for shapes alone, never for words.
PAIRS = (
    *((ink, ground) for ground in ("paper", "paper-2") for ink in ("ink", "ink-2", "link", "good", "warn", "bad")),
    ("ink", "mark"),
    ("ink", "sea-1"),
    ("link", "sea-1"),
    ("paper", "ink"),
    ("paper", "bad"),
    ("white", "deep"),
    ("white", "blue"),
    ("white", "green"),
    ("white", "navy"),
    ("navy", "saffron"),
    ("navy", "white"),
    ("saffron", "deep"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Contrast of a text on a ground, by day and by night (WCAG 2.2, 1 to 21)."""

    text: str
    ground: str
    light: float
    dark: float


@cache
def tokens() -> dict[str, tuple[str, str]]:
    """Each opaque colour: its value by day and by night."""
    found = {}
    for name, value in _TOKEN.findall((STATIC / "css" / "tokens.css").read_text("utf-8")):
        values = [match[0] for match in _OKLCH.finditer(value) if not match[4]]
        if values:
            found[name] = (values[0], values[-1])
    return found


@cache
def measured() -> list[Pair]:
    """The pairs with their contrasts."""
    found = tokens()
    return [
        Pair(text, ground, *(contrast(found[text][at], found[ground][at]) for at in (0, 1))) for text, ground in PAIRS
    ]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2 between two `oklch()` values, in either order."""
    lower, higher = sorted((luminance(one), luminance(other)))
    return (higher + 0.05) / (lower + 0.05)


def luminance(oklch: str) -> float:
    """Relative luminance of a colour: Oklab to linear sRGB by the matrices of Björn Ottosson (2020), cut to the gamut."""
    match = _OKLCH.fullmatch(oklch)
    assert match, oklch
    light, chroma, hue = float(match[1]), float(match[2]), math.radians(float(match[3]))
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(max(part, 0), 1) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
