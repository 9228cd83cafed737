"""The style sheet and the scripts: joined, small, under an address that names their content."""

import gzip
import re

import pytest
from flask.testing import FlaskClient

from academy.models import Role
from academy.web import assets
from tests.factories import a_person

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("name", ["site", *assets.TEAM])
def test_a_page_loads_one_immutable_sheet_within_its_budget(client: FlaskClient, name: str):
    answer = client.get(assets.asset_url(f"{name}.css"))
    assert answer.headers["Cache-Control"] == assets.IMMUTABLE
    assert answer.mimetype == "text/css"
    assert len(gzip.compress(answer.data, 9)) <= 12_000


def test_the_studio_and_the_desk_have_a_sheet_of_their_own(app, client: FlaskClient, as_):
    with app.app_context():
        organiser = as_(a_person(role=Role.ORGANISER))
    sheets = {
        path: re.findall(r"/assets/(\w+)-\w+\.css", organiser.get(path).text)
        for path in ("/", "/atelier/", "/pilotage/", "/pilotage/sessions/999/")
    }
    assert sheets == {
        "/": ["site"],
        "/atelier/": ["studio"],
        "/pilotage/": ["desk"],
        "/pilotage/sessions/999/": ["site"],  # an error looks the same everywhere
    }


def test_the_scripts_of_the_heaviest_page_stay_within_their_budget(client: FlaskClient):
    answers = [client.get(assets.asset_url(name)) for name in ("site.js", "studio.js")]
    assert {answer.headers["Cache-Control"] for answer in answers} == {assets.IMMUTABLE}
    assert sum(len(gzip.compress(answer.data, 9)) for answer in answers) <= 10_000


def test_the_theme_comes_first_and_the_editor_is_not_for_everybody(app):
    script = assets.script()[0].decode()
    assert script.index("const behaviours") < script.index("localStorage.theme") < script.index("behaviours.copy =")
    assert "studio" not in script


def test_each_behaviour_that_a_template_asks_for_is_a_script_of_that_name(app):
    scripts = {path.stem: path.read_text("utf-8") for path in (assets.STATIC / "js").glob("*.js")}
    templates = (path.read_text("utf-8") for path in (assets.STATIC.parent / "templates").rglob("*.html"))
    asked = {name for text in templates for name in re.findall(r'data-behaviour="(\w+)"', text)}
    assert asked == scripts.keys() - set(assets.FIRST)
    assert [name for name in asked - set(assets.APART) if f"behaviours.{name} = " not in scripts[name]] == []


def test_an_old_address_still_works_but_is_not_kept(client: FlaskClient):
    answer = client.get("/assets/site-000000000000.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=300")
    assert client.get("/assets/site-000000000000.txt").status_code == 404


def test_blanks_and_comments_go_but_strings_stay(app):
    css = 'a::before { content: "a  /* b */  c" ; }\n\n/* gone */ b  >  c { color : red }'
    assert assets.smaller(css) == 'a::before{content:"a  /* b */  c"}b>c{color :red}'


@pytest.mark.parametrize("name", ["site", *assets.TEAM])
def test_layers_are_declared_before_they_are_filled_and_each_is_filled_once(app, name: str):
    sheet = assets.stylesheet(name)[0].decode()
    for layer in ("reset", "tokens", "base", "layout", "components", "utilities", "print"):
        assert sheet.count(f"@layer {layer}{{") == 1
    assert sheet.count("{") == sheet.count("}")
    assert sheet.index("@layer reset,") < sheet.index("{")
