"""Feeds of a cycle and of any search, read by an independent parser."""

from datetime import timedelta
from urllib.parse import urlsplit

import feedparser
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from academy.extensions import limiter
from academy.models import Kind, SessionStatus
from tests.factories import a_session, a_text
from tests.kept import once

HOST = "http://localhost"


def _feed(client: FlaskClient, path: str):
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml"), path
    feed = feedparser.parse(answer.data)
    assert not feed.bozo, path
    assert (feed.version, feed.feed.id) == ("atom10", f"{HOST}{path}")
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    for entry in feed.entries:
        assert entry.updated_parsed, entry.id
        assert entry.get("author") or feed.feed.author == "Académie One Provence"
        assert client.get(urlsplit(entry.link).path).status_code == 200, entry.link
        assert client.get(urlsplit(entry.id).path, follow_redirects=True).status_code == 200
    return feed


def _titles(client: FlaskClient, path: str) -> list[str]:
    return [entry.title for entry in _feed(client, path).entries]


@pytest.fixture
@once
def texts(app: Flask, indexed) -> None:
    with app.app_context():
        a_text("port", kind=Kind.CYCLE, title="Le port", summary="Cinq modules.")
        a_text("chaine", kind=Kind.MODULE, cycle="port", title="La chaîne", on="2026-03-01", body="Un conteneur.")
        a_text(
            "note", cycle="port", title="Note de quai", on="2026-05-01", authors=["Ada", "Bob"], body="Un conteneur."
        )
        a_text("guide", title="Guide", type="guide", on="2026-04-01", body="Deux conteneurs.", topics=["mer"])
        a_text(
            "visite", kind=Kind.SESSION, cycle="port", title="Visite", summary="À quai.", on="2026-04-15", slug="visite"
        )
    indexed()


@pytest.mark.each_database
def test_a_cycle_tells_its_sessions_and_its_texts_newest_first(texts, client: FlaskClient):
    feed = _feed(client, "/cycles/port.atom")
    assert [entry.title for entry in feed.entries] == ["Note de quai", "Session\u00a0: Visite", "La chaîne"]
    assert (feed.feed.title, feed.feed.subtitle) == ("Académie One Provence\u00a0: Le port", "Cinq modules.")
    assert feed.feed.links[0].href == f"{HOST}/cycles/port/"
    note, visit, _ = feed.entries
    assert (note.id, [author.name for author in note.authors]) == (f"{HOST}/d/note", ["Ada", "Bob"])
    assert visit.summary.startswith("Jeudi 4\u00a0février\u00a02027, de 18\u00a0h à 20\u00a0h.")
    assert visit.summary.endswith("À quai.")
    assert visit.id == f"{HOST}/d/visite"


def test_the_feed_of_a_cycle_in_english(texts, client: FlaskClient):
    feed = _feed(client, "/en/cycles/port.atom")
    assert feed.feed.title == "One Provence Academy: Le port"
    assert feed.entries[1].title == "Session: Visite"
    assert feed.entries[1].summary.startswith("Thursday 4\u00a0February\u00a02027")


def test_a_session_called_off_or_without_a_date_says_so(app: Flask, client: FlaskClient):
    with app.app_context():
        a_session(title="Perdue", status=SessionStatus.CANCELLED)
        a_session(title="Un jour", starts_in=None)
        a_session(title="Essai", is_example=True)
    entries = _feed(client, "/cycles/economie-bleue.atom").entries
    assert {entry.title for entry in entries} == {
        "Session annulée\u00a0: Perdue",
        "Session\u00a0: Un jour",
        "Session\u00a0: Exemple\u00a0: Essai",
    }
    assert [entry.summary for entry in entries if "Un jour" in entry.title] == ["Date à fixer. Résumé de Un jour"]


@pytest.mark.each_database
@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("q=conteneur", ["Note de quai", "Guide", "La chaîne"]),
        ("cycle=port&type=note&type=module", ["Note de quai", "La chaîne"]),
        ("q=conteneur&theme=mer", ["Guide"]),
        ("type=session", ["Visite"]),
        ("q=zzzz&exact=1", []),
        ("annee=1999", []),
    ],
)
def test_any_search_is_a_feed_of_what_its_page_finds_newest_first(
    texts, client: FlaskClient, question: str, found: list[str]
):
    assert _titles(client, f"/ressources/flux.atom?{question}") == found
    page = client.get(f"/ressources/?{question}").text
    assert page.count('<article class="hit"') == len(found)
    link = f"/ressources/flux.atom?{question.replace('&', '&amp;')}"
    assert page.count(f'href="{link}"') == 2  # in the head, and below what was found


