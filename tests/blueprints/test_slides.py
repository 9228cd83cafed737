"""Slides of a text: for everybody who may read it, with the notes of who speaks for who may write it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.extensions import db as database
from academy.models import Edition, Kind, Role
from tests.factories import a_cycle, a_person, a_text

BODY = """Avant.

<!-- Saluer <script>alert(1)</script> & sourire. -->

---

## La rade

Un quai.

---

## Après

Fin.

<!-- Conclure. -->
"""


def _paths(app: Flask, edition_id: int) -> tuple[str, str]:
    """The page of a text, and its place in the studio."""
    with app.app_context():
        edition = database.session.get_one(Edition, edition_id)
        document = edition.document
        cycle = document.cycle.slug if document.cycle and document.kind == Kind.MODULE else ""
        page = f"/cycles/{cycle}/{document.slug}/" if cycle else f"/ressources/{document.id}-{document.slug}/"
        return page, f"/atelier/documents/{document.id}/{edition.language}"


def _slides(page: str) -> list[str]:
    return re.findall(r'<section class="slide.*?</section>', page, re.DOTALL)


@pytest.mark.parametrize("kind", [Kind.RESOURCE, Kind.MODULE])
def test_a_text_has_slides_with_a_cover(app: Flask, client: FlaskClient, kind: Kind):
    with app.app_context():
        a_cycle("port")
        edition = a_text(
            "en-diapos", kind=kind, cycle="port", title="La rade & le quai", summary="En deux mots.", body=BODY
        )
    page, _studio = _paths(app, edition)
    answer = client.get(f"{page}diapos")
    cover, before, rade, after = _slides(answer.text)
    assert "<h1>La rade &amp; le quai</h1>" in cover
    assert "En deux mots." in cover
    assert "Avant." in before
    assert "Un quai." in rade
    assert "Fin." in after
    assert "Saluer" not in answer.text
    assert "Conclure" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["ETag"]
    assert f'href="{page}diapos"' in client.get(page).text


def test_the_slides_of_a_text_in_the_other_language_say_so(app: Flask, client: FlaskClient):
    with app.app_context():
        edition = a_text("en-diapos", title="La rade", body=BODY)
    page, _studio = _paths(app, edition)
    answer = client.get(f"/en{page}diapos")
    assert all('lang="fr"' in slide[:200] for slide in _slides(answer.text))


def test_slides_are_for_who_may_read_the_text(app: Flask, client: FlaskClient, as_):
    with app.app_context():
        edition = a_text("pour-membres", body=BODY, audience="members")
        member = as_(a_person())
    page, _studio = _paths(app, edition)
    assert client.get(f"{page}diapos").status_code in (302, 403, 404)
    assert member.get(f"{page}diapos").status_code == 200


def test_who_speaks_sees_notes_that_are_text(app: Flask, as_):
    with app.app_context():
        edition = a_text("en-diapos", body=BODY)
        organiser = as_(a_person(role=Role.ORGANISER))
    _page, studio = _paths(app, edition)
    answer = organiser.get(f"{studio}/diapos/orateur")
    _cover, before, rade, after = _slides(answer.text)
    assert "<p>Saluer &lt;script&gt;alert(1)&lt;/script&gt; &amp; sourire.</p>" in before
    assert "Pas de note" in rade
    assert "Conclure." in after
    wall = organiser.get(f"{studio}/diapos")
    assert len(_slides(wall.text)) == 4
    assert "Saluer" not in wall.text
    channels = [re.search(r'data-channel="([^"]*)"', it.text) for it in (answer, wall)]
    assert channels[0] is not None
    assert channels[1] is not None
    assert channels[0][1] == channels[1][1]


def test_a_language_that_is_not_written_has_no_slides_yet(app: Flask, as_):
    with app.app_context():
        edition = a_text("en-diapos", body=BODY)
        organiser = as_(a_person(role=Role.ORGANISER))
    _page, studio = _paths(app, edition)
    assert organiser.get(f"{studio.removesuffix('fr')}en/diapos").status_code == 404


def test_a_text_of_no_words_is_a_cover(app: Flask, client: FlaskClient):
    with app.app_context():
        edition = a_text("vide", body="<!-- rien -->")
    page, _studio = _paths(app, edition)
    assert len(_slides(client.get(f"{page}diapos").text)) == 1
