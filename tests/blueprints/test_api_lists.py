"""The open API: cycles, sessions, documents, topics, venues; its description; its cursors and refusals."""

import os

import pytest
import schemathesis
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from academy.extensions import limiter, transaction
from academy.models import Audience, Kind, Topic
from tests.factories import a_document, a_person, a_session, a_text, a_topic, a_venue, withdrawn
from tests.kept import once

CHECKED = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
LISTS = ["cycles", "sessions", "documents", "topics", "venues"]


def _ids(client: FlaskClient, path: str) -> list[str]:
    """The ids of every page of a list, from one `next` to the next."""
    found, url = [], f"/api/v1/{path}"
    while url:
        body = client.get(url).get_json()
        found += [item["id"] for item in body["items"]]
        url = (body["next"] or "").removeprefix("http://localhost")
    return found


@pytest.fixture
@once
def centre(app: Flask) -> None:
    with app.app_context():
        mer = a_topic("mer", "Mer", "Sea")
        a_topic("jamais")
        with transaction() as it:
            it.add(Topic(slug="port", label_fr="Port", label_en="Harbour", parent_id=mer))
        a_venue("cisam", city="Marseille")
        a_text("port-c", kind=Kind.CYCLE, slug="port", title="Le port")
        a_text(
            "quai",
            kind=Kind.MODULE,
            cycle="port",
            title="Le quai",
            body='## Ici\n\nVoir [[port-c]] & <script>alert(1)</script> `<a href="/d/x">`.',
            objectives=["Savoir amarrer."],
        )
        a_text("quai", kind=Kind.MODULE, cycle="port", title="The quay", language="en", body="A quay.")
        a_text("note", title="Note", cycle="port", topics=["mer"])
        a_text("kit", title="Kit", type="kit", licence="tous-droits-reserves")
        a_text(
            "visite", kind=Kind.SESSION, cycle="port", title="Visite", venue="cisam", capacity="12", modules=["quai"]
        )
        a_text("page", kind=Kind.PAGE, title="Page")
        a_text("brouillon", title="Brouillon", is_published=False)
        a_document(title="Membres", audience=Audience.MEMBERS)


def test_a_document_is_told_whole(centre, client: FlaskClient):
    found = client.get("/api/v1/documents/quai").get_json()
    assert found["html"].startswith('<h2 id="s-ici">')
    assert '<a class="wiki" href="http://localhost/d/port-c">' in found["html"]
    assert '&lt;a href="/d/x"&gt;' in found["html"]  # code is told as it was written
    assert "<script" not in found["html"]
    assert "Ici" in found["text"]
    known = {
        key: found[key] for key in ("outline", "objectives", "prerequisites", "languages", "cycle", "type", "version")
    }
    assert known == {
        "outline": [{"level": 2, "title": "Ici", "anchor": "s-ici"}],
        "objectives": ["Savoir amarrer."],
        "prerequisites": [],
        "languages": ["fr", "en"],
        "cycle": "port-c",
        "type": "module",
        "version": 1,
    }
    assert found["urls"] == {
        "page": "http://localhost/cycles/port/quai/",
        "stable": "http://localhost/d/quai",
        "source": None,
    }
    assert client.get("/api/v1/documents/note").get_json()["urls"]["source"].endswith("-note/source.md")
    kit = client.get("/api/v1/documents/kit").get_json()
    assert (kit["urls"]["source"], kit["licence"]["url"]) == (None, None)


@pytest.mark.each_database
def test_every_address_that_is_told_leads_somewhere(centre, client: FlaskClient):
    for path in ("cycles", "sessions", "documents"):
        for item in client.get(f"/api/v1/{path}").get_json()["items"]:
            urls = [*item["urls"].values(), item.get("feed"), item.get("calendar")]
            for url in filter(None, urls):
                assert client.get(url.removeprefix("http://localhost")).status_code in {200, 302}, url


def test_the_language_is_that_of_the_address_or_the_one_asked(centre, client: FlaskClient):
    assert client.get("/en/api/v1/documents/quai").get_json()["title"] == "The quay"
    assert client.get("/api/v1/documents/quai?language=en").get_json()["title"] == "The quay"
    assert client.get("/en/api/v1/documents/note").get_json()["language"] == "fr"
    assert client.get("/api/v1/documents/note?language=en").status_code == 404
    assert _ids(client, "documents?language=en") == ["quai"]
    assert client.get("/en/api/v1/documents/quai").get_json()["html"] == "<p>A quay.</p>"


@pytest.mark.each_database
def test_lists_hold_what_is_public(centre, client: FlaskClient):
    assert {path: _ids(client, path) for path in LISTS} == {
        "cycles": ["port-c"],
        "sessions": ["visite"],
        "documents": ["quai", "note", "kit"],
        "topics": ["mer", "port"],
        "venues": ["cisam"],
    }


