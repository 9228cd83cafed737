"""What would cost too much is refused, with the line to repair."""

import pytest

from academy.rendering import limits
from academy.rendering.markdown import RenderingRefused, render

CAPS = {
    "NUL": ("a\nb\0c", "nul_character", 2, None),
    "half a surrogate pair": ("a\n\nb\ud800", "not_text", 3, None),
    "length": ("mot\n" * 40_000, "too_long", 128 * 1024 // 4 + 1, 128 * 1024),
    "length in bytes": ("é\n" * 60_000, "too_long", 128 * 1024 // 3 + 1, 128 * 1024),
    "length of one line": ("a" * 140_000, "too_long", 1, 128 * 1024),
    "quotations in quotations": ("a\n\n" + ">" * 40 + "b", "too_deep", 3, 14),
    "lists in lists": ("".join("  " * depth + "- a\n" for depth in range(30)), "too_deep", 15, 14),
    "callouts in callouts": ("".join("    " * depth + "!!! note\n" for depth in range(40)), "too_deep", 30, 14),
    "containers in containers": ("x\n" + "::: note\n" * 40, "too_deep", 31, 14),
    "footnotes in footnotes": ("[^a]: " * 40 + "x", "too_deep", 1, 14),
    "columns": ("a\n\n" + "|a" * 65 + "|\n" + "|-" * 65 + "|\n", "table_too_wide", 3, 64),
    "columns in a quotation": ("> " + "|a" * 65 + "|\n> " + "|-" * 65 + "|\n", "table_too_wide", 1, 64),
    "cells": ("a\n\n" + "|a" * 60 + "|\n" + "|-" * 60 + "|\n" + "|\n" * 200, "table_too_big", 3, 10_000),
    "heading": ("a\n\n## " + "b" * 301, "heading_too_long", 3, 300),
    "underlined heading": ("a\n\n" + "b\n" * 200 + "---\n", "heading_too_long", 3, 300),
    "address": ("a\nb [c](/" + "d" * 2_000 + ")", "link_too_long", 2, 2_000),
    "address of an image": ("a\nb ![c](/" + "d" * 2_000 + ")", "link_too_long", 2, 2_000),
    "title of a link": (f"[a]: /b '{'c' * 2_001}'\n\n[a]", "link_too_long", 3, 2_000),
    "a reference used again and again": (f"[a]: /{'b' * 1_900}\n\n" + "[a]\n" * 300, "too_big", 278, 512 * 1024),
    "abbreviations": ("".join(f"*[a{n}]: b\n" for n in range(201)), "too_many_abbreviations", 201, 200),
}

JUST_WITHIN = {
    "length": "mot " * (32 * 1024),
    "columns": "|a" * 64 + "|\n" + "|-" * 64 + "|\n",
    "heading": "## " + "b" * 300,
    "lists": "".join("  " * depth + "- a\n" for depth in range(14)),
    "abbreviations": "".join(f"*[a{n}]: b\n" for n in range(200)) + "a1",
    "many bars that are no table": "|" * 5_000,
    "a long paragraph after a heading": "## a\n" + "b" * 5_000,
}


@pytest.mark.parametrize(("source", "code", "line", "limit"), CAPS.values(), ids=CAPS)
def test_caps_name_the_line_and_the_limit(source: str, code: str, line: int, limit: int | None):
    with pytest.raises(RenderingRefused) as refusal:
        render(source)
    assert (refusal.value.code, refusal.value.line, refusal.value.limit) == (code, line, limit)


@pytest.mark.parametrize(("source", "code", "line", "limit"), CAPS.values(), ids=CAPS)
def test_lines_count_in_the_whole_file(source: str, code: str, line: int, limit: int | None):
    with pytest.raises(RenderingRefused) as refusal:
        render(source, first_line=12)
    assert refusal.value.line == line + 11


@pytest.mark.parametrize("source", JUST_WITHIN.values(), ids=JUST_WITHIN)
def test_what_is_within_the_caps_is_rendered(source: str):
    assert render(source).html


def test_nothing_is_dropped_silently_at_the_deepest_level():
    deepest = limits.MAX_LEVEL // 2
    source = "".join("  " * depth + f"- mot{depth}\n" for depth in range(deepest))
    assert render(source).text.split() == [f"mot{depth}" for depth in range(deepest)]


def test_deep_emphasis_keeps_its_words():
    rendered = render("".join(f"**a{n} " for n in range(100)) + "fin" + "**" * 100)
    assert rendered.text == " ".join([*(f"a{n}" for n in range(100)), "fin"])
    assert rendered.html.count("<strong>") < 100
