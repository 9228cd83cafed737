"""Draw the card that shows a page in a conversation elsewhere (Open Graph): art, flag, names. 1200 by 630."""

from xml.sax.saxutils import escape

from academy.formats.art.chart import CHART
from academy.formats.art.coast import STYLE, waters
from academy.formats.art.covers import field_of
from academy.formats.art.flags import cloth
from academy.formats.art.marks import FOUNDING, ground_of
from academy.formats.art.paint import STROKES, fill, standalone
from academy.formats.art.raster import FAMILY

WIDTH, HEIGHT, COLUMN = 1200, 630, 740  # COLUMN: the ground on which the words stand, the art beside it
LEFT, ROOM = 64, 612  # where the words begin, how wide a line may be
_GROUNDS = {
    "blue": ("deep", "white"),
    "ink": ("navy", "white"),
    "green": ("green", "white"),
    "saffron": ("saffron", "navy"),
}
_SIZES = ((86, 3), (74, 3), (62, 4), (50, 5), (42, 6))  # of the title, and how many lines then fit
# How wide a letter of Manrope ExtraBold is at most, for a font of size 1, the spacing of the title taken off.
_WIDTHS = (
    (" ", 0.17),
    ("ijlIîï’'.,:;!", 0.35),
    ("frt-‐()1", 0.43),
    ("abcdeghknopqsuvxyzéèêëàâôûùç", 0.61),
    ("mwM%…", 0.89),
)
_WIDTH_OF = {letter: width for letters, width in _WIDTHS for letter in letters}
_CAPITAL, _OTHER = 0.73, 1.08
_STYLE = (
    f"text{{font-family:{FAMILY}}}.title{{font-weight:800;letter-spacing:-.03em}}.name{{font-weight:800}}"
    ".motto{font-weight:600}.flag__edge{fill:none;stroke:#0a1836;stroke-width:1.5}"
)


def card_svg(*, academy: str, title: str = "", slug: str = "", letter: str = "") -> str:
    """Draw the card of a cycle, with the flag of a *letter*, or of the whole academy when there is no *slug*."""
    field, ink = _GROUNDS[ground_of(slug) if slug else "blue"]
    body = (
        _art(slug)
        + fill(field, f"M0 0h{COLUMN}v{HEIGHT}H0z")
        + _hoist(slug, letter, ink, academy if title else "")
        + _title(title or academy, ink)
        + _neatline(ink)
    )
    return standalone(body, f"0 0 {WIDTH} {HEIGHT}", style=STROKES + STYLE + _STYLE, has_night=False)


def lines_of(title: str) -> tuple[int, list[str]]:
    """Wrap a title: the largest size at which it fits, and its lines; the last resort cuts it with an ellipsis."""
    for size, most in _SIZES:
        lines = _wrapped(title, ROOM / size)
        if len(lines) <= most and all(_width(line) * size <= ROOM for line in lines):
            return size, lines
    size, most = _SIZES[-1]
    short = [_cut(line, ROOM / size) for line in _wrapped(title, ROOM / size)[:most]]
    return size, [*short[:-1], _cut(f"{short[-1]} …", ROOM / size)]


def _wrapped(title: str, room: float) -> list[str]:
    lines: list[str] = []
    for word in title.split():
        if lines and _width(f"{lines[-1]} {word}") <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _cut(line: str, room: float) -> str:
    while line and _width(line) > room:
        line = line.removesuffix("…").rstrip()[:-1].rstrip() + "…"
    return line


def _width(text: str) -> float:
    """How wide a text is at most, for a font of size 1."""
    return sum(
        _WIDTH_OF.get(c) or (_CAPITAL if c.isdigit() or (c.isupper() and c not in "WŒÆ") else _OTHER) for c in text
    )


def _title(title: str, ink: str) -> str:
    size, lines = lines_of(title)
    first = 548 - round((len(lines) - 1) * size * 1.12)
    return "".join(
        f'<text class="title f-{ink}" x="{LEFT}" y="{first + round(k * size * 1.12)}" font-size="{size}">{escape(line)}</text>'
        for k, line in enumerate(lines)
    )


def _hoist(slug: str, letter: str, ink: str, academy: str) -> str:
    slugs = [slug] if slug else list(FOUNDING)
    flags = "".join(
        f'<g transform="translate({LEFT + 104 * k} 60) scale(1.6)">{cloth(each, letter)}</g>'
        for k, each in enumerate(slugs)
    )
    x = LEFT + 104 * len(slugs) + 16
    return flags + (
        f'<text class="name f-{ink}" x="{x}" y="112" font-size="34">{escape(academy)}</text>' if academy else ""
    )


def _art(slug: str) -> str:
    wide = WIDTH - COLUMN
    if slug:
        box = f"{(800 - 500 * wide // HEIGHT) // 2} 0 {500 * wide // HEIGHT} 500"
        inside = field_of(slug, 800)
    else:  # the roads of Marseille, from the chart
        box = f"{CHART.width - 560} 0 {700 * wide // HEIGHT} 700"
        inside = waters(CHART)
    return f'<svg x="{COLUMN}" y="0" width="{wide}" height="{HEIGHT}" viewBox="{box}">{inside}</svg>'


def _neatline(ink: str) -> str:
    """The graduated border of a chart, under the words."""
    ticks = "".join(f"M{x} 606h60v24h-60z" for x in range(0, COLUMN - 60, 120))
    return fill(ink, f"M0 602h{COLUMN}v4H0z") + fill(ink, ticks)