NARROWED = [
    ("kind=module", ["quai"]),
    ("kind=resource", ["note", "kit"]),
    ("cycle=port-c", ["quai", "note"]),
    ("topic=mer", ["note"]),
    ("topic=mer&topic=port", ["quai", "note", "kit"]),
    ("type=kit&type=module", ["quai", "kit"]),
    ("type=resource", []),
    ("updated_since=2020-01-01", ["quai", "note", "kit"]),
    ("updated_since=2100-01-01T00:00:00Z", []),
]


@pytest.mark.each_database
def test_documents_are_narrowed(centre, client: FlaskClient):
    assert [(query, _ids(client, f"documents?{query}")) for query, _ in NARROWED] == NARROWED


@pytest.mark.each_database
def test_a_session_tells_its_date_its_place_and_its_seats(centre, client: FlaskClient):
    found = client.get("/api/v1/sessions/visite").get_json()
    told = ("cycle", "starts_at", "venue", "capacity", "seats_left", "state", "modules", "speakers", "mode")
    assert {key: found[key] for key in told} == {
        "cycle": "port-c",
        "starts_at": "2027-02-04T17:00:00+00:00",
        "venue": "cisam",
        "capacity": 12,
        "seats_left": 12,
        "state": "open",
        "modules": ["quai"],
        "speakers": [],
        "mode": "onsite",
    }
    assert _ids(client, "sessions?starts_after=2027-02-04T18:00:00%2B01:00") == []
    assert _ids(client, "sessions?starts_after=2027-02-04T16:59:59") == ["visite"]
    assert _ids(client, "sessions?cycle=port-c&updated_since=2020-01-01") == ["visite"]


def test_a_topic_tells_both_names_and_how_many_texts(centre, client: FlaskClient):
    assert client.get("/api/v1/topics").get_json()["items"] == [
        {"id": "mer", "label": {"fr": "Mer", "en": "Sea"}, "parent": None, "documents": 1},
        {"id": "port", "label": {"fr": "Port", "en": "Harbour"}, "parent": "mer", "documents": 4},
    ]


def test_who_asks_changes_nothing(centre, app: Flask, client: FlaskClient, as_):
    with app.app_context():
        person = a_person()
    for path in LISTS:
        assert as_(person).get(f"/api/v1/{path}").get_json() == client.get(f"/api/v1/{path}").get_json()
    assert as_(person).get("/api/v1/documents/doc-1").status_code == 404


@pytest.mark.each_database
def test_pages_follow_each_other_while_texts_come_and_go(app: Flask, client: FlaskClient):
    with app.app_context():
        editions = [a_text(f"t{n}", title=f"T{n}") for n in range(7)]
    first = client.get("/api/v1/documents?limit=3&type=note")
    assert [item["id"] for item in first.get_json()["items"]] == ["t0", "t1", "t2"]
    assert first.headers["Link"] == f'<{first.get_json()["next"]}>; rel="next"'
    with app.app_context():
        withdrawn(editions[1])
        withdrawn(editions[4])
        a_text("t7", title="T7")
    rest = client.get(first.get_json()["next"].removeprefix("http://localhost")).get_json()
    assert [item["id"] for item in rest["items"]] == ["t3", "t5", "t6"]
    last = client.get(rest["next"].removeprefix("http://localhost"))
    assert ([item["id"] for item in last.get_json()["items"]], last.get_json()["next"]) == (["t7"], None)
    assert "Link" not in last.headers


def test_a_cursor_of_another_question_or_by_another_hand_is_refused(app: Flask, client: FlaskClient):
    with app.app_context():
        for n in range(3):
            a_text(f"t{n}")
    following = client.get("/api/v1/documents?limit=1").get_json()["next"]
    cursor = following.partition("cursor=")[2]
    assert client.get(f"/api/v1/documents?limit=2&cursor={cursor}").status_code == 200
    for query in (f"kind=module&cursor={cursor}", f"cursor={cursor[:-1]}", "cursor=2", "cursor=%00", "cursor=e30.x"):
        refused = client.get(f"/api/v1/documents?{query}")
        assert (refused.status_code, refused.get_json()["parameter"]) == (422, "cursor"), query
    assert client.get(f"/api/v1/cycles?cursor={cursor}").status_code == 422


REFUSED = [
    ("documents?limit=0", "limit", "de 1 à 100"),
    ("documents?limit=101", "limit", "de 1 à 100"),
    ("documents?limit=x", "limit", "de 1 à 100"),
    ("documents?kind=page", "kind", "module ou resource"),
    ("documents?language=de", "language", "fr ou en"),
    ("documents?type=session", "type", "types"),
    ("documents?cycle=atlantide", "cycle", "/api/v1/cycles"),
    ("documents?topic=%00", "topic", "/api/v1/topics"),
    ("documents?updated_since=hier", "updated_since", "2026-11-22"),
    ("documents?updated_since=0001-01-01T00:00:00%2B14:00", "updated_since", "2026-11-22"),
    ("documents?langage=fr", "langage", "language"),
    ("cycles?topic=mer", "topic", "cursor, limit, updated_since"),
    ("documents/inconnu", "id", "/api/v1/documents"),
    ("documents/brouillon", "id", "/api/v1/documents"),
    ("documents/visite", "id", "/api/v1/documents"),
    ("cycles/port", "id", "/api/v1/cycles"),
]


