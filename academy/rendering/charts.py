"""Read the data of a chart: a few `key: value` lines, a blank line, then a table as spreadsheets copy it.

```chart
type: bar
title: Escales par an
unit: navires

Année;Cargos;Ferries
2024;1 200;310,5
```
"""

import csv
import re
from dataclasses import dataclass
from decimal import Decimal

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from academy.rendering.results import RenderingRefused

NAMES = frozenset(("chart", "graphique"))  # of the fence
KEYS = {"titre": "title", "unité": "unit", "genre": "type"} | {
    name: name for name in ("type", "title", "unit", "source")
}
KINDS = {"barres": "bar", "courbe": "line", "courbes": "line", "empilé": "stacked", "empilées": "stacked"} | {
    name: name for name in ("bar", "line", "stacked")
}
MAX_SERIES = 6
MAX_ROWS = 60
MAX_LABEL = 50  # characters
MAX_HEAD = 200  # characters of a value
MAX_CHARTS = 20  # of a page
NUMBER = re.compile(r"[-−+]?[0-9]{1,15}(?:[.,][0-9]{1,6})?")
ENGLISH_THOUSANDS = re.compile(r"[-−+]?[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,6})?")
BLANKS = re.compile(r"[ \u00a0\u202f\u2009]")


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows; a missing value is None. `heads` are the words of the first line of the table."""

    kind: str
    title: str
    unit: str
    source: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Decimal | None, ...]], ...]

    @property
    def series(self) -> tuple[str, ...]:
        return self.heads[1:]

    @property
    def values(self) -> list[Decimal]:
        return [value for _, values in self.rows for value in values if value is not None]


def charts_plugin(mdit: MarkdownIt) -> None:
    """Make a chart of each fence that is named so; its content is then what a reader reads."""
    mdit.core.ruler.after("block", "charts", _charts)


def _charts(state: StateCore) -> None:
    count = 0
    for token in state.tokens:
        if token.type == "fence" and token.info.strip().lower() in NAMES:
            line, language = (token.map[0] if token.map else 0) + 2, state.env.get("language", "fr")
            count += 1
            if count > MAX_CHARTS:
                raise RenderingRefused("too_many_charts", line - 1, MAX_CHARTS)
            chart = read(token.content.split("\n"), line, language)
            token.type, token.meta["chart"], token.content = "chart", chart, _words(chart, language)


def _words(chart: Chart, language: str) -> str:
    rows = [" | ".join([label, *(written(value, language) for value in values)]) for label, values in chart.rows]
    about = (chart.title, chart.unit, chart.source, " | ".join(chart.heads))
    return "\n".join(part for part in (*about, *rows) if part)


def read(lines: list[str], line: int, language: str) -> Chart:
    """Read a chart whose first line is *line*. Raise `RenderingRefused` with the line to repair."""
    head: dict[str, str] = {}
    done = 0
    while done < len(lines) and (text := lines[done].strip()) and text != "---":
        name, colon, value = text.partition(":")
        key = KEYS.get(name.strip().lower())
        if not colon or not key or len(value) > MAX_HEAD:
            raise RenderingRefused("chart_key", line + done)
        value = value.strip()
        head[key] = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
        done += 1
    kind = KINDS.get(head.get("type", "bar").lower())
    if not kind:
        raise RenderingRefused("chart_type", line)
    if not head.get("title"):
        raise RenderingRefused("chart_title", line)
    heads, rows = _table(lines[done + 1 :], line + done + 1, language, stacked=kind == "stacked")
    return Chart(kind, head["title"], head.get("unit", ""), head.get("source", ""), heads, rows)


def _table(lines: list[str], line: int, language: str, *, stacked: bool):
    """Read the table: its first line names the series."""
    numbered = [(line + at, text) for at, text in enumerate(lines) if text.strip()]
    if len(numbered) < 2:
        raise RenderingRefused("chart_empty", line)
    first = numbered[0][1]
    separator = ";" if ";" in first else "\t" if "\t" in first else ","
    heads = tuple(_cells(first, separator, numbered[0][0]))
    if not 2 <= len(heads) <= MAX_SERIES + 1:
        raise RenderingRefused("chart_series", numbered[0][0], MAX_SERIES)
    if len(numbered) > MAX_ROWS + 1:
        raise RenderingRefused("chart_rows", numbered[MAX_ROWS + 1][0], MAX_ROWS)
    rows = []
    for at, text in numbered[1:]:
        label, *cells = _cells(text, separator, at)
        if len(cells) != len(heads) - 1:
            raise RenderingRefused("chart_cells", at, len(heads))
        values = tuple(_number(cell, at, language) for cell in cells)
        if stacked and any(value is not None and value < 0 for value in values):
            raise RenderingRefused("chart_negative", at)
        rows.append((label, values))
    if all(value is None for _, values in rows for value in values):
        raise RenderingRefused("chart_empty", line)
    return heads, tuple(rows)


def _cells(text: str, separator: str, line: int) -> list[str]:
    cells = [cell.strip() for cell in next(csv.reader([text], delimiter=separator, skipinitialspace=True))]
    if any(len(cell) > MAX_LABEL for cell in cells):
        raise RenderingRefused("chart_label", line, MAX_LABEL)
    return cells


def _number(cell: str, line: int, language: str) -> Decimal | None:
    """Read `1 234,5`, `1234.5` and, in English, `1,234.5`; an empty cell or a dash is no value."""
    text = BLANKS.sub("", cell)
    if text in ("", "-", "–", "—"):
        return None
    if language == "en" and ENGLISH_THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not NUMBER.fullmatch(text):
        raise RenderingRefused("chart_number", line)
    return Decimal(text.replace("−", "-").replace(",", "."))


def written(value: Decimal | None, language: str) -> str:
    """Write a number as the language does: `−1 234,5`, `−1,234.5`; "–" for none."""
    if value is None:
        return "–"
    text = f"{value:,f}".replace("-", "−")
    return text if language == "en" else text.replace(",", "\u202f").replace(".", ",")
