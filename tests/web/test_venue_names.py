"""A venue is called by one name in each language."""

from flask import Flask
from flask.testing import FlaskClient

from academy.models import Venue
from tests.factories import a_venue


def test_a_venue_that_is_no_place_may_have_a_name_in_each_language():
    online = Venue(slug="en-ligne", name="En ligne / Online", address="", city="")
    assert [online.name_in(language) for language in ("fr", "en")] == ["En ligne", "Online"]


def test_the_name_of_a_place_is_left_alone():
    hall = Venue(slug="mucem", name="Mucem / Fort Saint-Jean", address="", city="Marseille")
    pinned = Venue(slug="mucem", name="Mucem / Fort Saint-Jean", address="", city="", latitude=43.3, longitude=5.4)
    unknown = Venue(slug="salle", name="Salle", address="", city="")
    assert hall.name_in("en") == pinned.name_in("fr") == "Mucem / Fort Saint-Jean"
    assert unknown.name_in("fr") == unknown.name_in("en") == "Salle"


def test_the_list_of_venues_says_one_word(app: Flask, client: FlaskClient):
    with app.app_context():
        a_venue("en-ligne", name="En ligne / Online", position=None)
    assert ">En ligne</a>" in client.get("/lieux/").text
    assert ">Online</a>" in client.get("/en/lieux/").text
