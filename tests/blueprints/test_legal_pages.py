"""The pages that the law asks for: facts from the settings above a text, in both languages; the words on every footer."""

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from academy import create_app
from academy.models import Kind
from tests.conftest import settings_for
from tests.factories import a_text
from tests.web.test_statements import AUDIT, FACTS

SLUGS = ("accessibilite", "mentions-legales", "donnees-personnelles")


def _client(folder: Path, migrated: Path, **settings: str) -> FlaskClient:
    folder.mkdir()
    shutil.copy(migrated, folder / "academy.db")
    app = create_app(settings_for(folder, **settings))
    with app.app_context():
        for slug in SLUGS:
            for language in ("fr", "en"):
                a_text(slug, kind=Kind.PAGE, slug=slug, language=language, title="Neutre", body="## Suite\n\n## Fin\n")
    return app.test_client()


@pytest.fixture
def told(tmp_path: Path, migrated: Path) -> FlaskClient:
    return _client(tmp_path / "told", migrated, **FACTS, **AUDIT)


@pytest.fixture
def untold(tmp_path: Path, migrated: Path) -> FlaskClient:
    return _client(tmp_path / "untold", migrated)


def test_the_statement_declares_what_the_audit_found(told: FlaskClient):
    page = told.get("/accessibilite/").text
    assert "<title>Accessibilité\u00a0: partiellement conforme – " in page
    assert '<a href="#etat">État de conformité</a>' in page
    assert '<a href="#s-suite">Suite</a>' in page
    for fact in (
        "87,5\u202f%",
        "2\u00a0mars\u00a02026",
        "Cabinet Regard",
        "bonjour@agence.example",
        "Agence du territoire",
    ):
        assert fact in page, fact


def test_the_statement_speaks_english(told: FlaskClient):
    page = told.get("/en/accessibilite/").text
    assert "<title>Accessibility: partially compliant – " in page
    assert "87.5%" in page
    assert "Agence du territoire undertakes" in page


def test_without_an_audit_nothing_is_claimed(untold: FlaskClient):
    page = untold.get("/accessibilite/").text
    assert "<title>Accessibilité\u00a0: non conforme – " in page
    assert "Aucun audit de conformité n’a encore été réalisé." in page
    assert "L’exploitant de ce site s’engage" in page
    assert "Les coordonnées de l’exploitant ne sont pas encore renseignées." in page


def test_the_words_stand_in_the_footer_of_every_page(told: FlaskClient, untold: FlaskClient):
    for client, words in ((told, "partiellement conforme"), (untold, "non conforme")):
        for path in ("/", "/connexion", "/nulle-part/"):
            footer = client.get(path).text.partition("<footer")[2]
            assert f'<a href="/accessibilite/">Accessibilité\u00a0: {words}</a>' in footer, path


@pytest.mark.parametrize(
    ("slug", "names"),
    [
        ("mentions-legales", [name for name in FACTS if name != "data_contact"]),
        ("donnees-personnelles", ["operator_name", "operator_address", "data_contact", "host_name", "host_address"]),
    ],
)
def test_the_facts_stand_on_the_page(told: FlaskClient, slug: str, names: list[str]):
    page = told.get(f"/{slug}/").text
    assert [name for name in names if FACTS[name] not in page] == []
    assert "Non renseigné" not in page


@pytest.mark.parametrize(("slug", "rows"), [("mentions-legales", 9), ("donnees-personnelles", 3)])
def test_an_empty_fact_is_said_in_a_neutral_word(untold: FlaskClient, slug: str, rows: int):
    page = untold.get(f"/{slug}/").text
    assert page.count("<dd>Non renseigné</dd>") == rows
    assert "ACADEMY_" not in page
    assert untold.get(f"/en/{slug}/").text.count("<dd>Not provided</dd>") == rows
