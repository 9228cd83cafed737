"""What only a browser can show: notes beside their call, numbers beside their lines, headings in their shoulder."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Academy

pytestmark = pytest.mark.browser

NOTED = "/cycles/innovation-sociale/innovation-sociale-ess/"
BOXES = "(selectors) => selectors.map((s) => document.querySelector(s).getBoundingClientRect().toJSON())"


@pytest.mark.parametrize(("width", "is_beside"), [(1440, True), (360, False)])
def test_a_footnote_stands_beside_its_call_where_there_is_room(
    academy: Academy, live: Page, width: int, is_beside: bool
):
    live.set_viewport_size({"width": width, "height": 900})
    live.goto(academy.url + NOTED)
    call, note, after, text = live.evaluate(BOXES, ["#fnref-1", "#fn-1", "#fn-2", "article.prose > p"])
    assert (abs(call["top"] - note["top"]) < 30) == is_beside
    assert (note["left"] > text["right"]) == is_beside
    assert after["top"] >= note["bottom"]  # notes never lie on one another


def test_shoulder_headings_stand_at_the_height_of_their_text(academy: Academy, live: Page):
    live.set_viewport_size({"width": 1440, "height": 900})
    live.goto(f"{academy.url}/cycles/port/")
    heading, text = live.evaluate(BOXES, [".prose--hung > h2:nth-of-type(2)", ".prose--hung > h2:nth-of-type(2) + *"])
    assert abs(heading["top"] - text["top"]) < 12
    assert heading["right"] <= text["left"]


def test_the_numbers_of_the_editor_follow_its_lines(academy: Academy, live: Page):
    live.set_viewport_size({"width": 1440, "height": 900})
    academy.write(live)
    source = live.locator(".source")
    source.fill(source.input_value() + "\n" + "mot " * 200 + "\nfin")
    heights = "s => [s.scrollHeight, document.querySelector('.gutter').scrollHeight]"
    text, numbers = source.evaluate(heights)
    assert text == numbers
    assert live.locator(".gutter div").count() == source.input_value().count("\n") + 1
    scrolled = source.evaluate("s => { s.scrollTop = 400; return s.scrollTop; }")
    assert scrolled > 0
    expect(live.locator(".gutter")).to_have_js_property("scrollTop", scrolled)
