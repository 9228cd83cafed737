"""Slides in a browser: one at a time by keys, buttons and addresses; the speaker leads the wall, and the wall the speaker."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from academy.extensions import db
from academy.models import Document
from tests.browser.serving import Academy

pytestmark = pytest.mark.browser

PATH = "/cycles/port/ville-port/diapos"


@pytest.fixture
def context(chromium: Browser, academy: Academy) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context
    context.close()


def shown(page: Page) -> list[str]:
    """The numbers of the slides that are on the screen."""
    return page.evaluate("[...document.querySelectorAll('.slide')].filter(it => it.checkVisibility()).map(it => it.id)")


def test_keys_buttons_and_addresses_turn_the_slides(context: BrowserContext, academy: Academy):
    page = context.new_page()
    page.goto(f"{academy.url}{PATH}")
    last = str(page.locator(".slide").count())
    assert shown(page) == ["1"]
    for key, number in (
        ("ArrowRight", "2"),
        ("Space", "3"),
        ("Shift+Space", "2"),
        ("End", last),
        ("ArrowRight", last),
        ("Home", "1"),
        ("ArrowLeft", "1"),
        ("PageDown", "2"),
    ):
        page.keyboard.press(key)
        expect(page.locator("[data-at]")).to_have_text(number)
        assert shown(page) == [number]
    expect(page.locator("[data-live]")).to_have_text(f"Diapositive 2 sur {last}")
    assert page.url.endswith("#2")
    page.reload()
    assert shown(page) == ["2"]
    page.get_by_role("button", name="Diapositive suivante").click()
    assert shown(page) == ["3"]
    page.get_by_role("button", name="Diapositive suivante").press("Space")  # the button, not the deck as well
    assert shown(page) == ["4"]
    page.get_by_role("link", name="Revenir au texte").click()
    expect(page).to_have_url(re.compile(r"/cycles/port/ville-port/$"))


def test_a_link_to_a_section_opens_its_slide(context: BrowserContext, academy: Academy):
    page = context.new_page()
    page.goto(f"{academy.url}{PATH}")
    anchor, number = page.evaluate(
        "(() => { const it = document.querySelector('[id=\"3\"] h2'); return [it.id, it.closest('.slide').id] })()"
    )
    page.goto(f"{academy.url}{PATH}#{anchor}")
    assert shown(page) == [number]


def test_without_script_all_slides_stand_one_after_the_other(chromium: Browser, academy: Academy):
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{academy.url}{PATH}")
    slides = page.locator(".slide")
    assert all(slides.nth(number).is_visible() for number in range(slides.count()))
    assert not page.get_by_role("button", name="Plein écran").is_visible()
    context.close()


def test_the_speaker_leads_the_wall_and_the_wall_the_speaker(context: BrowserContext, academy: Academy):
    with academy.app.app_context():  # a text that no other test writes
        number = db.session.scalars(select(Document.id).where(Document.slug == PATH.split("/")[-2])).one()
    page = context.new_page()
    academy.sign_in(page, "organiser")
    page.goto(f"{academy.url}/atelier/documents/{number}/fr/diapos/orateur")
    page.keyboard.press("ArrowRight")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Ouvrir la projection").click()
    wall = opened.value
    expect(wall.locator("[data-at]")).to_have_text("2")  # a window that opens late asks where they are
    page.bring_to_front()  # keys go to the window that a person sees
    page.locator("body").press("ArrowRight")
    expect(wall.locator("[data-at]")).to_have_text("3")
    assert shown(wall) == ["3"]
    wall.bring_to_front()
    wall.locator("body").press("Home")
    expect(page.locator("[data-at]")).to_have_text("1")
    assert wall.locator(".slide__notes").count() == 0
    expect(page.locator("[data-clock]")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    wall.close()


def test_printed_there_is_one_slide_a_page(context: BrowserContext, academy: Academy, tmp_path):
    import pypdf

    page = context.new_page()
    page.goto(f"{academy.url}{PATH}")
    count = page.locator(".slide").count()
    page.pdf(path=tmp_path / "diapos.pdf", prefer_css_page_size=True)
    printed = pypdf.PdfReader(tmp_path / "diapos.pdf")
    assert len(printed.pages) >= count  # a long one goes on on the next page
    assert printed.pages[0].mediabox.width > printed.pages[0].mediabox.height
