"""The resource centre: finding, reading, reusing, following."""

import re
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qs, urlsplit

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.domain import revisions
from academy.extensions import db as database, limiter, transaction
from academy.models import Audience, Edition, Kind, Synonym
from tests.factories import a_document, a_person, a_text, a_topic, withdrawn
from tests.kept import once

HOSTILE = [
    "q=%00",
    "q=%FF%FE",
    "q=%ED%A0%80",
    'q="',
    "q=" + "a" * 5000,
    "q=" + "%F0%9F%92%A3" * 300,
    "q=<script>alert(1)</script>",
    "q='; DROP TABLE document; --",
    "q=*",
    "q=-",
    "q=type:",
    "q=%27%22)((",
    "cycle=<b>&theme=%00&type[]=x",
    "annee=abc&annee=99999&annee=٢٠٢٦",
    "page=-1",
    "page=0",
    "page=999999999999999999999",
    "page=١",
    "tri=../../etc",
    "exact=maybe",
    "&".join(f"theme={n}" for n in range(500)),
    "q=a&q=b&page=2&page=3",
]


@pytest.fixture
@once
def centre(app: Flask, indexed) -> dict[str, int]:
    """A cycle with a module and a session, three resources; ids of editions."""
    with app.app_context():
        for slug, fr, en in (("mer", "Mer", "Sea"), ("port", "Port", "Port")):
            a_topic(slug, fr, en)
        body = "## Début\n\nRien.\n\n## Les câbles\n\nLa fibre optique traverse la rade.\n"
        made = {
            "c": a_text("c", kind=Kind.CYCLE, slug="port", title="Le port"),
            "m": a_text("m", kind=Kind.MODULE, cycle="port", title="Chaîne logistique", body=body),
            "s": a_text("s", kind=Kind.SESSION, cycle="port", title="Visite des bassins", body="Rendez-vous au phare."),
            "n": a_text("n", title="Note de mer", topics=["mer"], on="2025-03-01", licence="licence-ouverte-2.0"),
            "g": a_text("g", title="Glossaire", type="glossary", cycle="port", topics=["mer", "port"]),
            "e": a_text("e", title="Harbour guide", language="en", type="guide", body="The lighthouse."),
        }
    indexed()
    return made


def _hrefs(page: str) -> list[str]:
    return [unescape(href) for href in re.findall(r'href="([^"]*)"', page)]


@pytest.mark.each_database
def test_browsing_lists_everything_public_newest_first(centre, client: FlaskClient):
    page = client.get("/ressources/").text
    assert "6 résultats" in page
    titles = [title.strip() for title in re.findall(r"<h3><a [^>]*>([^<]*)", page)]
    assert sorted(titles) == sorted(
        ["Le port", "Chaîne logistique", "Visite des bassins", "Note de mer", "Glossaire", "Harbour guide"]
    )
    assert titles[-1] == "Note de mer"


def test_a_phrase_deep_in_a_module_leads_to_its_section(centre, client: FlaskClient):
    page = client.get("/ressources/?q=fibre+optique").text
    assert "<mark>fibre</mark> <mark>optique</mark>" in page
    target = next(href for href in _hrefs(page) if "#s-les-cables" in href)
    assert 'id="s-les-cables"' in client.get(target.partition("#")[0]).text


def test_each_kind_of_hit_leads_to_its_page(centre, client: FlaskClient):
    page = client.get("/ressources/").text
    targets = re.findall(r'<h3><a href="([^"]*)"', page)
    assert {urlsplit(target).path.split("/")[1] for target in targets} == {"cycles", "sessions", "ressources"}
    assert {client.get(target).status_code for target in targets} == {200}


@pytest.mark.each_database
def test_facets_count_what_they_would_give_and_choose_by_address(centre, client: FlaskClient):
    page = client.get("/ressources/?theme=mer").text
    assert "2 résultats" in page
    checked = re.findall(r'name="(\w+)" value="(\w+)" checked', page)
    assert checked == [("theme", "mer")]
    both = client.get("/ressources/?theme=mer&theme=port").text
    assert "6 résultats" in both
    across = client.get("/ressources/?theme=mer&type=glossary&annee=2026").text
    assert "1 résultat<" in across


