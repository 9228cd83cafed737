"""Pictures as readers get them: widths, size, caption, credit; never to who may not read their text."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.extensions import db, transaction
from academy.models import Audience, Edition, Kind, Role
from academy.rendering.markdown import render
from academy.rendering.shown import pictures_of
from tests.factories import a_cycle, a_person, a_picture, a_text, republished

TWO = '![Le quai](fichiers/quai.jpg)\n\n![La rade](fichiers/rade.jpg "Au matin")\n\nVu ![ici](fichiers/quai.jpg) et là.'


@pytest.fixture
def page(app: Flask) -> str:
    """A resource with two pictures; its address."""
    with app.app_context():
        note = a_text("note", slug="note", body=TWO)
        with transaction() as session:
            document = session.get_one(Edition, note).document
            a_picture(document, credit="Ada <b>", licence="cc-by-4.0", alt="Le quai")
            a_picture(document, "rade.jpg")
        return f"/ressources/{document.id}-note/"


def prose(client: FlaskClient, path: str) -> str:
    return re.sub(r"\s+", " ", client.get(path).text)


def test_a_picture_comes_in_widths_with_its_size(client: FlaskClient, page: str):
    html = prose(client, page)
    assert f'srcset="{page}fichiers/quai.jpg/300.avif 300w"' in html
    assert f'src="{page}fichiers/quai.jpg/300.webp"' in html
    assert 'width="300" height="200" alt="Le quai" loading="lazy"' in html


def test_whose_it_is_stands_beside_it(client: FlaskClient, page: str):
    html = prose(client, page)
    credit = html.partition("<figcaption>")[2].partition("</figcaption>")[0]
    assert "Ada &lt;b&gt;. <a href=" in credit
    assert ">CC BY 4.0</a>" in credit
    assert "<figcaption>Au matin</figcaption>" in html
    assert html.count("Ada &lt;b&gt;") == 2  # once a place, also among words


def test_a_picture_that_the_text_shows_is_no_file_to_download(client: FlaskClient, page: str):
    assert '<h2 id="fichiers">' not in client.get(page).text


def test_an_earlier_version_shows_its_pictures_too(app: Flask, client: FlaskClient, page: str):
    with app.app_context():
        republished(db.session.scalars(select(Edition.id)).one(), "Autrement.")
    assert f'src="{page}fichiers/quai.jpg/300.webp"' in client.get(f"{page}versions/1").text


def test_the_api_says_whole_addresses(client: FlaskClient, page: str):
    html = client.get("/api/v1/documents/note").json["html"]  # pyright: ignore[reportOptionalSubscript]
    assert re.search(r'src="https?://[^"]+/fichiers/quai\.jpg/300\.webp"', html)
    assert not re.search(r'(?:src|srcset)="/', html)


def test_a_picture_is_sealed_and_shown(client: FlaskClient, page: str):
    for path, kind in (
        ("quai.jpg", "image/jpeg"),
        ("quai.jpg/300.webp", "image/webp"),
        ("quai.jpg/300.avif", "image/avif"),
    ):
        answer = client.get(f"{page}fichiers/{path}")
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers
        assert (
            client.get(f"{page}fichiers/{path}", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        )


@pytest.mark.parametrize(
    "path", ["quai.jpg/301.webp", "quai.jpg/300.png", "quai.jpg/0.webp", "credits.yml", "non.jpg/300.webp"]
)
def test_what_was_not_made_is_not_there(client: FlaskClient, page: str, path: str):
    assert client.get(f"{page}fichiers/{path}").status_code == 404


@pytest.mark.parametrize("audience", [Audience.MEMBERS, Audience.TEAM])
def test_the_pictures_of_members_are_not_public(app: Flask, as_, client: FlaskClient, audience: Audience):
    with app.app_context():
        a_cycle("port")
        note = a_text("reservee", kind=Kind.MODULE, cycle="port", slug="reservee", body=TWO, audience=str(audience))
        olga = a_person(role=Role.ORGANISER)
        with transaction() as session:
            a_picture(session.get_one(Edition, note).document)
    for path in ("quai.jpg", "quai.jpg/300.webp"):
        address = f"/cycles/port/reservee/fichiers/{path}"
        assert client.get(address).status_code == 404
        answer = as_(olga).get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-cache")


def test_a_hostile_alternative_text_stays_text(app: Flask, client: FlaskClient):
    with app.app_context():
        note = a_text("note", slug="note", body='![a"><script>alert(1)</script>](fichiers/quai.jpg)')
        with transaction() as session:
            document = session.get_one(Edition, note).document
            a_picture(document)
        path = f"/ressources/{document.id}-note/"
    assert "<script>alert" not in client.get(path).text


def test_pictures_are_found_in_what_the_renderer_writes():
    found = pictures_of(render(f"{TWO}\n\n![a > b](https://x.example/a.png)\n").html)
    assert [(it.name, it.tag) for it in found] == [
        ("quai.jpg", "p"),
        ("rade.jpg", "figure"),
        ("quai.jpg", ""),
        ("", "p"),
    ]
    assert [it.alt for it in found] == ["Le quai", "La rade", "ici", "a > b"]
    assert found[1].caption == "Au matin"
