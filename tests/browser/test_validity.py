"""The Nu checker finds nothing wrong in the HTML of any place and in any drawing; one Java for all of them."""

import os
import re
from pathlib import Path

import pytest

from tests.browser.nu import problems
from tests.browser.places import PLACES, Place
from tests.browser.tour import LANGUAGES, Tour

pytestmark = pytest.mark.browser

# Every other place in each language; `make test-deep` looks at all of them in both.
LOOKS = [
    (place, language)
    for number, place in enumerate(PLACES)
    for turn, language in enumerate(LANGUAGES)
    if os.environ.get("ACADEMY_DEEP") or number % 2 == turn
]
DRAWING = re.compile(r'["(](/art/[^"?)]+\.svg)')


def test_every_page_and_drawing_is_valid(tour: Tour, java: str, tmp_path: Path):
    pages = [_saved(tour, place, language, tmp_path) for place, language in LOOKS]
    drawings = sorted({name for page in pages for name in DRAWING.findall(page.read_text("utf-8"))})
    assert drawings
    for name in drawings:
        answer = tour.page(PLACES[0]).request.get(tour.full.url + name)
        (tmp_path / name.removeprefix("/art/").replace("/", "-")).write_bytes(answer.body())
    found = problems(java, tmp_path)
    assert not found, "\n".join(found)


def _saved(tour: Tour, place: Place, language: str, folder: Path) -> Path:
    path = folder / f"{place.name}-{language}.html"
    path.write_bytes(tour.html(place, language))
    return path
