"""The living style page: every component has its entry, every pair of colours its contrast."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from academy import create_app
from academy.blueprints.styles import catalogue, colours
from academy.web.assets import STATIC, smaller
from tests.conftest import settings_for

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MACROS = {path.stem for path in catalogue.MACROS.glob("*.html")}
SHEETS = {path.stem for path in catalogue.SHEETS.glob("*.css")}
SPECIMENS = {path.stem for path in (catalogue.TEMPLATES / "styles" / "specimens").glob("*.html")}
PRODUCTION = {
    "production": 1,
    "public_url": "https://academie.example.fr",
    "secret_key": "k" * 40,
    "mail_url": "smtps://mail.example.fr",
    "mail_from": "Académie <academie@example.fr>",
}


def test_every_component_has_its_specimen(app):
    assert SPECIMENS == MACROS | SHEETS  # a new component: add templates/styles/specimens/<name>.html


def test_a_macro_and_its_sheet_carry_the_same_name(app):
    assert set(catalogue.WITHOUT_SHEET) == MACROS - SHEETS
    assert set(catalogue.OF_ONE_PLACE) == SHEETS - MACROS


def test_every_macro_file_opens_with_what_it_shows_and_holds_the_macro_of_its_name(app):
    for entry in catalogue.entries():
        if entry.name in MACROS - {"_csrf"}:
            source = (catalogue.MACROS / f"{entry.name}.html").read_text("utf-8")
            assert f"{{% macro {entry.name}(" in source
            assert entry.says.startswith(f"{entry.name}("), entry.name


@pytest.mark.parametrize("path", ["/styles/", "/en/styles/?theme=dark"])
def test_the_page_shows_every_component_and_says_that_all_is_invented(client: FlaskClient, path: str):
    page = client.get(path).text
    assert {name for name in MACROS | SHEETS if f' id="{name}"' not in page} == set()
    assert "inventé" in page or "made up" in page
    assert page.count("<h1") == 1
    assert ("data-theme=" in page) == ("theme" in path)


def test_each_state_of_a_session_is_shown_with_a_sign_and_words(client: FlaskClient):
    page = client.get("/styles/").text.partition('id="state"')[2]
    for state in ("open", "closing_soon", "waiting_list", "full", "closed", "not_yet_open", "ended", "to_schedule"):
        shown = page.partition(f'<span class="state state--{state}">')[2].partition("</p>")[0]
        sign, _, words = shown.partition("</svg>")
        assert "<path" in sign or "<circle" in sign, state
        assert len(words.removesuffix("</span>").strip()) > 5, state


def test_the_page_has_a_sheet_of_its_own_that_visitors_never_load(client: FlaskClient):
    own = client.get("/styles/sheet.css")
    assert own.mimetype == "text/css"
    assert ".step-t3" in own.text
    assert smaller((STATIC / "css" / "specimens.css").read_text("utf-8")) not in client.get("/").text


def test_production_has_no_style_page(app, tmp_path: Path):
    there = create_app(settings_for(tmp_path / "production", **PRODUCTION))
    assert "styles" not in there.blueprints


def test_every_text_can_be_read_on_its_ground_by_day_and_by_night(app):
    weak = [pair for pair in colours.measured() if min(pair.light, pair.dark) < 4.5]
    assert weak == []


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("oklch(1 0 0)", "oklch(0 0 0)", 21.0),
        ("oklch(0 0 0)", "oklch(1 0 0)", 21.0),
        ("oklch(.5 .1 90)", "oklch(.5 .1 90)", 1.0),
        ("oklch(.5 0 0)", "oklch(1 0 0)", 1.05 / (0.5**3 + 0.05)),  # a grey's luminance is its lightness cubed
    ],
)
def test_contrast_is_that_of_wcag(app, one: str, other: str, ratio: float):
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.01)


def test_each_colour_has_its_day_and_its_night(app):
    found = colours.tokens()
    assert found["paper"] == ("oklch(.981 .014 95)", "oklch(.195 .034 258)")
    assert found["navy"][0] == found["navy"][1]
    assert {name for pair in colours.PAIRS for name in pair} <= found.keys()
