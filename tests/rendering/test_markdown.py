"""The outline, the text, the remarks: all that a rendering gives beside the HTML."""

import unicodedata

from hypothesis import given, settings, strategies as st

from academy.rendering.markdown import RENDERER, Heading, Lint, lint, render


def test_the_outline_lists_the_headings_of_the_page():
    source = "## Le *port* & `mer`\n\n### Détail[^1]\n\n> ## Cité\n\n- ## Liste\n\n##\n\nÀ part\n===\n\n[^1]: n\n"
    assert render(source).outline == (
        Heading(3, "s-le-port-mer", "Le port & mer"),
        Heading(4, "s-detail", "Détail"),
        Heading(2, "s-a-part", "À part"),
    )


def test_plain_text_is_what_a_reader_reads():
    source = (
        "## Le\u00ad port\n\nUn **quai**\nlong[^1] <b>gras</b>  \net [[a|lien]] &amp; `x < y` ![vue](a.png 't').\n\n"
        "- un\n- [x] deux\n\n| a | b |\n|---|---|\n| c | |\n\n```py\nx = 1\n  y\n```\n\n<div>brut <i>caché</i>\n</div>\n\n"
        '<script>rien</script>\n\n*[X]: y\n\n!!! tip\n    Conseil\n\n![Le quai](q.png "En 1900")\n\n[^1]: Une note.\n'
    )
    assert render(source).text.split("\n") == [
        "Le port",
        "Un quai long gras et lien & x < y vue.",
        "un",
        "deux",
        "a | b",
        "c",
        "x = 1",
        "  y",
        "brut caché",
        "Astuce",
        "Conseil",
        "Le quai En 1900",
        "Une note.",
    ]


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("ae\u0301\u0327é\u00ad\u200b\ufeff #*`[]-\n|:é"), max_size=60))
def test_plain_text_is_normalised(source: str):
    text = render(source).text
    assert text == unicodedata.normalize("NFC", text)
    assert not set("\u00ad\u200b\ufeff") & set(text)


def test_remarks_say_the_line():
    source = (
        "# Un\n\ntexte ![](a.png) et\nencore ![ ](b.png)\n\n#### Saut\n\n> - x `a\n>   b` ![](c.png) ![oui](d.png)\n\n##\n"
        "| a |\n|---|\n| ![](e.png) |\n"
    )
    assert lint(source, first_line=5) == [
        Lint(5, "h1_in_body", "Un"),
        Lint(7, "missing_alt", "a.png"),
        Lint(8, "missing_alt", "b.png"),
        Lint(10, "skipped_heading_level", "Saut"),
        Lint(13, "missing_alt", "c.png"),
        Lint(15, "empty_heading", ""),
        Lint(18, "missing_alt", "e.png"),
    ]
    assert render(source, first_line=5).lints == tuple(lint(source, first_line=5))


def test_a_body_in_order_has_no_remark():
    assert lint("## Un\n\n### Deux\n\n#### Trois\n\n## Quatre\n\n![vue](a.png)\n") == []


def test_a_table_that_nobody_can_read_is_told_with_its_line():
    row = "| " + " | ".join("abcdefghi") + " |\n"
    source = (
        "Avant.\n\n" + row + "|-" * 9 + "|\n" + row + "\n| a | b |\n|---|---|\n| c | d |\n| e | " + "f" * 301 + " |\n"
    )
    assert lint(source) == [Lint(3, "wide_table", "9"), Lint(10, "long_cell", "f" * 301)]
    eight = "|" + "a|" * 8 + "\n|" + "-|" * 8 + "\n|" + "b" * 300 + "|" + "a|" * 7 + "\n"
    assert lint(eight) == []
    assert lint("f" * 400) == []


def test_a_first_heading_may_not_skip_a_level():
    assert lint("### Un\n") == [Lint(1, "skipped_heading_level", "Un")]


def test_rendering_twice_gives_the_same():
    source = "## A\n\n- [x] a\n\n|a|\n|-|\n\n`x`[^1] [[b]] https://a.fr\n\n[^1]: n\n"
    assert render(source) == render(source)


def test_the_renderer_has_a_version():
    assert RENDERER.startswith("4-")
    assert len(RENDERER) <= 40  # as much as the database keeps


ANYTHING = st.text(
    st.sampled_from("ab é\n\n\t  *_`~[]()!<>|:-+=#.1^\"'\\&;/@?{}$\u00a0") | st.characters(codec="utf-8"), max_size=200
)
LINES = st.lists(
    st.sampled_from(
        ["!!! note", "    a", "::: tip b", ":::", "> [!NOTE]", "> a", "- [ ] a", "  - b", "[^1]", "[^1]: c", "    d", "*[a]: e",
         "[[a|b]]", "a", ": b", "", "", "```", "???+ x", "| a |", "|---|", "# A", "<div>", "</div>", "![a](b 'c')", "\t", "  "]
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(ANYTHING | LINES.map("\n".join))
def test_any_text_is_rendered(source: str):
    rendered = render(source.replace("\0", ""))
    assert {heading.anchor for heading in rendered.outline} <= set(rendered.html.replace('"', " ").split())
