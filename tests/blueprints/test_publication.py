"""The page of a publication: at an hour, until an hour, no longer; and the address of what is gone."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from academy.domain import dated_texts, publishing
from academy.extensions import db, transaction
from academy.models import Audience, Edition, Kind, Person, Role
from academy.web import clock
from tests.factories import a_cycle, a_person, a_text, at

DATES = {"publish_at": "2099-03-29T08:00", "expires_at": "2099-10-25T08:00", "successor": "", "note": "à l’heure"}


@pytest.fixture
def tess(app, as_):
    with app.app_context():
        person = a_person("Tess", role=Role.TRAINER)
    return as_(person)


@pytest.fixture
def text(app):
    """`text(key, …)`: the number of a document of Tess."""

    def make(key: str, **values) -> int:
        with app.app_context():
            edition_id = a_text(key, **values)
            with transaction() as session:
                edition = session.get_one(Edition, edition_id)
                edition.document.owner_id = session.scalar(select(Person.id))
                return edition.document_id

    return make


def send(browser, path: str, to: str = "", **fields: str):
    """Fill in a form of a page and send it."""
    page = browser.get(path).text
    hidden = {name: unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1]) for name in ("csrf_token", "base")}
    return browser.post(to or path, data=hidden | fields)


def edition(app, key: str = "note") -> Edition:
    with app.app_context():
        return db.session.scalars(select(Edition).join(Edition.document).where(Edition.document.has(key=key))).one()


def test_a_draft_is_scheduled_and_called_off(app, tess, text):
    path = f"/atelier/documents/{text('note', is_published=False)}/fr/publication"
    answer = send(tess, path, **DATES)
    assert (answer.status_code, answer.location) == (303, path)
    row = edition(app)
    assert row.published_id is None
    assert row.publish_at is not None
    assert f"{row.publish_at:%Y-%m-%d %H:%M}" == "2099-03-29 06:00"  # summer time began that morning
    page = tess.get(path).text
    assert "Programmé\xa0: les lecteurs verront ce texte le" in page
    assert 'value="2099-03-29T08:00"' in page
    assert "Publication programmée" in page
    assert "à l’heure" in tess.get(path.replace("publication", "historique")).text
    assert "Publication programmée" in tess.get("/atelier/").text
    assert send(tess, path, path + "/annuler").status_code == 303
    assert edition(app).publish_at is None
    assert "Annuler la publication" not in tess.get(path).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"publish_at": "2099-03-29T02:30"}, "Cette heure n’existe pas"),
        ({"publish_at": "demain"}, "Donnez une date et une heure"),
        ({"expires_at": "2099-03-29T08:00"}, "expire avant d’être publié"),
        ({"publish_at": "", "expires_at": "2020-01-01T08:00"}, "cette heure est passée"),
        ({"successor": "note"}, "remplacer lui-même"),
        ({"successor": "<b>nulle part"}, "Aucun texte n’a cet identifiant"),
    ],
)
def test_a_date_that_cannot_be_is_refused_and_nothing_typed_is_lost(app, tess, text, fields, words):
    path = f"/atelier/documents/{text('note', is_published=False)}/fr/publication"
    answer = send(tess, path, **(DATES | fields))
    assert answer.status_code == 422
    assert words in answer.text.replace("\u202f", " ").replace("\xa0", " ")
    assert 'value="à l’heure"' in answer.text
    assert "<b>nulle" not in answer.text
    assert edition(app).publish_at is None


def test_a_text_that_changed_meanwhile_is_not_published(app, tess, text):
    path = f"/atelier/documents/{text('note', is_published=False)}/fr/publication"
    token = re.search(r'name="csrf_token" value="([^"]*)"', tess.get(path).text)[1]
    assert tess.post(path, data=DATES | {"csrf_token": token, "base": "0"}).status_code == 409
    assert edition(app).publish_at is None


def test_publishing_from_the_editor_follows_the_date_of_the_text(app, tess, text):
    path = f"/atelier/documents/{text('note', is_published=False)}/fr"
    page = tess.get(path).text
    source = unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1])
    source = source.replace("status:", "publish_at: 2099-03-29 08:00\nstatus:", 1)
    assert send(tess, path, source=source, action="publish").status_code == 303
    assert "Programmé\xa0:" in tess.get(path).text
    assert edition(app).published_id is None


def test_kinds_without_dates_have_none(app, as_, text):
    with app.app_context():
        a_cycle("port")
        olga = as_(a_person(role=Role.ORGANISER))
        page_id = db.session.get_one(Edition, a_text("page", kind=Kind.PAGE)).document_id
    path = f"/atelier/documents/{page_id}/fr/publication"
    page = olga.get(path).text
    assert "Publier à ces dates" not in page
    assert "Retirer de la publication" in page
    assert send(olga, path, **DATES).status_code == 404


# What is gone


@pytest.fixture
def gone(app, client, tess, text):
    """A note that Tess withdrew, and what is read instead."""
    text("suite", title="La <suite>")
    number = text("note", title="La note")
    path = f"/atelier/documents/{number}/fr"
    answer = send(tess, f"{path}/publication", f"{path}/retirer", successor="suite", note="trop vieux")
    assert (answer.status_code, answer.location) == (303, f"{path}/historique")
    assert "trop vieux" in tess.get(f"{path}/historique").text
    return number


def test_a_withdrawn_text_answers_410_with_its_successor_in_both_languages(client, gone):
    for prefix, words in (("", "À lire à la place"), ("/en", "Read instead")):
        for path in (f"/ressources/{gone}-note/", f"/ressources/{gone}-note/source.md", "/d/note"):
            answer = client.get(prefix + path)
            assert (answer.status_code, answer.headers["Cache-Control"]) == (410, "no-store")
            assert "Set-Cookie" not in answer.headers
            assert words in answer.text
            assert f'href="{prefix}/d/suite"' in answer.text
            assert "La &lt;suite&gt;" in answer.text
            assert "trop vieux" not in answer.text
    assert client.get(f"/ressources/{gone + 1}-note/").status_code == 404


def test_the_api_says_410_too(client, gone):
    for prefix, words in (("", "n’est plus publié"), ("/en", "no longer published")):
        answer = client.get(f"{prefix}/api/v1/documents/note")
        assert (answer.status_code, answer.mimetype) == (410, "application/problem+json")
        assert words in answer.json["detail"]
        assert "suite" in answer.json["detail"]


@pytest.mark.each_database
def test_an_expired_text_is_gone_and_comes_back(app, client, tess, text, indexed):
    number = text("note", title="La note", body="Le batardeau du bassin.")
    assert client.get(f"/ressources/{number}-note/").status_code == 200
    indexed()
    assert "La note" in client.get("/ressources/?q=batardeau").text
    with app.app_context():
        with transaction() as session:
            session.scalars(select(Edition)).one().expires_at = at(2026, 1, 1)
        assert dated_texts.has_due(now=clock.now())
        with transaction():
            assert dated_texts.do_next(now=clock.now()) == 1
    answer = client.get(f"/ressources/{number}-note/")
    assert (answer.status_code, "Ce texte n’est plus publié depuis le" in answer.text) == (410, True)
    indexed()
    assert "La note" not in client.get("/ressources/?q=batardeau").text
    assert "Expiré" in tess.get(f"/atelier/documents/{number}/fr/publication").text
    again = send(tess, f"/atelier/documents/{number}/fr/publication", publish_at="", expires_at="", successor="")
    assert again.status_code == 303
    assert client.get(f"/ressources/{number}-note/").status_code == 200


def test_one_language_that_is_left_is_shown(app, client, text):
    with app.app_context():
        a_text("note")
        a_text("note", language="en", title="The note")
        with transaction() as session:
            row = session.scalars(select(Edition).where(Edition.language == "fr")).one()
            number = row.document_id
            publishing.withdraw(row, base_id=row.head_id, by=None, now=clock.now())
    assert "The note" in client.get(f"/ressources/{number}-note/").text


def test_what_was_never_public_and_what_is_not_for_all_stay_unknown(app, client, as_, text):
    draft, secret = text("note", is_published=False), text("interne")
    with app.app_context():
        member = a_person()
        with transaction() as session:
            row = session.scalars(select(Edition).where(Edition.document_id == secret)).one()
            row.document.audience = Audience.MEMBERS
            publishing.withdraw(row, base_id=row.head_id, by=None, now=clock.now())
    assert client.get(f"/ressources/{draft}-note/").status_code == 404
    assert client.get(f"/ressources/{secret}-interne/").status_code == 404
    assert as_(member).get(f"/ressources/{secret}-interne/").status_code == 410