def test_a_refusal_says_how_to_repair_it(centre, client: FlaskClient):
    for path, parameter, remedy in REFUSED:
        refused = client.get(f"/api/v1/{path}")
        said = refused.get_json()
        assert refused.mimetype == "application/problem+json", path
        assert (refused.status_code, said["parameter"]) == (said["status"], parameter), path
        assert refused.status_code == (404 if parameter == "id" else 422), path
        assert remedy in said["detail"], path
        assert refused.headers["Access-Control-Allow-Origin"] == "*"
        assert client.get(f"/en/api/v1/{path}").get_json()["detail"] != said["detail"], path


def test_answers_are_kept_by_their_version_and_open_to_any_page(centre, client: FlaskClient):
    for path in (*LISTS, "documents/quai", "openapi.json"):
        answer = client.get(f"/api/v1/{path}")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache"), path
        assert "Set-Cookie" not in answer.headers
        again = client.get(f"/api/v1/{path}", headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data, again.headers["Access-Control-Allow-Origin"]) == (304, b"", "*")
        preflight = client.options(f"/api/v1/{path}", headers={"Access-Control-Request-Method": "GET"})
        assert (preflight.status_code, preflight.headers["Access-Control-Allow-Origin"]) == (200, "*")
        assert "If-None-Match" in preflight.headers["Access-Control-Allow-Headers"]


def test_lists_take_as_many_queries_for_one_row_as_for_three(app: Flask, queries_of):
    counts = []
    for n in (1, 2, 3):
        with app.app_context():
            a_text(f"c{n}", kind=Kind.CYCLE)
            a_text(f"m{n}", kind=Kind.MODULE, cycle=f"c{n}")
            a_session(cycle=f"c{n}", title=f"S{n}")
            a_venue(f"v{n}")
        counts.append([queries_of(f"/api/v1/{path}") for path in LISTS])
    assert counts[0] == counts[2]


def test_too_many_calls_are_told_when_to_come_back(client: FlaskClient):
    limiter.enabled = True
    limiter.reset()
    try:
        with time_machine.travel("2030-01-01", tick=False):
            answers = [client.get(f"/api/v1/topics?limit={1 + n % 100}&cursor={'x' * n}") for n in range(241)]
    finally:
        limiter.enabled = False
    assert {answer.status_code for answer in answers[:240]} == {200, 422}
    assert (answers[240].status_code, answers[240].mimetype) == (429, "application/problem+json")
    assert "Retry-After" in answers[240].headers


def test_the_description_names_every_call_and_nothing_else(app: Flask, client: FlaskClient):
    spec = client.get("/api/v1/openapi.json").get_json()
    assert spec["openapi"] == "3.1.0"
    rules = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }
    assert set(spec["paths"]) == rules - {"/api/v1/openapi.json"}
    french, english = (
        {
            path: at["get"]["summary"]
            for path, at in client.get(f"{side}/api/v1/openapi.json").get_json()["paths"].items()
        }
        for side in ("", "/en")
    )
    assert all(french[path] != english[path] for path in french)


@pytest.mark.parametrize("side", ["", "/en"])
def test_the_page_shows_every_call(client: FlaskClient, side: str):
    page = client.get(f"{side}/api/").text
    for path in ("/api/v1/search", "/api/v1/cycles", "/api/v1/cycles/{id}", "/api/v1/documents/{id}"):
        assert f"<code>GET {path}</code>" in page
    assert f'href="{side}/api/"' in client.get(f"{side}/").text
    assert "items[].urls.page" in page


@pytest.mark.each_database
@pytest.mark.parametrize("path", ["search", *LISTS, "cycles/{id}", "sessions/{id}", "documents/{id}"])
def test_no_call_fails_and_answers_are_as_described(centre, app: Flask, indexed, path: str):
    """Schemathesis asks what nobody would: more of it with ACADEMY_DEEP=1."""
    indexed()
    operation = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)[f"/api/v1/{path}"]["GET"]
    cases = operation.as_strategy() | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    ids = {"cycles": "port-c", "sessions": "visite", "documents": "quai"}
    found = path.replace("{id}", ids.get(path.partition("/")[0], ""))
    assert operation.Case(path_parameters={"id": found.rpartition("/")[2]}).call().status_code == 200

    @settings(
        max_examples=300 if os.environ.get("ACADEMY_DEEP") else 15,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases)
    def ask(case):
        case.call_and_validate(checks=CHECKED, headers={"Accept-Encoding": "identity"})  # the harness unpacks nothing

    ask()
