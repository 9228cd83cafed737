"""What texts say of their place and their readers: facets, the map with its list, pages, programs, harvesters."""

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.domain.content import lists as content_lists
from academy.domain.problems import ContentRefused
from academy.extensions import transaction
from academy.models import Kind
from tests.factories import a_text, a_venue

HOSTILE = '<b>Le "quai" & la cale</b>'


@pytest.fixture
def shelf(app: Flask, indexed: Callable[[], None]) -> Callable[[], None]:
    """Texts about places: a commune, a venue on the map, a venue that is nowhere, none; and one that only the team reads."""
    with app.app_context():
        a_venue("cisam", name="Cisam", position=(5.37, 43.30))
        a_venue("en-ligne", name=HOSTILE, position=None)
        a_text("c", kind=Kind.CYCLE, slug="port", title="Le port")
        a_text("fos", title="Fos", territory="Fos-sur-Mer", stakeholders=["companies", "elected-officials"])
        a_text("deux", title="Deux lieux", territory=["fos-sur-mer", "cisam"], stakeholders="companies", body="Rade.")
        a_text("deux", language="en", title="Two places", territory=["fos-sur-mer", "cisam"], body="Roads.")
        a_text("m", kind=Kind.MODULE, cycle="port", title="Un module", territory="en-ligne", body="Rade.")
        a_text("rien", title="Nulle part", body="Rade.")
        a_text("secret", title="Secret", territory="martigues", audience="team")
    return indexed


@pytest.fixture
def centre(shelf: Callable[[], None]) -> None:
    shelf()


def _ticks(page: str, name: str) -> dict[str, int]:
    found = re.findall(rf'name="{name}" value="([^"]+)".*?class="num"><span class="vh">: </span>(\d+)', page)
    return {value: int(count) for value, count in found}


def _titles(page: str) -> set[str]:
    return {title.strip() for title in re.findall(r"<h3><a [^>]*>([^<]*)", page)}


def _list(page: str) -> list[tuple[str, str, str]]:
    """The list beside the map: number, way, words."""
    page = page[page.index('class="venue-list"') :].partition("</ol>")[0]
    entries = re.findall(r"<li>(?:<b>.*?</span>(\d+)</b>|.*?)\s*<p>(.*?)</p></li>", page, re.DOTALL)
    return [
        (number, re.findall(r'href="([^"]+)"', entry)[0].replace("&amp;", "&"), re.sub(r"<[^>]+>", "", entry))
        for number, entry in entries
    ]


@pytest.mark.each_database
def test_counts_are_those_of_the_filtered_lists(centre, client: FlaskClient):
    page = client.get("/ressources/").text
    assert _ticks(page, "territoire") == {"fos-sur-mer": 2, "cisam": 1, "en-ligne": 1}
    assert _ticks(page, "public") == {"companies": 2, "elected-officials": 1}
    for name in ("territoire", "public"):
        for value, count in _ticks(page, name).items():
            assert len(_titles(client.get(f"/ressources/?{name}={value}").text)) == count, value


def test_without_an_index_the_database_answers_alike(shelf, client: FlaskClient):
    page = client.get("/ressources/").text
    assert "L’index se reconstruit" in page
    assert _ticks(page, "territoire") == {"fos-sur-mer": 2, "cisam": 1, "en-ligne": 1}
    for typed in ("territoire:Fos-sur-Mer public:élus", 'territory:"fos sur mer" public:elected-officials'):
        assert _titles(client.get("/ressources/", query_string={"q": typed}).text) == {"Fos"}, typed
    assert _titles(client.get("/ressources/?territoire=cisam&territoire=en-ligne").text) == {"Deux lieux", "Un module"}


@pytest.mark.each_database
def test_values_of_a_facet_add_up_and_facets_narrow_each_other(centre, client: FlaskClient):
    both = client.get("/ressources/?territoire=cisam&territoire=en-ligne").text
    assert _titles(both) == {"Deux lieux", "Un module"}
    page = client.get("/ressources/?territoire=fos-sur-mer&public=elected-officials").text
    assert _titles(page) == {"Fos"}
    assert re.findall(r'class="chip[^>]*href="([^"]+)"|href="([^"]+)"[^>]*class="chip', page) != []
    assert 'href="/ressources/?public=elected-officials"' in page  # the chip that takes the place away


@pytest.mark.each_database
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("territoire:Fos-sur-Mer", {"Fos", "Deux lieux"}),
        ("territory:cisam", {"Deux lieux"}),
        ('territoire:"fos sur mer" rade', {"Deux lieux"}),
        ("public:élus", {"Fos"}),
        ("audience:companies", {"Fos", "Deux lieux"}),
    ],
)
def test_places_and_readers_are_typed_in_the_box(centre, client: FlaskClient, typed: str, found: set[str]):
    assert _titles(client.get("/ressources/", query_string={"q": typed}).text) == found


