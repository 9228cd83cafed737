"""The style sheet: one file, small, under an address that names its content."""

import gzip

import pytest
from flask.testing import FlaskClient

from academy.web import assets

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_sheet_is_one_immutable_file_within_its_budget(client: FlaskClient):
    answer = client.get(assets.asset_url("site.css"))
    assert answer.headers["Cache-Control"] == assets.IMMUTABLE
    assert answer.mimetype == "text/css"
    assert len(gzip.compress(answer.data, 9)) <= 12_000


def test_the_script_stays_within_its_budget(client: FlaskClient):
    answer = client.get(assets.asset_url("site.js"))
    assert len(gzip.compress(answer.data, 9)) <= 10_000


def test_an_old_address_still_works_but_is_not_kept(client: FlaskClient):
    answer = client.get("/assets/site-000000000000.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=300")
    assert client.get("/assets/site-000000000000.txt").status_code == 404


def test_blanks_and_comments_go_but_strings_stay(app):
    css = 'a::before { content: "a  /* b */  c" ; }\n\n/* gone */ b  >  c { color : red }'
    assert assets.smaller(css) == 'a::before{content: "a  /* b */  c";}b > c{color : red}'


def test_layers_are_declared_before_they_are_filled(app):
    sheet = assets.stylesheet()[0].decode()
    assert sheet.index("@layer reset,") < sheet.index("{")
