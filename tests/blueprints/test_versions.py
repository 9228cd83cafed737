"""Earlier versions of modules and resources: read by all, hidden by the team for a reason that readers are told."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.domain import hiding, preparing, publishing
from academy.domain.errors import Refused
from academy.extensions import db, transaction
from academy.models import AuditEntry, Edition, HidingReason, Kind, Revision, Role
from academy.web import clock
from academy.web.hiding_words import hidden_words, reason_labels
from tests.factories import a_cycle, a_person, a_text, hidden, republished

SECRET = "Madame Secret, 12 rue du Port"


@pytest.fixture(params=[Kind.MODULE, Kind.RESOURCE])
def text(request: pytest.FixtureRequest, app: Flask) -> tuple[int, str]:
    """The edition of a text of three public versions, and the address of its page; the first names somebody."""
    with app.app_context():
        a_cycle("port")
        edition_id = a_text("quai", kind=request.param, cycle="port", slug="quai", title="Le quai", body=SECRET)
        republished(edition_id, "Un texte corrigé.", title="Le deuxième titre")
        republished(edition_id, "Un texte d’aujourd’hui.")
        document_id = db.session.get_one(Edition, edition_id).document_id
    return edition_id, "/cycles/port/quai/" if request.param == Kind.MODULE else f"/ressources/{document_id}-quai/"


def history_of(app: Flask, edition_id: int) -> str:
    with app.app_context():
        edition = db.session.get_one(Edition, edition_id)
        return f"/atelier/documents/{edition.document_id}/{edition.language}/historique"


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def organiser(app: Flask, as_) -> FlaskClient:
    with app.app_context():
        return as_(a_person(role=Role.ORGANISER))


def audited(app: Flask) -> list[tuple[str, dict]]:
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.action, row.detail) for row in rows if row.action.startswith("revision.")]


@pytest.mark.each_database
def test_modules_and_resources_have_the_same_pages(client: FlaskClient, text):
    _, path = text
    assert f'href="{path}versions/"' in client.get(path).text
    listed = client.get(f"{path}versions/")
    assert re.findall(r"versions/(\d)\"", listed.text) == ["2", "1"]
    assert "Set-Cookie" not in listed.headers
    first = client.get(f"{path}versions/1").text
    assert SECRET in first
    assert f'<link rel="canonical" href="http://localhost{path}">' in first
    current = client.get(f"{path}versions/3")
    assert (current.status_code, current.location) == (302, path)
    assert client.get(f"/en{path}versions/1").status_code == 200
    assert client.get(f"{path}versions/99").status_code == 404


@pytest.mark.each_database
def test_a_hidden_version_is_gone_says_why_and_is_in_no_list(app: Flask, client: FlaskClient, text):
    edition_id, path = text
    client.get(f"{path}versions/1")  # kept in memory
    client.get(f"{path}versions/")
    with app.app_context():
        hidden(edition_id, 1)
    answer = client.get(f"{path}versions/1")
    assert answer.status_code == 410
    assert "données personnelles" in answer.text
    assert SECRET not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert f'<a href="{path}">Lire la version actuelle</a>' in answer.text
    assert "personal data" in client.get(f"/en{path}versions/1").text
    assert re.findall(r"versions/(\d)\"", client.get(f"{path}versions/").text) == ["2"]
    with app.app_context():
        hidden(edition_id, 2, HidingReason.MISTAKE)
    assert "versions/" not in client.get(path).text
    for place in ("", "versions/", "citer", "source.md"):
        assert SECRET not in client.get(path + place).text


def test_the_team_hides_and_shows_a_version_in_the_list_of_revisions(app: Flask, client: FlaskClient, organiser, text):
    edition_id, path = text
    history = history_of(app, edition_id)
    page = organiser.get(history).text
    assert re.findall(r'action="[^"]*/historique/(\d)/cacher"', page) == ["2", "1"]
    assert "publiez d’abord un texte corrigé" in page
    data = {"csrf_token": token_of(page), "reason": "rights"}
    answer = organiser.post(f"{history}/1/cacher", data=data, follow_redirects=True)
    assert "La version 1 est cachée" in answer.text.replace("\u00a0", " ")
    assert "Droits d’un auteur" in answer.text
    assert client.get(f"{path}versions/1").status_code == 410
    answer = organiser.post(f"{history}/1/montrer", data=data, follow_redirects=True)
    assert re.findall(r'action="[^"]*/historique/(\d)/cacher"', answer.text) == ["2", "1"]
    assert client.get(f"{path}versions/1").status_code == 200
    assert [(action, detail.get("reason"), detail["revision"]) for action, detail in audited(app)] == [
        ("revision.hide", "rights", 1),
        ("revision.unhide", None, 1),
    ]


@pytest.mark.parametrize("reason", ["", "?", "PERSONAL_DATA", "<script>", "x" * 5000, "rights\0"])
def test_a_version_is_hidden_for_one_of_the_reasons_only(app: Flask, organiser, client: FlaskClient, text, reason: str):
    history = history_of(app, text[0])
    token = token_of(organiser.get(history).text)
    answer = organiser.post(f"{history}/1/cacher", data={"csrf_token": token, "reason": reason})
    assert answer.status_code == 422
    assert "Choisissez pourquoi" in answer.text
    assert "<script>" not in answer.text.replace("<script src", "")
    assert (client.get(f"{text[1]}versions/1").status_code, audited(app)) == (200, [])


def test_what_readers_see_now_is_not_hidden(app: Flask, organiser, client: FlaskClient, text):
    history = history_of(app, text[0])
    token = token_of(organiser.get(history).text)
    answer = organiser.post(f"{history}/3/cacher", data={"csrf_token": token, "reason": "law"})
    assert answer.status_code == 409
    assert "publiez d’abord un texte corrigé" in answer.text
    assert client.get(text[1]).status_code == 200
    assert organiser.post(f"{history}/99/cacher", data={"csrf_token": token, "reason": "law"}).status_code == 404


def test_who_wrote_a_text_sees_that_a_version_is_hidden_and_cannot_undo_it(app: Flask, as_, text):
    edition_id, _ = text
    with app.app_context():
        trainer = a_person(role=Role.TRAINER)
        with transaction() as session:
            session.get_one(Edition, edition_id).document.owner_id = trainer
        hidden(edition_id, 1)
    browser, history = as_(trainer), history_of(app, edition_id)
    page = browser.get(history).text
    assert "Données personnelles publiées par erreur" in page
    assert "/cacher" not in page
    assert "/montrer" not in page
    token = token_of(page)
    for verb in ("cacher", "montrer"):
        answer = browser.post(f"{history}/1/{verb}", data={"csrf_token": token, "reason": "law"})
        assert answer.status_code == 403


def test_a_draft_and_a_page_of_the_site_have_nothing_to_hide(app: Flask):
    with app.app_context():
        draft = a_text("brouillon", is_published=False)
        page = a_text("page", kind=Kind.PAGE, body="Un.")
        republished(page, "Deux.")
        for edition_id in (draft, page):
            with pytest.raises(Refused) as refused:
                hidden(edition_id, 1)
            assert refused.value.code == "version_not_public"


def test_hiding_twice_writes_once_and_another_reason_replaces_the_first(app: Flask, text):
    with app.app_context():
        for reason in (HidingReason.LAW, HidingReason.LAW, HidingReason.RIGHTS):
            hidden(text[0], 1, reason)
        with transaction() as session:
            hiding.unhide(session.scalars(_first(text[0])).one(), by=None, now=clock.now())
            hiding.unhide(session.scalars(_first(text[0])).one(), by=None, now=clock.now())
    assert [action for action, _ in audited(app)] == ["revision.hide", "revision.hide", "revision.unhide"]


def test_a_hidden_version_that_is_published_again_is_seen(app: Flask, client: FlaskClient, text):
    """Its very words, put back on top: the team decides anew when it publishes them."""
    edition_id, path = text
    with app.app_context():
        hidden(edition_id, 1)
        first = db.session.scalars(_first(edition_id)).one()
        prepared = preparing.prepare(first.source, kind=first.edition.document.kind, language="fr")
        with transaction() as session:
            edition = session.get_one(Edition, edition_id)
            publishing.publish(edition, prepared, base_id=edition.head_id, by=None, now=clock.now())
    assert SECRET in client.get(path).text
    assert client.get(f"{path}versions/1").status_code == 410


def test_every_reason_has_its_words(app: Flask):
    with app.test_request_context():
        assert set(reason_labels()) == {str(reason) for reason in HidingReason}
        assert len({hidden_words(reason) for reason in HidingReason}) == len(HidingReason)
        assert hidden_words("of tomorrow")


def _first(edition_id: int):
    return select(Revision).where(Revision.edition_id == edition_id, Revision.number == 1)
