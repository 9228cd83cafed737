"""The venues: the map and its list, the page of each, its drawing; nothing hidden shows there."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from academy.extensions import db, transaction
from academy.models import Audience, CycleSession, SessionStatus, Venue
from tests.factories import a_person, a_session, a_venue


def test_the_map_and_the_list_carry_the_same_numbers_and_links(app: Flask, client: FlaskClient):
    with app.app_context():
        a_venue("cisam", city="Marseille")
        a_venue("arbois", position=(5.34, 43.49), city="Aix-en-Provence")
        a_venue("en-ligne", name="En ligne", position=None)
    page = client.get("/lieux/").text
    on_map = re.findall(r'<a href="(/lieux/[a-z-]+/)" tabindex="-1">.*?<text[^>]*>(\d+)</text>', page)
    listed = re.findall(r'Numéro </span>(\d+)</b>\s*<div><h2><a href="(/lieux/[a-z-]+/)">', page)
    assert on_map == [("/lieux/arbois/", "1"), ("/lieux/cisam/", "2")]
    assert listed == [(number, url) for url, number in on_map]
    assert page.count('href="/lieux/en-ligne/"') == 1


def test_two_venues_at_one_place_keep_their_numbers_apart(app: Flask, client: FlaskClient):
    with app.app_context():
        for slug in ("un", "deux", "trois"):
            a_venue(slug)
    drawn = re.findall(r'class="f-saffron" cx="(\d+)" cy="(\d+)"', client.get("/lieux/").text)
    assert len(set(drawn)) == 3


def test_a_venue_beyond_the_map_is_in_the_list_alone(app: Flask, client: FlaskClient):
    with app.app_context():
        a_venue("paris", position=(2.35, 48.85))
    assert '<svg viewBox="0 0 960' not in client.get("/lieux/").text
    page = client.get("/lieux/paris/").text
    assert "directions?to=48.85%2C2.35" in page
    assert "/art/venue-paris.svg" not in page
    assert client.get("/art/venue-paris.svg").status_code == 404


def test_without_venues_the_page_leads_on(client: FlaskClient):
    page = client.get("/lieux/").text
    assert "Aucun lieu pour l’instant" in page
    assert 'class="venue-map"' not in page


def test_a_venue_says_where_it_is_and_what_happens_there(app: Flask, client: FlaskClient):
    with app.app_context():
        place = a_venue("cisam", name="Cisam", address="1 rue Haute", postcode="13001", city="Marseille", is_totem=True,
                        access_fr="Métro 1.", access_en="Metro line 1.")  # fmt: skip
        a_session(title="Bientôt", venue_id=place)
        a_session(title="Jadis", venue_id=place, starts_in=timedelta(days=-9))
        a_session(title="Ailleurs")
    page = client.get("/lieux/cisam/").text
    shown = [
        word for word in ("1 rue Haute, 13001 Marseille", "Métro 1.", "Lieu totem", "Bientôt", "Jadis") if word in page
    ]
    assert len(shown) == 5
    assert page.index("Bientôt") < page.index("Passées") < page.index("Jadis")
    assert "Ailleurs" not in page
    assert "Metro line 1." in client.get("/en/lieux/cisam/").text


def test_a_venue_online_has_neither_map_nor_way(app: Flask, client: FlaskClient):
    with app.app_context():
        a_venue("en-ligne", name="En ligne", position=None)
    page = client.get("/lieux/en-ligne/").text
    assert "openstreetmap" not in page
    assert "venue-small" not in page
    assert "Aucune session prévue ici" in page


def test_what_visitors_may_not_see_is_not_counted_nor_listed(app: Flask, client: FlaskClient, as_):
    with app.app_context():
        place = a_venue()
        a_session(title="Brouillon", venue_id=place, is_published=False)
        number = a_session(title="Réservée", venue_id=place)
        with transaction() as session:
            session.get_one(CycleSession, number).document.audience = Audience.MEMBERS
        member = as_(a_person())
    assert "aucune session à venir" in client.get("/lieux/").text
    page = client.get("/lieux/cisam/").text
    assert "Brouillon" not in page
    assert "Réservée" not in page
    assert "1 session à venir" in member.get("/lieux/").text
    assert "Réservée" in member.get("/lieux/cisam/").text


def test_a_session_called_off_is_not_awaited(app: Flask, client: FlaskClient):
    with app.app_context():
        a_session(venue_id=a_venue(), status=SessionStatus.CANCELLED)
    assert "aucune session à venir" in client.get("/lieux/").text


def test_a_session_leads_to_its_venue_with_a_small_map(app: Flask, client: FlaskClient):
    with app.app_context():
        number = a_session(venue_id=a_venue(name="Le Cisam"), slug="visite")
    page = client.get(f"/sessions/{number}-visite/").text
    assert '<a href="/lieux/cisam/">Le Cisam</a>' in page
    image = re.search(
        r'<img class="venue-small mt" src="(/art/venue-cisam\.svg\?[^"]+)" alt="([^"]+)"[^>]*loading="lazy"', page
    )
    assert image is not None
    assert image[2] == "Le Cisam sur la carte schématique de la métropole"
    assert client.get(image[1]).status_code == 200


def test_the_drawing_moves_with_the_venue(app: Flask, client: FlaskClient):
    with app.app_context():
        a_venue()
    before = re.search(r'/art/venue-cisam\.svg\?[^"]+', client.get("/lieux/cisam/").text)
    with app.app_context():
        with transaction() as session:
            session.execute(update(Venue).values(longitude=5.45))
        db.session.remove()
    app.extensions["memory"].forget()
    app.wsgi_app.app.pages.clear()
    after = re.search(r'/art/venue-cisam\.svg\?[^"]+', client.get("/lieux/cisam/").text)
    assert before is not None
    assert after is not None
    assert before[0] != after[0]
    answer = client.get(after[0])
    assert ElementTree.fromstring(answer.data).tag.endswith("svg")
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/lieux/nulle-part/", "/en/lieux/x/", "/art/venue-x.svg", "/art/venue-.svg"])
def test_an_unknown_venue_is_a_404(client: FlaskClient, path: str):
    assert client.get(path).status_code == 404


@pytest.mark.each_database
@pytest.mark.parametrize("path", ["/lieux/", "/lieux/cisam/"])
def test_a_page_takes_as_many_queries_for_one_row_as_for_three(app: Flask, queries_of, path: str):
    counts = []
    for number in range(3):
        with app.app_context():
            place = a_venue("cisam" if number == 0 else f"lieu-{number}")
            a_session(venue_id=place if path == "/lieux/" else 1, cycle=f"cycle-{number}")
            a_session(venue_id=place if path == "/lieux/" else 1, starts_in=timedelta(days=-5))
        counts.append(queries_of(path))
    assert counts[0] == counts[2]
    assert counts[0] <= 9


def test_the_sitemap_names_each_venue_in_both_languages(app: Flask, client: FlaskClient):
    with app.app_context():
        a_venue()
    found = re.findall(r"<loc>http://localhost([^<]*lieux[^<]*)</loc>", client.get("/sitemap.xml").text)
    assert found == ["/lieux/", "/en/lieux/", "/lieux/cisam/", "/en/lieux/cisam/"]