def test_chips_take_one_filter_away_and_all_of_them(centre, client: FlaskClient):
    page = client.get("/ressources/?q=mer&theme=mer&langue=fr&tri=date").text
    chips = re.search(r'<div class="chips">.*?</div>', page, re.DOTALL)
    assert chips is not None
    queries = [parse_qs(urlsplit(href).query) for href in _hrefs(chips[0])]
    kept = {"q": ["mer"], "tri": ["date"]}
    assert queries == [kept | {"langue": ["fr"]}, kept | {"theme": ["mer"]}, kept]


def test_an_unknown_filter_is_a_chip_that_can_be_taken_away(centre, client: FlaskClient):
    page = client.get("/ressources/?cycle=%3Cb%3E").text
    assert "Rien ne correspond à ces filtres" in page
    assert "&lt;b&gt; <i" in page
    assert "<b>" not in page.partition('class="chips"')[2].partition("</div>")[0].replace("<b>&", "")


def test_a_typo_says_what_was_searched_and_leads_back(centre, client: FlaskClient):
    page = client.get("/ressources/?q=glosaire").text
    assert "Résultats pour" in page
    assert "Glossaire" in page
    back = next(href for href in _hrefs(page) if "exact=1" in href)
    assert parse_qs(urlsplit(back).query) == {"q": ["glosaire"], "exact": ["1"]}
    exact = client.get(back).text
    assert "Aucun résultat" in exact
    assert "Résultats pour" not in exact


def test_an_empty_answer_leads_on(centre, client: FlaskClient):
    page = client.get("/ressources/?q=zzzzqqqq&theme=mer").text
    assert "Aucun résultat" in page
    assert "/ressources/?q=zzzzqqqq" in _hrefs(page)
    assert "La même question sans filtre" in page


def test_an_answer_says_which_words_no_text_has(centre, client: FlaskClient):
    plain = lambda query: unescape(client.get("/ressources/", query_string=query).text).replace("\u202f", " ")  # noqa: E731
    page = plain({"q": "la fibre du lampadaire"}).replace("\u00a0", " ")
    assert "Aucun texte ne dit « lampadaire » : voici ce qui répond au reste." in page
    assert "/demandes/?q=la+fibre+du+lampadaire" in _hrefs(page)
    assert "ne dit" not in plain({"q": "la fibre optique"})
    assert "ne dit" not in plain({"q": "fibrre"})  # repaired, and said so
    assert "ne dit" not in plain({"q": "lampadaire"})  # nothing is found: said in full


@pytest.mark.parametrize("typed", ["🐟", "?!", "…"])
def test_what_has_no_word_in_it_is_answered_by_nothing_and_says_so(centre, client: FlaskClient, typed: str):
    page = client.get("/ressources/", query_string={"q": typed}).text
    assert "Aucun résultat" in page
    assert "Il n’y a là aucun mot à chercher" in page
    assert client.get("/ressources/recherche.json", query_string={"q": typed}).json["items"] == []


def test_an_empty_answer_says_what_was_understood(centre, client: FlaskClient):
    page = client.get("/ressources/", query_string={"q": "le lampadaire type:note <b>", "theme": "mer"}).text
    assert "Mots cherchés : « lampadaire », « b »." in page.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Filtres : Note, Mer." in page.replace("\u202f", " ").replace("\u00a0", " ")
    assert "/cycles/port/" in _hrefs(page.partition("Ou parcourez un cycle")[2])
    assert "<b>" not in page.partition("<h1")[2].partition("</main>")[0]


def test_an_empty_answer_proposes_words_that_texts_use(centre, client: FlaskClient):
    page = client.get("/ressources/?q=glosaire&exact=1").text
    assert {"/ressources/?q=glossaire"} <= set(_hrefs(page.partition("Mots proches")[2]))


def test_an_empty_centre_has_its_own_words(client: FlaskClient, indexed):
    indexed()
    for address in ("/ressources/", "/ressources/?tri=date", "/ressources/?page=7"):
        page = client.get(address).text
        assert "Le centre de ressources est encore vide" in page
        assert "filtre" not in page.partition('id="resultats"')[2].partition("</section>")[0]
    assert "The resource centre is still empty" in client.get("/en/ressources/").text


def test_a_typed_filter_is_a_chip_whose_words_leave_the_box(centre, client: FlaskClient):
    page = client.get("/ressources/", query_string={"q": 'fibre cycle:"le port" langue:français', "theme": "mer"}).text
    chips = re.search(r'<div class="chips">.*?</div>', page, re.DOTALL)
    assert chips is not None
    queries = [parse_qs(urlsplit(href).query) for href in _hrefs(chips[0])]
    assert queries == [
        {"q": ["fibre langue:français"], "theme": ["mer"]},
        {"q": ['fibre cycle:"le port"'], "theme": ["mer"]},
        {"q": ['fibre cycle:"le port" langue:français']},
        {"q": ["fibre"]},
    ]
    assert "Le port" in chips[0]


