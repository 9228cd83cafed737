"""Draw a chart as SVG: classes for the colours, so that it follows the page by day, by night and on paper."""

import math
from collections.abc import Iterator
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement

from academy.rendering.charts import Chart, written

# The units of the drawing: 420 wide, letters of 14, so that a telephone shows them at 11 px.
WIDTH, HEIGHT, LETTER, LINE = 420, 260, 7.6, 20
BAR, GAP = 14, 12  # of bars that lie: their thickness, the space between two rows
ELEMENTS = frozenset("svg title desc g rect line path circle text".split())
ATTRIBUTES = frozenset(
    "aria-hidden class cx cy d fill font-size height r role stroke stroke-dasharray stroke-opacity stroke-width text-anchor "
    "viewBox width x x1 x2 y y1 y2".split()
)
INK = {"fill": "currentColor", "font-size": "14"}  # the colour is that of the text, or of the class of a series
DASHES = ("", "8 4", "2 4", "10 3 2 3", "16 5", "5 5")  # of lines, so that they differ without their colours
WORDS = {
    "fr": {
        "bar": "Graphique en barres",
        "line": "Graphique en courbes",
        "stacked": "Graphique en barres empilées",
        "desc": "{kind}, de {least} à {most}{unit}. Le tableau des données suit.",
    },
    "en": {
        "bar": "Bar chart",
        "line": "Line chart",
        "stacked": "Stacked bar chart",
        "desc": "{kind}, from {least} to {most}{unit}. The table of the data follows.",
    },
}


def draw(chart: Chart, language: str) -> Element:
    """Give the drawing, named and described for who cannot see it."""
    upright = chart.kind == "line" or _fits(chart)
    low, high, step = _scale(chart)
    svg = Element("svg", {"class": "chart__drawing", "role": "img", "width": "100%"} | INK)
    SubElement(svg, "title").text = chart.title
    words = WORDS[language]
    SubElement(svg, "desc").text = words["desc"].format(
        kind=words[chart.kind],
        least=written(min(chart.values), language),
        most=written(max(chart.values), language),
        unit=f" {chart.unit}" if chart.unit else "",
    )
    if upright:
        _upright(svg, chart, language, (low, high, step))
    else:
        _lying(svg, chart, language, low, high)
    return svg


def sample(number: int, kind: str) -> Element:
    """Draw the sample of a series for the legend."""
    svg = Element(
        "svg",
        {"class": f"chart__sample chart-{number}", "viewBox": "0 0 28 14", "width": "28", "aria-hidden": "true"} | INK,
    )
    if kind == "line":
        _path(svg, "M0 7H28", number)
        _put(svg, "circle", cx=14, cy=7, r=4)
    else:
        _put(svg, "rect", x=0, y=0, width=28, height=14)
    return svg


def _fits(chart: Chart) -> bool:
    """Say whether the names of standing bars fit below them."""
    return max(len(label) for label, _ in chart.rows) * LETTER + 6 <= (WIDTH - 60) / len(chart.rows)


def _scale(chart: Chart) -> tuple[float, float, float]:
    """Give the ends of the axis and its step: 1, 2 or 5 times a power of ten, zero included."""
    if chart.kind == "stacked":
        values = [float(sum(value or 0 for value in values)) for _, values in chart.rows]
    else:
        values = [float(value) for value in chart.values]
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    rough = ((high - low) or 1.0) / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    return math.floor(low / step + 1e-9) * step, (math.ceil(high / step - 1e-9) or (low == 0)) * step, step


def _ticks(scale: tuple[float, float, float]) -> Iterator[tuple[float, Decimal]]:
    low, high, step = scale
    places = max(0, -math.floor(math.log10(step)))
    for number in range(round((high - low) / step) + 1):
        value = low + number * step
        yield value, Decimal(f"{value:.{places}f}") + 0


