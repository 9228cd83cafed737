"""Cells that say the name of their column."""

from markupsafe import Markup

from academy.web.cells import labelled


def test_each_cell_but_the_headings_of_rows_says_its_column():
    rows = Markup('<tr><th scope="row">A</th><td class="n">1</td></tr>\n<tr><th>B</th><td>2</td></tr>')
    assert labelled(rows, ["Session", ("Places", "n")]) == (
        '<tr><th scope="row">A</th><td data-label="Places" class="n">1</td></tr>\n'
        '<tr><th>B</th><td data-label="Places">2</td></tr>'
    )


def test_labels_are_escaped_and_what_a_person_typed_stays_as_it_is():
    rows = Markup("<tr><td>{}</td><td>more than columns</td></tr>").format("<td>")
    assert labelled(rows, ['"<b>']) == (
        '<tr><td data-label="&#34;&lt;b&gt;">&lt;td&gt;</td><td>more than columns</td></tr>'
    )
