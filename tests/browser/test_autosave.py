"""In a real browser: a draft saves itself, waits for the network, survives a closed tab and covers nobody's words."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Academy

pytestmark = pytest.mark.browser


@pytest.fixture
def editor(live: Page, academy: Academy) -> Page:
    """The second module of the sample trainer, open to be written on, with a clock of ours."""
    live.clock.install()
    academy.write(live, 1)
    return live


def _type(page: Page, words: str) -> None:
    page.locator("#source").evaluate("it => { it.focus(); it.setSelectionRange(it.value.length, it.value.length); }")
    page.keyboard.insert_text(f"\n{words}\n")
    page.clock.run_for(1000)


def test_a_draft_is_saved_by_itself_and_says_when(editor: Page):
    _type(editor, "Écrit sans bouton.")
    editor.clock.run_for(70_000)
    expect(editor.locator("[data-status]")).to_have_text(re.compile(r"Enregistré à \d"))
    editor.goto(editor.url)
    expect(editor.locator("#source")).to_have_value(re.compile("Écrit sans bouton"))
    expect(editor.locator("[data-kept]")).to_be_hidden()


def test_a_minute_without_network_and_a_closed_tab_lose_nothing(editor: Page):
    address, context = editor.url, editor.context
    context.set_offline(True)
    _type(editor, "Écrit hors connexion.")
    editor.clock.run_for(70_000)
    expect(editor.locator("[data-status]")).to_contain_text("Hors connexion")
    again = context.new_page()
    editor.close()
    context.set_offline(False)
    again.clock.install()
    again.goto(address)
    offer = again.locator("[data-kept]")
    expect(offer).to_contain_text(
        re.compile(r"Ce navigateur garde .* \d{4} à \d\d:\d\d Mots ajoutés\s: 3, retirés\s: 0\.")
    )
    expect(offer.locator("ins")).to_have_text("Écrit hors connexion.")
    expect(offer.locator("del")).to_have_text("")
    offer.get_by_role("button", name="Le reprendre").click()
    expect(offer).to_be_hidden()
    expect(again.locator("#source")).to_have_value(re.compile("Écrit hors connexion"))
    again.clock.run_for(70_000)
    expect(again.locator("[data-status]")).to_have_text(re.compile(r"Enregistré à \d"))


def test_what_is_taken_back_can_be_undone(editor: Page):
    address, context = editor.url, editor.context
    before = editor.input_value("#source")
    first, last = before.split()[0], before.split()[-1]
    at = before.rindex(last)
    editor.locator("#source").evaluate(
        "(it, [a, b]) => { it.focus(); it.setSelectionRange(a, b); }", [at, at + len(last)]
    )
    editor.keyboard.insert_text("Autre fin")
    editor.clock.run_for(1000)
    again = context.new_page()
    editor.close()
    again.goto(address)
    offer = again.locator("[data-kept]")
    expect(offer.locator("del")).to_contain_text(last)
    expect(offer.locator("ins")).to_contain_text("Autre fin")
    expect(offer.locator("ins")).not_to_contain_text(first)
    offer.get_by_role("button", name="Le reprendre").click()
    expect(again.locator("#source")).to_have_value(re.compile("Autre fin"))
    again.keyboard.press("Control+z")
    expect(again.locator("#source")).to_have_value(before)


def test_the_network_comes_back_and_the_draft_is_saved(editor: Page):
    editor.context.set_offline(True)
    _type(editor, "Écrit pendant la coupure.")
    editor.clock.run_for(70_000)
    expect(editor.locator("[data-status]")).to_contain_text("Hors connexion")
    editor.context.set_offline(False)
    editor.clock.run_for(10_000)
    expect(editor.locator("[data-status]")).to_have_text(re.compile(r"Enregistré à \d"))


def test_two_tabs_never_cover_one_another(editor: Page):
    other = editor.context.new_page()
    other.clock.install()
    other.goto(editor.url)
    _type(editor, "Par le premier onglet.")
    editor.clock.run_for(70_000)
    expect(editor.locator("[data-status]")).to_have_text(re.compile(r"Enregistré à \d"))
    _type(other, "Par le second onglet.")
    other.clock.run_for(70_000)
    expect(other.locator("[data-status]")).to_contain_text("entre-temps")
    other.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(other.get_by_role("heading", level=1)).to_contain_text("Deux textes à réunir")