def test_an_unknown_typed_filter_leads_to_known_ones(centre, client: FlaskClient):
    page = client.get("/ressources/", query_string={"q": "fibre type:modul<i>"}).text
    assert "n’est pas un filtre connu" in page
    assert "modul&lt;i&gt;" in page
    assert "1 résultat" in page
    assert "/ressources/?q=fibre+type:module" in _hrefs(page)


def test_members_only_values_are_not_near(app: Flask, client: FlaskClient, indexed):
    with app.app_context():
        a_text("n", title="Note", authors=["Ada Publique"])
        a_text("s", title="Secret", authors=["Ada Réservée"], audience=Audience.MEMBERS)
    indexed()
    page = client.get("/ressources/?q=auteur:Adda").text
    assert "Ada Publique" in page
    assert "Réservée" not in page
    assert "Réservée" not in client.get("/ressources/?q=auteur:Réservé").text.replace("auteur:Réservé", "")


def test_a_synonym_is_told_with_a_way_back(app: Flask, client: FlaskClient, indexed):
    with app.app_context():
        a_text("n", title="Note", body="L’intelligence artificielle.")
        with transaction() as session:
            session.add(Synonym(language="fr", term="IA", meanings=["intelligence artificielle"]))
            revisions.log_change(None, now=datetime.now(UTC))
    indexed()
    page = client.get("/ressources/?q=ia").text
    assert page.count('class="hit"') == 1
    assert "Cherché aussi : intelligence artificielle." in page.replace("\u202f", " ").replace("\u00a0", " ")
    back = next(href for href in _hrefs(page) if "exact=1" in href)
    assert "Aucun résultat" in client.get(back).text


def test_pages_lead_to_each_other_and_a_page_too_far_is_not_a_dead_end(app: Flask, client: FlaskClient, indexed):
    with app.app_context():
        for n in range(23):
            a_document(title=f"Numéro {n:02}")
    indexed()
    first, last = client.get("/ressources/?tri=date").text, client.get("/ressources/?tri=date&page=3").text
    assert "Page 1 sur 3" in first
    assert "/ressources/?tri=date&page=2" in _hrefs(first)
    assert last.count('class="hit"') == 3
    assert "Page suivante" not in last
    beyond = client.get("/ressources/?page=9").text
    assert "23 résultats" in beyond
    assert "/ressources/?page=2" in _hrefs(beyond)


