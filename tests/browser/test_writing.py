"""In a real browser: what helps to write. Marks by button and by key, undone; links; find and replace; the headings."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Academy

pytestmark = pytest.mark.browser


@pytest.fixture
def editor(live: Page, academy: Academy) -> Page:
    """The first module of the sample trainer, open to be written on; the text is three lines."""
    academy.sign_in(live, "trainer")
    live.goto("/atelier/")
    live.locator(".works__editions a[lang=fr]").first.click()
    live.locator(".gutter").wait_for()  # its scripts have run
    return live


def _write(page: Page, text: str, chosen: str = "") -> None:
    """Put a text in the place of all, and choose some words of it."""
    source = page.locator("#source")
    source.fill(text)
    at = text.index(chosen) if chosen else len(text)
    source.evaluate("(it, [from, to]) => { it.focus(); it.setSelectionRange(from, to); }", [at, at + len(chosen)])


@pytest.mark.parametrize(
    ("name", "chosen", "after"),
    [
        ("Gras", "quai", "Le **quai** est long.\n"),
        ("Italique", "quai", "Le *quai* est long.\n"),
        ("Intertitre", "Le quai", "## Le quai est long.\n"),
        ("Liste", "Le quai", "- Le quai est long.\n"),
        ("Citation", "", "Le quai est long.\n> "),
        ("Code", "quai", "Le `quai` est long.\n"),
    ],
)
def test_a_mark_is_written_and_one_undo_takes_it_back(editor: Page, name: str, chosen: str, after: str):
    _write(editor, "Le quai est long.\n", chosen)
    editor.get_by_role("toolbar", name="Mise en forme").get_by_role("button", name=name, exact=True).click()
    expect(editor.locator("#source")).to_have_value(after)
    expect(editor.locator("#source")).to_be_focused()
    editor.keyboard.press("Control+z")
    expect(editor.locator("#source")).to_have_value("Le quai est long.\n")


def test_a_mark_that_is_there_is_taken_away(editor: Page):
    _write(editor, "Le quai est long.\n", "quai")
    for after in ("Le **quai** est long.\n", "Le quai est long.\n", "Le **quai** est long.\n"):
        editor.keyboard.press("Control+b")
        expect(editor.locator("#source")).to_have_value(after)
    editor.keyboard.press("Control+i")
    expect(editor.locator("#source")).to_have_value("Le ***quai*** est long.\n")


@pytest.mark.parametrize(("name", "holds"), [("Tableau", "|---|---|\n"), ("Encadré", '!!! note "À retenir"\n')])
def test_a_block_stands_between_blank_lines(editor: Page, name: str, holds: str):
    _write(editor, "Avant.\nAprès.\n", "Avant.")
    editor.get_by_role("button", name=name, exact=True).click()
    text = editor.input_value("#source")
    assert holds in text
    assert text.startswith("Avant.\n\n")
    assert text.endswith("\n\nAprès.\n")


def test_a_link_finds_a_text_by_its_title(editor: Page):
    _write(editor, "Lire les câbles.\n", "les câbles")
    editor.keyboard.press("Control+k")
    dialog = editor.get_by_role("dialog", name="Insérer un lien")
    dialog.get_by_label("Titre d’un texte").fill("cables sous")
    dialog.get_by_role("listitem").first.get_by_role("button").click()
    expect(dialog).to_be_hidden()
    expect(editor.locator("#source")).to_have_value(re.compile(r"Lire \[\[[a-z0-9-]+\|les câbles\]\]\.\n"))
    editor.keyboard.press("Control+z")
    expect(editor.locator("#source")).to_have_value("Lire les câbles.\n")


def test_a_link_to_an_address_is_written_as_such(editor: Page):
    _write(editor, "Lire ceci.\n", "ceci")
    editor.get_by_role("button", name="Lien", exact=True).click()
    dialog = editor.get_by_role("dialog", name="Insérer un lien")
    dialog.get_by_label("Titre d’un texte").fill("https://www.example.org/a(b)")
    editor.keyboard.press("Enter")
    expect(editor.locator("#source")).to_have_value("Lire [ceci](https://www.example.org/a%28b%29).\n")


def test_the_arrows_go_along_the_bar_and_tab_leaves_it(editor: Page):
    bold = editor.get_by_role("button", name="Gras", exact=True)
    bold.focus()
    editor.keyboard.press("ArrowRight")
    expect(editor.get_by_role("button", name="Italique", exact=True)).to_be_focused()
    editor.keyboard.press("ArrowLeft")
    editor.keyboard.press("ArrowLeft")
    expect(editor.get_by_role("button", name="Raccourcis du clavier")).to_be_focused()
    editor.keyboard.press("Enter")
    expect(editor.get_by_role("dialog", name="Raccourcis du clavier")).to_contain_text("Ctrl+B")
    editor.keyboard.press("Escape")
    expect(editor.locator("#source")).to_be_focused()


TEXT = "L’été au port.\nUn ETE, des étés.\nFin.\n"


def _find(page: Page, words: str):
    page.keyboard.press("Control+f")
    bar = page.get_by_role("search", name="Chercher dans le texte")
    bar.get_by_label("Chercher").fill(words)
    return bar


@pytest.mark.parametrize(
    ("boxes", "count"),
    [
        ([], "3 passages"),
        (["Respecter les accents"], "2 passages"),
        (["Respecter la casse"], "2 passages"),
        (["Mot entier"], "2 passages"),
        (["Mot entier", "Respecter les accents"], "1 passage"),
        (["Respecter les accents", "Respecter la casse", "Mot entier"], "1 passage"),
    ],
)
def test_what_is_found_is_counted(editor: Page, boxes: list[str], count: str):
    _write(editor, TEXT)
    bar = _find(editor, "été")
    for name in boxes:
        bar.get_by_label(name).check()
    expect(bar.get_by_role("status")).to_have_text(count)


def test_find_goes_from_one_to_the_next_and_round(editor: Page):
    _write(editor, TEXT)
    bar = _find(editor, "ete")
    chosen = "it => it.value.slice(it.selectionStart, it.selectionEnd)"
    for key, words, said in (
        ("Enter", "été", "1 sur 3"),
        ("Enter", "ETE", "2 sur 3"),
        ("Shift+Enter", "été", "1 sur 3"),
        ("Shift+Enter", "été", "3 sur 3"),
        ("Enter", "été", "1 sur 3"),
    ):
        editor.keyboard.press(key)
        expect(bar.get_by_role("status")).to_have_text(said)
        assert editor.locator("#source").evaluate(chosen) == words
    editor.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    expect(editor.locator("#source")).to_be_focused()


def test_replacing_one_then_all_is_undone_step_by_step(editor: Page):
    _write(editor, TEXT)
    bar = _find(editor, "ete")
    bar.get_by_label("Remplacer par").fill("hiver")
    replace, everything = (bar.get_by_role("button", name=name, exact=True) for name in ("Remplacer", "Tout remplacer"))
    replace.click()  # goes to the first
    replace.click()
    one = "L’hiver au port.\nUn ETE, des étés.\nFin.\n"
    expect(editor.locator("#source")).to_have_value(one)
    everything.click()
    expect(editor.locator("#source")).to_have_value("L’hiver au port.\nUn hiver, des hivers.\nFin.\n")
    expect(bar.get_by_role("status")).to_have_text("2 passages remplacés")
    editor.keyboard.press("Escape")
    editor.keyboard.press("Control+z")
    expect(editor.locator("#source")).to_have_value(one)
    editor.keyboard.press("Control+z")
    expect(editor.locator("#source")).to_have_value(TEXT)


def test_the_headings_lead_to_their_lines(editor: Page):
    _write(editor, "---\ntitle: x\n# a comment\n---\n\n## Un\n\n```\n# rien\n```\n\n### **Deux** {#ici}\n\nFin.\n")
    editor.get_by_text("Plan du texte").click()
    links = editor.locator(".plan a")
    expect(links).to_have_text(["Un", "Deux"])
    links.nth(1).click()
    chosen = editor.locator("#source").evaluate("it => it.value.slice(it.selectionStart, it.selectionEnd)")
    assert chosen == "### **Deux** {#ici}"


def test_without_scripts_there_is_the_text_and_its_three_buttons(plain: Page, academy: Academy):
    academy.sign_in(plain, "trainer")
    plain.goto("/atelier/")
    plain.locator(".works__editions a[lang=fr]").first.click()
    expect(plain.get_by_role("toolbar")).to_have_count(0)
    expect(plain.locator(".editor__save .button")).to_have_text(["Aperçu", "Enregistrer le brouillon", "Publier"])
