"""The page of a module: its text, its place, what to read before and after."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.extensions import transaction
from academy.models import Audience, Edition, Kind, Rendering
from tests.factories import a_person, a_text, withdrawn
from tests.kept import once


@pytest.fixture
@once
def course(app: Flask) -> dict[str, int]:
    """A cycle of three modules; the third needs the first, and a draft that nobody sees."""
    with app.app_context():
        a_text("port", kind=Kind.CYCLE, title="Le port")
        return {
            "un": a_text(
                "un", kind=Kind.MODULE, cycle="port", title="Un", body="## Partie\n\nTexte.", level="expertise"
            ),
            "fantome": a_text("fantome", kind=Kind.MODULE, cycle="port", title="Fantôme", is_published=False),
            "deux": a_text("deux", kind=Kind.MODULE, cycle="port", title="Deux"),
            "trois": a_text(
                "trois",
                kind=Kind.MODULE,
                cycle="port",
                title="Trois",
                duration="1 h 30",
                objectives=["Expliquer.", "Situer."],
                prerequisites=["un", "fantome"],
                licence="cc-by-sa-4.0",
                authors=["Ada", "Blaise"],
                body="## Un câble\n\nTexte.\n\n### Détail\n\nFin.",
            ),
        }


def test_a_module_opens_with_what_a_reader_must_know(course: dict[str, int], client: FlaskClient):
    page = client.get("/cycles/port/trois/").text
    assert "Module 3 sur 3" in page
    for text in ("1\u00a0h\u00a030", "Initiation", "Ada, Blaise", "<li>Expliquer.</li>", "CC BY-SA 4.0"):
        assert text in page, text
    assert 'href="https://creativecommons.org/licenses/by-sa/4.0/" rel="license"' in page
    assert '<a href="/cycles/port/un/">Un</a>' in page
    assert re.findall(r'<a href="#(s-[^"]+)">', page)[:2] == ["s-un-cable", "s-detail"]
    assert '<h2 id="s-un-cable">' in page
    assert re.search(r"Mis à jour</dt><dd><time datetime=\"\d{4}-\d\d-\d\d\">", page)


def test_a_module_says_where_it_stands_in_its_cycle(course: dict[str, int], client: FlaskClient):
    page = client.get("/cycles/port/deux/").text
    assert "Module 2 sur 3 du cycle" in page
    steps = re.search(r'<nav class="steps" aria-label="Les modules du cycle">(.*?)</nav>', page, re.DOTALL)
    assert steps
    assert re.findall(r'href="([^"]+)"( aria-current="page")?>.*?title="(\w+)"', steps[1]) == [
        ("/cycles/port/un/", "", "Un"),
        ("/cycles/port/deux/", ' aria-current="page"', "Deux"),
        ("/cycles/port/trois/", "", "Trois"),
    ]


def test_a_module_alone_in_its_cycle_has_no_steps(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("port", kind=Kind.CYCLE, title="Le port")
        a_text("seul", kind=Kind.MODULE, cycle="port", title="Seul")
    page = client.get("/cycles/port/seul/").text
    assert "Module 1 sur 1 du cycle" in page
    assert 'class="steps"' not in page


def test_a_title_is_only_text_in_the_steps(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("port", kind=Kind.CYCLE, title="Le port")
        a_text("un", kind=Kind.MODULE, cycle="port", title="Un")
        a_text("deux", kind=Kind.MODULE, cycle="port", title='"><script>alert(1)</script>')
    assert "<script>alert" not in client.get("/cycles/port/un/").text


@pytest.mark.each_database
def test_neighbours_are_the_published_modules_in_order(course: dict[str, int], client: FlaskClient):
    page = client.get("/cycles/port/deux/").text
    assert re.findall(r'href="(/cycles/port/\w+/)" rel="(prev|next)"', page) == [
        ("/cycles/port/un/", "prev"),
        ("/cycles/port/trois/", "next"),
    ]
    assert re.findall(r'rel="(prev|next)"', client.get("/cycles/port/un/").text) == ["next"]
    assert "Fantôme" not in page


def test_a_draft_and_an_unknown_module_are_a_404_and_a_withdrawn_one_is_gone(
    app: Flask, course: dict[str, int], client: FlaskClient
):
    with app.app_context():
        withdrawn(course["deux"])
    paths = ("/cycles/port/fantome/", "/cycles/port/deux/", "/cycles/port/quatre/", "/cycles/autre/un/")
    assert [client.get(path).status_code for path in paths] == [404, 410, 404, 404]


def test_french_text_is_shown_in_english_pages_with_a_notice(course: dict[str, int], client: FlaskClient):
    page = client.get("/en/cycles/port/trois/").text
    assert '<html lang="en">' in page
    assert re.search(r'<article class="[^"]*" lang="fr">', page)
    assert '<h1 lang="fr">Trois</h1>' in page
    assert "notice--info" in page


def test_a_translation_replaces_the_fallback(app: Flask, course: dict[str, int], client: FlaskClient):
    with app.app_context():
        a_text("trois", kind=Kind.MODULE, cycle="port", language="en", title="Three", body="Text.")
    page = client.get("/en/cycles/port/trois/").text
    assert "<h1>Three</h1>" in page
    assert "notice--info" not in page
    assert "<h1>Trois</h1>" in client.get("/cycles/port/trois/").text


def test_members_only_is_for_members(app: Flask, course: dict[str, int], client: FlaskClient, as_):
    with app.app_context():
        person = a_person()
        with transaction() as session:
            session.get_one(Edition, course["deux"]).document.audience = Audience.MEMBERS
    app.extensions["content_version"].expire()
    assert client.get("/cycles/port/deux/").status_code == 404
    assert "Deux" not in client.get("/cycles/port/").text
    member = as_(person)
    assert member.get("/cycles/port/deux/").status_code == 200
    assert "Deux" in member.get("/cycles/port/").text


def test_the_rendering_of_an_older_renderer_is_shown_until_the_text_is_rendered_again(app: Flask, course, client):
    with app.app_context(), transaction() as session:
        for rendering in session.scalars(select(Rendering)):
            rendering.renderer = "0-old"
    app.extensions["content_version"].expire()
    assert 'id="s-un-cable"' in client.get("/cycles/port/trois/").text


def test_a_module_takes_as_many_queries_whatever_the_length_of_the_cycle(app: Flask, queries_of):
    counts = []
    with app.app_context():
        a_text("port", kind=Kind.CYCLE)
        a_text("socle", kind=Kind.MODULE, cycle="port")
    for number in range(3):
        with app.app_context():
            a_text(f"m{number}", kind=Kind.MODULE, cycle="port", prerequisites=["socle"])
        counts.append(queries_of("/cycles/port/m0/"))
    assert counts[0] == counts[2]
    assert counts[0] <= 13
