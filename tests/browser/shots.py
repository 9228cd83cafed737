"""`make shots` (PLACES="word word" for some): every place at three widths, light and dark, in both languages, and shots/index.html to look through them."""

import html
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.places import PLACES, Place
from tests.browser.serving import FLAGS, find_chromium, served
from tests.browser.tour import LANGUAGES, Tour

OUT = Path("shots")
WIDTHS, SCHEMES = (360, 768, 1440), ("light", "dark")
TALLEST = 6000  # px: a longer page is cut


def main() -> None:
    """Shoot all places, or those whose names contain a word of the command line."""
    path = find_chromium()
    if path is None:
        sys.exit("Chromium is missing (on Debian: apt install chromium-headless-shell)")
    places = [place for place in PLACES if not sys.argv[1:] or any(word in place.name for word in sys.argv[1:])]
    OUT.mkdir(exist_ok=True)
    for old in OUT.glob("*.*"):
        old.unlink()
    with (
        tempfile.TemporaryDirectory() as full,
        tempfile.TemporaryDirectory() as bare,
        tempfile.TemporaryDirectory() as nothing,
        served(Path(full)) as academy,
        served(Path(bare), content=Path(nothing)) as empty,
        sync_playwright() as playwright,
    ):
        tour = Tour(playwright.chromium.launch(executable_path=path, args=FLAGS), academy, empty)
        for place in places:
            for language in LANGUAGES:
                _shoot(tour, place, language)
        tour.close()
    (OUT / "index.html").write_text(_sheet(places), "utf-8")
    print(f"{len(list(OUT.glob('*.png')))} pictures: open {OUT}/index.html")


def _shoot(tour: Tour, place: Place, language: str) -> None:
    """One page load, then each width and scheme in place."""
    page = tour.page(place)
    page.emulate_media(reduced_motion="reduce", color_scheme=SCHEMES[0])
    tour.visit(page, place, language)
    page.evaluate("for (const it of document.querySelectorAll('img[loading=lazy]')) it.loading = 'eager'")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.screenshot(
                path=OUT / _name(place, width, scheme, language),
                full_page=True,
                clip={"x": 0, "y": 0, "width": width, "height": max(height, 900)},
            )


def _name(place: Place, width: int, scheme: str, language: str) -> str:
    return f"{place.name}-{width}-{scheme}-{language}.png"


def _sheet(places: list[Place]) -> str:
    """A page of thumbnails: a row per place and language, the widths and schemes side by side."""
    rows = []
    for place in places:
        for language in LANGUAGES:
            names = [(_name(place, width, scheme, language), width) for width in WIDTHS for scheme in SCHEMES]
            cells = "".join(
                f'<a href="{name}"><img src="{name}" width="{80 + width // 4}" loading="lazy" alt="{html.escape(name)}"></a>'
                for name, width in names
            )
            rows.append(
                f'<h2 id="{place.name}-{language}">{html.escape(place.name)} ({language})</h2><div>{cells}</div>'
            )
    style = (
        "body{font:14px sans-serif;margin:1rem;background:#888;color:#000}h2{font-size:1rem;margin:.8rem 0 .2rem}"
        "div{display:flex;gap:.5rem;align-items:start;overflow:auto}img{height:480px;object-fit:cover;object-position:top}"
    )
    return f"<!doctype html><html lang='en'><meta charset='utf-8'><title>Shots</title><style>{style}</style>{''.join(rows)}</html>"


if __name__ == "__main__":
    main()
