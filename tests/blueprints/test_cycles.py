"""The cycles: the list, and each with its sessions, modules and resources."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.formats import art
from academy.models import Kind
from tests.factories import a_cycle, a_document, a_session, a_text, withdrawn


@pytest.mark.each_database
def test_the_list_counts_what_each_cycle_offers(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("c", kind=Kind.CYCLE, slug="port", title="Le port", summary="Gros navires.")
        a_text("m1", kind=Kind.MODULE, cycle="port")
        a_text("m2", kind=Kind.MODULE, cycle="port")
        a_text("m2", kind=Kind.MODULE, cycle="port", language="en")
        a_text("m3", kind=Kind.MODULE, cycle="port", is_published=False)
        a_text("s", kind=Kind.SESSION, cycle="port")
    page = client.get("/cycles/").text
    assert "Le port" in page
    assert "1 session · 2 modules" in " ".join(page.split())


def test_two_cycles_never_fly_the_same_flag(app: Flask, client: FlaskClient):
    by_letter: dict[str, str] = {}
    for number in range(100):
        slug = f"cycle-{number}"
        if (other := by_letter.setdefault(art.letter_of(slug), slug)) != slug:
            break
    else:
        raise AssertionError("no two slugs of the same letter")
    with app.app_context():
        for each in (other, slug):
            a_text(each, kind=Kind.CYCLE, slug=each)
    letters = [re.findall(r"Pavillon ([A-Z])", client.get(f"/cycles/{each}/").text) for each in (other, slug)]
    assert letters[0] == [art.letter_of(other)]
    assert len(letters[1]) == 1
    assert letters[1] != letters[0]
    flags = [client.get(f"/art/flag-{each}.svg").text for each in (other, slug)]
    assert flags[0] != flags[1]


def test_an_empty_list_says_what_to_do(client: FlaskClient):
    assert "Le premier cycle se prépare" in client.get("/cycles/").text


@pytest.mark.each_database
def test_a_cycle_shows_its_words_sessions_modules_in_order_and_resources(app: Flask, client: FlaskClient):
    with app.app_context():
        cycle_id = a_cycle("port", title="Le port")
        a_document(kind=Kind.MODULE, title="Deuxième pas", position=2, cycle_id=cycle_id, slug="deux")
        a_document(kind=Kind.MODULE, title="Premier pas", position=1, cycle_id=cycle_id, slug="un")
        a_document(kind=Kind.RESOURCE, title="Note du cycle", cycle_id=cycle_id)
        a_document(kind=Kind.RESOURCE, title="Note d’ailleurs")
        a_session(cycle="port", title="Future", starts_in=timedelta(days=20))
        a_session(cycle="port", title="Passée", starts_in=timedelta(days=-20))
        a_session(cycle="autre", title="Étrangère")
    page = client.get("/cycles/port/").text
    assert "<h1" in page
    assert re.findall(r"(Passée|Future)</a>", page) == ["Passée", "Future"]
    assert re.findall(r"(Premier|Deuxième) pas</a>", page) == ["Premier", "Deuxième"]
    assert "/cycles/port/un/" in page
    assert "Note du cycle" in page
    assert not [title for title in ("Note d’ailleurs", "Étrangère") if title in page]
    assert "Terminée" in page
    assert "#inscription" in page


def test_a_draft_and_an_unknown_cycle_are_a_404_and_a_withdrawn_one_is_gone(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("d", kind=Kind.CYCLE, slug="brouillon", is_published=False)
        withdrawn(a_text("w", kind=Kind.CYCLE, slug="retire"))
    assert [client.get(f"/cycles/{slug}/").status_code for slug in ("brouillon", "retire", "inconnu")] == [
        404,
        410,
        404,
    ]


def test_a_cycle_in_french_only_says_so_in_english(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("c", kind=Kind.CYCLE, slug="port", title="Le port", body="Bonjour.")
        a_text("e", kind=Kind.CYCLE, slug="mer", title="La mer")
        a_text("e", kind=Kind.CYCLE, slug="mer", title="The sea", language="en")
    page = client.get("/en/cycles/port/").text
    assert '<h1 lang="fr">Le port</h1>' in page
    assert re.search(r'class="prose prose--hung" lang="fr">\s*<p>Bonjour', page)
    assert "notice--info" in page
    twin = client.get("/en/cycles/mer/").text
    assert "<h1>The sea</h1>" in twin
    assert "notice--info" not in twin


def test_lists_take_as_many_queries_for_one_row_as_for_three(app: Flask, queries_of):
    counts = []
    for number in range(3):
        with app.app_context():
            cycle_id = a_cycle("port")
            a_cycle(f"cycle-{number}")
            a_session(cycle="port")
            for kind in (Kind.MODULE, Kind.RESOURCE):
                a_document(kind=kind, cycle_id=cycle_id, position=number)
        counts.append((queries_of("/cycles/"), queries_of("/cycles/port/")))
    assert counts[0] == counts[2]
    assert counts[0][0] <= 5
    assert counts[0][1] <= 14


def test_texts_of_hostile_trainers_stay_inert(app: Flask, client: FlaskClient):
    evil = "<script>alert(1)</script>"
    with app.app_context():
        a_text(
            "c",
            kind=Kind.CYCLE,
            slug="port",
            title=evil,
            summary=f'"{evil}',
            body=f"{evil}\n\n[x](javascript:alert(1))",
        )
        a_text(
            "m", kind=Kind.MODULE, cycle="port", title=evil, summary=evil, objectives=[evil], authors=[evil], body=evil
        )
    for path in ("/", "/cycles/", "/cycles/port/", "/cycles/port/m/", "/sitemap.xml", "/ressources/flux.atom"):
        page = client.get(path).text
        assert not re.search(r"<script(?! src=|[^>]*ld\+json)", page), path
        assert 'href="javascript:' not in page, path
