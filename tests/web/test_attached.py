"""The files of a text as readers meet them: listed, sent whole or in part, read as a page, found by the search."""

import hashlib

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.domain import attachments, preparing, publishing
from academy.extensions import db, transaction
from academy.files.kinds import KINDS
from academy.files.store import PART, store
from academy.models import Attachment, Audience, Cycle, Document, Edition, Kind, Role
from academy.web import clock
from academy.web.attached import SEALED
from academy.web.attached_words import place_label, size_label
from tests.factories import a_cycle, a_person, a_text
from tests.files import made
from tests.files.test_kinds import RIGHT
from tests.kept import once

TWELVE = made.deck(*["Rien"] * 11, "Le palangrier rentre")


def attach(edition_id: int, name: str, data: bytes) -> None:
    file = attachments.prepare(name, data)
    with transaction() as session:
        document = session.get_one(Edition, edition_id).document
        attachments.attach(document, file, by=None, now=clock.now())


@pytest.fixture
@once
def note(app: Flask) -> str:
    """The address of a resource with a deck of twelve slides, captions, a PDF and a table."""
    with app.app_context():
        edition = a_text("note", title="Une note", licence="cc-by-4.0")
        attach(edition, "deck.pptx", TWELVE)
        attach(edition, "film.fr.vtt", made.captions())
        attach(edition, "plan.pdf", made.pdf("Un quai.", "Une écluse."))
        attach(edition, "table.csv", b"a;b\n")
        return f"/ressources/{db.session.get_one(Edition, edition).document_id}-note/"


def hits(client: FlaskClient, q: str, **where: str) -> list[dict]:
    return client.get("/api/v1/search", query_string={"q": q, **where}).get_json()["hits"]


# --- listed --------------------------------------------------------------------------------------------------------


def test_the_page_of_a_text_lists_its_files(client: FlaskClient, note: str):
    page = client.get(note).text
    for name in ("deck.pptx", "film.fr.vtt", "plan.pdf", "table.csv"):
        assert f'href="{note}fichiers/{name}"' in page
    assert f'href="{note}fichiers/deck.pptx/texte"' in page
    assert f'href="{note}fichiers/table.csv/texte"' not in page
    assert page.count(" download>") == 3  # a PDF opens


def test_a_text_without_files_has_no_section_for_them(app: Flask, client: FlaskClient):
    with app.app_context():
        edition = db.session.get_one(Edition, a_text("nue"))
        path = f"/ressources/{edition.document_id}-nue/"
    assert 'id="fichiers"' not in client.get(path).text


def test_a_module_has_files_too(app: Flask, client: FlaskClient):
    with app.app_context():
        a_cycle("port")
        attach(a_text("escale", kind=Kind.MODULE, cycle="port", slug="escale"), "deck.pptx", made.deck("Un"))
    base = "/cycles/port/escale/"
    assert f'href="{base}fichiers/deck.pptx"' in client.get(base).text
    assert client.get(f"{base}fichiers/deck.pptx").status_code == 200
    page = client.get(f"{base}fichiers/deck.pptx/texte").text
    assert 'id="slide-1"' in page
    assert f'<a href="{base}">' in page


def test_a_new_file_shows_at_once_in_what_was_kept(app: Flask, client: FlaskClient, note: str):
    client.get(note)
    with app.app_context():
        attach(db.session.scalars(select(Edition.id)).one(), "neuf.csv", b"a")
    assert "neuf.csv" in client.get(note).text


@pytest.mark.parametrize(
    ("size", "french", "english"),
    [
        (1, "1 octets", "1 bytes"),
        (340_000, "340 ko", "340 kB"),
        (1_240_000, "1,2 Mo", "1.2 MB"),
        (24_900_000, "25 Mo", "25 MB"),
    ],
)
def test_sizes_are_in_the_units_of_the_reader(app: Flask, size: int, french: str, english: str):
    with app.test_request_context():
        assert size_label(size).replace("\u00a0", " ") == french
    with app.test_request_context(environ_overrides={"academy.language": "en"}):
        assert size_label(size).replace("\u00a0", " ") == english


# --- sent ----------------------------------------------------------------------------------------------------------


def test_a_file_is_sent_sealed(client: FlaskClient, note: str):
    answer = client.get(f"{note}fichiers/deck.pptx")
    assert answer.data == TWELVE
    assert answer.headers["Content-Disposition"] == 'attachment; filename="deck.pptx"'
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["ETag"] == f'"{hashlib.sha256(TWELVE).hexdigest()}"'
    assert answer.headers["Content-Length"] == str(len(TWELVE))
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in answer.headers


