"""Charts are drawn on the server from a few lines, with the same numbers in a table; what is wrong is named with its line."""

import re
from xml.etree import ElementTree

import pytest

from academy.rendering.chart_drawing import ATTRIBUTES, ELEMENTS
from academy.rendering.charts import MAX_CHARTS, MAX_ROWS
from academy.rendering.markdown import RenderingRefused, render

HEAD = "type: {kind}\ntitle: Escales par an\nunit: navires\nsource: exemple\n\n"
DATA = "Année;Cargos;Ferries\n2024;1 200;310,5\n2025;1 250;290\n"


def chart(data: str = DATA, kind: str = "bar", head: str = HEAD) -> str:
    return f"```chart\n{head.format(kind=kind)}{data}```\n"


def drawing(html: str) -> ElementTree.Element:
    """The drawing; it must be well-formed XML, for it is written from a tree."""
    found = re.search(r'<svg class="chart__drawing".*?</svg>', html, re.DOTALL)
    assert found
    return ElementTree.fromstring(found[0])


@pytest.mark.parametrize("kind", ["bar", "line", "stacked", "barres", "courbe", "empilé"])
def test_a_chart_has_a_name_a_description_and_its_data_in_a_table(kind: str):
    html = render(chart(kind=kind)).html
    svg = drawing(html)
    assert svg.get("role") == "img"
    assert svg.findtext("title") == "Escales par an"
    assert "de 290 à 1\u202f250 navires" in (svg.findtext("desc") or "")
    assert '<th class="align-right" scope="col">Ferries</th>' in html
    assert (
        '<tr><th scope="row">2024</th><td class="align-right">1\u202f200</td><td class="align-right">310,5</td></tr>'
        in html
    )
    assert html.count('<svg class="chart__sample') == 2
    assert "<figcaption>Source&nbsp;: exemple</figcaption></figure>" in html
    assert "style=" not in html


def test_the_numbers_are_what_is_drawn():
    svg = drawing(render(chart("A;B\nx;10\ny;20\nz;\n")).html)
    heights = [float(rect.get("height", "")) for rect in svg.iter("rect")]
    assert len(heights) == 2
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)


def test_a_missing_value_breaks_a_line_and_is_said_in_the_table():
    html = render(chart("A;B\nx;10\ny;\nz;20\n", kind="line")).html
    (path,) = drawing(html).iter("path")
    assert path.get("d", "").count("M") == 2
    assert '<td class="align-right">–</td>' in html


def test_negative_numbers_hang_below_the_axis():
    svg = drawing(render(chart("A;B\nx;10\ny;−5\n")).html)
    axis = next(line for line in svg.iter("line") if line.get("class") == "chart__axis")
    tops = [float(rect.get("y", "")) for rect in svg.iter("rect")]
    assert tops[1] == pytest.approx(float(axis.get("y1", "")), abs=0.2)


def test_long_names_lay_the_bars_down():
    svg = drawing(render(chart("A;B\nRéparation et entretien des navires;10\nPêche;-20\n")).html)
    assert not list(svg.iter("line"))
    assert "−20" in [text.text for text in svg.iter("text")]


@pytest.mark.parametrize(
    "values", [["0"], ["0", "0"], ["1"], ["0.000001"], ["999999999999999"], ["-1"], ["-7", "3"], ["1e3"[:1]]]
)
@pytest.mark.parametrize("kind", ["bar", "line"])
def test_any_numbers_are_drawn_within_the_picture(kind: str, values: list[str]):
    data = "A;B\n" + "".join(f"{place};{value}\n" for place, value in enumerate(values))
    svg = drawing(render(chart(data, kind=kind)).html)
    numbers = [float(it.get(name, "0")) for it in svg.iter() for name in ("x", "y", "cx", "cy", "x1", "x2", "y1", "y2")]
    assert all(-1 <= number <= 421 for number in numbers)


