"""Whole anonymous pages from memory: the same as Flask's, never stale, never somebody's own."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from academy import create_app
from academy.domain import enrolment
from academy.extensions import transaction
from academy.models import CycleSession, Kind, Person
from academy.web import clock
from tests.conftest import settings_for
from tests.factories import a_document, a_person, a_session, a_text, withdrawn

LISTS = [
    "/",
    "/cycles/",
    "/sessions/",
    "/ressources/",
    "/ressources/?q=port&theme=port",
    "/ressources/suggestions?q=po",
]
CALENDARS = ["/cycles/port.ics", "/sessions/agenda.ics"]
MACHINES = [
    *CALENDARS,
    "/cycles/port.atom",
    "/ressources/flux.atom",
    "/ressources/flux.atom?q=port",
    "/api/v1/search?q=port",
    "/sitemap.xml",
    "/sitemap-0.xml",
    "/robots.txt",
]
TEXTS = ["/cycles/port/", "/cycles/port/chaine/", "/charte/"]
DRAWINGS = ["/art/chart.svg", "/art/cover-port.svg"]
PERSONAL_HEADERS = {"Set-Cookie", "Expires", "Pragma"}


@pytest.fixture
def site(app: Flask, indexed) -> list[str]:
    """One text of each kind; the addresses of all public pages."""
    with app.app_context():
        a_text("port", kind=Kind.CYCLE, title="Le port")
        a_text("chaine", kind=Kind.MODULE, cycle="port")
        note = a_text("note", cycle="port")
        a_text("charte", kind=Kind.PAGE)
        a_text("visite", kind=Kind.SESSION, cycle="port", starts_at="2031-02-04 18:00", ends_at="2031-02-04 20:00")
    indexed()
    client = app.test_client()
    resource = client.get("/d/note").location
    session = client.get("/d/visite").location
    assert note
    return [*LISTS, *MACHINES, *TEXTS, resource, f"{resource}source.md", session]


def _both_sides(paths: list[str]) -> list[str]:
    return [f"{side}{path}" for path in paths for side in ("", "/en")]


def test_every_public_page_is_the_same_for_everybody_and_may_be_kept(site, client: FlaskClient):
    for path in _both_sides(site):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache"), path
        assert answer.headers["Vary"] == "Accept-Encoding", path
        assert re.fullmatch(r'W/"[0-9a-f]{18}-(fr|en)"', answer.headers["ETag"]), path
        assert PERSONAL_HEADERS.isdisjoint(answer.headers.keys()), path
        assert "csrf" not in answer.text, path


def test_a_kept_page_is_the_page_that_flask_makes(site, app: Flask, client: FlaskClient, monkeypatch):
    made = {path: client.get(path) for path in _both_sides(site)}
    monkeypatch.setattr(app, "full_dispatch_request", lambda: pytest.fail("asked Flask for a page that was kept"))
    for path, first in made.items():
        second = client.get(path)
        assert second.data == first.data, path
        assert dict(second.headers) == dict(first.headers), path


def test_without_a_cache_the_pages_are_the_same(
    site, app: Flask, client: FlaskClient, tmp_path: Path, database_url: str
):
    settings = settings_for(tmp_path, database_url=database_url, page_cache_mb=0)
    bare = create_app(settings)
    bare.config["TESTING"] = True
    uncached = bare.test_client()
    for path in _both_sides(site):
        mine, theirs = client.get(path), uncached.get(path)
        assert theirs.data == mine.data, path
        assert theirs.headers["ETag"] == mine.headers["ETag"], path
        assert uncached.get(path, headers={"If-None-Match": theirs.headers["ETag"]}).status_code == 304, path
    with bare.app_context():
        from academy.extensions import db

        db.engine.dispose()


def test_an_unchanged_page_is_a_304_without_a_body(site, client: FlaskClient):
    for path in _both_sides(site):
        etag = client.get(path).headers["ETag"]
        for given in (etag, etag.removeprefix("W/"), f'"other", {etag}'):
            answer = client.get(path, headers={"If-None-Match": given})
            assert (answer.status_code, answer.data) == (304, b""), path
            assert answer.headers["ETag"] == etag
            assert "Content-Type" not in answer.headers
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_each_side_has_its_own_page(site, client: FlaskClient):
    french, english = client.get("/cycles/port/"), client.get("/en/cycles/port/")
    assert '<html lang="fr">' in french.text
    assert '<html lang="en">' in english.text
    assert french.headers["ETag"] != english.headers["ETag"]
    assert client.get("/cycles/port/").data == french.data


@pytest.mark.parametrize("path", ["/", "/cycles/port/", "/api/v1/search", "/nothing-here/", "/assets/site-x.css"])
def test_head_is_get_without_the_body_kept_or_not(site, client: FlaskClient, path: str):
    for _ in range(2):
        head = client.head(path, buffered=True)
        get = client.get(path)
        assert head.data == b""
        assert (head.status_code, head.headers["Content-Length"]) == (get.status_code, str(len(get.data)))
        assert head.headers.get("ETag") == get.headers.get("ETag")


def test_a_head_that_makes_the_page_sends_no_body_either(site, app: Flask):
    """Straight at the WSGI door: test clients and servers may hide a body."""
    started = []
    environ = app.test_request_context("/cycles/", method="HEAD").request.environ
    body = b"".join(app.wsgi_app(dict(environ), lambda status, headers: started.append(status)))
    assert (started, body) == (["200 OK"], b"")


def test_gzip_is_sent_to_those_who_take_it(site, client: FlaskClient):
    for path in ("/", "/ressources/flux.atom"):
        plain = client.get(path)
        zipped = client.get(path, headers={"Accept-Encoding": "br, gzip"})
        assert "Content-Encoding" not in plain.headers
        assert zipped.headers["Content-Encoding"] == "gzip"
        assert int(zipped.headers["Content-Length"]) == len(zipped.data) < len(plain.data)
        assert gzip.decompress(zipped.data) == plain.data
        assert zipped.headers["ETag"] == plain.headers["ETag"]


def test_what_never_changes_is_kept_for_a_year_and_zipped_even_for_who_is_signed_in(site, app: Flask, client, as_):
    with app.app_context():
        member = as_(a_person())
    css = re.search(r'href="(/assets/site-[0-9a-f]{12}\.css)"', client.get("/").text)
    assert css is not None
    for path in (css[1], *DRAWINGS):
        for browser in (client, member):
            answer = browser.get(path, headers={"Accept-Encoding": "gzip"})
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable", path
            assert answer.headers["Content-Encoding"] == "gzip", path
            assert "Set-Cookie" not in answer.headers


def test_a_publication_and_a_withdrawal_show_at_once(site, app: Flask, client: FlaskClient):
    before = client.get("/cycles/port/")
    with app.app_context():
        edition_id = a_text("neuf", kind=Kind.MODULE, cycle="port", title="Tout neuf")
    shown = client.get("/cycles/port/", headers={"If-None-Match": before.headers["ETag"]})
    assert (shown.status_code, "Tout neuf" in shown.text) == (200, True)
    with app.app_context():
        withdrawn(edition_id)
    assert "Tout neuf" not in client.get("/cycles/port/").text


def test_an_enrolment_shows_at_once(app: Flask, client: FlaskClient):
    with app.app_context():
        session_id, person_id = a_session(capacity=3, slug="visite"), a_person()
    path = f"/sessions/{session_id}-visite/"
    assert "3 places libres" in client.get(path).text
    with app.app_context(), transaction() as session:
        person, row = session.get_one(Person, person_id), session.get_one(CycleSession, session_id)
        enrolment.enrol(person, row, now=clock.now())
    assert "2 places libres" in client.get(path).text
    assert "2 places libres" in client.get("/").text


@pytest.mark.each_database
def test_the_clock_alone_renews_pages_when_a_session_opens_closes_or_ends(app: Flask, client: FlaskClient):
    now = clock.now().replace(microsecond=0)
    with app.app_context():
        a_session(
            title="Visite",
            starts_in=timedelta(days=10),
            opens_at=now + timedelta(days=1),
            closes_at=now + timedelta(days=8),
        )
    seen = []
    for days in (0, 2, 6, 9, 11):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            app.extensions["content_version"].expire()
            seen.append(re.search(r'class="state state--(\w+)"', client.get("/sessions/").text))
    assert [match[1] for match in seen if match] == ["not_yet_open", "open", "closing_soon", "closed", "ended"]


def test_who_is_signed_in_is_served_by_flask_and_nothing_of_it_is_kept(site, app: Flask, client: FlaskClient, as_):
    with app.app_context():
        member = as_(a_person("Ada Lovelace"))
    for path in ("/", "/cycles/port/"):
        mine = member.get(path)
        assert mine.headers["Cache-Control"] == "no-store"
        assert "ETag" not in mine.headers
        assert "Mon espace" in mine.text
        assert "Mon espace" not in client.get(path).text
        assert member.get(path, headers={"If-None-Match": client.get(path).headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("name", ["academy_session", "academy_sign_in"])
def test_a_forged_cookie_gets_a_page_of_its_own_that_is_not_kept(site, app: Flask, client: FlaskClient, name: str):
    public = client.get("/").data
    forger = app.test_client()
    forger.set_cookie(name, "forged", domain="localhost")
    assert forger.get("/").headers["Cache-Control"] == "no-store"
    assert client.get("/").data == public


def test_a_cookie_of_somebody_else_changes_nothing(site, app: Flask, client: FlaskClient):
    etag = client.get("/").headers["ETag"]
    other = app.test_client()
    other.set_cookie("theme", "dark", domain="localhost")
    assert other.get("/").headers["ETag"] == etag


def test_errors_and_redirects_are_never_kept(site, client: FlaskClient):
    for path, status in (("/nothing/", 404), ("/cycles", 308), ("/d/note", 302), ("/moi/", 302)):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store"), path
        assert "ETag" not in answer.headers


def test_questions_do_not_share_an_answer(site, client: FlaskClient):
    assert client.get("/ressources/?q=port").data != client.get("/ressources/?q=zzz").data
    assert client.get("/?x=1").status_code == 200


@pytest.mark.each_database
def test_the_cache_stays_within_its_memory(app: Flask, client: FlaskClient):
    cache = app.wsgi_app.app  # inside the language prefix
    cache.limit = 200_000
    for n in range(60):
        client.get(f"/ressources/?q=question-{n}")
    assert 0 < len(cache.pages) < 60
    assert cache.size == sum(len(p.body) + len(p.zipped) + 1000 for p in cache.pages.values()) <= 200_000


def test_pages_of_an_older_version_are_let_go(app: Flask, client: FlaskClient):
    cache = app.wsgi_app.app
    client.get("/")
    with app.app_context():
        a_text("neuf")
    client.get("/cycles/")
    assert [key[1] for key in cache.pages] == ["/cycles/"]


def test_what_the_rate_limit_said_to_one_visitor_is_not_told_to_the_next(app: Flask, client: FlaskClient):
    from academy.extensions import limiter

    limiter.enabled = True
    try:
        client.get("/ressources/suggestions?q=zz")
        kept = client.get("/ressources/suggestions?q=zz")
    finally:
        limiter.enabled = False
    assert not [name for name, _ in kept.headers if name.startswith("X-RateLimit") or name == "Retry-After"]


def test_without_a_database_kept_pages_are_not_trusted_and_errors_help(app: Flask, client: FlaskClient, monkeypatch):
    from sqlalchemy.exc import OperationalError

    client.get("/")

    def away(*_):
        raise OperationalError("", {}, Exception("away"))

    monkeypatch.setattr("academy.web.version.ContentVersion._read", away)
    monkeypatch.setattr("academy.blueprints.home.queries.cycle_cards", away)
    app.extensions["content_version"].expire()
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "L’Académie est à quai" in answer.text


def test_a_document_seen_by_members_only_is_not_in_a_kept_page(app: Flask, client: FlaskClient, as_):
    from academy.models import Audience

    with app.app_context():
        a_document(title="Réservée", audience=Audience.MEMBERS)
        member = as_(a_person())
    assert "Réservée" in member.get("/").text
    assert "Réservée" not in client.get("/").text
