"""The security headers of every answer, and pages of errors that need nothing."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from academy import create_app
from tests.conftest import settings_for
from tests.factories import a_person

PATHS = [
    "/",
    "/en/",
    "/ressources/?q=x",
    "/api/v1/search",
    "/nothing/",
    "/healthz",
    "/art/chart.svg",
    "/moi/",
    "/d/x",
    "/assets/site-x.css",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_closed_to_frames_scripts_and_guesses(client: FlaskClient, path: str):
    answer = client.get(path)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in answer.headers


def test_a_304_and_an_error_carry_them_too(client: FlaskClient):
    etag = client.get("/").headers["ETag"]
    for answer in (client.get("/", headers={"If-None-Match": etag}), client.delete("/"), client.post("/nothing/")):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], answer.status


def test_in_production_https_is_for_good_and_only_our_host_is_answered(tmp_path: Path):
    settings = settings_for(
        tmp_path,
        production=1,
        secret_key="k" * 48,
        public_url="https://academie.example",
        mail_url="smtps://u:p@mail.example",
        mail_from="a@academie.example",
    )
    client = create_app(settings).test_client()
    answer = client.get("/healthz", base_url="https://academie.example")
    assert (answer.status_code, answer.headers["Strict-Transport-Security"]) == (
        200,
        "max-age=31536000; includeSubDomains",
    )
    assert client.get("/healthz", base_url="https://evil.example").status_code == 400


def test_a_wrong_method_says_which_are_right(client: FlaskClient):
    answer = client.delete("/cycles/")
    assert (answer.status_code, set(answer.headers["Allow"].split(", "))) == (405, {"GET", "HEAD", "OPTIONS"})


def test_who_must_sign_in_comes_back_to_the_same_page_on_the_same_side(client: FlaskClient):
    assert client.get("/moi/").location == "/connexion?next=/moi/"
    assert client.get("/en/moi/").location == "/en/connexion?next=/en/moi/"


@pytest.mark.parametrize(
    "path", ["/%ff", "/%00", "//evil.example/%2e%2e", "/a%0d%0aSet-Cookie:x=1/", "/\\evil/", "/?q=%ff%fe"]
)
def test_malformed_addresses_are_answered(client: FlaskClient, path: str):
    answer = client.get(path)
    assert answer.status_code < 500
    assert "Set-Cookie" not in answer.headers


def test_the_page_of_a_failure_needs_no_database_even_for_who_is_signed_in(app: Flask, as_, monkeypatch):
    with app.app_context():
        member = as_(a_person())

    def away(*_args, **_kwargs):
        raise OperationalError("", {}, Exception("away"))

    monkeypatch.setattr("academy.domain.accounts.signed_in", away)
    answer = member.get("/cycles/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "L’Académie est à quai" in answer.text


def test_a_bug_shows_a_page_that_helps_and_nothing_of_itself(app: Flask, client: FlaskClient, monkeypatch):
    def broken():
        raise RuntimeError("secret detail")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("academy.blueprints.cycles.views.cycle_cards", broken)
    answer = client.get("/cycles/")
    assert answer.status_code == 500
    assert "Une avarie de notre côté" in answer.text
    assert "secret detail" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
