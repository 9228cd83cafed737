"""A text cut into the blocks that readers see, each with its line: nothing is lost, and every text of content/ is cut right."""

import re
from pathlib import Path

import pytest

from academy.rendering.frontmatter import parse
from academy.rendering.markdown import render
from academy.web.blocks import blocks_of, with_lines

CONTENT = Path(__file__).parents[2] / "content"


@pytest.mark.parametrize("path", sorted(CONTENT.rglob("*.md"))[:12], ids=lambda path: path.name)
def test_the_blocks_make_the_page_and_know_their_lines(path: Path):
    front = parse(path.read_text("utf-8"))
    made = render(front.body, first_line=front.body_line)
    blocks = blocks_of(made.html, made.lines)
    assert "".join("".join(block.html for block in blocks).split()) == "".join(made.html.split())
    assert 0 <= len(blocks) - len(made.lines) <= 1  # footnotes have no line of their own
    lines = path.read_text("utf-8").splitlines()
    for block in blocks[: len(made.lines)]:
        first = next((word for word in block.excerpt.split() if word.isalpha() and len(word) > 4), "")
        assert first in "\n".join(lines[block.line - 1 :]) or not first


def test_the_same_words_have_the_same_digest_wherever_they_stand():
    one = blocks_of(*_rendered("Un quai.\n\nDeux *quais*.\n\n![Un mât](x.png)\n\n---\n"))
    other = blocks_of(*_rendered("Avant.\n\nDeux **quais**.\n\n- un\n- deux\n"))
    assert [block.line for block in one] == [1, 3, 5, 7]
    assert one[1].digest == other[1].digest
    assert len({block.digest for block in one}) == 4


def _rendered(source: str):
    made = render(source)
    return made.html, made.lines


def test_the_outermost_elements_are_told_their_line_and_nothing_else_changes():
    html, lines = _rendered("Un quai.\n\n- un\n\n  - deux\n\n![Un mât](x.png)\n\n---\n\nFin[^1].\n\n[^1]: Note.\n")
    made = with_lines(html, lines)
    assert re.findall(r'<(\w+) data-at="(\d+)"', made) == [
        ("p", "1"), ("ul", "3"), ("p", "7"), ("hr", "9"), ("p", "11"), ("section", "11"),
    ]  # fmt: skip
    assert re.sub(r' data-at="\d+"', "", made) == html


def test_a_page_of_an_author_tells_no_line_of_its_own():
    html, lines = _rendered('<div data-at="7" title="a > b">Un <b>quai</b></div>\n\ntexte nu\n')
    assert 'data-at="7"' not in html
    assert re.findall(r"data-at=\"(\d+)\"", with_lines(html, lines)) == ["1", "3"]
    assert with_lines("", ()) == ""
    assert with_lines("nu", ()) == "nu"


def test_a_picture_begins_with_the_words_that_stand_for_it():
    [picture, drawn, words] = blocks_of(*_rendered('![Un mât](x.png)\n\n![Une rade](y.png "Au matin")\n\nUn quai.\n'))
    assert [picture.excerpt, drawn.excerpt, words.excerpt] == ["Un mât", "Une rade Au matin", "Un quai."]
