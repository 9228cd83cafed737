"""A whole cycle on paper: which texts, in which order, for whom, and always the same bytes."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from academy.domain import attachments, pictures
from academy.domain.picture_credits import Credit
from academy.extensions import transaction
from academy.files.store import store
from academy.formats import pdf
from academy.models import Audience, Edition, Kind
from academy.web import clock
from tests.factories import a_text, withdrawn
from tests.files import made

BOOK = "/cycles/port/telecharger.pdf"
EVIL = '#set page(paper: "a0") @evil $x$ <script>'


def _text(answer) -> str:
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    pages = PdfReader(io.BytesIO(answer.data)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


@pytest.fixture
def port(app: Flask) -> dict[str, int]:
    """A cycle with two modules, the second in English too, and a resource; the ids of their editions."""
    with app.app_context():
        return {
            "cycle": a_text("port", kind=Kind.CYCLE, title="Le port", body="Bienvenue."),
            "un": a_text("un", kind=Kind.MODULE, cycle="port", title="Premier pas", body="## Le quai\n\nUn bollard.\n\nVoir [plus bas](#le-quai)."),
            "deux": a_text("deux", kind=Kind.MODULE, cycle="port", title="Deuxième pas", body=f"## Le quai\n\n`{EVIL}`"),
            "note": a_text("note", cycle="port", title="Une note", body="Une écluse.", licence="licence-ouverte-2.0"),
            "dehors": a_text("dehors", title="Dehors", body="Loin."),
            "membres": a_text("membres", cycle="port", title="Entre nous", body="Secret.", audience="members"),
        }  # fmt: skip


def test_the_book_of_a_cycle_has_its_public_texts_in_order(client: FlaskClient, port):
    answer = client.get(BOOK)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="port.fr.pdf"'
    words = _text(answer)
    places = [words.rindex(it) for it in ("Bienvenue.", "Un bollard.", EVIL, "Une écluse.", "Crédits et licences")]
    assert places == sorted(places)
    assert not any(it in words for it in ("Loin.", "Secret.", "Entre nous"))
    assert all(licence in words[places[-1] :] for licence in ("CC BY 4.0", "Licence Ouverte 2.0"))
    paper = PdfReader(io.BytesIO(answer.data))
    titles = [it.title for it in paper.outline if not isinstance(it, list)]  # pyright: ignore
    assert titles == ["1 Le port", "2 Premier pas", "3 Deuxième pas", "4 Une note", "Crédits et licences"]
    root = paper.trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == ("fr", True)
    assert "Sommaire" in words
    assert {tuple(map(round, page.mediabox[2:])) for page in paper.pages} == {(595, 842)}  # nobody's words are code


def test_the_page_of_a_cycle_leads_to_its_book(client: FlaskClient, port):
    assert f'href="{BOOK}"' in client.get("/cycles/port/").text


def test_the_same_texts_give_the_same_bytes_and_another_word_another_book(app: Flask, client: FlaskClient, port):
    first, kept = client.get(BOOK), app.config["SETTINGS"].instance / "pdf"
    for file in kept.iterdir():
        file.unlink()
    again = client.get(BOOK)
    assert first.data == again.data
    assert client.get(BOOK, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    with app.app_context():
        withdrawn(port["deux"])
    changed = client.get(BOOK)
    assert changed.headers["ETag"] != first.headers["ETag"]
    assert EVIL not in _text(changed)


def test_in_english_a_text_without_translation_is_in_french(client: FlaskClient, port):
    answer = client.get(f"/en{BOOK}")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="port.en.pdf"'
    words = _text(answer)
    assert "Credits and licences" in words
    assert "Un bollard." in words


def test_a_cycle_that_is_not_for_everybody_has_no_book(app: Flask, client: FlaskClient, port):
    with app.app_context(), transaction() as session:
        session.get_one(Edition, port["cycle"]).document.audience = Audience.MEMBERS
    assert client.get(BOOK).status_code in (302, 403, 404)


def test_a_book_that_cannot_be_set_says_come_back(client: FlaskClient, port, monkeypatch: pytest.MonkeyPatch):
    def refused(book, load):
        raise pdf.UnsetError("busy")

    monkeypatch.setattr(pdf, "write_book", refused)
    assert client.get(BOOK).status_code == 503


@pytest.fixture
def pictured(app: Flask) -> str:
    """A module with a picture of 1,000 pixels; the digest of what is printed of it in a book."""
    with app.app_context():
        a_text("port", kind=Kind.CYCLE, title="Le port", body="Bienvenue.")
        number = a_text(
            "un", kind=Kind.MODULE, cycle="port", slug="un", body='![Un quai](fichiers/quai.png "Au matin")'
        )
        photo, now = attachments.prepare_upload("quai.png", made.photo(1000, 500, form="PNG")), clock.now()
        said = Credit(alt="Un quai", credit="Ada Lovelace", licence="cc-by-4.0")
        with transaction() as session:
            row = attachments.add(session.get_one(Edition, number).document, photo, by=None, now=now)
            pictures.describe(row, said, by=None, now=now)
            kept = row.picture or {}
        return next(it["digest"] for it in kept["made"] if (it["type"], it["width"]) == ("webp", 960))


def _images(answer) -> list[tuple[int, int]]:
    return [it.image.size for page in PdfReader(io.BytesIO(answer.data)).pages for it in page.images if it.image]


@pytest.mark.parametrize(("path", "width"), [("/cycles/port/un/telecharger.pdf", 1000), (BOOK, 960)])
def test_pictures_are_printed_with_their_caption_credit_and_licence(client: FlaskClient, pictured, path, width):
    answer = client.get(path)
    assert _images(answer) == [(width, width // 2)]
    assert "Au matin Crédit : Ada Lovelace. CC BY 4.0" in " ".join(_text(answer).split())


def test_a_picture_that_is_lost_is_its_words_until_it_is_back(app: Flask, client: FlaskClient, pictured: str):
    with app.app_context():
        data = store().whole(pictured)
        store().delete(pictured)
    answer = client.get(BOOK)
    assert _images(answer) == []
    assert "Image : Un quai Au matin Crédit : Ada Lovelace" in _text(answer)
    with app.app_context():
        store().put(data)
    assert _images(client.get(BOOK)) == [(960, 480)]


@pytest.mark.each_database
@pytest.mark.parametrize("count", [1, 3])
def test_a_book_takes_as_many_queries_whatever_its_size(app: Flask, queries_of, count: int):
    with app.app_context():
        a_text("port", kind=Kind.CYCLE, title="Le port", body="Bienvenue.")
        for number in range(count):
            a_text(f"m{number}", kind=Kind.MODULE, cycle="port", body="![Un quai](fichiers/quai.png)")
    assert queries_of(BOOK) <= 9
