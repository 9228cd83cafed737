"""The front door: home, pages, stable addresses, and what machines ask for."""

import re
from datetime import timedelta
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text, update
from usp.tree import sitemap_from_str

from academy.blueprints.home import drawings, machines
from academy.extensions import db as database, transaction
from academy.formats import art
from academy.models import Audience, Edition, Kind, Role, SessionStatus
from tests.factories import a_cycle, a_document, a_person, a_session, a_text, withdrawn

_SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.mark.each_database
def test_home_shows_the_next_session_the_cycles_and_the_latest_resources(app: Flask, client: FlaskClient):
    with app.app_context():
        a_cycle("port", title="Le port")
        a_session(title="Déjà finie", starts_in=timedelta(days=-3))
        a_session(title="Annulée", starts_in=timedelta(days=1), status=SessionStatus.CANCELLED)
        a_session(title="Plus tard", starts_in=timedelta(days=40))
        number = a_session(title="La suivante", slug="la-suivante", starts_in=timedelta(days=9))
        a_document(title="Une note neuve")
    page = client.get("/").text
    assert f"/sessions/{number}-la-suivante/#inscription" in page
    assert "Le port" in page
    assert "Une note neuve" in page
    assert not [title for title in ("Déjà finie", "Annulée", "Plus tard") if title in page]


def test_an_empty_academy_has_a_home_that_leads_on(client: FlaskClient):
    answer = client.get("/")
    assert answer.status_code == 200
    assert "L’Académie ouvre bientôt" in answer.text


def test_home_takes_as_many_queries_for_one_row_as_for_three(app: Flask, queries_of):
    counts = []
    for number in range(3):
        with app.app_context():
            a_session(cycle=f"cycle-{number}")
            a_document()
        counts.append(queries_of("/"))
    assert counts[0] == counts[2]
    assert counts[0] <= 12


