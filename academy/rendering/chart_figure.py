"""Write a chart as a figure: its title, its drawing, its legend, and the table of its data, folded."""

from typing import TYPE_CHECKING

from academy.rendering import drawn
from academy.rendering.chart_drawing import draw, sample
from academy.rendering.charts import Chart, written
from academy.rendering.typography import typeset

if TYPE_CHECKING:
    from academy.rendering.elements import AcademyWriter

WORDS = {
    "fr": {"data": "Les données en tableau", "source": "Source : "},
    "en": {"data": "The data as a table", "source": "Source: "},
}


def write(writer: "AcademyWriter", chart: Chart) -> None:
    """Write the figure."""
    language = writer.env["language"]
    words, keep = WORDS[language], drawn.of(writer.env).keep
    writer.open("figure", class_="chart")
    writer.open("p")
    _leaf(writer, "strong", typeset(chart.title, language))
    if chart.unit:
        writer.void("br")
        _leaf(writer, "small", chart.unit)
    writer.close("p")
    writer.data(keep(draw(chart, language)))
    if len(chart.series) > 1:
        writer.open("p", class_="chart__legend")
        for number, name in enumerate(chart.series, 1):
            writer.data(keep(sample(number, chart.kind)) + " ")
            _say(writer, name)
            writer.data(" \n")
        writer.close("p")
    writer.open("details")
    _leaf(writer, "summary", words["data"])
    _table(writer, chart, language)
    writer.close("details")
    if chart.source:
        _leaf(writer, "figcaption", typeset(words["source"] + chart.source, language))
    writer.close("figure")


def _table(writer: "AcademyWriter", chart: Chart, language: str) -> None:
    writer.table_frame()
    writer.open("table")
    writer.open("thead")
    writer.open("tr")
    for place, name in enumerate(chart.heads):
        side = {"class": "align-right"} if place else {}
        _leaf(writer, *(("th", name) if name else ("td", "")), **({"scope": "col"} if name else {}), **side)
    writer.close("tr")
    writer.close("thead")
    writer.open("tbody")
    for label, values in chart.rows:
        writer.open("tr")
        _leaf(writer, "th", label, scope="row")
        for value in values:
            _leaf(writer, "td", written(value, language), class_="align-right")
        writer.close("tr")
    writer.close("tbody")
    writer.close("table")
    writer.close("div")


def _leaf(writer: "AcademyWriter", tag: str, text: str, /, **attrs: str) -> None:
    writer.open(tag, **attrs)
    _say(writer, text)
    writer.close(tag)


def _say(writer: "AcademyWriter", text: str) -> None:
    writer.data(text.replace("&", "&amp;"))