PICTURES = {
    f"a.{it}": made.photo(30, 20, form=form) for it, form in (("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP"))
}
HIDDEN = {"a.csv": b"<script>alert(1)</script>", "a.vtt": b"WEBVTT\n\n<script>alert(1)</script>\n"}
OPENED = {"a.pdf", *PICTURES}  # by the browser itself; all else is a download


@pytest.mark.parametrize("name", RIGHT)
def test_each_kind_is_sent_sealed_as_what_it_is(app: Flask, client: FlaskClient, name: str):
    with app.app_context():
        number = a_text("note", slug="note")
        attach(number, name, {**RIGHT, **PICTURES, **HIDDEN}[name])
        path = f"/ressources/{db.session.get_one(Edition, number).document_id}-note/fichiers/{name}"
    answer = client.get(path)
    assert answer.mimetype == KINDS[name[2:]].media_type
    assert answer.headers["Content-Disposition"] == f'{"inline" if name in OPENED else "attachment"}; filename="{name}"'
    assert answer.headers["Content-Security-Policy"] == SEALED
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_hides_behind_a_picture_is_not_sent(app: Flask, client: FlaskClient):
    with app.app_context():
        number = a_text("note", slug="note")
        attach(number, "a.png", PICTURES["a.png"] + b"<script>alert(1)</script>")
        path = f"/ressources/{db.session.get_one(Edition, number).document_id}-note/fichiers/a.png"
    assert b"<script>" not in client.get(path).data


def test_only_a_pdf_is_opened_by_the_browser(client: FlaskClient, note: str):
    for name, disposition in (("plan.pdf", "inline"), ("film.fr.vtt", "attachment"), ("table.csv", "attachment")):
        answer = client.get(f"{note}fichiers/{name}")
        assert answer.headers["Content-Disposition"] == f'{disposition}; filename="{name}"'
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_whoever_has_it_is_told_so(client: FlaskClient, note: str):
    etag = f'"{hashlib.sha256(TWELVE).hexdigest()}"'
    answer = client.get(f"{note}fichiers/deck.pptx", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.data) == (304, b"")


@pytest.mark.parametrize("cached", [True, False])
def test_a_range_is_sent_alone(client: FlaskClient, as_, note: str, cached: bool, app: Flask):
    with app.app_context():
        browser = client if cached else as_(a_person())
    answer = browser.get(f"{note}fichiers/deck.pptx", headers={"Range": "bytes=10-19"})
    assert (answer.status_code, answer.data) == (206, TWELVE[10:20])
    assert answer.headers["Content-Range"] == f"bytes 10-19/{len(TWELVE)}"
    last = browser.get(f"{note}fichiers/deck.pptx", headers={"Range": "bytes=-5"})
    assert last.data == TWELVE[-5:]
    beyond = browser.get(f"{note}fichiers/deck.pptx", headers={"Range": "bytes=999999999-"})
    assert beyond.status_code == 416


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=10-19"}])
def test_head_says_how_large_it_is(client: FlaskClient, note: str, headers: dict[str, str]):
    answer = client.head(f"{note}fichiers/deck.pptx", headers=headers)
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(TWELVE))


def test_a_large_file_never_stands_in_memory(app: Flask, client: FlaskClient, note: str, monkeypatch):
    data = b"a;" * PART * 2
    with app.app_context():
        attach(db.session.scalars(select(Edition.id)).one(), "grand.csv", data)
    asked: list[int] = []
    read = store.__globals__["Store"].read
    monkeypatch.setattr("academy.files.store.Store.read", lambda *args: asked.append(args[-1]) or read(*args))
    answer = client.get(f"{note}fichiers/grand.csv", buffered=False)
    parts = answer.iter_encoded()
    assert len(next(parts)) == PART
    assert asked == [PART]
    assert sum(len(part) for part in parts) == len(data) - PART
    answer.close()


def test_an_old_address_leads_to_the_new_one(client: FlaskClient, note: str):
    old = note.replace("-note/", "-avant/")
    for rest in ("fichiers/deck.pptx", "fichiers/deck.pptx/texte"):
        answer = client.get(f"{old}{rest}")
        assert (answer.status_code, answer.location) == (301, f"{note}{rest}")


@pytest.mark.parametrize(
    "name",
    ["rien.pdf", "DECK.pptx", "..%2f..%2fsecret_key", "%2e%2e", "deck.pptx%00", "deck.pptx/autre", "table.csv/texte"],
)
def test_what_is_not_there_is_not_found(client: FlaskClient, note: str, name: str):
    assert client.get(f"{note}fichiers/{name}").status_code == 404