def test_order_and_noise_are_left_out_of_the_address_of_a_feed(texts, client: FlaskClient):
    page = client.get("/ressources/?page=2&tri=date&q=conteneur&utm_source=x").text
    assert page.count('href="/ressources/flux.atom?q=conteneur"') == 2
    noisy = feedparser.parse(client.get("/ressources/flux.atom?tri=date&q=conteneur&utm_source=x").data)
    assert (noisy.feed.id, len(noisy.entries)) == (f"{HOST}/ressources/flux.atom?q=conteneur", 3)


def test_the_feed_of_a_search_says_what_was_asked(texts, client: FlaskClient):
    feed = _feed(client, "/ressources/flux.atom?q=conteneur&cycle=port&type=note").feed
    assert feed.title == "Académie One Provence\u00a0: «\u202fconteneur\u202f», Le port, Note"
    assert feed.links[0].href == f"{HOST}/ressources/?q=conteneur&cycle=port&type=note"


@pytest.mark.parametrize(
    "question", ["q=%00", "q=%3Cscript%3E%22", "q=" + "x" * 5000, "theme=%0B%1F", "annee=x", "q=%F0%9F%92%A5"]
)
def test_a_hostile_question_gives_a_feed_all_the_same(texts, client: FlaskClient, question: str):
    answer = client.get(f"/ressources/flux.atom?{question}")
    assert answer.status_code == 200
    assert not feedparser.parse(answer.data).bozo


def test_an_unchanged_feed_is_a_304_and_a_changed_one_is_not(app: Flask, texts, client: FlaskClient, indexed):
    paths = ("/cycles/port.atom", "/ressources/flux.atom?q=conteneur")
    etags = {path: client.get(path).headers["ETag"] for path in paths}
    for path, etag in etags.items():
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304, path
    with app.app_context():
        a_text("neuf", kind=Kind.MODULE, cycle="port", title="Neuf", on="2026-06-01", body="Un conteneur neuf.")
    indexed()
    for path, etag in etags.items():
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 200, path
        assert _titles(client, path)[0] == "Neuf"


def test_feeds_take_as_many_queries_for_one_row_as_for_three(app: Flask, queries_of, indexed):
    counts = []
    for number in range(3):
        with app.app_context():
            a_session(cycle="port", starts_in=timedelta(days=number + 1))
            a_text(f"n{number}", cycle="port")
        indexed()
        counts.append([queries_of(path) for path in ("/cycles/port.atom", "/ressources/flux.atom?q=titre")])
    assert counts[0] == counts[2]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # one count for the whole process
def test_the_feed_of_a_search_is_limited_like_the_search(app: Flask, client: FlaskClient):
    limiter.enabled = True
    try:
        with time_machine.travel("2030-01-01", tick=False):
            codes = [client.get(f"/ressources/flux.atom?q=x{number}").status_code for number in range(241)]
    finally:
        limiter.enabled = False
    assert codes == [200] * 240 + [429]


@pytest.mark.each_database
@pytest.mark.parametrize("question", ["", "q=conteneur", "type=note"])
def test_a_long_feed_comes_in_pages_that_name_each_other(
    app: Flask, client: FlaskClient, indexed, monkeypatch, question: str
):
    monkeypatch.setattr("academy.web.feeds.LATEST", 2)
    with app.app_context():
        for n in range(5):
            a_text(f"n{n}", title=f"Note {n}", on=f"2026-05-0{n + 1}", body="Un conteneur.")
    indexed()
    path, seen = f"/ressources/flux.atom{'?' if question else ''}{question}", []
    first = f"{HOST}{path}"
    while path:
        answer = client.get(path)
        feed = feedparser.parse(answer.data)
        assert (feed.feed.id, not feed.bozo) == (first, True)
        links = {link.rel: link.href for link in feed.feed.links}
        assert links["self"] == f"{HOST}{path}"
        assert ("previous" in links) == bool(seen)
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        seen += [entry.title for entry in feed.entries]
        path = links.get("next", "").removeprefix(HOST)
    assert seen == [f"Note {n}" for n in (4, 3, 2, 1, 0)]
