"""An old address leads to where its document is now; a document that lives there comes first."""

from pathlib import Path

import pytest

from academy.domain.content import load as content_load, plan as content_plan
from academy.extensions import transaction
from academy.models import Kind, Role
from academy.web import clock
from tests.domain.texts import a_folder, put, text
from tests.factories import a_person

OLD = "/cycles/port/quai/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path / "content")


@pytest.fixture
def load(app, folder: Path):
    def now() -> None:
        with app.app_context():
            plan = content_plan.plan_load(folder)
            with transaction():
                content_load.load(plan, by=None, now=clock.now())

    now()
    return now


def move(folder: Path, old: str, new: str) -> None:
    (folder / new).parent.mkdir(parents=True, exist_ok=True)
    (folder / old).rename(folder / new)


MODULES = "cycles/port/modules"


@pytest.mark.parametrize("side", ["", "/en"])
@pytest.mark.parametrize("twin", ["", "source.md", "telecharger.pdf", "citer", "citer.bib", "versions/"])
def test_an_old_address_and_its_twins_lead_to_the_new_one(client, load, folder: Path, side: str, twin: str):
    move(folder, f"{MODULES}/02-quai.fr.md", f"{MODULES}/03-les-quais.fr.md")
    load()
    answer = client.get(f"{side}{OLD}{twin}?x=1")
    assert (answer.status_code, answer.location) == (301, f"{side}/cycles/port/les-quais/{twin}?x=1")
    assert "Set-Cookie" not in answer.headers


def test_chains_are_one_step_and_going_back_is_no_loop(client, load, folder: Path):
    move(folder, f"{MODULES}/02-quai.fr.md", f"{MODULES}/03-b.fr.md")
    load()
    move(folder, f"{MODULES}/03-b.fr.md", f"{MODULES}/04-c.fr.md")
    load()
    assert [client.get(f"/cycles/port/{slug}/").location for slug in ("quai", "b")] == ["/cycles/port/c/"] * 2
    move(folder, f"{MODULES}/04-c.fr.md", f"{MODULES}/02-quai.fr.md")
    load()
    assert client.get(OLD).status_code == 200
    assert client.get("/cycles/port/c/").location == OLD


def test_a_new_text_at_an_old_address_comes_first(client, load, folder: Path):
    move(folder, f"{MODULES}/02-quai.fr.md", f"{MODULES}/03-b.fr.md")
    load()
    put(folder, f"{MODULES}/04-quai.fr.md", text(Kind.MODULE, "autre", title="Le nouveau"))
    load()
    answer = client.get(OLD)
    assert answer.status_code == 200
    assert "Le nouveau" in answer.text


def test_a_renamed_cycle_and_all_in_it_are_found(client, load, folder: Path):
    (folder / "cycles/port").rename(folder / "cycles/ports")
    put(folder, "resources/note.fr.md", text(Kind.RESOURCE, "note", cycle="ports"))
    load()
    assert client.get("/cycles/port/").location == "/cycles/ports/"
    assert client.get("/cycles/port.atom").location == "/cycles/ports.atom"
    assert client.get(OLD).location == "/cycles/ports/quai/"
    assert client.get("/cycles/rien/").status_code == 404


def test_a_page_is_found_at_its_new_name(client, load, folder: Path):
    move(folder, "pages/a-propos.fr.md", "pages/qui-sommes-nous.fr.md")
    load()
    assert client.get("/a-propos/").location == "/qui-sommes-nous/"


def test_the_new_address_of_what_one_may_not_read_is_not_told(app, client, as_, load, folder: Path):
    put(folder, f"{MODULES}/02-quai.fr.md", text(Kind.MODULE, "quai", audience="team"))
    load()
    move(folder, f"{MODULES}/02-quai.fr.md", f"{MODULES}/03-projet-secret.fr.md")
    load()
    answer = client.get(OLD)
    assert answer.status_code == 404
    assert "projet-secret" not in answer.text
    with app.app_context():
        organiser = a_person(role=Role.ORGANISER)
    assert as_(organiser).get(OLD).location == "/cycles/port/projet-secret/"


def test_a_relative_link_to_an_old_file_still_finds_its_text(client, load, folder: Path):
    put(folder, f"{MODULES}/01-escale.fr.md", text(Kind.MODULE, "escale", body="\n[le quai](02-quai.fr.md)\n"))
    load()
    move(folder, f"{MODULES}/02-quai.fr.md", f"{MODULES}/03-les-quais.fr.md")
    put(folder, f"{MODULES}/01-escale.fr.md", text(Kind.MODULE, "escale", body="\nVoir [le quai](02-quai.fr.md).\n"))
    load()
    assert 'href="/d/quai">le quai</a>' in client.get("/cycles/port/escale/").text
    assert client.get("/d/quai").location == "/cycles/port/les-quais/"
