"""Facets, sorting and searching change the page in place; and are a plain form without scripts."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.serving import Academy

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}


def _announced(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator("[data-live]", has_text=words)).to_have_count(1)


def _stay(live: Page) -> None:
    live.evaluate("window.stayed = true")


def _stayed(live: Page) -> bool:
    return live.evaluate("window.stayed === true")


def test_ticking_a_facet_answers_in_place_and_back_undoes_it(live: Page):
    live.goto("/ressources/?q=port")
    _stay(live)
    results, all_of_them = live.locator("#resultats"), live.locator("#resultats").inner_text()
    box = live.get_by_role("checkbox", name=re.compile("glossaire", re.I))
    box.check()
    expect(live).to_have_url(re.compile(r"\?q=port&type=glossary$"))
    expect(results).not_to_have_text(all_of_them)
    _announced(live, re.compile(r"\d+ résultats? pour « port »".replace(" ", r"\s")))
    expect(box).to_be_focused()
    expect(box).to_be_checked()
    expect(live.locator(".chip")).to_have_count(1)
    assert live.locator("header a[hreflang=en]").get_attribute("href") == "/en/ressources/?q=port&type=glossary"
    live.go_back()
    expect(results).to_have_text(all_of_them)
    expect(box).not_to_be_checked()
    assert _stayed(live)


def test_sorting_answers_in_place_and_needs_no_button(live: Page):
    live.goto("/ressources/?q=port")
    _stay(live)
    expect(live.get_by_role("button", name="Trier")).to_be_hidden()
    live.get_by_label("Trier par").focus()
    live.get_by_label("Trier par").select_option("date")
    expect(live).to_have_url(re.compile(r"\?q=port&tri=date$"))
    expect(live.get_by_label("Trier par")).to_be_focused()
    expect(live.get_by_label("Trier par")).to_have_value("date")
    assert _stayed(live)


def test_a_search_answers_in_place_and_the_focus_goes_to_the_answer(live: Page):
    live.goto("/ressources/")
    _stay(live)
    live.get_by_role("combobox", name="Chercher dans les textes").fill("glossaire")
    live.get_by_role("combobox", name="Chercher dans les textes").press("Enter")
    expect(live).to_have_url(re.compile(r"\?q=glossaire$"))
    expect(live.locator("#resultats")).to_be_focused()
    expect(live).to_have_title(re.compile("glossaire"))
    live.go_back()
    expect(live.get_by_role("combobox", name="Chercher dans les textes")).to_have_value("")
    assert _stayed(live)


def test_a_chip_and_the_next_page_answer_in_place(live: Page):
    live.goto("/ressources/?type=guide&q=port")
    _stay(live)
    live.locator(".chip").click()
    expect(live).to_have_url(re.compile(r"/ressources/\?q=port$"))
    expect(live.locator("#resultats")).to_be_focused()
    live.goto("/ressources/")
    _stay(live)
    live.get_by_role("link", name="Page suivante").click()
    expect(live.get_by_text(re.compile(r"Page 2 sur \d"))).to_be_visible()
    expect(live.locator("#resultats")).to_be_focused()
    assert _stayed(live)


def test_what_was_folded_stays_folded(live: Page):
    live.set_viewport_size(PHONE)
    live.goto("/ressources/")
    live.get_by_text("Filtrer", exact=False).first.click()
    live.locator("summary", has_text="Thème").click()
    live.get_by_role("checkbox", name=re.compile("glossaire", re.I)).check()
    expect(live.locator(".chip")).to_have_count(1)
    expect(live.locator("details.facets")).to_have_attribute("open", "")
    assert live.locator("details[data-keep=theme]").get_attribute("open") is None


@pytest.mark.parametrize("failure", ["abort", "error", "other page"])
def test_whatever_fails_becomes_a_plain_visit(live: Page, failure: str):
    live.goto("/ressources/?q=port")
    _stay(live)

    def fail(route: Route) -> None:
        if route.request.resource_type == "document":
            route.continue_()
        elif failure == "abort":
            route.abort()
        else:
            route.fulfill(status=500 if failure == "error" else 200, content_type="text/html", body="<h1>Autre</h1>")

    live.route("**/ressources/?*", fail)
    live.get_by_role("checkbox", name=re.compile("glossaire", re.I)).check()
    expect(live).to_have_url(re.compile("type=glossary"))
    expect(live.locator(".chip")).to_have_count(1)
    assert not _stayed(live)


@pytest.mark.parametrize(
    ("path", "field", "choice"), [("/pilotage/personnes/", "#role-filter", "trainer"), ("/atelier/", "#kind", "module")]
)
def test_the_lists_of_the_team_answer_in_place_too(live: Page, academy: Academy, path: str, field: str, choice: str):
    academy.sign_in(live, "organiser")
    live.goto(path)
    _stay(live)
    before = live.locator("#liste [role=status]").inner_text()
    live.locator(field).select_option(choice)
    expect(live).to_have_url(re.compile(f"={choice}$"))
    expect(live.locator("#liste [role=status]")).not_to_have_text(before)
    _announced(live, re.compile(r"\d+\s(personne|texte)"))
    live.go_back()
    expect(live.locator("#liste [role=status]")).to_have_text(before)
    expect(live.locator(field)).to_have_value("")
    assert _stayed(live)


def test_without_scripts_the_facets_have_their_button(plain: Page):
    plain.goto("/ressources/?q=port")
    plain.get_by_role("checkbox", name=re.compile("glossaire", re.I)).check()
    plain.get_by_label("Trier par").select_option("date")
    plain.get_by_role("button", name="Appliquer", exact=True).click()
    expect(plain).to_have_url(re.compile(r"q=port.*type=glossary.*tri=date|q=port.*tri=date.*type=glossary"))