def test_numbers_are_read_and_written_in_the_language_of_the_text():
    html = render(chart('Year,Calls\n2024,"1,234.5"\n', head="title: Calls\n\n"), language="en").html
    assert '<td class="align-right">1,234.5</td>' in html
    assert '<td class="align-right">1\u202f234,5</td>' in render(chart("A\tB\nx\t1234,5\n")).html
    assert '<td class="align-right">1\u202f234,50</td>' in render(chart("A;B\nx;1 234.50\n")).html


WRONG = {
    "a key that is none": ("titel: x\n\nA;B\nx;1\n", "chart_key", 2, None),
    "no blank line before the data": ("title: x\nA;B\nx;1\n", "chart_key", 3, None),
    "a type that is none": ("title: x\ntype: pie\n\nA;B\nx;1\n", "chart_type", 2, None),
    "no title": ("type: bar\n\nA;B\nx;1\n", "chart_title", 2, None),
    "no data": ("title: x\n", "chart_empty", 4, None),
    "a line of names alone": ("title: x\n\nA;B\n", "chart_empty", 4, None),
    "values that are all missing": ("title: x\n\nA;B\nx;\n", "chart_empty", 4, None),
    "one column": ("title: x\n\nA\nx\n", "chart_series", 4, 6),
    "too many series": ("title: x\n\nA;1;2;3;4;5;6;7\nx;1;1;1;1;1;1;1\n", "chart_series", 4, 6),
    "too many rows": ("title: x\n\nA;B\n" + "x;1\n" * (MAX_ROWS + 1), "chart_rows", 65, MAX_ROWS),
    "a cell too few": ("title: x\n\nA;B;C\nx;1;2\ny;1\n", "chart_cells", 6, 3),
    "a word for a number": ("title: x\n\nA;B\nx;beaucoup\n", "chart_number", 5, None),
    "a unit with a number": ("title: x\n\nA;B\nx;12 %\n", "chart_number", 5, None),
    "infinity": ("title: x\n\nA;B\nx;inf\n", "chart_number", 5, None),
    "an exponent": ("title: x\n\nA;B\nx;1e99\n", "chart_number", 5, None),
    "a long name": ("title: x\n\nA;B\n" + "x" * 51 + ";1\n", "chart_label", 5, 50),
    "a stacked bar below nothing": ("title: x\ntype: stacked\n\nA;B\nx;-1\n", "chart_negative", 6, None),
}


@pytest.mark.parametrize(("inside", "code", "line", "limit"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_with_its_line(inside: str, code: str, line: int, limit: int | None):
    with pytest.raises(RenderingRefused) as refusal:
        render(f"```chart\n{inside}```\n", first_line=1)
    assert (refusal.value.code, refusal.value.line, refusal.value.limit) == (code, line, limit)


def test_a_page_may_hold_so_many_charts():
    assert render(chart() * MAX_CHARTS).html.count("<figure") == MAX_CHARTS
    with pytest.raises(RenderingRefused, match="too_many_charts"):
        render(chart() * (MAX_CHARTS + 1))


def test_an_author_s_words_never_become_markup():
    head = 'title: <script>alert(1)</script>\nunit: "><img src=x onerror=alert(1)>\nsource: <b onclick=x>\n\n'
    data = "A;<svg/onload=alert(1)>;C\n<img src=x onerror=alert(1)>;1;2\n"
    for kind in ("bar", "line", "stacked"):
        html = render(chart(data, head=f"type: {kind}\n{head}")).html
        assert not re.search(r"<(script|img|b)\b", html)
        svg = drawing(html)
        assert {it.tag for it in svg.iter()} <= ELEMENTS
        assert {name for it in svg.iter() for name in it.attrib} <= ATTRIBUTES


def test_the_words_and_the_numbers_are_found():
    assert render(chart()).text.split("\n") == [
        "Escales par an", "navires", "exemple", "Année | Cargos | Ferries",
        "2024 | 1\u202f200 | 310,5", "2025 | 1\u202f250 | 290",
    ]  # fmt: skip


def test_a_chart_stands_in_a_list_and_in_a_callout():
    indented = "\n".join("  " + line for line in chart().splitlines())
    assert "<svg" in render("- a\n\n" + indented).html
    assert "<svg" in render("!!! note\n" + "\n".join("    " + line for line in chart().splitlines())).html
