"""The Nu checker finds nothing wrong in the HTML of any place and in any drawing; one Java for all of them."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.places import PLACES, Place
from tests.browser.tour import LANGUAGES, Tour

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
JAR = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
DRAWING = re.compile(r'["(](/art/[^"?)]+\.svg)')


@pytest.fixture
def java() -> str:
    """The path of a Java, when the checker is there too."""
    path = shutil.which("java")
    if path and JAR.is_file():
        return path
    message = "VALIDITY TESTS SKIPPED: `npm install --no-save vnu-jar` and a Java (on Debian: default-jre-headless)"
    if os.environ.get("ACADEMY_REQUIRE_BROWSER"):
        pytest.fail(message)
    pytest.skip(message)


def test_every_page_and_drawing_is_valid(tour: Tour, java: str, tmp_path: Path):
    pages = [_saved(tour, place, language, tmp_path) for place in PLACES for language in LANGUAGES]
    drawings = sorted({name for page in pages for name in DRAWING.findall(page.read_text("utf-8"))})
    assert drawings
    for name in drawings:
        answer = tour.page(PLACES[0]).request.get(tour.full.url + name)
        (tmp_path / name.removeprefix("/art/").replace("/", "-")).write_bytes(answer.body())
    problems = _problems(java, tmp_path)
    assert not problems, "\n".join(problems)


def _saved(tour: Tour, place: Place, language: str, folder: Path) -> Path:
    path = folder / f"{place.name}-{language}.html"
    path.write_bytes(tour.html(place, language))
    return path


def _problems(java: str, folder: Path) -> list[str]:
    """What the checker says, once each, with the first page that has it."""
    command = [
        java,
        "-Xss2m",
        "-jar",
        str(JAR),
        "--format",
        "json",
        "--exit-zero-always",
        "--also-check-svg",
        "--no-langdetect",
        str(folder),
    ]
    found = subprocess.run(command, check=True, capture_output=True, text=True, timeout=180)
    problems: dict[str, str] = {}
    for message in json.loads(found.stderr)["messages"]:
        if message["type"] != "info" or message.get("subType") == "warning":
            words = f"{message['message']} {message.get('extract', '')!r}"
            problems.setdefault(re.sub(r"\d+", "0", words), f"{Path(message['url']).name}: {words}")
    return list(problems.values())
