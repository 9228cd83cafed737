"""The editor says which addresses of the site lead nowhere, and which terms no glossary defines."""

import re

import pytest
from sqlalchemy import select

from academy.extensions import db
from academy.models import Document, Kind, Role
from tests.factories import a_cycle, a_person, a_text, withdrawn

GLOSSARY = "## Mots\n\n### Quai\n\nLe bord de l’eau.\n"


@pytest.fixture
def said(app, as_):
    """What the editor says of a body: the lines, each with its words."""
    with app.app_context():
        organiser = a_person(role=Role.ORGANISER)
        a_text("brouillon", is_published=False)
        number = db.session.scalar(select(Document.id).where(Document.key == "brouillon"))
    browser = as_(organiser)
    url = f"/atelier/documents/{number}/fr"
    page = browser.get(url).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def ask(body: str) -> list[tuple[int, str]]:
        answer = browser.post(url + "/apercu", data={"csrf_token": token, "source": "---\ntitle: x\n---\n" + body})
        told = re.findall(r'data-line="(\d+)".*?</span>(.*?)</span></li>', answer.json["problems"])
        return [(int(line) - 3, words) for line, words in told if int(line) > 3]

    return ask


def _address(app, key: str) -> str:
    with app.app_context():
        return f"/ressources/{db.session.scalar(select(Document.id).where(Document.key == key))}-x/"


@pytest.mark.each_database
def test_addresses_of_the_site_are_checked(app, said):
    with app.app_context():
        a_cycle("port")
        a_text("la", body="## Un\n\nLà.\n")
        withdrawn(a_text("parti"))
        a_text("module", kind=Kind.MODULE, cycle="port", slug="quai")
    there, gone = _address(app, "la"), _address(app, "parti")
    alive = [
        "/", "/en/", "/ressources/", "/ressources?q=quai", "/lieux/", there, there + "#s-un", "/en" + there, there + "source.md",
        "/cycles/port/", "/cycles/port/quai/", "/d/la", "/art/card.png",
    ]  # fmt: skip
    dead = ["/rien/", "/ressources/99999-x/", gone, "/cycles/nulle/", "/cycles/port/nul/", "/d/nul", "/lieux/nul/",
            "/sessions/9-x/", "/a/b/c/d", "/ressources/guide/", "/%00", "/ressources/99999999999999999999-x/"]  # fmt: skip
    assert said("\n".join(f"[a]({it})" for it in alive)) == []
    told = said("\n\n".join(f"[a]({it})" for it in dead))
    assert [line for line, _ in told] == [2 * n + 1 for n in range(len(dead))]
    assert all("ne mène à aucune page" in words for _, words in told)
    [(line, words)] = said(f"\n[a]({there}#s-deux)")
    assert line == 2
    assert "n’a pas de section" in words


def test_a_term_that_no_glossary_defines_is_told(app, said):
    with app.app_context():
        a_text("mots", type="glossary", body=GLOSSARY)
    body = "Un [quai]{.glossaire}, un [navire]{.glossaire},\nun [mouillage]{.glossaire terme=quai}.\n"
    [(line, words)] = said(body)
    assert line == 1
    assert "« navire »" in words.replace("\xa0", " ").replace("\u202f", " ")


def test_a_glossary_of_the_team_defines_nothing_for_everybody(app, said):
    with app.app_context():
        a_text("mots", type="glossary", audience="team", body=GLOSSARY)
    assert [line for line, _ in said("Un [quai]{.glossaire}.\n")] == [1]


def test_hostile_words_stay_words(said):
    page = said('[a](/<script>alert(1)</script>)\n\nUn ["><script>alert(1)</script>]{.glossaire}.\n')
    assert "<script" not in str(page)
