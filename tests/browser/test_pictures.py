"""In a real browser: a picture comes into the text by choice, by a paste and by a drop; without a script by a form."""

import base64
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Academy
from tests.files import made

pytestmark = pytest.mark.browser

# Files that a person holds: the browser makes one of these bytes and lets it go over the text.
GIVE = """([kind, data, name, type]) => {
  const bytes = Uint8Array.from(atob(data), (it) => it.charCodeAt(0));
  const held = new DataTransfer();
  held.items.add(new File([bytes], name, { type }));
  const given = { bubbles: true, cancelable: true, dataTransfer: held, clipboardData: held };
  const event = kind === "paste" ? new ClipboardEvent(kind, given) : new DragEvent(kind, given);
  document.querySelector("#source").dispatchEvent(event);
}"""


def _give(page: Page, kind: str, data: bytes, name: str = "image.png", type: str = "image/png") -> None:
    page.evaluate(GIVE, [kind, base64.b64encode(data).decode(), name, type])


@pytest.fixture
def editor(live: Page, academy: Academy) -> Page:
    """The first module of the sample trainer, open to be written on."""
    academy.write(live)
    return live


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_picture_that_is_given_to_the_text_asks_what_it_shows(editor: Page, kind: str):
    _give(editor, kind, made.photo(300 + len(kind), 200, form="PNG"))
    dialog = editor.get_by_role("dialog", name="Joindre au texte")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("Ce que l’image montre")).to_be_focused()
    dialog.get_by_role("button", name="Joindre").click()
    expect(dialog.get_by_role("alert")).to_contain_text("pour qui ne la voit pas")
    dialog.get_by_label("Ce que l’image montre").fill(f"Le quai, {kind}")
    dialog.get_by_role("button", name="Joindre").click()
    expect(dialog).to_be_hidden(timeout=60_000)
    expect(editor.locator("#source")).to_have_value(re.compile(rf"!\[Le quai, {kind}\]\(fichiers/image[-0-9]*\.png\)"))
    expect(editor.locator("#source")).to_be_focused()
    seen = editor.locator(f"#preview img[alt='Le quai, {kind}']")
    expect(seen).to_have_count(1, timeout=20_000)
    seen.scroll_into_view_if_needed()
    expect(seen).to_have_js_property("complete", True)
    assert seen.evaluate("it => it.naturalWidth") > 0


def test_a_picture_is_one_step_for_undo_between_two_others(editor: Page):
    source, before = editor.locator("#source"), editor.input_value("#source")
    source.evaluate("it => { it.focus(); it.setSelectionRange(it.value.length, it.value.length); }")
    editor.keyboard.insert_text("Avant.")
    _give(editor, "paste", made.photo(222, 200, form="PNG"))
    dialog = editor.get_by_role("dialog", name="Joindre au texte")
    dialog.get_by_label("Ce que l’image montre").fill("Le quai")
    dialog.get_by_role("button", name="Joindre").click()
    expect(source).to_have_value(re.compile(r"Avant\.\n\n!\[Le quai\]\(\S+\)\n\n$"), timeout=60_000)
    expect(source).to_be_focused()
    editor.keyboard.insert_text("Après.")
    for left in (r"Avant\.\n\n!\[Le quai\]\(\S+\)\n\n$", r"Avant\.$"):
        editor.keyboard.press("Control+z")
        expect(source).to_have_value(re.compile(left))
    for _ in range(2):  # the browser also goes back over what was typed in the dialog
        editor.keyboard.press("Control+z")
    expect(source).to_have_value(before)


def test_what_is_refused_is_said_in_the_dialog_and_nothing_is_lost(editor: Page):
    before = editor.input_value("#source")
    _give(editor, "drop", b"\x89PNG\r\n\x1a\n" + bytes(99), "quai.png")
    dialog = editor.get_by_role("dialog", name="Joindre au texte")
    dialog.get_by_label("Ce que l’image montre").fill("Le quai")
    dialog.get_by_role("button", name="Joindre").click()
    expect(dialog.get_by_role("alert")).to_contain_text("abîmée", timeout=60_000)
    expect(dialog.get_by_label("Ce que l’image montre")).to_have_value("Le quai")
    dialog.get_by_role("button", name="Annuler").click()
    expect(dialog).to_be_hidden()
    assert editor.input_value("#source") == before


def test_words_that_are_pasted_are_words(editor: Page):
    editor.evaluate("""() => {
      const held = new DataTransfer();
      held.setData("text/plain", "des mots");
      const event = new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true });
      window.taken = !document.querySelector("#source").dispatchEvent(event);
    }""")
    assert editor.evaluate("window.taken") is False
    expect(editor.get_by_role("dialog", name="Joindre au texte")).to_be_hidden()
