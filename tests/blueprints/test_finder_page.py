"""The page of the finder: order, size, what a result says of itself, the same answer for programs, suggestions."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.extensions import transaction
from academy.models import CycleSession, Document, Kind, Speaker
from tests.factories import a_document, a_person, a_text, a_topic, withdrawn
from tests.kept import once


def _titles(page: str) -> list[str]:
    return [title.strip() for title in re.findall(r"<h3><a [^>]*>([^<]*)", page)]


@pytest.fixture
@once
def shelf(app: Flask, indexed) -> None:
    """Texts whose titles try the alphabet, a pair in two languages, a module with its length."""
    with app.app_context():
        a_topic("mer", "Mer et rivages", "Sea and shores")
        a_text("c", kind=Kind.CYCLE, slug="port", title="Zone du port")
        for key, title in (("a", "élan"), ("b", "Ecluse"), ("d", "« Étrave »"), ("e", "Yole"), ("f", "œuvre")):
            a_text(key, title=title, topics=["mer"], body="Un texte sur la rade.")
        a_text("p", title="Cabotage", body="La rade abrite.")
        a_text("p", language="en", title="Coasting", body="The roadstead shelters.")
        a_text("m", kind=Kind.MODULE, cycle="port", title="Module de rade", duration="1 h 30", body="La rade.")
        a_text("o", language="en", title="Anchor", body="A rade.")
    indexed()


@pytest.mark.each_database
def test_titles_are_sorted_without_accents_or_signs_those_of_the_page_s_language_first(shelf, client: FlaskClient):
    french = ["Cabotage", "Ecluse", "élan", "« Étrave »", "Module de rade", "œuvre", "Yole", "Zone du port", "Anchor"]
    shown = [title.replace("\u202f", " ") for title in _titles(client.get("/ressources/?tri=titre").text)]
    assert shown == french
    english = _titles(client.get("/en/ressources/?tri=titre").text)
    assert english[:2] == ["Anchor", "Coasting"]
    assert len(english) == 9


@pytest.mark.each_database
def test_the_order_by_title_holds_without_an_index(app: Flask, client: FlaskClient):
    with app.app_context():
        for key, title in (("a", "Élan"), ("b", "Ecluse"), ("d", "Dune")):
            a_text(key, title=title)
    assert _titles(client.get("/ressources/?tri=titre").text) == ["Dune", "Ecluse", "Élan"]


def test_the_address_says_how_many_results_a_page_has(app: Flask, client: FlaskClient, indexed):
    with app.app_context():
        for n in range(23):
            a_document(title=f"Numéro {n:02}")
    indexed()
    assert len(_titles(client.get("/ressources/").text)) == 10
    page = client.get("/ressources/?nombre=20&tri=titre").text
    assert _titles(page) == [f"Numéro {n:02}" for n in range(20)]
    assert 'href="/ressources/?tri=titre&amp;nombre=20&amp;page=2"' in page
    assert '<option value="20" selected>20</option>' in page
    assert len(_titles(client.get("/ressources/?nombre=50").text)) == 23
    for odd in ("7", "1000", "-1", "٢٠", "20x", ""):
        assert len(_titles(client.get("/ressources/", query_string={"nombre": odd}).text)) == 10, odd


def test_a_long_facet_folds_after_eight_values_and_keeps_the_chosen_ones_in_sight(app: Flask, client: FlaskClient):
    with app.app_context():
        for number in range(12):
            for turn in range(12 - number):  # the later the topic, the fewer texts it has
                a_text(f"t-{number}-{turn}", topics=[f"theme-{number:02}"])

    def boxes(path: str) -> tuple[list[str], list[str]]:
        facet = re.search(r'data-keep="theme".*?</details></details>', client.get(path).text, re.DOTALL)
        assert facet is not None
        return tuple(re.findall(r'name="theme" value="theme-(\d+)"', part) for part in facet[0].split("<summary>")[1:])

    first, folded = boxes("/ressources/")
    assert (first, folded) == ([f"{n:02}" for n in range(8)], ["08", "09", "10", "11"])
    assert "Afficher les 4 autres" in client.get("/ressources/").text
    assert "Show 4 more" in client.get("/en/ressources/").text
    first, folded = boxes("/ressources/?theme=theme-10")
    assert (first[8:], folded) == (["10"], ["08", "09", "11"])


def test_a_result_says_its_kind_length_and_twin(shelf, client: FlaskClient):
    page = client.get("/ressources/?q=rade&nombre=50").text
    module = page.partition("Module de rade")[2].partition("</article>")[0]
    assert 'class="mark kind-icon"' in module
    assert "1\u00a0h\u00a030" in module
    pair = page.partition("Cabotage")[2].partition("</article>")[0]
    [twin] = re.findall(r'<a href="(/en/ressources/\d+-p/)" hreflang="en">Aussi en anglais</a>', pair)
    assert "Coasting" in client.get(twin).text
    assert page.count("Aussi en anglais") == 1
    assert len([title for title in _titles(page) if title in {"Cabotage", "Coasting"}]) == 1


def test_any_search_has_the_same_answer_for_programs(shelf, client: FlaskClient):
    for query in ("", "q=rade", "q=rade&theme=mer&tri=titre", "type=module&langue=fr", "q=zzzz", "nombre=20&page=2"):
        page = client.get(f"/ressources/?{query}")
        twin = re.search(r'type="application/feed\+json"[^>]*href="([^"]*)"', page.text)
        assert twin is not None
        answer = client.get(twin[1].replace("&amp;", "&"))
        assert answer.headers["Content-Type"] == "application/feed+json; charset=utf-8"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        feed = answer.get_json(force=True)
        assert [item["title"] for item in feed["items"]] == _titles(page.text), query
        assert feed["feed_url"] == f"http://localhost{twin[1].replace('&amp;', '&')}"
        assert {parse_qs(urlsplit(feed["home_page_url"]).query).get("q", [""])[0]} == {
            parse_qs(query).get("q", [""])[0]
        }


def test_the_answer_for_programs_is_a_json_feed_that_goes_on(app: Flask, client: FlaskClient, indexed):
    with app.app_context():
        for n in range(12):
            a_document(title=f"Numéro {n:02}")
    indexed()
    first = client.get("/ressources/recherche.json?tri=titre").get_json(force=True)
    assert first["version"] == "https://jsonfeed.org/version/1.1"
    assert (first["_academy"]["total"], first["_academy"]["pages"], len(first["items"])) == (12, 2, 10)
    assert all({"id", "url", "content_text"} <= item.keys() for item in first["items"])
    second = client.get(first["next_url"].removeprefix("http://localhost")).get_json(force=True)
    assert [item["title"] for item in second["items"]] == ["Numéro 10", "Numéro 11"]
    assert "next_url" not in second
    assert len({item["id"] for item in (*first["items"], *second["items"])}) == 12


def test_programs_get_text_and_no_markup(app: Flask, client: FlaskClient, indexed):
    with app.app_context():
        a_text("n", title="<b>Titre</b> & fils", body="Une rade & `<script>` du port.")
    indexed()
    answer = client.get("/ressources/recherche.json?q=rade")
    [item] = json.loads(answer.text)["items"]
    assert item["title"] == "<b>Titre</b> & fils"
    assert item["content_text"] == "Une rade & <script> du port."


def test_programs_never_see_what_their_asker_may_not_read(app: Flask, client: FlaskClient, as_, indexed):
    with app.app_context():
        a_text("r", title="Réservée", audience="members", body="Rade.")
        person = a_person()
    indexed()
    assert client.get("/ressources/recherche.json?q=rade").get_json(force=True)["_academy"]["total"] == 0
    assert as_(person).get("/ressources/recherche.json?q=rade").get_json(force=True)["_academy"]["total"] == 1


def _suggested(client: FlaskClient, typed: str, side: str = "") -> list[dict[str, str]]:
    return client.get(f"{side}/ressources/suggestions", query_string={"q": typed}).get_json()


@pytest.fixture
def taught(app: Flask, indexed) -> dict[str, int]:
    """Two sessions, one of them for members, each with somebody who teaches and a topic."""
    with app.app_context():
        a_topic("mer", "Mer et rivages", "Sea and shores")
        a_topic("caches", "Rivages cachés", "Hidden shores")
        a_topic("vide", "Rivages sans texte", "Empty shores")
        a_text("c", kind=Kind.CYCLE, slug="port", title="Le port")
        a_text("s", kind=Kind.SESSION, cycle="port", title="Visite des bassins", topics=["mer"])
        a_text(
            "r", kind=Kind.SESSION, cycle="port", title="Coulisses des bassins", topics=["caches"], audience="members"
        )
        with transaction() as session:
            for key, name in (("s", "Ada de Rivage"), ("r", "Zoé de Rivage")):
                speaker = Speaker(slug=f"qui-{key}", name=name)
                session.add(speaker)
                found = session.scalars(
                    select(CycleSession).join(CycleSession.document).where(Document.key == key)
                ).one()
                found.speakers = [speaker]
        member = a_person()
    indexed()
    return {"member": member}


def test_sessions_topics_and_people_are_suggested_by_any_of_their_words(taught, client: FlaskClient):
    [session] = [it for it in _suggested(client, "bass") if it["label"] == "Session"]
    assert session["text"] == "Visite des bassins"
    assert client.get(session["url"]).status_code == 200
    named = {it["text"]: it for it in _suggested(client, "rivag") if it["label"] != "Chercher"}
    assert set(named) == {"Mer et rivages", "Ada de Rivage"}
    assert "1 résultat<" in client.get(named["Mer et rivages"]["url"]).text
    assert "Visite des bassins" in client.get(named["Ada de Rivage"]["url"]).text
    assert [it["text"] for it in _suggested(client, "shor", "/en") if it["label"] == "Topic"] == ["Sea and shores"]


def test_what_only_members_see_is_suggested_to_them_alone(taught, client: FlaskClient, as_):
    member = as_(taught["member"])
    for typed, hidden in (("coul", "Coulisses des bassins"), ("cach", "Rivages cachés"), ("zoé", "Zoé de Rivage")):
        assert hidden not in [it["text"] for it in _suggested(client, typed)]
        assert hidden in [it["text"] for it in _suggested(member, typed)]
    assert [it["label"] for it in _suggested(member, "sans texte")] == ["Chercher"]  # a topic that no text has


def test_a_title_is_suggested_once(taught, client: FlaskClient):
    urls = [it["url"] for it in _suggested(client, "visite")]
    assert len(urls) == len(set(urls))
    assert len(_suggested(client, "bass")) <= 8


def test_a_session_that_was_withdrawn_is_no_longer_suggested(app: Flask, client: FlaskClient, indexed):
    with app.app_context():
        a_text("c", kind=Kind.CYCLE, slug="port", title="Le port")
        edition_id = a_text("s", kind=Kind.SESSION, cycle="port", title="Visite des bassins")
    indexed()
    assert "Visite des bassins" in [it["text"] for it in _suggested(client, "bass")]
    with app.app_context():
        withdrawn(edition_id)
    indexed()
    assert _suggested(client, "bass") == []


@pytest.mark.each_database
def test_the_page_never_shows_what_was_withdrawn_after_the_index_looked(app: Flask, client: FlaskClient, indexed):
    with app.app_context():
        edition_id = a_text("tu", title="Balise retirée", body="La balise.")
        a_text("dit", title="Balise gardée", body="La balise.")
    indexed()
    assert sorted(_titles(client.get("/ressources/?q=balise").text)) == ["Balise gardée", "Balise retirée"]
    with app.app_context():
        withdrawn(edition_id)
    assert _titles(client.get("/ressources/?q=balise").text) == ["Balise gardée"]
