"""What GitHub adds to CommonMark: tables, struck words, tasks, bare addresses, alerts. Cases of our own, by its specification."""

import re

import pytest

from academy.rendering.markdown import render

TABLES = {
    "no outer bars": ("a | b\n:- | -\nc | d\n", 2, 2),
    "bars at one side": ("| a | b\n|---|---\n| c | d\n", 2, 2),
    "one column": ("| a |\n| - |\n| b |\n", 1, 2),
    "rows of other lengths": ("| a | b |\n|---|---|\n| c |\n| d | e | f |\n", 2, 3),
    "no rows": ("| a | b |\n|---|---|\n", 2, 1),
    "a row without bars": ("| a | b |\n|---|---|\nc\n", 2, 2),
    "ended by a quotation": ("| a | b |\n|---|---|\n| c | d |\n> e\n", 2, 2),
    "ended by a blank line": ("| a | b |\n|---|---|\n| c | d |\n\n| e | f |\n", 2, 2),
    "in a list": ("- x\n\n  | a |\n  |---|\n  | b |\n", 1, 2),
    "bars in code, escaped": ("| a |\n|---|\n| `b \\| c` |\n", 1, 2),
    "marks in cells": ("| **a** | `b` |\n|---|---|\n| [c](/d) | ~~e~~ |\n", 2, 2),
}
NO_TABLES = ["| a | b |\n|---|\n| c | d |\n", "a | b\n", "| a | b |\n", "| a |\n| b |\n"]
INLINE = {
    "struck": ("~~Salut~~ toi", "<p><del>Salut</del> toi</p>"),
    "struck within a word": ("a~~b~~c", "<p>a<del>b</del>c</p>"),
    "not struck over paragraphs": ("~~a\n\nb~~", "<p>~~a</p>\n<p>b~~</p>"),
    "an address": ("www.port.fr/a?b=c", 'href="http://www.port.fr/a?b=c"'),
    "a full stop after an address": ("Voir www.port.fr.", '">www.port.fr</a>.</p>'),
    "an address in brackets": ("(www.port.fr/a(b))", '">www.port.fr/a(b)</a>)</p>'),
    "an angle bracket ends an address": ("www.port.fr/a<b>c</b>", '">www.port.fr/a</a><b>'),
    "https": ("https://port.fr/é", 'href="https://port.fr/%C3%A9"'),
    "a mail address": ("a.b+c@port.fr", 'href="mailto:a.b+c@port.fr"'),
    "a full stop after a mail address": ("a@b.fr.", '">a@b.fr</a>.</p>'),
    "no mail address": ("a@b", "<p>a@b</p>"),
    "a task": ("- [ ] a\n- [X] b", 'checked="" disabled="" type="checkbox"> b</li>'),
    "no task": ("- [x]a\n- [y] b", "<li>[x]a</li>\n<li>[y] b</li>"),
    "script is not shown": ("<script>a</script>", ""),
}


@pytest.mark.parametrize(("source", "columns", "rows"), TABLES.values(), ids=TABLES)
def test_tables(source: str, columns: int, rows: int):
    html = render(source).html
    head = html.partition("</tr>")[0]
    assert html.count("<table>") == 1
    assert len(re.findall(r"<t[hd]\b", head)) == columns
    assert html.count("<tr>") == rows


@pytest.mark.parametrize("source", NO_TABLES)
def test_what_is_no_table(source: str):
    assert "<table" not in render(source).html


@pytest.mark.parametrize(("source", "expected"), INLINE.values(), ids=INLINE)
def test_inline(source: str, expected: str):
    html = render(source).html
    assert expected in html if expected else html == ""


@pytest.mark.parametrize("kind", ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"])
def test_alerts(kind: str):
    assert f'class="admonition {kind.lower()}"' in render(f"> [!{kind}]\n> a\n").html
    assert "<blockquote>" in render(f"> [!{kind}] a\n").html
