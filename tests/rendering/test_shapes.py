"""Hostile shapes, each at several sizes: all are rendered or refused in time, and the worker lives on."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from pygments.lexers import get_lexer_by_name

from academy.rendering import highlighting, worker
from academy.rendering.limits import MAX_BYTES
from academy.rendering.markdown import render
from academy.rendering.results import RenderingRefused
from academy.rendering.worker import render_safely

SHAPES: dict[str, Callable[[int], str]] = {
    "[": lambda n: "[" * n,
    "![": lambda n: "![" * n,
    "[a](": lambda n: "[a](" * n,
    "<![": lambda n: "<![" * n,
    "<a": lambda n: "<a " * n,
    "[a](b nested": lambda n: "[a](b" * n,
    "links in links": lambda n: "[" * n + "a" + "](b)" * n,
    "images in images": lambda n: "![" * n + "a" + "](b)" * n,
    "titles": lambda n: '[a](b "' * n,
    "wiki": lambda n: "[[a]]" * n,
    "wiki open": lambda n: "[[a|" * n,
    "wiki in link": lambda n: "[a[[b]]](c) " * n,
    "footnote references": lambda n: "[^1]" * n + "\n\n[^1]: x",
    "footnote references open": lambda n: "[^" * n + "\n\n[^1]: x",
    "footnotes": lambda n: "".join(f"[^{i}]: x\n" for i in range(n)),
    "footnotes used": lambda n: "".join(f"[^{i}] " for i in range(n)) + "\n\n" + "".join(f"[^{i}]: x\n\n" for i in range(n)),
    "a footnote of itself": lambda n: "[^a]\n\n[^a]: " + "[^a] " * n,
    "fence and spaces": lambda n: "```" + " " * n + "x\n",
    "backticks": lambda n: "`" * n,
    "backticks of all lengths": lambda n: "".join("`" * (i % 200) + " " for i in range(n // 50)),
    "fences": lambda n: "```\na\n```\n" * n,
    "emphasis": lambda n: "*a **a " * n,
    "emphasis nested": lambda n: "*" * n + "a" + "*" * n,
    "underscores": lambda n: "_a__" * n,
    "tildes": lambda n: "~~a" * n,
    "quotations": lambda n: ">" * n + "a",
    "lines of a quotation": lambda n: ">a\n" * n,
    "lists nested": lambda n: "".join(" " * (2 * i) + "- a\n" for i in range(min(n, 300))),
    "list": lambda n: "- a\n" * n,
    "list markers": lambda n: "- " * n,
    "tasks": lambda n: "- [ ] a\n" * n,
    "rule": lambda n: "* " * n,
    "headings": lambda n: "## a\n" * n,
    "headings with numbers": lambda n: "".join(f"## a {i}\n## a\n" for i in range(n)),
    "underlined headings": lambda n: "a\n---\n" * n,
    "tags": lambda n: "<b>" * n,
    "blocks of HTML": lambda n: "<div>\n\n" * n,
    "comments": lambda n: "<!-- " * n,
    "CDATA": lambda n: "<![CDATA[" * n,
    "instructions": lambda n: "<?" * n,
    "attributes": lambda n: "<a " + "b=c " * n,
    "details": lambda n: "<details>" * n,
    "entities": lambda n: "&amp;" * n,
    "backslashes": lambda n: "\\" * n,
    "hard breaks": lambda n: "a  \n" * n,
    "addresses": lambda n: "http://a.b/" * n,
    "addresses apart": lambda n: "https://a.fr " * n,
    "www": lambda n: "www." * n,
    "mail": lambda n: "a@b." * n,
    "mail with dots": lambda n: "a." * n + "@b",
    "brackets after an address": lambda n: "https://a.b/" + ")" * n,
    "table": lambda n: "|a|b|\n|-|-|\n" + "|c|d|\n" * n,
    "wide table": lambda n: "|" + "a|" * n + "\n|" + "-|" * n + "\n",
    "table of empty rows": lambda n: "|" + "a|" * 64 + "\n|" + "-|" * 64 + "\n" + "|\n" * n,
    "tables": lambda n: "|a|\n|-|\n\n" * n,
    "bars": lambda n: "|" * n,
    "no table after all": lambda n: "a|b\n" * n + "-|-\n" * n,
    "definitions": lambda n: "a\n" + ": b\n" * n,
    "definitions nested": lambda n: "a\n" + ": " * n + "b",
    "admonitions": lambda n: "!!! note\n    a\n\n" * n,
    "admonitions without text": lambda n: "!!! a\n" * n,
    "admonition of quotes": lambda n: "!!! note " + '"' * n,
    "admonition of blanks": lambda n: "!!! note " + " " * n + "x",
    "containers open": lambda n: "::: note\n" * n,
    "containers": lambda n: "::: note\n:::\n" * n,
    "alerts": lambda n: "> [!NOTE]\n> a\n\n" * n,
    "abbreviations": lambda n: "".join(f"*[a{i}]: b{'x' * 250}\n" for i in range(190)) + "a1 " * n,
    "abbreviations open": lambda n: "*[" * n,
    "references": lambda n: "[a]: /" + "u" * 1900 + "\n\n" + "[a]" * n,
    "definitions of references": lambda n: "".join(f"[a{i}]: /b\n" for i in range(n)),
    "title of a reference": lambda n: '[a]: b "' + "\n" * n,
    "images": lambda n: "![a](b)\n" * n,
    "figures": lambda n: '![a](b "c")\n\n' * n,
    "tabs": lambda n: "-\t" * n,
    "blank lines": lambda n: "\n" * n,
    "spaces": lambda n: "a" + " " * n + "\nb",
    "one word": lambda n: "a" * n,
    "prose": lambda n: "mot " * n,
    "sentences": lambda n: "Mot. " * n,
    "code": lambda n: "```python\n" + "x = (1, 'a')\n" * n + "```\n",
    "blocks of code": lambda n: "```python\nx = 1\n```\n" * n,
    "dollars": lambda n: "$" * n,
    "dollars open": lambda n: "$a " * n,
    "dollars escaped": lambda n: "$" + "\\$" * n,
    "dollars in brackets": lambda n: "[$a" * n,
    "formulas": lambda n: "$x$ " * n,
    "blocks of formulas": lambda n: "$$\nx\n$$\n\n" * n,
    "blocks of formulas open": lambda n: "$$a\n" * n,
    "blocks of formulas open in quotations": lambda n: "> $$\n" * n,
    "braces of formulas": lambda n: "$" + "{" * n + "}" * n + "$",
    "fractions": lambda n: "$" + "\\frac{1}" * 15 + "x$ " * (n // 15),
    "scripts": lambda n: ("$" + "x^{" * 15 + "}" * 15 + "$ ") * (n // 15),
    "cells of a formula": lambda n: "$$\n\\begin{matrix}" + "a & " * 200 + "\\end{matrix}\n$$\n\n" * (n // 200),
    "charts": lambda n: "```chart\ntitle: a\n\nA;B\nx;1\n```\n" * n,
    "rows of a chart": lambda n: "```chart\ntitle: a\n\nA;B\n" + "x;1\n" * n + "```\n",
    "cells of a chart": lambda n: "```chart\ntitle: a\n\n" + "A;" * n + "\n" + "1;" * n + "\n```\n",
    "head of a chart": lambda n: "```chart\n" + "title: a\n" * n + "```\n",
    "quotes in a chart": lambda n: "```chart\ntitle: a\n\nA;B\n" + '"' * n + "\n```\n",
    "tabs of a group": lambda n: ":::: tabs\n" + "::: tab a\nb\n:::\n" * n + "::::\n",
    "groups of tabs": lambda n: ":::: tabs\n::: tab a\n:::\n::::\n" * n,
    "groups of tabs open": lambda n: "".join(":" * (3 + i % 20) + " tabs\n" for i in range(n)),
    "videos": lambda n: "::: video https://a.fr a\nb\n:::\n" * n,
    "posters": lambda n: "::: video https://a.fr a\n" + "![a](b)\n\n" * n + ":::\n",
    "cues": lambda n: "```vtt\n" + "00:01.000 --> 00:02.000\na\n\n" * n + "```\n",
    "lines of a cue": lambda n: "```vtt\n00:01.000 --> 00:02.000\n" + "<v a\n" * n + "```\n",
    "voices": lambda n: "```vtt\n00:01.000 --> 00:02.000\n" + "<v " * n + "\n```\n",
    "terms": lambda n: "[a]{.glossaire} " * n,
    "terms open": lambda n: "[a]{" * n,
    "lists of attributes": lambda n: "[a]{" + ".x " * n + "}",
    "attributes of a picture": lambda n: "![a](b){credit=c} " * n,
    "attributes of a picture open": lambda n: "![a](b){credit=" * n,
    "braces": lambda n: "{" * n,
    "braces with names": lambda n: "{a=" * n,
    "anchors of headings": lambda n: "## a {#b}\n" * n,
    "braces of a heading": lambda n: "## " + "{#" * n + "}",
    "defined terms of one name": lambda n: "a\n: b\n\n" * n,
    "mixture": lambda n: "*[`~<&!\\|:" * n,
    "carriage returns": lambda n: "a\r" * n,
    "combining accents": lambda n: "a" + "\u0301" * n,
    "right to left": lambda n: "\u202e" * n,
}  # fmt: skip
SOUPS = ["a ", "(", '"a\\', "/*", "a<", "a.", "$", "@", "\n", "é"]


@pytest.fixture(scope="module", autouse=True)
def _stopped() -> Iterator[None]:
    yield
    worker.stop()


def outcome(source: str) -> str:
    """Give "rendered", or the code of the refusal."""
    try:
        assert isinstance(render_safely(source).html, str)
    except RenderingRefused as refusal:
        return refusal.code
    return "rendered"


def largest(shape: Callable[[int], str]) -> str:
    """Give about 15 kB of a shape: well within the cap on length, so that the rest is tried."""
    count = 15_000 // max(1, (len(shape(20)) - len(shape(10))) // 10)
    return shape(count).encode()[: MAX_BYTES // 2].decode(errors="ignore")


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_shapes_end(shape: Callable[[int], str]):
    outcomes = {outcome(source) for source in (shape(300), largest(shape))}
    assert not outcomes & {"failed", "too_slow", "busy"}


def _cost(source: str) -> float:
    """CPU seconds of this process."""
    start = time.process_time()
    with suppress(RenderingRefused):
        render(source)
    return time.process_time() - start


NAMES = list(SHAPES)
PLUGINS = NAMES[NAMES.index("dollars") : NAMES.index("mixture")]


@pytest.mark.parametrize("name", PLUGINS)
def test_four_times_as_much_costs_about_four_times_as_much(name: str):
    """5,000 and 20,000 repetitions, or what the cap on length leaves of them, for each plugin of our own.

    The lesser of two costs counts, so that what else the machine does counts little.
    """
    few, many = (
        SHAPES[name](count)[:MAX_BYTES].encode()[:MAX_BYTES].decode(errors="ignore") for count in (5_000, 20_000)
    )
    slow, size = _cost(many), len(many) / len(few)
    if slow < 0.2:
        return
    most = (2 * size + 1) * max(min(_cost(few), _cost(few)), 0.001)
    if slow >= min(most, 4):
        slow = min(slow, _cost(many))
    assert slow < min(most, 4)


@pytest.mark.parametrize("unit", ["<![", "mot "])
def test_a_full_page_of_anything_ends(unit: str):
    assert outcome(unit * (MAX_BYTES // len(unit))) in ("rendered", "too_slow")
    assert render_safely("suite").text == "suite"


@pytest.mark.parametrize("language", sorted({get_lexer_by_name(name).aliases[0] for name in highlighting.LANGUAGES}))
def test_colouring_ends_for_every_language(language: str):
    for soup in SOUPS:
        code = (soup * highlighting.MAX_CODE)[: highlighting.MAX_CODE - 50]
        lines = code if "\n" in code else "\n".join(code[i : i + 195] for i in range(0, len(code), 200))
        assert render_safely(f"```{language}\n{lines}\n```\n").html.startswith("<pre")


def test_code_of_long_lines_or_blocks_stays_plain():
    for code in ("a" * 201, "a\n" * 3_001):
        assert "highlight" not in render_safely(f"```python\n{code}\n```\n").html
    blocks = render_safely(("```python\n" + "x = 1\n" * 900 + "```\n\n") * 7).html
    assert blocks.count('class="highlight"') == highlighting.MAX_CODE_OF_PAGE // 5_400


def test_there_are_enough_shapes():
    assert len(SHAPES) >= 110