def _upright(svg: Element, chart: Chart, language: str, scale: tuple[float, float, float]) -> None:
    """Draw standing bars, or lines."""
    low, high, _ = scale
    ticks = [(value, written(number, language)) for value, number in _ticks(scale)]
    left, top, bottom = max(len(text) for _, text in ticks) * LETTER + 10, 12, HEIGHT - 30
    svg.set("viewBox", f"0 0 {WIDTH} {HEIGHT}")

    def up(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - top)

    grid = SubElement(svg, "g", {"stroke": "currentColor", "stroke-opacity": ".25"})
    for value, text in ticks:
        _put(grid, "line", x1=left, x2=WIDTH, y1=up(value), y2=up(value))
        _say(svg, text, left - 6, up(value) + 5, "end")
    slot = (WIDTH - left) / len(chart.rows)
    every = math.ceil(max(len(label) for label, _ in chart.rows) * LETTER / slot)
    for place, (label, _) in enumerate(chart.rows):
        if place % every == 0:
            _say(svg, label, _inside(left + (place + 0.5) * slot, label), HEIGHT - 8, "middle")
    if chart.kind == "line":
        for number in range(len(chart.series)):
            points = [
                None if values[number] is None else (left + (place + 0.5) * slot, up(float(values[number] or 0)))
                for place, (_, values) in enumerate(chart.rows)
            ]
            _curve(svg, number + 1, points)
        return
    for place, (_, values) in enumerate(chart.rows):
        for number, (begin, end, across, share) in _bars(chart.kind, values):
            width = slot * 0.76 * share
            x = left + (place + 0.12) * slot + across * slot * 0.76
            y, height = up(max(begin, end)), abs(up(begin) - up(end))
            _put(svg, "rect", class_=f"chart-{number}", fill="currentColor", x=x, y=y, width=width, height=height)
    _put(svg, "line", class_="chart__axis", stroke="currentColor", x1=left, x2=WIDTH, y1=up(0), y2=up(0))


def _lying(svg: Element, chart: Chart, language: str, low: float, high: float) -> None:
    """Draw bars that lie below their names, with their values at their ends."""
    stacked = chart.kind == "stacked"
    widest = max(len(written(value, language)) for value in chart.values)
    left = 0.0 if low == 0 else (widest + 1) * LETTER
    room = WIDTH - left - (0 if stacked else (widest + 1) * LETTER)
    y = 0.0
    for label, values in chart.rows:
        _say(svg, label, 0, y + 15, "start")
        y += LINE
        for number, (begin, end, across, _) in _bars(chart.kind, values):
            x, to = (left + (value - low) / (high - low) * room for value in sorted((begin, end)))
            at = y + (0 if stacked else across * len(values) * (BAR + 2))
            _put(svg, "rect", class_=f"chart-{number}", fill="currentColor", x=x, y=at, width=to - x, height=BAR)
            if not stacked:
                behind = end < 0
                text = written(values[number - 1], language)
                _say(svg, text, x - 4 if behind else to + 4, at + 12, "end" if behind else "start")
        y += (1 if stacked else len(values)) * (BAR + 2) + GAP
    svg.set("viewBox", f"0 0 {WIDTH} {_n(y)}")


def _bars(kind: str, values: tuple[Decimal | None, ...]) -> Iterator[tuple[int, tuple[float, float, float, float]]]:
    """Give each bar of a row: its series, from where to where, and its place and share across the row."""
    below = 0.0
    for number, value in enumerate(values, 1):
        if value is None:
            continue
        if kind == "stacked":
            yield number, (below, below + float(value), 0, 1)
            below += float(value)
        else:
            yield number, (0, float(value), (number - 1) / len(values), 1 / len(values))


def _curve(svg: Element, number: int, points: list[tuple[float, float] | None]) -> None:
    """Draw a line, broken where a value is missing, with a mark at each value."""
    group = SubElement(svg, "g", {"class": f"chart-{number}", "fill": "currentColor"})
    path, pen = "", "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        path += f"{pen}{_n(point[0])} {_n(point[1])}"
        pen = "L"
    _path(group, path, number)
    for x, y in filter(None, points):
        _put(group, "circle", cx=x, cy=y, r=4)


def _path(svg: Element, path: str, number: int) -> None:
    line = {"d": path, "fill": "none", "stroke": "currentColor", "stroke-width": "3"}
    dashes = DASHES[number - 1]
    SubElement(svg, "path", line | ({"stroke-dasharray": dashes} if dashes else {}))


def _inside(x: float, label: str) -> float:
    """Keep a centred name within the drawing."""
    half = len(label) * LETTER / 2
    return min(max(x, half), WIDTH - half)


def _say(svg: Element, text: str, x: float, y: float, anchor: str) -> None:
    SubElement(svg, "text", {"x": _n(x), "y": _n(y), "text-anchor": anchor}).text = text


def _put(svg: Element, tag: str, **attrs: float | str) -> None:
    SubElement(
        svg, tag, {name.rstrip("_"): value if isinstance(value, str) else _n(value) for name, value in attrs.items()}
    )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