def test_the_list_says_all_that_the_map_shows(centre, client: FlaskClient):
    page = client.get("/ressources/").text
    assert [(number, way, words) for number, way, words in _list(page)] == [
        ("1", "/ressources/?territoire=cisam", "Cisam 1 texte"),
        ("2", "/ressources/?territoire=fos-sur-mer", "Fos-sur-Mer 2 textes"),
        ("", "/ressources/?territoire=en-ligne", "&lt;b&gt;Le &#34;quai&#34; &amp; la cale&lt;/b&gt; 1 texte"),
    ]
    drawing = page[page.index('class="venue-map"') :]
    drawing = drawing[: drawing.index("</svg>")]
    assert re.findall(r'<a href="([^"]+)"', drawing) == [way for number, way, _ in _list(page) if number]
    assert "https://" not in drawing  # no tiles, nothing asked of anybody


def test_the_map_keeps_the_question(centre, client: FlaskClient):
    ways = [way for _, way, _ in _list(client.get("/ressources/?q=rade&public=companies").text)]
    assert ways == ["/ressources/?q=rade&territoire=cisam&public=companies",
                    "/ressources/?q=rade&territoire=fos-sur-mer&public=companies"]  # fmt: skip


def test_nothing_is_shown_of_a_facet_without_values(app: Flask, client: FlaskClient, indexed):
    with app.app_context():
        a_text("un", title="Un")
        a_text("deux", title="Deux", territory="martigues", audience="team")
    indexed()
    page = client.get("/ressources/").text
    assert 'name="territoire"' not in page
    assert 'name="public"' not in page
    assert "place-map" not in page


def test_a_page_says_where_and_for_whom_with_the_way_to_all_such_texts(centre, client: FlaskClient):
    page = client.get("/d/deux", follow_redirects=True).text
    assert (
        '<a href="/ressources/?territoire=fos-sur-mer">Fos-sur-Mer</a>, <a href="/ressources/?territoire=cisam">'
        in page
    )
    assert '<a href="/ressources/?public=companies">Entreprises</a>' in page
    module = client.get("/cycles/port/m/").text
    assert "<dt>Territoire</dt>" in module
    assert HOSTILE not in module
    assert "<dt>Territoire</dt>" not in client.get("/d/rien", follow_redirects=True).text


def test_machines_are_told(centre, client: FlaskClient):
    page = client.get("/d/deux", follow_redirects=True).text
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[0])
    node = next(it for it in data["@graph"] if it["@type"] == "LearningResource")
    assert node["audience"] == [{"@type": "Audience", "audienceType": "Entreprises"}]
    assert [(it["@type"], it["name"], it["geo"]["latitude"]) for it in node["spatialCoverage"]] == [
        ("Place", "Fos-sur-Mer", 43.45),
        ("Place", "Cisam", 43.3),
    ]
    record = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc&set=type:note").text
    assert record.count("<dc:coverage>Fos-sur-Mer</dc:coverage>") == 2
    assert "Martigues" not in record


def test_programs_are_told_and_may_ask(centre, client: FlaskClient):
    found = client.get("/api/v1/search?territory=fos-sur-mer&stakeholder=elected-officials").get_json()
    assert [hit["id"] for hit in found["hits"]] == ["fos"]
    assert {"value": "cisam", "count": 1} not in found["facets"]["stakeholder"]
    refused = client.get("/api/v1/search?territory=atlantide")
    assert (refused.status_code, refused.get_json()["error"]["parameter"]) == (422, "territory")
    text = client.get("/api/v1/documents/deux").get_json()
    assert (text["territories"], text["stakeholders"]) == (["fos-sur-mer", "cisam"], ["companies"])
    facets = client.get("/ressources/recherche.json").get_json()["_academy"]["facets"]
    assert facets["territoire"][0] == {"value": "fos-sur-mer", "count": 2}


def test_a_venue_that_a_text_is_about_is_not_taken_off_its_list(db):
    a_venue("cisam")
    a_text("un", territory="cisam")
    with pytest.raises(ContentRefused) as refused, transaction():
        content_lists.remove_absent("venues.yml", [])
    assert [(it.code, it.details) for it in refused.value.problems] == [("still_used", {"value": "cisam"})]


def test_a_place_asked_that_is_none_is_harmless(centre, client: FlaskClient):
    for value in ("<script>alert(1)</script>", "' OR 1=1 --", "x" * 500, "é\u202e"):
        answer = client.get("/ressources/", query_string={"territoire": value, "public": value})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