def test_lost_bytes_are_a_fault_of_ours(app: Flask, client: FlaskClient, note: str):
    with app.app_context():
        store().delete(hashlib.sha256(TWELVE).hexdigest())
    assert client.get(f"{note}fichiers/deck.pptx").status_code == 503


# --- who may -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", ["fichiers/deck.pptx", "fichiers/deck.pptx/texte"])
def test_a_file_is_for_those_who_may_read_its_text(app: Flask, client: FlaskClient, as_, note: str, rest: str):
    with app.app_context(), transaction() as session:
        session.scalars(select(Document)).one().audience = Audience.MEMBERS
    app.extensions["content_version"].expire()
    with app.app_context():
        member = a_person(role=Role.STAKEHOLDER)
    assert client.get(f"{note}{rest}").status_code == 404
    answer = as_(member).get(f"{note}{rest}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] in {"private, no-cache", "no-store"}


@pytest.mark.parametrize("rest", ["fichiers/deck.pptx", "fichiers/deck.pptx/texte"])
def test_a_file_is_there_only_while_its_text_is_published(
    app: Flask, client: FlaskClient, indexed, note: str, rest: str
):
    indexed()
    assert client.get(f"{note}{rest}").status_code == 200
    assert len(hits(client, "palangrier")) == 1
    with app.app_context(), transaction() as session:
        edition = session.scalars(select(Edition)).one()
        publishing.withdraw(edition, base_id=edition.head_id, by=None, now=clock.now())
    assert client.get(f"{note}{rest}").status_code == 410
    assert hits(client, "palangrier") == []


def test_words_for_members_are_found_by_members_alone(app: Flask, client: FlaskClient, as_, indexed):
    with app.app_context():
        attach(a_text("note", audience="members"), "deck.pptx", TWELVE)
        member = a_person(role=Role.STAKEHOLDER)
    indexed()
    assert hits(client, "palangrier") == []
    assert "deck.pptx" not in client.get("/ressources/?q=palangrier").text
    assert "fichiers/deck.pptx/texte#slide-12" in as_(member).get("/ressources/?q=palangrier").text
    assert client.get("/ressources/suggestions?q=palang").get_json() == []


# --- read as a page ------------------------------------------------------------------------------------------------


def test_the_words_of_a_deck_are_a_page_with_an_anchor_for_each_slide(client: FlaskClient, note: str):
    page = client.get(f"{note}fichiers/deck.pptx/texte").text
    assert page.count('id="slide-') == 12
    assert "Le palangrier rentre" in page
    assert f'href="{note}fichiers/deck.pptx"' in page
    assert page.count("<h1") == 1


def test_captions_are_a_transcript_with_times(client: FlaskClient, note: str):
    page = client.get(f"{note}fichiers/film.fr.vtt/texte").text
    assert 'id="t-00-00-01"' in page
    assert "0:01" in page


def test_the_pages_of_a_pdf_lead_into_the_file(client: FlaskClient, note: str):
    page = client.get(f"{note}fichiers/plan.pdf/texte").text
    assert f'href="{note}fichiers/plan.pdf#page=2"' in page


def test_words_in_another_language_than_the_page_say_so(client: FlaskClient, note: str):
    assert '<p lang="fr">Bonjour' in client.get(f"/en{note}fichiers/film.fr.vtt/texte").text


def test_what_a_file_says_is_never_markup(app: Flask, client: FlaskClient, indexed, note: str):
    hostile = '<script>alert("palangre")</script><img src=x onerror=alert(1)>'
    with app.app_context():
        edition = db.session.scalars(select(Edition.id)).one()
        attach(edition, "hostile.pptx", made.deck(hostile, title=hostile))
        with transaction() as session:
            row = session.scalars(select(Attachment).where(Attachment.name == "hostile.pptx")).one()
            row.passages = [{"anchor": "slide-1", "path": [hostile], "text": hostile}]
    indexed()
    for path in (f"{note}fichiers/hostile.pptx/texte", "/ressources/?q=palangre", note):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    (hit,) = hits(client, "palangre")
    assert "<script" not in hit["passage"]


def test_places_in_words(app: Flask):
    with app.test_request_context():
        assert [
            place_label(it).replace("\u00a0", " ")
            for it in ("page=12", "slide-3", "t-00-12-30", "t-01-02-03", "section-1")
        ] == [
            "Page 12",
            "Diapositive 3",
            "12:30",
            "1:02:03",
            "",
        ]


# --- found ---------------------------------------------------------------------------------------------------------


def test_a_word_of_slide_twelve_leads_to_slide_twelve(client: FlaskClient, indexed, note: str):
    indexed()
    (hit,) = hits(client, "palangrier rentre")
    assert hit["file"].endswith(f"{note}fichiers/deck.pptx/texte#slide-12")
    assert (hit["anchor"], hit["url"].endswith(note)) == ("", True)
    page = client.get("/ressources/?q=palangrier+rentre").text
    assert f'href="{note}fichiers/deck.pptx/texte#slide-12"' in page
    assert "deck.pptx, diapositive 12" in page
    assert "deck.pptx, slide 12" in client.get("/en/ressources/?q=palangrier+rentre").text


def test_a_word_of_a_recording_leads_to_its_time(app: Flask, client: FlaskClient, indexed, note: str):
    with app.app_context():
        attach(db.session.scalars(select(Edition.id)).one(), "long.vtt", made.captions("Une drague. " + "mot " * 145))
    indexed()
    assert hits(client, "drague")[0]["file"].endswith(f"{note}fichiers/long.vtt/texte#t-01-02-03")
    page = client.get("/ressources/?q=drague").text
    assert "long.vtt, 1:02:03" in page


def test_a_word_of_a_pdf_opens_it_at_its_page(client: FlaskClient, indexed, note: str):
    indexed()
    assert hits(client, "écluse")[0]["file"].endswith(f"{note}fichiers/plan.pdf#page=2")
    assert "plan.pdf, p. 2" in client.get("/ressources/?q=ecluse").text.replace("\u00a0", " ")


def test_words_of_the_text_itself_lead_to_the_text(app: Flask, client: FlaskClient, indexed):
    with app.app_context():
        attach(a_text("note", body="## Le quai\n\nUn bollard."), "deck.pptx", TWELVE)
    indexed()
    (hit,) = hits(client, "bollard")
    assert (hit["file"], hit["anchor"]) == (None, "s-le-quai")


def test_a_removed_file_is_found_no_more(app: Flask, client: FlaskClient, indexed, note: str):
    indexed()
    with app.app_context(), transaction() as session:
        row = session.scalars(select(Attachment).where(Attachment.name == "deck.pptx")).one()
        attachments.remove(row, by=None, now=clock.now())
    indexed()
    assert "deck.pptx" not in str(hits(client, "palangrier rentre"))  # the captions speak of it too
    assert client.get(f"{note}fichiers/deck.pptx").status_code == 404


@pytest.mark.each_database
def test_a_file_of_one_language_belongs_to_that_edition(app: Flask, client: FlaskClient, indexed):
    with app.app_context():
        french = a_text("note", title="Une note")
        document_id = db.session.get_one(Edition, french).document_id
        _add_english(document_id)
        attach(french, "deck.fr.pptx", made.deck("Le palangrier"))
        attach(french, "deck.en.pptx", made.deck("The longliner"))
        attach(french, "both.pptx", made.deck("Chalutier trawler"))
    indexed()
    for q, language in (("palangrier", "fr"), ("longliner", "en")):
        assert [hit["language"] for hit in hits(client, q)] == [language]
        assert [hit["language"] for hit in hits(client, q, language="fr" if language == "en" else "en")] == []
    assert [hits(client, "chalutier", language=code)[0]["language"] for code in ("fr", "en")] == ["fr", "en"]


def test_a_file_in_a_language_that_the_text_is_not_in_is_found_all_the_same(app: Flask, client: FlaskClient, indexed):
    with app.app_context():
        attach(a_text("note"), "deck.en.pptx", made.deck("The longliner"))
    indexed()
    assert [hit["language"] for hit in hits(client, "longliner")] == ["fr"]


def _add_english(document_id: int) -> None:
    """Publish an English edition of a text."""
    from tests.factories import a_source

    source = a_source("note", Kind.RESOURCE, title="A note", summary="Summary.", body="Text.", is_published=True)
    prepared = preparing.prepare(source, kind=Kind.RESOURCE, language="en")
    with transaction() as session:
        french = session.scalars(select(Edition).where(Edition.document_id == document_id)).one()
        edition = publishing.create(
            prepared,
            kind=Kind.RESOURCE,
            cycle=session.scalar(select(Cycle).limit(1)),
            slug="note",
            owner=None,
            by=None,
            now=clock.now(),
            path=french.document.path,
        )
        publishing.publish(edition, prepared, base_id=edition.head_id, by=None, now=clock.now())
