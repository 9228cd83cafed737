"""Links to sections, theme, notices: the small scripts do their one job, and the page is whole without them."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Academy

pytestmark = pytest.mark.browser

MODULE = "/cycles/economie-bleue/cables-sous-marins/"


def _announced(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator("[data-live]", has_text=words)).to_have_count(1)


# Links to sections


def test_the_link_of_a_heading_is_copied_and_said(live: Page, academy: Academy):
    live.goto(MODULE)
    heading = live.locator(".prose h2[id^=s-]").first
    link = heading.locator(".heading-anchor")
    title = heading.get_attribute("aria-label") or ""
    assert title
    assert "#" not in title
    expect(live.get_by_role("heading", name=title, exact=True)).to_have_count(1)
    link.focus()
    assert link.evaluate("it => getComputedStyle(it).opacity") == "1"
    expect(live.get_by_role("link", name=f"Copier le lien vers la section : {title}")).to_have_count(1)
    link.press("Enter")
    _announced(live, "Lien copié")
    copied = live.evaluate("navigator.clipboard.readText()")
    assert copied == f"{academy.url}{MODULE}#{heading.get_attribute('id')}"
    expect(link).to_be_focused()
    expect(link).to_have_text("✓")
    expect(link).to_have_text("#")


def test_the_same_words_are_said_again(live: Page):
    """A live region speaks when it changes: the second time, it must be another text for the browser."""
    live.goto(MODULE)
    link = live.locator(".prose h2[id^=s-] .heading-anchor").first
    link.press("Enter")
    _announced(live, "Lien copié")
    before = live.locator("[data-live]").first.text_content()
    link.press("Enter")
    live.wait_for_function("before => document.querySelector('[data-live]').textContent !== before", arg=before)
    _announced(live, "Lien copié")


def test_without_scripts_the_mark_of_a_heading_is_a_plain_link(plain: Page):
    plain.goto(MODULE)
    link = plain.locator(".prose h2 .heading-anchor").first
    link.click(force=True)
    expect(plain).to_have_url(re.compile(r"#s-"))


# Theme

# Not `wait_for_function`, whose waiting needs an eval that the policy of our pages refuses.
FIRST_PAINT = """() => new Promise(done => {
  const look = () => window.painted ? done(painted) : setTimeout(look, 20);
  look();
})"""
PAINTED = """new PerformanceObserver(() => { window.painted ??= document.documentElement.dataset.theme })
  .observe({type: "paint", buffered: true})"""


def _paper_is(page: Page, name: str) -> None:
    """Wait until the page has the colour of the light or of the dark paper."""
    page.wait_for_function(
        """name => {
          const probe = document.body.appendChild(document.createElement("i"));
          probe.style.setProperty("color", "var(--paper)");
          probe.style.setProperty("color-scheme", name);
          const wanted = getComputedStyle(probe).color;
          probe.remove();
          return getComputedStyle(document.body).backgroundColor === wanted;
        }""",
        arg=name,
    )


def test_a_chosen_theme_is_there_before_the_first_paint_of_the_next_page(live: Page):
    live.emulate_media(color_scheme="light")
    live.goto("/cycles/")
    _paper_is(live, "light")
    live.get_by_role("radio", name="Sombre").check()
    _paper_is(live, "dark")
    live.add_init_script(PAINTED)
    live.goto("/sessions/")
    assert live.evaluate(FIRST_PAINT) == "dark"
    _paper_is(live, "dark")
    expect(live.get_by_role("radio", name="Sombre")).to_be_checked()
    bars = live.locator("meta[name=theme-color]")
    assert [bar.get_attribute("media") for bar in bars.all()] == ["not all", "all"]  # light, dark
    assert live.context.cookies() == []
    live.get_by_role("radio", name="Auto").check()
    _paper_is(live, "light")
    live.emulate_media(color_scheme="dark")
    _paper_is(live, "dark")


def test_drawings_follow_the_chosen_theme(live: Page):
    live.emulate_media(color_scheme="light")
    live.goto("/cycles/port/")
    drawing = live.locator("img[src*='/art/']").first
    light = drawing.screenshot()
    live.get_by_role("radio", name="Sombre").check()
    _paper_is(live, "dark")
    dark = drawing.screenshot()
    assert dark != light
    live.emulate_media(color_scheme="dark")
    assert drawing.screenshot() == dark
    live.get_by_role("radio", name="Clair").check()
    _paper_is(live, "light")
    assert drawing.screenshot() == light


def test_a_browser_that_refuses_storage_still_changes_this_page(live: Page):
    live.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no') } })")
    live.goto("/")
    live.get_by_role("radio", name="Sombre").check()
    assert live.evaluate("document.documentElement.dataset.theme") == "dark"
    live.goto("/cycles/")
    expect(live.get_by_role("radio", name="Auto")).to_be_checked()


def test_without_scripts_nothing_is_shown_that_does_nothing(plain: Page):
    plain.goto("/")
    expect(plain.locator(".theme")).to_be_hidden()
    expect(plain.locator("html")).not_to_have_attribute("data-theme", re.compile("."))


# Notices


def _with_a_notice(page: Page, academy: Academy) -> None:
    academy.sign_in(page, "stakeholder")
    page.goto("/moi/")
    page.locator("form[action*='coordonnees'] button").click()


def test_a_notice_can_be_closed_and_the_focus_stays_on_the_page(live: Page, academy: Academy):
    _with_a_notice(live, academy)
    expect(live.locator(".notices")).to_be_visible()
    live.get_by_role("button", name="Fermer ce message").click()
    expect(live.locator(".notices")).to_have_count(0)
    expect(live.locator("main")).to_be_focused()


def test_without_scripts_a_notice_has_no_button(plain: Page, academy: Academy):
    _with_a_notice(plain, academy)
    expect(plain.locator(".notices")).to_be_visible()
    expect(plain.locator(".notice__close")).to_be_hidden()


def test_visitors_with_and_without_scripts_get_the_same_html(live: Page, plain: Page):
    for path in ("/", MODULE, "/ressources/?q=port"):
        assert live.request.get(path).body() == plain.request.get(path).body()
