"""Ask for a resource: a public form that keeps what was typed, and one mail when there is an answer."""

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy import jobs
from academy.domain import wishes
from academy.extensions import db as database, limiter, transaction
from academy.models import AuditEntry, Document, Edition, OutboxMessage, Person, SentMail, Wish
from academy.web import clock
from tests.factories import a_person, a_text, withdrawn
from tests.test_mail import html_of, read, subject_of, text_of

WISH = {"question": "Hydrogène", "text": "Pour une classe.\r\nEn français.", "email": "zoe@example.org"}


def kept(app: Flask) -> list[tuple]:
    with app.app_context():
        return [(row.question, row.text, row.email, row.language) for row in database.session.scalars(select(Wish))]


def test_the_form_holds_what_was_searched_and_sets_no_cookie(client: FlaskClient):
    page = client.get("/demandes/", query_string={"q": '  "><script>x</script>\0 ' + "é" * 300})
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-cache")
    assert "Set-Cookie" not in page.headers
    assert "<script>x" not in page.text
    assert "&gt;&lt;script&gt;x" in page.text


@pytest.mark.each_database
@pytest.mark.parametrize(("side", "language", "thanks"), [("", "fr", "Merci"), ("/en", "en", "Thank you")])
def test_a_wish_is_kept_in_its_language(app: Flask, client: FlaskClient, side: str, language: str, thanks: str):
    answer = client.post(f"{side}/demandes/", data=WISH)
    assert (answer.status_code, answer.location) == (303, f"{side}/demandes/merci")
    assert thanks in client.get(answer.location).text
    assert kept(app) == [("Hydrogène", "Pour une classe.\nEn français.", "zoe@example.org", language)]
    with app.app_context():
        (entry,) = database.session.scalars(select(AuditEntry).where(AuditEntry.action == "wish.make"))
        assert (entry.person_id, entry.detail) == (None, {}), "the journal does not repeat what a visitor wrote"


def test_the_address_is_not_needed(app: Flask, client: FlaskClient):
    assert client.post("/demandes/", data={"question": "Hydrogène"}).status_code == 303
    assert kept(app) == [("Hydrogène", "", "", "fr")]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"question": "  "}, "requis"),
        ({"question": "?!"}, "Écrivez au moins un mot."),
        ({"question": "a\u202eb"}, "caractère invisible"),
        ({"question": "\ufb2c" * 120}, "trop long"),
        ({"question": "x" * 201}, "200"),
        ({"text": "x" * 2001}, "2000"),
        ({"text": "a\0b"}, "caractère invisible"),
        ({"email": "zoe@"}, "nom@structure.fr"),
        ({"email": "zoe@example.org\r\nBcc: all@example.org"}, "nom@structure.fr"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_typed_is_lost(app: Flask, client: FlaskClient, change, message):
    answer = client.post("/demandes/", data=WISH | change)
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    assert message in unescape(answer.text).replace("\u202f", " ").replace("\u00a0", " ")
    typed = [words for name, words in WISH.items() if name not in change]
    assert all(words.splitlines()[0] in unescape(answer.text) for words in typed)
    assert kept(app) == []


def test_another_site_and_a_flood_are_refused(app: Flask, client: FlaskClient):
    assert client.post("/demandes/", data=WISH, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    limiter.enabled = True
    try:
        sent = [client.post("/demandes/", data=WISH).status_code for _ in range(11)]
    finally:
        limiter.enabled = False
        limiter.reset()
    assert (sent[0], sent[-1]) == (303, 429)


def test_who_is_signed_in_needs_not_type_their_address(app: Flask, as_):
    with app.app_context():
        sam = as_(a_person(email="sam@example.org"))
    page = sam.get("/demandes/")
    assert 'value="sam@example.org"' in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_an_empty_answer_leads_to_the_form(client: FlaskClient):
    page = client.get("/ressources/?q=hydrogène")
    assert re.search(r'href="/demandes/\?q=hydrog%C3%A8ne"', page.text)


@pytest.fixture
def closed(app: Flask):
    """`closed("fr")`: a wish answered with a text called « Le *port* »; the id of its edition."""

    def make(language: str = "fr", **wish: str) -> int:
        edition = a_text("port", title="Le <port>")
        with transaction() as session:
            given = {"question": "Escale <b>", "text": "", "email": "zoe@example.org"} | wish
            made = wishes.make(**given, language=language, by=None, now=clock.now())
            session.flush()
            document = session.get_one(Document, session.get_one(Edition, edition).document_id)
            by = session.get_one(Person, a_person_id)
            wishes.close(made, document, by=by, now=clock.now())
        return edition

    with app.app_context():
        a_person_id = a_person()
    return make


def mails(app: Flask) -> list:
    jobs.drain()
    return [read(path) for path in sorted(Path(app.config["MAIL_FILE_PATH"]).glob("*.eml"))]


@pytest.mark.parametrize(
    ("language", "subject", "link"),
    [
        ("fr", "Une ressource répond à votre demande", "http://localhost/d/port"),
        ("en", "A resource answers your request", "http://localhost/en/d/port"),
    ],
)
def test_the_person_is_told_once_in_their_language(app: Flask, db, closed, language: str, subject: str, link: str):
    closed(language)
    (sent,) = mails(app)
    assert (sent["To"], subject_of(sent), sent["Content-Language"]) == ("zoe@example.org", subject, language)
    assert all(link in body for body in (text_of(sent), html_of(sent)))
    assert "Escale <b>" in text_of(sent)
    assert "Escale &lt;b&gt;" in html_of(sent)
    assert "<port>" not in html_of(sent)
    assert len(mails(app)) == 1
    assert db.session.scalars(select(OutboxMessage.payload)).all() == [{}] * 2  # the text's and ours


def test_a_text_withdrawn_meanwhile_is_not_announced(app: Flask, db, closed):
    withdrawn(closed())
    assert mails(app) == []
    assert db.session.scalars(select(SentMail)).all() == []
