"""The core reads CommonMark: the examples of its specification, and a second parser as an oracle."""

import os
import re
from pathlib import Path

import commonmark
import markdown
import pytest
from hypothesis import given, settings, strategies as st
from markdown.extensions.fenced_code import FencedCodeExtension

from academy.rendering.commonmark import CommonMark

from .normalised import normalised

SPEC = Path(
    os.environ.get("ACADEMY_COMMONMARK_SPEC")
    or Path(__file__).parents[2] / "node_modules" / "commonmark-spec" / "spec.txt"
)
EXAMPLE = re.compile(r"^`{32} example\n([\s\S]*?)^\.\n([\s\S]*?)^`{32}$", re.MULTILINE)


def core() -> markdown.Markdown:
    return markdown.Markdown(extensions=[CommonMark()], output_format="html")


@pytest.mark.skipif(not SPEC.is_file(), reason="npm install commonmark-spec, or set ACADEMY_COMMONMARK_SPEC")
def test_every_example_of_the_specification():
    examples = [(a.replace("→", "\t"), b.replace("→", "\t")) for a, b in EXAMPLE.findall(SPEC.read_text("utf-8"))]
    converter = core()
    failed = [
        (number, source)
        for number, (source, expected) in enumerate(examples, 1)
        if normalised(converter.reset().convert(source)) != normalised(expected)
    ]
    assert len(examples) > 640
    assert failed == []


def test_a_stock_block_extension_beside_the_core_is_refused():
    converter = markdown.Markdown(extensions=[CommonMark(), FencedCodeExtension()])
    with pytest.raises(RuntimeError, match="fenced_code_block"):
        converter.convert("texte")


WORDS = st.sampled_from(
    [
        "port",
        "marin",
        "quai 2",
        "*gras*",
        "**fort**",
        "`code`",
        "[lien](/a)",
        "![vue](/b.png)",
        "é",
        "a\\*b",
        "x < y",
        "&amp;",
    ]
)
SENTENCE = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


def prefixed(first: str, rest: str, text: str) -> str:
    lines = text.split("\n")
    return "\n".join([first + lines[0], *((rest + line).rstrip() for line in lines[1:])])


def nest(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    block = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        block.map("\n\n".join),
        block.map("\n".join),
        inner.map(lambda text: prefixed("> ", "> ", text)),
        block.map(lambda items: "\n".join(prefixed("- ", "  ", item) for item in items)),
        block.map(lambda items: "\n\n".join(prefixed("* ", "  ", item) for item in items)),
        block.map(lambda items: "\n".join(prefixed(f"{n}. ", "   ", item) for n, item in enumerate(items, 1))),
        block.map(lambda items: "\n".join(prefixed(f"{n}) ", "   ", item) for n, item in enumerate(items, 3))),
    )


LEAF = st.one_of(
    SENTENCE,
    st.lists(SENTENCE, min_size=2, max_size=3).map("\n".join),
    st.lists(SENTENCE, min_size=2, max_size=2).map("  \n".join),
    SENTENCE.map(lambda text: "## " + text),
    SENTENCE.map(lambda text: text + "\n---"),
    SENTENCE.map(lambda text: "    " + text),
    st.sampled_from(
        [
            "***",
            "```\ncode\n\n  plus\n```",
            "~~~ py\nx = 1\n~~~",
            "<div>\nbrut\n</div>",
            "[lien]: /adresse 'titre'",
            "[lien]",
            "- ",
            "",
        ]
    ),
)


@settings(max_examples=200, deadline=None)
@given(st.recursive(LEAF, nest, max_leaves=8))
def test_the_core_agrees_with_another_parser(source: str):
    assert normalised(core().convert(source)) == normalised(commonmark.commonmark(source))
