"""Every POST comes from our own pages."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import a_person, a_session

OURS = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": ""},
    ],
)
def test_a_post_from_another_site_is_refused(client: FlaskClient, headers: dict[str, str]):
    answer = client.post("/connexion", data={"email": "ada@example.org"}, headers=headers)
    assert answer.status_code == 400
    assert "Demande mal comprise" in answer.text


@pytest.mark.parametrize("headers", [OURS, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "none"}, {}])
def test_a_visitor_s_post_from_our_pages_needs_no_token(client: FlaskClient, headers: dict[str, str]):
    answer = client.post("/connexion", data={"email": "ada@example.org"}, headers=headers)
    assert answer.status_code in {302, 303}


def test_who_is_signed_in_must_send_the_token_of_the_page(app: Flask, as_):
    with app.app_context():
        person_id = a_person()
    browser = as_(person_id)
    without = browser.post("/moi/coordonnees", data={"name": "Ada", "language": "fr"}, headers=OURS)
    assert without.status_code == 400
    forged = {"name": "Ada", "language": "fr", "csrf_token": "forged"}
    assert browser.post("/moi/coordonnees", data=forged, headers=OURS).status_code == 400
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/moi/").text)
    assert token is not None
    good = {"name": "Ada", "language": "fr", "csrf_token": token[1]}
    assert browser.post("/moi/coordonnees", data=good, headers=OURS).status_code in {302, 303}


def test_a_token_is_worth_nothing_from_another_site(app: Flask, as_):
    with app.app_context():
        browser = as_(a_person())
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/moi/").text)
    assert token is not None
    data = {"name": "Ada", "language": "fr", "csrf_token": token[1]}
    assert browser.post("/moi/coordonnees", data=data, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400


def test_the_token_of_one_person_is_not_that_of_another(app: Flask, as_):
    with app.app_context():
        ada, eve = as_(a_person()), as_(a_person())
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', eve.get("/moi/").text)
    assert token is not None
    data = {"name": "Eve", "language": "fr", "csrf_token": token[1]}
    assert ada.post("/moi/coordonnees", data=data, headers=OURS).status_code == 400


def test_reading_asks_for_nothing(client: FlaskClient):
    for method in ("GET", "HEAD", "OPTIONS"):
        assert client.open("/", method=method, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_no_link_acts(app: Flask, client: FlaskClient, queries):
    """A mail scanner that follows every link changes nothing."""
    with app.app_context():
        session_id = a_session(slug="visite")
    queries.clear()
    for path in ("/", f"/sessions/{session_id}-visite/", f"/sessions/{session_id}/inscription", "/connexion", "/d/x"):
        client.get(path)
    assert [
        q for q in queries if q.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE"))
    ] == []
