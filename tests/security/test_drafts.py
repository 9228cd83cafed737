"""The canary: what is not published, or not any more, or not for visitors, shows nowhere."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.domain import publishing
from academy.extensions import db, transaction
from academy.models import Audience, CycleSession, Document, Edition, Kind
from academy.web import clock
from tests.factories import a_source, a_text, a_topic, withdrawn
from tests.kept import once

WORD = "quetzalcoatl"
KINDS = [Kind.MODULE, Kind.RESOURCE, Kind.SESSION, Kind.PAGE, Kind.CYCLE]


def _place(kind: Kind, **values: object) -> int:
    """A text of this kind whose every word, id and address is the canary."""
    cycle = "port" if kind in {Kind.MODULE, Kind.SESSION} else ""
    body = f"## Le {WORD}\n\nVoici le {WORD}.\n"
    title = f"Titre {WORD}"
    topics = {} if kind == Kind.PAGE else {"topics": ["port"]}
    return a_text(WORD, kind=kind, cycle=cycle, title=title, summary=f"Résumé {WORD}.", body=body, **topics, **values)


def _published(kind: Kind) -> int:
    return _place(kind)


def _draft(kind: Kind) -> int:
    return _place(kind, is_published=False)


def _withdrawn(kind: Kind) -> int:
    edition_id = _place(kind)
    withdrawn(edition_id)
    return edition_id


def _for_members(kind: Kind) -> int:
    edition_id = _place(kind)
    with transaction() as session:
        session.get_one(Edition, edition_id).document.audience = Audience.MEMBERS
    return edition_id


def _edited_since(kind: Kind) -> int:
    """Published without the canary, which is only in the draft on top."""
    cycle = "port" if kind in {Kind.MODULE, Kind.SESSION} else ""
    edition_id = a_text("calme", kind=kind, cycle=cycle, title="Rien de neuf")
    source = a_source("calme", kind, title=WORD, summary=WORD, body=WORD, is_published=True)
    with transaction() as session:
        edition = session.get_one(Edition, edition_id)
        publishing.save_draft(edition, source, base_id=edition.head_id, by=None, now=clock.now())
    return edition_id


def _addresses(app: Flask, edition_id: int) -> list[str]:
    """Every place where a visitor could meet the text, on both sides of the site."""
    with app.app_context():
        document = db.session.get_one(Document, db.session.get_one(Edition, edition_id).document_id)
        session_id = db.session.scalar(select(CycleSession.id).where(CycleSession.document_id == document.id)) or 0
        number, slug, key = document.id, document.slug, document.key
    own = [
        f"/d/{key}",
        f"/{slug}/",
        f"/cycles/{slug}/",
        f"/cycles/port/{slug}/",
        f"/cycles/{slug}.atom",
        f"/cycles/{slug}.ics",
        f"/sessions/{session_id}-{slug}/",
        f"/sessions/{session_id}-{slug}.ics",
        f"/ressources/{number}-{slug}/",
        f"/ressources/{number}-{slug}/source.md",
        f"/art/cover-{slug}.svg",
    ]
    shared = [
        "/",
        "/cycles/",
        "/cycles/port/",
        "/cycles/port/voisin/",
        "/sessions/",
        "/ressources/",
        f"/ressources/?q={WORD}",
        f"/ressources/?q={WORD[:6]}*",
        f'/ressources/?q="{WORD}"',
        "/ressources/?q=titre",
        "/ressources/?theme=port&tri=date",
        f"/ressources/suggestions?q={WORD[:4]}",
        "/ressources/suggestions?q=titre",
        "/cycles/port.atom",
        "/cycles/port.ics",
        "/sessions/agenda.ics",
        "/ressources/flux.atom",
        f"/ressources/flux.atom?q={WORD}",
        "/ressources/flux.atom?theme=port",
        f"/api/v1/search?q={WORD}",
        "/api/v1/search?limit=100",
        "/sitemap.xml",
        "/sitemap-0.xml",
    ]
    return [f"{side}{path}" for path in [*own, *shared] for side in ("", "/en")]


def _seen(client: FlaskClient, addresses: list[str]) -> set[str]:
    """The addresses whose answer holds the canary beyond an echo of the question."""
    found = set()
    for address in addresses:
        answer = client.get(address)
        unfolded = answer.text.replace("\r\n ", "")  # a long line of a calendar
        text = f"{unfolded}\n{answer.location or ''}".lower().replace(address.lower(), "")
        echoed = text if "?q=" not in address else _without_echo(text, address)
        if answer.status_code < 400 and WORD in echoed:
            found.add(address)
    return found


def _without_echo(text: str, address: str) -> str:
    """Only what was found: the hits and facets of a page, the entries of a feed, the whole of an answer in JSON."""
    if "/api/" in address:
        body = json.loads(text)
        return json.dumps({**body, "query": ""})
    if "suggestions" in address:
        return text
    hits = text.split("<entry>" if ".atom" in address else '<article class="hit"')[1:]
    return " ".join(hits)


@pytest.fixture
@once
def around(app: Flask) -> None:
    """What surrounds the canary: a cycle with a module that would name it as a neighbour."""
    with app.app_context():
        a_topic("port")
        a_text("port", kind=Kind.CYCLE, title="Le port")
        a_text("voisin", kind=Kind.MODULE, cycle="port", title="Voisin")


@pytest.mark.parametrize("hide", [_draft, _withdrawn, _for_members, _edited_since])
@pytest.mark.parametrize("kind", KINDS)
def test_the_hidden_word_is_on_no_surface(
    app: Flask, client: FlaskClient, indexed, around, kind: Kind, hide: Callable[[Kind], int]
):
    with app.app_context():
        edition_id = hide(kind)
    indexed()
    assert _seen(client, _addresses(app, edition_id)) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_the_canary_would_be_seen(app: Flask, client: FlaskClient, indexed, around, kind: Kind):
    """Otherwise the test above proves nothing."""
    with app.app_context():
        edition_id = _published(kind)
    indexed()
    seen = {address for address in _seen(client, _addresses(app, edition_id)) if not address.startswith("/en")}
    always = {f"/d/{WORD}", "/sitemap.xml", "/sitemap-0.xml"}
    found = {f"/ressources/flux.atom?q={WORD}", "/ressources/flux.atom?theme=port"}
    found |= {f"/ressources/?q={WORD}", f"/api/v1/search?q={WORD}", "/api/v1/search?limit=100", "/ressources/?q=titre"}
    expected = {
        Kind.PAGE: {f"/{WORD}/"},
        Kind.CYCLE: {"/", "/cycles/", f"/cycles/{WORD}/", f"/cycles/{WORD}.atom", f"/cycles/{WORD}.ics"} | found,
        Kind.MODULE: {"/cycles/port/", f"/cycles/port/{WORD}/", "/cycles/port/voisin/", "/ressources/flux.atom"}
        | {"/cycles/port.atom"}
        | found,
        Kind.RESOURCE: {"/", "/ressources/flux.atom"} | found,
        Kind.SESSION: {"/", "/sessions/", "/cycles/port/", "/cycles/port.atom", "/cycles/port.ics"}
        | {"/sessions/agenda.ics"}
        | found,
    }
    assert expected[kind] | always <= seen


@pytest.mark.parametrize("kind", KINDS)
def test_a_withdrawal_shows_at_once_before_any_index_follows(
    app: Flask, client: FlaskClient, indexed, around, kind: Kind
):
    """The page cache and the index still hold what was public a moment ago."""
    with app.app_context():
        edition_id = _published(kind)
    indexed()
    addresses = [a for a in _addresses(app, edition_id) if "suggestions" not in a]
    assert _seen(client, addresses) != set()
    with app.app_context():
        withdrawn(edition_id)
    assert _seen(client, addresses) == set()


def test_the_word_of_a_withdrawn_text_is_not_suggested_once_the_index_followed(app: Flask, client, indexed, around):
    with app.app_context():
        edition_id = _published(Kind.RESOURCE)
    indexed()
    address = f"/ressources/suggestions?q={WORD[:4]}"
    assert WORD in client.get(address).text.lower()
    with app.app_context():
        withdrawn(edition_id)
    indexed()
    assert WORD not in client.get(address).text.lower()
    assert client.get(f"/api/v1/search?q={WORD[:-1]}x").get_json()["suggestion"] is None


def test_facets_of_hidden_texts_are_not_counted(app: Flask, client: FlaskClient, indexed, around):
    with app.app_context():
        a_topic(WORD)
        a_text("a", topics=[WORD], is_published=False, type="kit")
    indexed()
    assert WORD not in client.get("/ressources/").text
    assert WORD not in json.dumps(client.get("/api/v1/search").get_json()["facets"])
    assert "kit" not in json.dumps(client.get("/api/v1/search").get_json()["facets"])
