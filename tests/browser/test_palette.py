"""The search palette: keys, suggestions, what is said; and the way to the search without scripts."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}


def _announced(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator("[data-live]", has_text=words)).to_have_count(1)


@pytest.mark.parametrize("keys", ["/", "Control+k", "Meta+k"])
def test_a_key_opens_the_palette_and_escape_gives_the_focus_back(live: Page, keys: str):
    live.goto("/cycles/")
    link = live.get_by_role("link", name="Sessions").first
    link.focus()
    live.keyboard.press(keys)
    expect(live.get_by_role("dialog", name="Recherche")).to_be_visible()
    expect(live.get_by_role("combobox")).to_be_focused()
    expect(live.get_by_role("combobox")).to_have_value("")
    live.keyboard.press("Escape")
    expect(live.get_by_role("dialog")).to_have_count(0)
    expect(link).to_be_focused()


def test_a_slash_typed_in_a_field_stays_there_and_ctrl_k_opens_all_the_same(live: Page):
    live.goto("/ressources/")
    field = live.get_by_role("combobox", name="Chercher dans les textes")
    field.press_sequentially("quai/bassin")
    expect(field).to_have_value("quai/bassin")
    expect(live.get_by_role("dialog")).to_have_count(0)
    field.press("Control+k")
    expect(live.get_by_role("dialog")).to_be_visible()


def test_suggestions_are_chosen_by_arrows_and_said(live: Page):
    live.goto("/")
    live.keyboard.press("/")
    field, options = live.locator("#palette-q"), live.locator("#palette-list > li")
    field.press_sequentially("câbles")
    expect(options.first).to_contain_text("Câbles sous-marins")
    expect(field).to_have_attribute("aria-expanded", "true")
    _announced(live, re.compile(r"\d+ suggestions?"))

    count = options.count()
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    field.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") is None
    field.press("ArrowUp")
    expect(options.nth(count - 1)).to_have_attribute("aria-selected", "true")
    expect(live.locator("[aria-selected=true]")).to_have_count(1)
    expect(field).to_be_focused()

    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    expect(live).to_have_url(re.compile("cables-sous-marins"))
    expect(live.get_by_role("heading", level=1)).to_contain_text("Câbles sous-marins")


def test_enter_without_a_choice_searches_what_was_typed(live: Page):
    live.goto("/a-propos/")
    live.keyboard.press("/")
    live.get_by_role("combobox").press_sequentially("port")
    live.keyboard.press("Enter")
    expect(live).to_have_url(re.compile(r"/ressources/\?q=port$"))
    live.go_back()
    expect(live.get_by_role("dialog")).to_have_count(0)


def test_nothing_to_suggest_is_said_and_a_server_that_fails_leaves_the_search(live: Page):
    live.goto("/")
    live.keyboard.press("/")
    live.keyboard.type("zzzz")
    _announced(live, "Aucune suggestion")
    live.route("**/suggestions?*", lambda route: route.abort())
    live.locator("#palette-q").fill("port")
    expect(live.locator("#palette-list > li")).to_have_count(0)
    live.keyboard.press("Enter")
    expect(live).to_have_url(re.compile(r"/ressources/\?q=port$"))


def test_an_answer_that_comes_late_does_not_replace_a_newer_one(live: Page):
    held: list[Route] = []
    live.route("**/suggestions?q=po", lambda route: held.append(route))
    live.goto("/")
    live.keyboard.press("/")
    field = live.locator("#palette-q")
    with live.expect_request("**/suggestions?q=po"):
        field.fill("po")
    field.fill("glossaire")
    expect(live.locator("#palette-list > li").first).to_contain_text(re.compile("glossaire", re.I))
    before = live.locator("#palette-list > li").all_inner_texts()
    with live.expect_request_finished(lambda request: request.url.endswith("?q=po")):
        held[0].continue_()
    live.evaluate("new Promise(done => setTimeout(done))")  # who waited for the answer has had it
    assert live.locator("#palette-list > li").all_inner_texts() == before


def test_the_header_opens_the_palette_on_a_phone_and_it_closes_by_hand(live: Page):
    live.set_viewport_size(PHONE)
    live.goto("/en/")
    button = live.get_by_role("button", name="Search", exact=True).first
    button.click()
    dialog = live.get_by_role("dialog", name="Search")
    dialog.get_by_role("combobox").press_sequentially("harbour")
    expect(dialog.get_by_role("option").first).to_be_visible()
    box = dialog.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert live.evaluate("document.documentElement.scrollWidth") == 360
    assert all(it.bounding_box()["height"] >= 44 for it in dialog.get_by_role("option").all())
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/ressources/", "/nulle-part"])
def test_the_box_of_a_page_suggests_too(live: Page, path: str):
    live.set_viewport_size(PHONE)
    live.goto(path)
    field, options = live.locator("#q"), live.locator("#q-list > li")
    field.press_sequentially("câbles")
    expect(options.first).to_be_visible()
    _announced(live, re.compile(r"\d+ suggestions?"))
    last = options.last
    last.scroll_into_view_if_needed()
    box = last.bounding_box()
    assert box is not None
    top = "([x, y]) => document.elementFromPoint(x, y)?.closest('[role=option]')?.id"
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    assert live.evaluate(top, middle) == last.get_attribute("id")  # nothing cuts it or lies over it
    assert live.evaluate("document.documentElement.scrollWidth") == 360

    field.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_have_value("câbles")
    field.press_sequentially("s")
    field.fill("câbles")
    expect(options.first).to_be_visible()
    field.press("Tab")
    expect(options).to_have_count(0)
    field.press("ArrowDown")  # shows them again
    expect(options.first).to_be_visible()
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    expect(live).to_have_url(re.compile("cables-sous-marins"))


def test_enter_in_the_box_of_the_centre_shows_answers_and_no_list(live: Page):
    live.goto("/ressources/")
    field = live.locator("#q")
    field.press_sequentially("glossaire")
    expect(live.locator("#q-list > li").first).to_be_visible()
    field.press("Enter")
    expect(live).to_have_url(re.compile(r"q=glossaire$"))
    expect(live.locator("#q-list > li")).to_have_count(0)
    expect(field).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("is_palette", [True, False])
def test_axe_finds_nothing_in_open_suggestions(live: Page, scheme: str, is_palette: bool):
    live.emulate_media(color_scheme=scheme)
    live.goto("/ressources/")
    if is_palette:
        live.keyboard.press("/")
    else:
        live.locator("#q").focus()
    live.keyboard.type("port")
    expect(live.locator("#palette-list > li" if is_palette else "#q-list > li").first).to_be_visible()
    live.keyboard.press("ArrowDown")
    live.evaluate(AXE_SCRIPT)
    assert live.evaluate("axe.run(document).then(found => found.violations.map(it => it.id))") == []


def test_without_scripts_the_header_leads_to_the_search(plain: Page):
    plain.goto("/")
    plain.get_by_role("link", name="Recherche", exact=True).click()
    expect(plain.get_by_role("searchbox")).to_be_visible()
    expect(plain.locator("dialog")).to_be_hidden()
