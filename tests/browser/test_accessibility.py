"""axe finds nothing, nothing overflows, one h1 a page: every template, both languages, both themes."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import Academy
from tests.browser.places import PERSONAL, PUBLIC, of_role, of_rows

pytestmark = pytest.mark.browser

LOOKS = [("fr", 360, "light"), ("fr", 1440, "dark"), ("en", 1440, "light"), ("en", 360, "dark")]


def _context(chromium: Browser, width: int, scheme: str):
    return chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)


def _problems(academy: Academy, page, path: str, language: str) -> list[str]:
    root = "/en" if language == "en" else ""
    page.goto(f"{academy.url}{root}{path}")
    found = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in Axe().run(page).response["violations"]]
    if (count := page.locator("h1").count()) != 1:
        found.append(f"{count} h1")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("overflows")
    if "–" not in page.title():
        found.append(f"title: {page.title()}")
    return [f"{root}{path}: {problem}" for problem in found]


@pytest.mark.parametrize(("language", "width", "scheme"), LOOKS)
def test_public_pages(academy: Academy, chromium: Browser, language: str, width: int, scheme: str):
    context = _context(chromium, width, scheme)
    page = context.new_page()
    places = of_rows(academy, page)
    paths = [path.format(**places) for path in PUBLIC]
    problems = [problem for path in paths for problem in _problems(academy, page, path, language)]
    context.close()
    assert problems == []


@pytest.mark.parametrize("role", sorted(PERSONAL))
def test_personal_pages(academy: Academy, chromium: Browser, role: str):
    context = _context(chromium, 1440, "light")
    page = context.new_page()
    places = of_rows(academy, page)
    places |= of_role(academy, page, role)
    problems = []
    for language, width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        for path in PERSONAL[role]:
            problems += _problems(academy, page, path.format(**places), language)
    context.close()
    assert problems == []