def test_a_page_is_a_document_that_organisers_may_add(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("charte", kind=Kind.PAGE, title="La charte", body="## Principes\n\nÉcouter.")
    page = client.get("/charte/").text
    assert "<h1>La charte</h1>" in page
    assert 'id="s-principes"' in page


@pytest.mark.parametrize("path", ["/inconnue/", "/CHARTE/", "/d/inconnu", "/%00/", "/ressources-/", "/x" * 2000])
def test_an_unknown_address_is_a_404_with_a_way_on(client: FlaskClient, path: str):
    answer = client.get(path)
    assert answer.status_code == 404
    assert 'role="search"' in answer.text


def test_no_page_shadows_an_area_of_the_site(app: Flask, client: FlaskClient):
    with app.app_context():
        for slug in ("cycles", "ressources", "healthz"):
            a_text(f"page-{slug}", kind=Kind.PAGE, title="Intruse", slug=slug)
    assert [path for path in ("/cycles/", "/ressources/", "/healthz") if "Intruse" in client.get(path).text] == []


def test_a_page_in_french_only_says_so_in_english(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("charte", kind=Kind.PAGE, title="La charte", body="Écouter.")
    page = client.get("/en/charte/").text
    assert '<html lang="en">' in page
    assert "notice--info" in page
    assert re.search(r'<article[^>]* lang="fr">', page)


def test_a_page_for_members_is_hidden_from_visitors(app: Flask, client: FlaskClient, as_):
    with app.app_context():
        a_document(kind=Kind.PAGE, slug="interne", title="Interne", audience=Audience.MEMBERS)
        person = a_person()
    assert client.get("/interne/").status_code == 404
    assert as_(person).get("/interne/").status_code == 200


@pytest.mark.parametrize("side", ["", "/en"])
def test_a_stable_address_leads_to_each_kind_of_text(app: Flask, client: FlaskClient, side: str):
    with app.app_context():
        a_text("c", kind=Kind.CYCLE, slug="port")
        a_text("m", kind=Kind.MODULE, cycle="port", slug="chaine")
        a_text("r", kind=Kind.RESOURCE, slug="note")
        a_text("p", kind=Kind.PAGE, slug="charte")
        a_text("s", kind=Kind.SESSION, cycle="port", slug="visite")
    places = {key: client.get(f"{side}/d/{key}").location for key in "cmrps"}
    expected = {
        "c": "/cycles/port/",
        "m": "/cycles/port/chaine/",
        "r": r"/ressources/\d+-note/",
        "p": "/charte/",
        "s": r"/sessions/\d+-visite/",
    }
    assert {key: bool(re.fullmatch(side + path, places[key])) for key, path in expected.items()} == dict.fromkeys(
        expected, True
    )
    assert {client.get(place).status_code for place in places.values()} == {200}


def test_a_stable_address_of_a_draft_is_a_404_and_of_a_withdrawn_text_gone(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("brouillon", is_published=False)
        withdrawn(a_text("retire"))
    assert [client.get(f"/d/{key}").status_code for key in ("brouillon", "retire")] == [404, 410]


def test_healthz_asks_nothing_of_the_database(client: FlaskClient, queries):
    queries.clear()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text.strip(), answer.headers["Cache-Control"]) == (200, "ok", "no-store")
    assert queries == []


@pytest.mark.each_database
def test_readyz_is_503_until_the_migrations_are_those_of_the_code(app: Flask, client: FlaskClient):
    assert client.get("/readyz").status_code == 200
    with app.app_context():
        kept = database.session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        try:
            with transaction() as session:
                session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
            answer = client.get("/readyz")
        finally:
            with transaction() as session:
                session.execute(text("UPDATE alembic_version SET version_num = :kept"), {"kept": kept})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "flask db upgrade" in answer.text


def test_readyz_is_503_when_the_database_is_away(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    from sqlalchemy.exc import OperationalError

    def away(*_args, **_kwargs):
        raise OperationalError("", {}, Exception("away"))

    with app.app_context():
        monkeypatch.setattr(type(database.engine), "connect", away)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_drawings_are_for_ever_and_only_of_cycles_that_visitors_know(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("c", kind=Kind.CYCLE, slug="port")
        a_text("d", kind=Kind.CYCLE, slug="secret", is_published=False)
    names = ("icon", "chart", "metropolis", "flag-ressources", "flag-port", "cover-port", "band-port", "covers.port")
    answers = [client.get(f"/art/{name}.svg") for name in names]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.mimetype for answer in answers} == {"image/svg+xml"}
    assert all("immutable" in answer.headers["Cache-Control"] for answer in answers)
    assert [ElementTree.fromstring(answer.data).tag.endswith("svg") for answer in answers] == [True] * len(names)
    assert client.get("/art/cover-port.svg").data == answers[names.index("cover-port")].data
    for name in (
        "cover-secret",
        "covers.port.secret",
        "cover-inconnu",
        "covers.",
        "cover-",
        "x",
        "../icon",
        "flag-%22",
    ):
        assert client.get(f"/art/{name}.svg").status_code == 404, name


def test_the_icon_answers_to_browsers_that_ask_unbidden(client: FlaskClient):
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.mimetype) == (200, "image/vnd.microsoft.icon")
    assert answer.data[:4] == b"\0\0\1\0"


def test_the_manifest_names_icons_that_answer_and_speaks_the_language_of_its_side(client: FlaskClient):
    for side, language, name in (("", "fr", "Académie One Provence"), ("/en", "en", "One Provence Academy")):
        answer = client.get(f"{side}/manifest.webmanifest")
        told = answer.get_json(force=True)
        assert answer.mimetype == "application/manifest+json"
        assert (told["lang"], told["name"], told["start_url"], told["scope"]) == (language, name, f"{side}/", "/")
        assert [(icon["sizes"], icon.get("purpose", "any")) for icon in told["icons"]] == [
            ("192x192", "any"),
            ("512x512", "any"),
            ("512x512", "maskable"),
        ]
        icons = [client.get(icon["src"]) for icon in told["icons"]]
        assert {(icon.status_code, icon.mimetype) for icon in icons} == {(200, "image/png")}


def test_icons_come_in_the_sizes_that_are_asked_for_and_no_other(client: FlaskClient):
    answers = {side: client.get(f"/art/icon-{side}.png").status_code for side in (1, 180, 191, 192, 512, 100000)}
    assert answers == {1: 404, 180: 200, 191: 404, 192: 200, 512: 200, 100000: 404}
    assert "immutable" in client.get("/art/icon-180.png").headers["Cache-Control"]


def test_a_card_shows_the_title_in_the_language_of_its_side(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("c", kind=Kind.CYCLE, slug="port", title="Le port")
        a_text("c", kind=Kind.CYCLE, slug="port", language="en", title="The port")
    cards = {path: client.get(path) for path in ("/art/card.png", "/en/art/card.png", "/art/card-port.png")}
    cards["/en/art/card-port.png"] = client.get("/en/art/card-port.png")
    assert {(card.status_code, card.mimetype) for card in cards.values()} == {(200, "image/png")}
    assert len({card.data for card in cards.values()}) == 4
    assert len({card.headers["ETag"] for card in cards.values()}) == 4


def test_an_unchanged_card_is_a_304_and_a_new_title_another_card(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("c", kind=Kind.CYCLE, slug="port", title="Le port")
    first = client.get("/art/card-port.png")
    held = {"If-None-Match": first.headers["ETag"]}
    again = client.get("/art/card-port.png", headers=held)
    assert (again.status_code, again.data) == (304, b"")
    with app.app_context(), transaction() as session:
        session.execute(update(Edition).values(title="Le grand port"))
    app.extensions["memory"].forget()  # what publishing does
    changed = client.get("/art/card-port.png", headers=held)
    assert changed.status_code == 200
    assert changed.data != first.data


def test_an_outsider_who_asks_for_a_thousand_cards_makes_us_draw_none(app: Flask, client: FlaskClient, monkeypatch):
    with app.app_context():
        a_text("d", kind=Kind.CYCLE, slug="secret", is_published=False)
    monkeypatch.setattr("academy.formats.art.png", lambda *_, **__: pytest.fail("drew"))
    monkeypatch.setattr("academy.formats.art.card_svg", lambda *_, **__: pytest.fail("drew"))
    slugs = ["secret", "x" * 3000, "%00", "..%2Fx", *(f"slug-{number}" for number in range(40))]
    assert {client.get(f"/art/card-{slug}.png").status_code for slug in slugs} == {404}


def test_a_known_card_is_drawn_once(app: Flask, client: FlaskClient, monkeypatch):
    with app.app_context():
        a_text("c", kind=Kind.CYCLE, slug="port", title="Une fois pour toutes")
    drawings._card.cache_clear()  # of the same test on the other database
    drawn, png = [], art.png
    monkeypatch.setattr("academy.formats.art.png", lambda svg, **size: drawn.append(size) or png(svg, **size))
    for number in range(5):
        assert client.get(f"/art/card-port.png?n={number}").status_code == 200
    assert drawn == [{"width": 1200}]


def test_a_card_does_not_tell_the_title_that_members_alone_may_read(app: Flask, client: FlaskClient, as_):
    with app.app_context():
        a_document(
            kind=Kind.CYCLE, slug="port", title="Titre réservé", audience=Audience.MEMBERS, cycle_id=a_cycle("port")
        )
        member = as_(a_person())
    assert member.get("/art/card-port.png").data == client.get("/art/card-port.png").data


def test_robots_leads_to_the_sitemap_and_closes_what_is_personal(client: FlaskClient):
    lines = client.get("/robots.txt").text.splitlines()
    assert "Sitemap: http://localhost/sitemap.xml" in lines
    assert {"Disallow: /moi/", "Disallow: /en/moi/", "Disallow: /pilotage/"} <= set(lines)
    rules = RobotFileParser()
    rules.parse(lines)
    assert rules.site_maps() == ["http://localhost/sitemap.xml"]
    assert [rules.can_fetch("*", path) for path in ("/", "/en/cycles/port/", "/art/card.png")] == [True] * 3
    assert [rules.can_fetch("*", path) for path in ("/moi/", "/en/atelier/x", "/pilotage/", "/i/abc")] == [False] * 4


def test_the_sitemap_names_every_public_page_with_its_twin(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("c", kind=Kind.CYCLE, slug="port")
        a_text("m", kind=Kind.MODULE, cycle="port", slug="chaine")
        a_text("m", kind=Kind.MODULE, cycle="port", slug="chaine", language="en", title="Chain")
        a_document(slug="interne", audience=Audience.MEMBERS)
    tree = ElementTree.fromstring(client.get("/sitemap.xml").data)
    entries = {
        url.findtext("s:loc", "", _SITEMAP): {
            link.get("hreflang"): link.get("href") for link in url.findall("x:link", _SITEMAP)
        }
        for url in tree
    }
    twins = {"fr": "http://localhost/cycles/port/chaine/", "en": "http://localhost/en/cycles/port/chaine/"}
    twins["x-default"] = twins["fr"]
    assert entries["http://localhost/cycles/port/chaine/"] == twins
    assert entries["http://localhost/en/cycles/port/chaine/"] == twins
    assert entries["http://localhost/cycles/port/"] == {}
    assert set(entries) - set(twins.values()) == {"http://localhost/cycles/port/"} | {
        f"http://localhost{side}{path}"
        for side in ("", "/en")
        for path in ("/", "/cycles/", "/sessions/", "/lieux/", "/ressources/")
    }
    parsed = sitemap_from_str(client.get("/sitemap.xml").text).all_pages()
    assert sorted(page.url for page in parsed) == sorted(entries)
    assert {path.removeprefix("http://localhost") for path in entries if client.get(path).status_code != 200} == set()


def test_a_large_collection_has_a_map_in_parts(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    with app.app_context():
        numbers = [a_document(slug=f"note-{n}") for n in range(5)]
        hidden = a_document(slug="interne", audience=Audience.MEMBERS)
    monkeypatch.setattr("academy.blueprints.home.queries.PART", 2)
    index = ElementTree.fromstring(client.get("/sitemap.xml").data)
    maps = [element.text or "" for element in index.iterfind("s:sitemap/s:loc", _SITEMAP)]
    assert index.tag.endswith("sitemapindex")
    assert len(index.findall("s:sitemap/s:lastmod", _SITEMAP)) >= len(maps) - 1
    assert [int(address.rpartition("-")[2].removesuffix(".xml")) for address in maps] == sorted(
        {0} | {number // 2 for number in numbers}
    )
    found = [page.url for address in maps for page in sitemap_from_str(client.get(address).text).all_pages()]
    assert len(found) == len(set(found)) == len(numbers) + 2 * len(machines.LISTS)
    assert {path.removeprefix("http://localhost") for path in found if client.get(path).status_code != 200} == set()
    assert client.get(f"/sitemap-{hidden // 2 + 1}.xml").status_code == 404
    assert client.get("/sitemap-99999999999999999999.xml").status_code == 404


def test_the_sitemap_is_the_same_from_both_sides(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("c", kind=Kind.CYCLE, slug="port")
    assert client.get("/sitemap.xml").data == client.get("/en/sitemap.xml").data


def test_the_glossary_gathers_the_terms_of_the_published_glossaries(app: Flask, client: FlaskClient, as_):
    with app.app_context():
        body = "## Mer\n\n### Quai\n\nUn *bord* aménagé <b>.\n\n### Vide\n\n## Terre\n\nÉtal\n: Une table[^1].\n\n[^1]: note\n"
        a_text("glossaire-a", body=body, type="glossary", title="Premier glossaire")
        a_text("glossaire-b", body="### Quai\n\nAutre sens.\n", type="glossary", title="Second")
        a_text("glossaire-c", body="### Brouillon\n\nRien.\n", type="glossary", is_published=False)
        a_text("glossaire-d", body="### Réservé\n\nRien.\n", type="glossary", audience="team")
        a_text("note-e", body="### Ailleurs\n\nRien.\n", type="note")
        a_text("lecteur", body="Un [quais]{.glossaire terme=quai}.\n", slug="lecteur")
        organiser = as_(a_person(role=Role.ORGANISER))
    assert "Réservé" in organiser.get("/glossaire/").text
    page = client.get("/glossaire/").text
    assert "Réservé" not in page
    assert re.findall(r'<div id="(s-[a-z-]+)"><dt><a href="[^"]+#\1">', page) == ["s-etal", "s-quai"]
    assert "<dd>Un bord aménagé .</dd><dd>Autre sens.</dd>" in page
    assert "<dd>Une table.</dd>" in page
    assert "Aucun terme" not in page
    assert "No terms yet" in client.get("/en/glossaire/").text


def test_a_term_leads_to_the_glossary_on_the_side_of_the_site_where_it_is_read(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("lecteur", body="Des [quais]{.glossaire terme=quai}.\n")
    for side in ("", "/en"):
        page = client.get(f"{side}/d/lecteur", follow_redirects=True).text
        assert f'<a class="term" href="{side}/glossaire/#s-quai">quais</a>' in page
