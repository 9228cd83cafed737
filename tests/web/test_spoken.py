"""What is not in the page's language says so: a title, a cycle's name, a summary, wherever they stand."""

import copy
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy import search
from academy.domain import questions, search_rules, wishes
from academy.domain.questions import Count
from academy.extensions import transaction
from academy.models import Kind, Person, Role
from academy.web import clock
from academy.web.spoken import Spoken, badge, choices, lang, mark, sentence
from tests.factories import a_person, a_session, a_text
from tests.kept import once
from tests.web.test_english import Page

WORD = "Zibeline"  # in every French title and summary below, and nowhere else


@pytest.fixture
def english(app: Flask):
    with app.test_request_context("/", environ_overrides={"academy.language": "en", "SCRIPT_NAME": "/en"}):
        yield


def test_a_text_in_another_language_is_marked(english):
    assert mark(Spoken("L’<eau>", "fr")) == '<span lang="fr">L’&lt;eau&gt;</span>'
    assert mark(Spoken("Water", "en")) == "Water"
    assert mark("<b>") == "&lt;b&gt;"
    assert lang("fr") == ' lang="fr"'
    assert lang(Spoken("Water", "en")) == lang("en") == lang("") == lang("de") == ""


def test_a_sentence_keeps_the_language_of_its_values(english):
    said = sentence("Prepare “%(title)s” with %(who)s", title=Spoken("L’eau", "fr"), who="<Ada>")
    assert said == 'Prepare “<span lang="fr">L’eau</span>” with &lt;Ada&gt;'


def test_a_badge_names_the_language(english):
    assert badge("fr") == ' <span class="tag" lang="en">FR<span class="vh">, in French</span></span>'
    assert badge("en") == badge("") == ""


def test_a_choice_has_its_language(english):
    given = choices({"a": Spoken("L’eau", "fr"), "b": Spoken("Water", "en"), "c": "c"})
    assert [(choice.value, choice.label, choice.render_kw) for choice in given] == [
        ("a", "L’eau (FR)", {"lang": "fr"}),
        ("b", "Water", {}),
        ("c", "c", {}),
    ]


def test_it_is_an_ordinary_text_otherwise():
    title = Spoken("L’eau", "fr")
    assert title == "L’eau"
    assert copy.deepcopy(title).language == "fr"
    assert {title: 1}["L’eau"] == 1


@pytest.fixture
@once
def in_french(app: Flask) -> dict[str, int]:
    """An academy whose texts exist in French alone."""
    with app.app_context():
        words = {"title": f"{WORD} bleue", "summary": f"{WORD} en bref."}
        a_text("port", kind=Kind.CYCLE, **words)
        common = {**words, "cycle": "port", "body": f"## {WORD}\n\n{WORD} ?\n"}
        for key, before in (("m1", []), ("m2", ["m1"]), ("m3", [])):
            a_text(key, kind=Kind.MODULE, prerequisites=before, authors=[WORD], objectives=[f"Dire {WORD}"], **common)
        a_text("r1", **common)
        a_text("r2", **common)
        session = a_session(title=f"{WORD} au port", cycle="port")
        wish = asked_for(a_person(role=Role.ORGANISER))
        search.sync()
        return {"session": session, "wish": wish}


def asked_for(organiser: int) -> int:
    """What visitors asked in French, a synonym and a wish; the id of the wish."""
    now = clock.now()
    counted = [Count(now.date(), "fr", "z", WORD, 7, 7, 0), Count(now.date(), "fr", "zb", f"{WORD} bleue", 40, 0, 3)]
    with transaction() as rows:
        by = rows.get_one(Person, organiser)
        questions.add(counted)
        search_rules.add_synonym(WORD, [f"{WORD} bleue"], language="fr", is_mutual=True, by=by, now=now)
        wish = wishes.make(f"{WORD} au port", text=WORD, email="", language="fr", by=None, now=now)
        rows.flush()
        return wish.id


PUBLIC = ("/", "/cycles/", "/cycles/port/", "/cycles/port/m2/", "/sessions/", "/ressources/", "/ressources/?q=zibeline")


def unmarked(page: str) -> list[str]:
    """What an English page says of French texts without saying that it is French; who needs a title gets it whole."""
    html = re.sub(r"<code>[^<]*</code>", "", page)
    return [text for language, text in Page(html).said if WORD in text and language != "fr"]


@pytest.mark.parametrize("path", [*PUBLIC, "/ressources/?cycle=port"])
def test_french_words_are_marked_on_every_public_page(client: FlaskClient, in_french, path: str):
    page = client.get(f"/en{path}", follow_redirects=True).text
    assert WORD in page
    assert unmarked(page) == []
    assert ' lang="fr"' not in client.get(path).text.replace('<html lang="fr">', "")


@pytest.mark.parametrize("path", PUBLIC[:6])
def test_lists_show_a_badge_and_pages_a_notice(client: FlaskClient, in_french, path: str):
    page = client.get(f"/en{path}").text
    notice = "This text is not available in English yet"
    assert "in French</span>" in page or notice in page
    assert "in English" not in client.get(path).text


def test_pages_of_texts_in_french_say_so(app: Flask, client: FlaskClient, in_french):
    found = {link for path in PUBLIC for link in Page(client.get(f"/en{path}").text).links}
    pages = {link for link in found if re.match(r"/en/(?:cycles/port/|ressources/\d|sessions/\d)[^#?]*/$", link)}
    assert len(pages) >= 6
    for path in sorted(pages):
        page = client.get(path).text
        assert "This text is not available in English yet" in page, path
        assert unmarked(page) == [], path


@pytest.mark.parametrize(
    "path",
    [
        "/moi/",
        "/atelier/",
        "/atelier/?kind=module",
        "/atelier/nouveau",
        "/pilotage/",
        "/pilotage/sessions/nouvelle",
        "/pilotage/sessions/{session}/",
        "/pilotage/sessions/{session}/annulation",
        "/pilotage/journal/",
        "/pilotage/journal/?session={session}",
        "/pilotage/recherche/",
        "/pilotage/recherche/epingles/?question=zibeline",
        "/pilotage/recherche/synonymes/",
        "/pilotage/recherche/demandes/",
        "/pilotage/recherche/demandes/{wish}",
        "/pilotage/recherche/demandes/{wish}?q=zibeline",
        "/sessions/{session}/inscription",
    ],
)
def test_french_words_are_marked_behind_the_door(app: Flask, as_, in_french, path: str):
    with app.app_context():
        organiser = a_person(role=Role.ADMIN)
    browser = as_(organiser)
    page = browser.get("/en/" + path.format_map(in_french).lstrip("/"))
    assert page.status_code == 200
    assert unmarked(page.text) == []
