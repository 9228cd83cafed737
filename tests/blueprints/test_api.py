"""The public search as JSON: the shape that docs/api.md promises, and refusals that say how to repair."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.models import Audience, Kind
from tests.factories import a_document, a_person, a_text, a_topic
from tests.kept import once

KEYS = ["id", "slug", "kind", "type", "language", "title", "url", "passage", "anchor", "file", "score"]


@pytest.fixture
@once
def centre(app: Flask, indexed) -> None:
    with app.app_context():
        a_topic("mer", "Mer", "Sea")
        a_text("c", kind=Kind.CYCLE, slug="port", title="Le port")
        a_text(
            "m",
            kind=Kind.MODULE,
            cycle="port",
            slug="chaine",
            title="Chaîne",
            body="## Quais\n\nUn <b>conteneur</b> & son quai.",
        )
        a_text(
            "m",
            kind=Kind.MODULE,
            cycle="port",
            slug="chaine",
            language="en",
            title="Chain",
            body="## Quays\n\nA container.",
        )
        a_text("n", title="Note sur la mer", topics=["mer"], slug="note")
        a_text("g", title="Glossaire", type="glossary", topics=["mer", "port"])
    indexed()


def test_an_answer_has_exactly_the_promised_keys(centre, client: FlaskClient):
    answer = client.get("/api/v1/search?q=conteneur")
    assert answer.mimetype == "application/json"
    body = answer.get_json()
    assert list(body) == ["query", "total", "hits", "facets", "suggestion"]
    assert (body["query"], body["total"], body["suggestion"]) == ("conteneur", 1, None)
    hit = body["hits"][0]
    assert list(hit) == KEYS
    assert {key: hit[key] for key in KEYS if key not in {"passage", "score"}} == {
        "id": "m",
        "slug": "chaine",
        "kind": "module",
        "type": "module",
        "language": "fr",
        "title": "Chaîne",
        "url": "http://localhost/cycles/port/chaine/",
        "anchor": "s-quais",
        "file": None,
    }
    assert "<mark>conteneur</mark>" in hit["passage"]
    assert "&amp;" in hit["passage"]
    assert hit["score"] > 0
    assert {"value": "port", "count": 1} in body["facets"]["cycle"]
    assert set(body["facets"]) == {"cycle", "topic", "type", "territory", "stakeholder", "language", "year", "licence"}


def test_a_hit_leads_to_the_side_of_its_language(centre, client: FlaskClient):
    hit = client.get("/api/v1/search?q=container&language=en").get_json()["hits"][0]
    assert (hit["language"], hit["url"]) == ("en", "http://localhost/en/cycles/port/chaine/")


@pytest.mark.each_database
def test_without_words_everything_public_is_listed(centre, client: FlaskClient):
    body = client.get("/api/v1/search").get_json()
    assert (body["query"], body["total"], sorted(hit["id"] for hit in body["hits"])) == ("", 4, ["c", "g", "m", "n"])


@pytest.mark.each_database
def test_filters_and_pages(centre, client: FlaskClient):
    def ids(query: str) -> list[str]:
        return sorted(hit["id"] for hit in client.get(f"/api/v1/search?{query}").get_json()["hits"])

    assert ids("topic=mer") == ["g", "n"]
    assert ids("topic=mer&type=glossary") == ["g"]
    assert ids("cycle=port&topic=port") == ["c", "m"]
    pages = [client.get(f"/api/v1/search?limit=3&page={page}").get_json() for page in (1, 2, 3)]
    assert [(page["total"], len(page["hits"])) for page in pages] == [(4, 3), (4, 1), (4, 0)]
    assert client.get("/api/v1/search?limit=5000").status_code == 200  # sent 100 at most


def test_a_typo_is_repaired_and_said(centre, client: FlaskClient):
    body = client.get("/api/v1/search?q=glosaire").get_json()
    assert (body["query"], body["suggestion"].lower(), body["hits"][0]["id"]) == ("glosaire", "glossaire", "g")


@pytest.mark.parametrize(
    ("query", "parameter", "remedy"),
    [
        ("limit=abc", "limit", "from 1"),
        ("limit=0", "limit", "from 1"),
        ("limit=-5", "limit", "from 1"),
        ("limit=1.5", "limit", "from 1"),
        ("limit=%D9%A1", "limit", "from 1"),
        ("page=-1", "page", "from 1"),
        ("page=0", "page", "from 1"),
        ("page=99999999999999999999", "page", "from 1"),
        ("language=de", "language", "en, fr"),
        ("type=video", "type", "glossary"),
        ("cycle=atlantide", "cycle", "port"),
        ("topic=%00", "topic", "mer"),
        ("q=" + "a" * 201, "q", "at most 200"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_way_to_repair_it(
    centre, client: FlaskClient, query, parameter, remedy
):
    answer = client.get(f"/api/v1/search?{query}")
    error = answer.get_json()["error"]
    assert (answer.status_code, error["status"], error["parameter"]) == (422, 422, parameter)
    assert remedy in error["message"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("q", ["%00", "%FF", "<script>", "%22", "'%20OR%201=1", "*", "-", "%F0%9F%92%A3", "type:"])
def test_hostile_words_are_answered(centre, client: FlaskClient, q: str):
    answer = client.get(f"/api/v1/search?q={q}")
    assert answer.status_code == 200
    assert all("<script" not in hit["passage"] for hit in answer.get_json()["hits"])


def test_every_page_may_read_it_and_a_caller_that_has_it_gets_304(centre, client: FlaskClient):
    answer = client.get("/api/v1/search?q=port")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    again = client.get("/api/v1/search?q=port", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["Access-Control-Allow-Origin"]) == (304, b"", "*")


def test_an_unknown_address_and_a_post_are_answered_in_json(client: FlaskClient):
    assert client.get("/api/v1/nothing").get_json()["error"]["status"] == 404
    refused = client.post("/api/v1/search")
    assert (refused.status_code, refused.get_json()["error"]["status"]) == (405, 405)
    assert "GET" in refused.headers["Allow"]


def test_who_asks_changes_nothing(app: Flask, client: FlaskClient, as_, indexed):
    with app.app_context():
        a_document(title="Réservée", audience=Audience.MEMBERS)
        a_document(title="Publique")
        person = a_person()
    indexed()
    assert as_(person).get("/api/v1/search").get_json() == client.get("/api/v1/search").get_json()
    assert client.get("/api/v1/search").get_json()["total"] == 1


def test_the_site_s_own_pages_are_not_hits(app: Flask, client: FlaskClient, indexed):
    with app.app_context():
        a_text("charte", kind=Kind.PAGE, title="La charte")
    indexed()
    assert client.get("/api/v1/search?q=charte").get_json()["total"] == 0
