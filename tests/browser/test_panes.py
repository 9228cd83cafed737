"""In a real browser: the source and its preview go together, side by side or one at a time."""

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.serving import Academy

pytestmark = pytest.mark.browser
HEAD = "---\ntitle: Le quai\n---\n\n"
LONG = HEAD + "\n\n".join(f"## Partie {n}\n\n" + "Des mots de la partie. " * 60 for n in range(1, 21)) + "\n"
# The words of the source line, and of the preview block, that stand at the top of what is seen.
AT_TOP = """() => {
  const [source, pane, gutter] = ["#source", "#preview", ".gutter"].map((it) => document.querySelector(it));
  const under = (list, top) => [...list].find((it) => it.textContent.trim() && it.getBoundingClientRect().bottom > top + 2)?.textContent;
  return [
    under(gutter.children, source.getBoundingClientRect().top),
    under(pane.querySelectorAll("[data-at]"), pane.getBoundingClientRect().top),
  ];
}"""


@pytest.fixture
def editor(live: Page, academy: Academy) -> Page:
    """The first module of the sample trainer, open to be written on."""
    academy.sign_in(live, "trainer")
    live.set_viewport_size({"width": 1280, "height": 900})
    live.goto("/atelier/")
    live.locator(".works__editions a[lang=fr]").first.click()
    live.locator(".gutter").wait_for()  # the scripts are there
    return live


def _write(page: Page, text: str, seen: str) -> None:
    page.locator("#source").fill(text)
    expect(page.locator("#preview")).to_contain_text(seen)


def _scrolled(page: Page, name: str, words: str) -> None:
    """Bring what has these words to the top of its pane."""
    page.evaluate(
        """([name, words]) => {
          const pane = document.querySelector(name);
          const all = [...document.querySelectorAll(name === "#source" ? ".gutter div" : "#preview [data-at]")];
          const it = all.find((one) => one.textContent.includes(words));
          pane.scrollTop += it.getBoundingClientRect().top - pane.getBoundingClientRect().top;
        }""",
        [name, words],
    )


@pytest.mark.parametrize("leader", ["#source", "#preview"])
def test_each_pane_scrolls_to_where_the_other_is(editor: Page, leader: str):
    _write(editor, LONG, "Partie 20")
    for part in ("Partie 15", "Partie 4"):
        _scrolled(editor, leader, part)
        editor.wait_for_function(f"() => ({AT_TOP})().every((it) => it.includes('{part}'))")


@pytest.mark.parametrize(("leader", "follower"), [("#source", "#preview"), ("#preview", "#source")])
def test_both_reach_their_ends_together(editor: Page, leader: str, follower: str):
    _write(editor, LONG, "Partie 20")
    _scrolled(editor, leader, "Partie 10")
    editor.wait_for_function(f"() => ({AT_TOP})().every((it) => it.includes('Partie 10'))")
    left = "it => it.scrollHeight - it.clientHeight - it.scrollTop"
    editor.locator(leader).evaluate("it => { it.scrollTop = it.scrollHeight; }")
    editor.wait_for_function(f"() => ({left})(document.querySelector('{follower}')) < 3")
    editor.locator(leader).evaluate("it => { it.scrollTop = 0; }")
    editor.wait_for_function(f"() => document.querySelector('{follower}').scrollTop === 0")


def test_a_preview_is_given_up_when_a_newer_one_is_asked_for(editor: Page):
    waiting: list[Route] = []
    given_up: list[str] = []
    editor.on("requestfailed", lambda request: given_up.append(request.post_data or ""))

    def hold(route: Route) -> None:
        if "premier" in (route.request.post_data or ""):
            waiting.append(route)
        else:
            route.continue_()

    editor.route("**/apercu", hold)
    with editor.expect_request("**/apercu"):
        editor.locator("#source").fill(HEAD + "Le premier essai.\n")
    _write(editor, HEAD + "Le second essai.\n", "Le second essai.")
    assert len(waiting) == 1
    assert len(given_up) == 1
    assert "Le premier essai." in given_up[0]


def test_the_last_good_preview_stays_while_the_text_cannot_be_rendered(editor: Page):
    _write(editor, HEAD + "Le quai est long.\n", "Le quai est long.")
    editor.locator("#source").fill(HEAD + "Le quai.\n\n$$\n\\frac{\n$$\n")
    expect(editor.locator("[data-status]")).to_contain_text("l’aperçu attend")
    expect(editor.locator("#preview")).to_contain_text("Le quai est long.")
    expect(editor.locator("#remarks .bad").first).to_be_visible()
    _write(editor, HEAD + "Le quai est court.\n", "Le quai est court.")


def test_a_narrow_page_shows_one_of_them(editor: Page):
    _write(editor, LONG, "Partie 20")
    editor.set_viewport_size({"width": 768, "height": 900})
    switch = editor.get_by_role("group", name="Montrer")
    source, preview = (switch.get_by_role("button", name=name) for name in ("Source", "Aperçu"))
    expect(editor.locator("#preview")).to_be_hidden()
    at = LONG.index("## Partie 12")
    editor.locator("#source").evaluate("(it, at) => { it.focus(); it.setSelectionRange(at, at); }", at)
    source.press("Tab")
    expect(preview).to_be_focused()
    editor.keyboard.press("Enter")
    expect(preview).to_have_attribute("aria-pressed", "true")
    expect(editor.locator("#source")).to_be_hidden()
    expect(editor.get_by_role("heading", name="Partie 12")).to_be_in_viewport()
    source.click()
    expect(editor.locator("#source")).to_be_visible()
    expect(editor.locator("#preview")).to_be_hidden()
    address = editor.url
    editor.get_by_role("button", name="Aperçu").last.click()  # the button of those who have no script
    expect(editor.locator("#preview")).to_be_visible()
    assert editor.url == address


def test_without_scripts_they_stand_one_after_the_other(plain: Page, academy: Academy):
    academy.sign_in(plain, "trainer")
    plain.set_viewport_size({"width": 768, "height": 900})
    plain.goto("/atelier/")
    plain.locator(".works__editions a[lang=fr]").first.click()
    tops = [plain.locator(name).bounding_box() for name in ("#source", "#preview")]
    assert all(tops), json.dumps(tops)
    assert tops[0]["y"] + tops[0]["height"] <= tops[1]["y"]
