"""`make shots`: every page at three widths, light and dark, in both languages, into shots/ (git ignores it)."""

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS, Academy, find_chromium, served
from tests.browser.places import PERSONAL, PUBLIC, of_role, of_rows

OUT = Path("shots")
WIDTHS, SCHEMES, ROOTS = (360, 768, 1440), ("light", "dark"), {"fr": "", "en": "/en"}


def main() -> None:
    path = find_chromium()
    if path is None:
        sys.exit("Chromium is missing (on Debian: apt install chromium)")
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as academy, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for role in ("visitor", *PERSONAL):
            _shoot(browser, academy, role)
        browser.close()
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT}/")


def _shoot(browser: Browser, academy: Academy, role: str) -> None:
    page = browser.new_context().new_page()
    places = of_rows(academy, page)
    if role != "visitor":
        places |= of_role(academy, page, role)
    for name, path in _named(PERSONAL.get(role, PUBLIC), places):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                for language, root in ROOTS.items():
                    page.goto(f"{academy.url}{root}{path}")
                    page.screenshot(path=OUT / f"{role}-{name}-{width}-{scheme}-{language}.png", full_page=True)
    page.context.close()


def _named(paths: list[str], places: dict[str, str]) -> list[tuple[str, str]]:
    """A file name and the address of each page."""
    return [(re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "home", path.format(**places)) for path in paths]


if __name__ == "__main__":
    main()
