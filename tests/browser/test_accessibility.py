"""Everybody can use any place: axe finds nothing in both languages, both widths, both schemes; and nothing is lost when small."""

import os

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser import reflow
from tests.browser.places import PLACES, Place
from tests.browser.tour import LANGUAGES, Tour

pytestmark = pytest.mark.browser

# Every place in both widths in both languages. axe looks at the first look of a language: French light on a phone,
# English dark on a desk. `make test-deep` lets it look at all eight. Every other place in each language is made small,
# in the same window; there, all of them in both.
LOOKS = [(360, "light"), (1440, "dark")]
IN = {"fr": LOOKS, "en": LOOKS[::-1]}
IS_DEEP = bool(os.environ.get("ACADEMY_DEEP"))
if IS_DEEP:
    IN = {language: [*LOOKS, (360, "dark"), (1440, "light")] for language in LANGUAGES}
ASK = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"], selectors: false});
  return found.violations.map(it => `${it.id} ×${it.nodes.length}: ${it.nodes[0].html.slice(0, 160)}`);
}"""
FACTS = """() => ({
  h1: document.querySelectorAll("h1").length,
  title: document.title,
  lang: document.documentElement.lang,
  overflow: document.documentElement.scrollWidth - innerWidth,
})"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_axe_finds_nothing_and_nothing_is_lost(tour: Tour, place: Place, language: str):
    page = tour.open(place, language)
    page.evaluate(AXE_SCRIPT)
    problems = []
    for number, (width, scheme) in enumerate(IN[language]):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found = _facts(page, language)
        if IS_DEEP or number == 0:
            found += page.evaluate(ASK)
        problems += [f"{width} {scheme}: {problem}" for problem in found]
    if IS_DEEP or PLACES.index(place) % 2 == list(LANGUAGES).index(language):
        problems += reflow.problems(page)
    assert not problems, "\n".join(problems)


def _facts(page: Page, language: str) -> list[str]:
    """What axe does not ask: one h1, a title with the name of the site, the language, nothing too wide."""
    facts = page.evaluate(FACTS)
    wrong = {
        f"{facts['h1']} h1": facts["h1"] != 1,
        f"title {facts['title']}": " – " not in facts["title"],
        f"lang {facts['lang']}": facts["lang"] != language,
        f"too wide by {facts['overflow']} px": facts["overflow"] > 0,
    }
    return [words for words, is_wrong in wrong.items() if is_wrong]
