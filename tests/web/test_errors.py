"""Error pages: what happened, what to do next, in both languages, even without a database."""

import logging
import re

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from academy.extensions import limiter
from academy.models import Role
from academy.policies import Action
from academy.web.guard import allow
from tests.factories import a_person

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HEADINGS = {
    400: "Demande mal comprise",
    403: "Eaux réservées",
    404: "Hors de la carte",
    410: "Cette page a été retirée",
    413: "Envoi trop lourd",
    429: "Un instant, s’il vous plaît",
    500: "Une avarie de notre côté",
    503: "L’Académie est à quai",
}


@pytest.fixture
def failing(app: Flask) -> FlaskClient:
    """A browser, on an academy where /panne/<code>/ fails with that code and /panne/0/ by a bug."""

    @app.get("/panne/<int:code>/")
    @allow(Action.PUBLIC_READ)
    def failure(code: int):
        if not code:
            raise ZeroDivisionError("a bug")
        abort(code)

    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app.test_client()


@pytest.mark.parametrize("code", sorted(HEADINGS))
@pytest.mark.parametrize("side", ["", "/en"])
def test_each_error_has_a_page_with_a_heading_a_sentence_and_a_way_home(failing, code: int, side: str):
    answer = failing.get(f"{side}/panne/{code}/")
    assert answer.status_code == code
    assert answer.headers["Cache-Control"] == "no-store"
    page = answer.text
    assert page.count("<h1") == 1
    assert (HEADINGS[code] in page) == (side == "")
    assert f'href="{side}/">' in page
    assert ('role="search" action="' + side + "/ressources/") in page.partition("<main")[2] or code not in {404, 410}


def test_a_wait_is_told_in_words_and_to_machines(failing):
    for code, seconds in ((429, "60"), (503, "5")):
        answer = failing.get(f"/panne/{code}/")
        assert answer.headers["Retry-After"] == seconds
        assert f"Réessayez dans {seconds} secondes." in answer.text
    assert "Try again in 5 seconds." in failing.get("/en/panne/503/").text
    assert "Retry-After" not in failing.get("/panne/500/").headers


def test_a_limit_says_how_long_it_lasts(app: Flask, failing):
    limiter.enabled = True
    try:
        answers = [failing.post("/connexion", data={"email": "ada@example.org"}) for _ in range(6)]
    finally:
        limiter.enabled = False
    refused = answers[-1]
    assert refused.status_code == 429
    assert 800 < int(refused.headers["Retry-After"]) <= 901  # five in fifteen minutes
    assert re.search(r"Réessayez dans 1[45] minutes\.", refused.text)


def test_a_bug_is_told_with_a_reference_that_the_log_holds(failing, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.ERROR):
        answer = failing.get("/panne/0/")
    assert answer.status_code == 500
    reference = re.search(r"Référence(?:\s|&nbsp;)?: <code>([0-9a-f]{8})</code>", answer.text)
    assert reference
    assert f"failure {reference[1]}: ZeroDivisionError('a bug')" in caplog.text
    assert "ZeroDivisionError" not in answer.text


def test_no_page_of_a_failure_needs_the_database(app: Flask, failing, as_, monkeypatch: pytest.MonkeyPatch):
    with app.app_context():
        person = a_person(role=Role.TRAINER)
    signed_in = as_(person)

    def away(*_):
        raise OperationalError("", {}, Exception("away"))

    monkeypatch.setattr("sqlalchemy.engine.Engine.connect", away)
    monkeypatch.setattr("sqlalchemy.engine.Engine.raw_connection", away)
    app.extensions["content_version"].expire()
    for browser in (failing, signed_in):
        for path, code in (("/panne/500/", 500), ("/en/panne/500/", 500), ("/", 503), ("/en/sessions/", 503)):
            answer = browser.get(path)
            assert answer.status_code in {code, 503}
            assert "off-chart" in answer.text
            assert 'class="flag"' in answer.text


def test_who_may_not_is_led_to_their_own_space(app: Flask, as_):
    with app.app_context():
        person = a_person(role=Role.STAKEHOLDER)
    page = as_(person).get("/pilotage/")
    assert page.status_code == 403
    assert 'href="/moi/"' in page.text.partition("<main")[2]