def test_without_an_index_the_finder_says_so_and_still_answers(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("n", title="Note de mer")
    page = client.get("/ressources/?q=mer").text
    assert "L’index se reconstruit" in page
    assert "Note de mer" in page


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_addresses_are_answered(centre, client: FlaskClient, query: str):
    for path in ("/ressources/", "/en/ressources/", "/ressources/suggestions"):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 200, path
        assert "<script>" not in answer.text
        assert "\0" not in answer.text


def test_suggested_titles_lead_to_their_page_and_words_to_a_search(centre, client: FlaskClient):
    answer = client.get("/ressources/suggestions?q=glos")
    assert answer.mimetype == "application/json"
    [title] = answer.get_json()
    assert (title["text"], title["label"]) == ("Glossaire", "Glossaire")
    assert "Glossaire" in client.get(title["url"]).text
    [word] = client.get("/ressources/suggestions?q=fib").get_json()
    assert word == {"text": "fibre", "url": "/ressources/?q=fibre", "label": "Chercher"}
    assert "1 résultat" in client.get(word["url"]).text
    assert client.get("/ressources/suggestions").get_json() == []


def test_suggestions_lead_to_cycles_modules_and_sessions(centre, client: FlaskClient):
    for typed, path in (("le port", "/cycles/port/"), ("chaine", "/cycles/port/m"), ("visite", "/sessions/")):
        first = client.get("/ressources/suggestions", query_string={"q": typed}).get_json()[0]
        assert first["url"].startswith(path)
        assert client.get(first["url"], follow_redirects=True).status_code == 200


def test_suggestions_on_the_english_side_stay_there(centre, client: FlaskClient):
    title, *words = client.get("/en/ressources/suggestions?q=harbour").get_json()
    assert title["text"] == "Harbour guide"
    assert title["url"].startswith("/en/ressources/")
    assert [word["url"] for word in words] == ["/en/ressources/?q=harbour"]
    assert [word["label"] for word in words] == ["Search"]


def test_suggestions_never_say_what_the_asker_may_not_read(app: Flask, client: FlaskClient, as_, indexed):
    with app.app_context():
        a_text("p", title="Xylophone public", body="Xylographe.")
        a_text("r", title="Xylophone réservé", body="Xylène.", audience="members")
        withdrawn(a_text("w", title="Xylophone retiré"))
        person = a_person()
    indexed()

    def texts(who: FlaskClient) -> set[str]:
        return {item["text"] for item in who.get("/ressources/suggestions?q=xyl").get_json()}

    assert texts(client) == {"Xylophone public", "xylographe", "xylophone"}
    assert texts(as_(person)) == {"Xylophone public", "Xylophone réservé", "xylographe", "xylophone", "xylène"}


def test_suggestions_cost_one_query_however_many_there_are(
    app: Flask, centre, client: FlaskClient, queries, queries_of, indexed
):
    named = queries_of("/ressources/suggestions?q=zzzz")  # what sessions, topics and people there are
    few = queries_of("/ressources/suggestions?q=visite")
    assert few == named + 1
    queries.clear()
    client.get("/ressources/suggestions?q=zzzy")  # asked once a content version
    assert queries == []
    with app.app_context():
        for n in range(6):
            a_document(title=f"Visite {n}")
    indexed()
    assert queries_of("/ressources/suggestions?q=visite") == few


def test_a_flood_of_searches_is_refused(app: Flask, client: FlaskClient):
    with app.app_context():
        limiter.reset()
    limiter.enabled = True
    try:
        codes = [client.get(f"/ressources/suggestions?q={n}").status_code for n in range(245)]
    finally:
        limiter.enabled = False
        with app.app_context():
            limiter.reset()
    assert set(codes[:240]) == {200}
    assert codes[-1] == 429


def test_members_find_what_is_theirs_and_visitors_do_not(app: Flask, client: FlaskClient, as_, indexed):
    with app.app_context():
        number = a_document(title="Réservée", audience=Audience.MEMBERS)
        person = a_person()
    indexed()
    assert "Réservée" not in client.get("/ressources/").text
    assert "1 résultat<" in as_(person).get("/ressources/").text
    assert client.get(f"/ressources/{number}-x/").status_code == 404


def _url(app: Flask, edition_id: int) -> str:
    with app.app_context():
        edition = database.session.get_one(Edition, edition_id)
        return f"/ressources/{edition.document_id}-{edition.document.slug}/"


def test_a_resource_says_how_it_may_be_reused(app: Flask, centre, client: FlaskClient):
    url = _url(app, centre["n"])
    page = client.get(url).text
    assert "Licence Ouverte 2.0" in page
    today = datetime.now(UTC).date()
    assert re.search(rf"<code>«\u202fNote de mer\u202f», Ada, Académie One Provence, [^<]*{today.year}, ", page)
    assert f"http://localhost{url}</code>" in page
    assert f"{url}source.md" in _hrefs(page)


def test_the_source_is_the_published_file_byte_for_byte(app: Flask, centre, client: FlaskClient):
    answer = client.get(f"{_url(app, centre['n'])}source.md")
    with app.app_context():
        published = database.session.get_one(Edition, centre["n"]).published
        assert published is not None
        assert answer.data == published.source.encode()
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="n.fr.md"'


def test_what_is_reserved_has_no_source_to_take_away(app: Flask, client: FlaskClient):
    with app.app_context():
        edition_id = a_text("r", licence="tous-droits-reserves")
    url = _url(app, edition_id)
    page = client.get(url).text
    assert "demandez l’accord" in page
    assert "source.md" not in page
    assert client.get(f"{url}source.md").status_code == 404


def test_a_wrong_name_in_the_address_is_put_right(app: Flask, centre, client: FlaskClient):
    url = _url(app, centre["n"])
    wrong = client.get(url.replace("-n/", "-ancien-nom/"))
    assert (wrong.status_code, wrong.location) == (301, url)
    assert client.get(f"/en{url.replace('-n/', '-old/')}").location == f"/en{url}"


@pytest.mark.parametrize(
    "path", ["/ressources/0-x/", "/ressources/99999999999999-x/", "/ressources/abc/", "/ressources/1/"]
)
def test_no_such_resource_is_a_404(centre, client: FlaskClient, path: str):
    assert client.get(path).status_code == 404


def test_a_module_is_not_a_resource(app: Flask, centre, client: FlaskClient):
    assert client.get(_url(app, centre["m"])).status_code == 404


@pytest.mark.each_database
def test_related_texts_share_a_topic_those_of_other_cycles_first(app: Flask, client: FlaskClient):
    with app.app_context():
        for slug in ("port", "mer"):
            a_text(f"c-{slug}", kind=Kind.CYCLE, slug=slug, topics=["culture"])
        here = a_text("ici", cycle="port", topics=["port", "mer"])
        a_text("meme", cycle="port", title="Même cycle", topics=["port", "mer"])
        a_text("ailleurs", cycle="mer", title="Autre cycle", topics=["port"])
        a_text("deux", cycle="mer", title="Deux thèmes", topics=["port", "mer"])
        a_text("rien", cycle="mer", title="Sans rapport", topics=["culture"])
    page = client.get(_url(app, here)).text.partition("À lire aussi")[2]
    assert re.findall(r"(Même cycle|Autre cycle|Deux thèmes|Sans rapport)</a>", page) == [
        "Deux thèmes",
        "Autre cycle",
        "Même cycle",
    ]


def test_pages_take_as_many_queries_for_one_row_as_for_three(app: Flask, queries_of, indexed):
    counts = []
    with app.app_context():
        a_text("c", kind=Kind.CYCLE, slug="port")
        first = a_text("premier")
    for number in range(3):
        with app.app_context():
            a_text(f"n{number}", cycle="port")
            a_text(f"m{number}", kind=Kind.MODULE, cycle="port")
            a_text(f"s{number}", kind=Kind.SESSION, cycle="port")
        indexed()
        counts.append(
            [queries_of(path) for path in ("/ressources/?q=titre", _url(app, first), "/ressources/flux.atom")]
        )
    assert counts[0] == counts[2]
    assert [most >= count for most, count in zip((8, 11, 3), counts[0], strict=True)] == [True] * 3, counts


@pytest.mark.each_database
def test_the_feed_names_the_newest_in_the_language_of_its_side(app: Flask, centre, client: FlaskClient):
    with app.app_context():
        a_text("n", language="en", title="Sea note", on="2025-03-01", topics=["mer"], licence="licence-ouverte-2.0")
        withdrawn(centre["g"])
    answer = client.get("/ressources/flux.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = feedparser.parse(answer.data)
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == ["Chaîne logistique", "Note de mer"]
    note = feed.entries[1]
    assert (note.id, note.author, note.rights) == ("http://localhost/d/n", "Ada", "Licence Ouverte 2.0")
    assert client.get(urlsplit(note.link).path).status_code == 200
    assert note.published_parsed[:3] == (2025, 3, 1)
    assert (feed.feed.id, feed.feed.links[0].href) == (
        "http://localhost/ressources/flux.atom",
        "http://localhost/ressources/",
    )
    english = feedparser.parse(client.get("/en/ressources/flux.atom").data)
    assert [entry.title for entry in english.entries] == ["Harbour guide", "Sea note"]
    assert english.entries[1].id == "http://localhost/en/d/n"


def test_an_empty_feed_is_valid_and_never_seems_new(client: FlaskClient):
    feed = feedparser.parse(client.get("/ressources/flux.atom").data)
    assert (bool(feed.bozo), feed.entries, feed.feed.updated) == (False, [], "2024-01-25T00:00:00+00:00")


def test_a_hit_in_the_other_language_stays_on_this_side_unless_it_has_a_twin(app: Flask, client: FlaskClient, indexed):
    with app.app_context():
        a_text("seul", slug="seul", title="Phare du Planier", body="Planier.")
        a_text("paire", slug="paire", title="Cabotage", body="Cabotage lent.")
        a_text("paire", slug="paire", language="en", title="Coasting", body="Slow boats.")
    indexed()
    lone = client.get("/en/ressources/?q=planier").text
    assert re.search(r'<a href="/en/ressources/\d+-seul/" lang="fr">', lone)
    twin = client.get("/en/ressources/?q=cabotage+lent").text
    assert re.search(r'<a href="/ressources/\d+-paire/" lang="fr">', twin)
