"""Everybody can use any place: axe finds nothing in both widths and both schemes, and nothing is lost or without a name."""

import os

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser import reflow
from tests.browser.places import PLACES, Place
from tests.browser.tour import LANGUAGES, Tour

pytestmark = pytest.mark.browser

# Every place in both languages, widths and schemes. The languages take turns: in one, axe looks at both looks; in the other,
# the page is made small. Structure is the same in both, what is said is not: names are asked in each. `make test-deep` lets
# axe look at all eight.
LOOKS = [(360, "light"), (1440, "dark")]
IS_DEEP = bool(os.environ.get("ACADEMY_DEEP"))
if IS_DEEP:
    LOOKS += [(360, "dark"), (1440, "light")]
ASK = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"], selectors: false});
  return found.violations.map(it => `${it.id} ×${it.nodes.length}: ${it.nodes[0].html.slice(0, 160)}`);
}"""
FACTS = """() => {
  const said = ids => ids.split(" ").map(id => document.getElementById(id)?.textContent || "").join("");
  const alt = it => [...it.querySelectorAll("img[alt], [aria-label]")].map(one => one.alt || one.ariaLabel).join("");
  const name = it => (it.ariaLabel || said(it.getAttribute("aria-labelledby") || "") || it.title || it.alt
    || (it.matches("svg") && it.querySelector(":scope > title")?.textContent)
    || (it.matches("input[type=submit], input[type=button]") ? it.value : "")
    || [...it.labels || []].map(label => label.textContent + alt(label)).join("")
    || (it.matches("input, select, textarea, iframe, [role=img], [role=region]") ? "" : it.textContent + alt(it))).trim();
  const asked = "a[href], button, summary, input:not([type=hidden]), select, textarea, iframe, [role=img], [role=region]";
  return {
    h1: document.querySelectorAll("h1").length,
    title: document.title,
    lang: document.documentElement.lang,
    overflow: document.documentElement.scrollWidth - innerWidth,
    nameless: [...document.querySelectorAll(asked), ...document.querySelectorAll("img:not([alt])")]
      .filter(it => it.checkVisibility({visibilityProperty: true}) && !it.closest("[aria-hidden=true]") && !name(it))
      .map(it => it.outerHTML.slice(0, 160)),
  };
}"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_axe_finds_nothing_and_nothing_is_lost(tour: Tour, place: Place, language: str):
    page = tour.open(place, language)
    is_for_axe = IS_DEEP or PLACES.index(place) % 2 == list(LANGUAGES).index(language)
    if is_for_axe:
        page.evaluate(AXE_SCRIPT)
    problems = []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found = _facts(page, language)
        if is_for_axe:
            found += page.evaluate(ASK)
        problems += [f"{width} {scheme}: {problem}" for problem in found]
    if IS_DEEP or not is_for_axe:
        problems += reflow.problems(page)
    assert not problems, "\n".join(problems)


def _facts(page: Page, language: str) -> list[str]:
    """What is asked in every look: one h1, a title with the name of the site, the language, nothing too wide or without a name."""
    facts = page.evaluate(FACTS)
    wrong = {
        f"{facts['h1']} h1": facts["h1"] != 1,
        f"title {facts['title']}": " – " not in facts["title"],
        f"lang {facts['lang']}": facts["lang"] != language,
        f"too wide by {facts['overflow']} px": facts["overflow"] > 0,
        f"without a name: {facts['nameless']}": bool(facts["nameless"]),
    }
    return [words for words, is_wrong in wrong.items() if is_wrong]
