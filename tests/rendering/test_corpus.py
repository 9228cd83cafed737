"""Course files have the block structure that another parser finds, and lose none of their words."""

import re
from html.parser import HTMLParser
from pathlib import Path

import commonmark
import pytest
from hypothesis import given, settings, strategies as st

from academy.rendering.markdown import render

from .corpus import Course, courses
from .test_commonmark import LEAF, nest

STRUCTURE = frozenset("blockquote h2 h3 h4 h5 h6 hr li ol p pre table ul".split())
CONTENT = Path(__file__).parents[2] / "content"
COURSES = courses()
CORPUS = sorted(CONTENT.rglob("*.md"))
# What is a construct of ours, or of GitHub's, or no HTML that we show.
NOT_PLAIN = re.compile(r"[$|~{<]|^\s*(?:!!!|\?\?\?|:|=)|\[\[|\[\^|\*\[|- \[|\[!|www\.|@|https?:", re.MULTILINE)


class _Structure(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in STRUCTURE:
            self.found.append(f"<{tag}{dict(attrs).get('start') or ''}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in STRUCTURE and tag != "hr":
            self.found.append(f"</{tag}>")


def structure(html: str) -> list[str]:
    """The blocks of a page, in order and nested, without their words."""
    parser = _Structure()
    parser.feed(html)
    return parser.found


def test_the_corpus_is_large_and_varied():
    assert len({course.source(plain=False) for course in COURSES}) >= 200
    assert {course.language for course in COURSES} == {"fr", "en"}


def test_the_blocks_are_those_of_another_parser():
    wrong = [
        number
        for number, course in enumerate(COURSES)
        if structure(render(source := course.source(plain=True), language=course.language).html)
        != structure(commonmark.commonmark(source))
    ]
    assert len(wrong) <= len(COURSES) // 100, wrong


@pytest.mark.parametrize("course", COURSES[::8], ids=lambda course: f"{course.language}")
def test_no_word_is_lost(course: Course):
    text = render(course.source(plain=False), language=course.language).text
    wanted = re.findall(r"[^\W\d_]{4,}", " ".join(block.text for block in course.blocks if block.is_plain))
    unseen = {"make", "python", "bash", "cycles", "ressources", "fichiers"}
    shown = set(re.findall(r"[^\W\d_]{4,}", text))
    titles = set(re.findall(r"[^\W\d_]{4,}", " ".join(re.findall(r"(?m)^\[r\d+\]:.*$", course.source(plain=False)))))
    assert set(wanted) - unseen - titles - shown == set()


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_what_ships_is_rendered_without_a_remark(path: Path):
    body = path.read_text("utf-8").split("---\n", 2)[2]
    assert render(body, language=path.suffixes[0][1:]).lints == ()


# The same texts each time: one in some thousands is read differently by the two parsers themselves, as the address of a
# link in a list with a line right below it, or an empty item above two blank lines.
@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.recursive(LEAF, nest, max_leaves=8))
def test_the_dialect_agrees_with_another_parser_on_plain_markdown(source: str):
    if not NOT_PLAIN.search(source):
        ours = [re.sub(r"h[1-6]", "h", tag) for tag in structure(render(source).html)]
        theirs = [re.sub(r"h[1-6]", "h", tag) for tag in structure(commonmark.commonmark(source))]
        assert ours == theirs
