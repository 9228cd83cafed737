"""The constructs of the dialect in a browser: what a keyboard does, what a screen reader is told, what a printer gets."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Academy

pytestmark = pytest.mark.browser


@pytest.fixture
def prose(academy: Academy, live: Page) -> Page:
    live.goto(f"{academy.url}/styles/", wait_until="domcontentloaded")
    return live


def test_a_chart_is_a_picture_with_a_name_and_its_numbers_unfold(prose: Page):
    chart = prose.locator("figure.chart", has_text="Des courbes").first
    expect(chart.get_by_role("img", name="Des courbes")).to_be_visible()
    table = chart.get_by_role("table")
    expect(table).to_be_hidden()
    chart.locator("summary").press("Enter")
    expect(table).to_be_visible()
    expect(table.get_by_role("rowheader", name="févr.")).to_be_visible()
    expect(table.get_by_role("columnheader", name="Deux")).to_be_visible()


def test_tabs_open_one_at_a_time_with_the_keyboard(prose: Page):
    first, second = (prose.locator(".prose .tab").nth(place) for place in (0, 1))
    assert [first.evaluate("it => it.open"), second.evaluate("it => it.open")] == [True, False]
    second.locator("summary").press("Space")
    assert [first.evaluate("it => it.open"), second.evaluate("it => it.open")] == [False, True]


def test_paper_gets_every_tab_and_transcript(prose: Page):
    prose.emulate_media(media="print")
    hidden = """() => [...document.querySelectorAll('.prose .tab > p, .video details p')]
        .filter((it) => !it.checkVisibility({contentVisibilityAuto: true}) || !it.getBoundingClientRect().height).length"""
    assert prose.evaluate(hidden) == 0


def test_a_formula_is_mathematics_and_takes_the_focus(prose: Page):
    formula = prose.locator(".formula").first
    formula.focus()
    expect(formula).to_be_focused()
    expect(formula).to_have_accessible_name("Formule")
    expect(formula.locator("math")).to_have_attribute("alttext", "{[x + y = 3,5; x − y = √2]")


def test_a_video_says_where_it_leads_and_loads_nothing(prose: Page):
    video = prose.locator("figure.video").first
    expect(video.get_by_role("link", name="Une vidéo et ses paroles")).to_have_attribute(
        "href", "https://www.example.org/quai"
    )
    video.get_by_text("Transcription").press("Enter")
    expect(video.get_by_text("Camille")).to_be_visible()
    assert video.locator("iframe, video, [src^=http]").count() == 0


def test_a_term_leads_to_its_definition(academy: Academy, live: Page):
    live.goto(f"{academy.url}/glossaire/#s-armateur")
    term = live.locator("#s-armateur")
    expect(term).to_be_in_viewport()
    expect(term.get_by_role("term")).to_have_text("Armateur")
