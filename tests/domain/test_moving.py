"""A moved text keeps its id and its words; the folder follows; the old address is kept."""

from pathlib import Path

import pytest
from sqlalchemy import select

from academy.domain import addresses, moving
from academy.domain.content import dump as content_dump, load as content_load, plan as content_plan
from academy.domain.errors import Refused
from academy.extensions import transaction
from academy.models import Cycle, Document, Edition, Kind, Revision
from tests.domain.texts import a_folder, put, text, tree
from tests.factories import at

NOW = at(2026, 11, 22)
MODULES = "cycles/port/modules"


@pytest.fixture
def folder(db, tmp_path: Path) -> Path:
    root = a_folder(tmp_path / "content")
    put(root, "resources/note/plan.csv", "a,b\n1,2\n")
    load(root)
    return root


def load(root: Path) -> None:
    plan = content_plan.plan_load(root)
    with transaction():
        content_load.load(plan, by=None, now=NOW)


def dump(root: Path) -> content_dump.Dumped:
    with transaction():
        return content_dump.dump(root, by=None, now=NOW)


def document(db, key: str) -> Document:
    return db.session.scalars(select(Document).where(Document.key == key)).one()


def move(db, key: str, **place) -> bool:
    with transaction() as session:
        row = document(db, key)
        values = {"slug": row.slug, "cycle": row.cycle, "position": row.position} | place
        if isinstance(values["cycle"], str):
            values["cycle"] = session.scalars(select(Cycle).where(Cycle.slug == values["cycle"])).one()
        return moving.move(row, by=None, now=NOW, **values)


def test_a_module_moves_and_the_others_make_room(db, folder: Path):
    assert move(db, "quai", position=1)
    modules = db.session.execute(
        select(Document.key, Document.position, Document.path)
        .where(Document.kind == Kind.MODULE)
        .order_by(Document.position)
    ).all()
    assert [tuple(row) for row in modules] == [
        ("quai", 1, f"{MODULES}/01-quai"),
        ("escale", 2, f"{MODULES}/02-escale"),
    ]
    assert addresses.documents_once_at({f"{MODULES}/01-escale", f"{MODULES}/02-quai"}) == {
        f"{MODULES}/01-escale": "escale",
        f"{MODULES}/02-quai": "quai",
    }
    assert not move(db, "quai", position=1)


def test_the_folder_follows_byte_for_byte_and_loads_as_the_same(db, folder: Path):
    before = tree(folder)
    move(db, "quai", position=1)
    move(db, "note", slug="autre-note")
    assert ("resources/note.fr.md", "kept") in content_plan.difference(folder)
    load(folder)  # the site moved last: nothing is moved back
    assert document(db, "note").path == "resources/autre-note"
    dumped = dump(folder)
    assert dumped.moved == [
        f"{MODULES}/01-quai.fr.md",
        f"{MODULES}/02-escale.fr.md",
        "resources/autre-note",
        "resources/autre-note.fr.md",
    ]
    assert (dumped.conflicting, dumped.kept, dumped.written) == ([], [], [])
    after = tree(folder)
    assert sorted(after.values()) == sorted(before.values())
    assert "resources/autre-note/plan.csv" in after
    assert content_plan.difference(folder) == []


def test_an_edit_made_in_a_file_goes_along(db, folder: Path):
    source = text(Kind.RESOURCE, "note", cycle="port", body="\nModifiée.\n")
    put(folder, "resources/note.fr.md", source)
    move(db, "note", slug="autre-note")
    assert dump(folder).kept == ["resources/autre-note.fr.md"]
    assert (folder / "resources/autre-note.fr.md").read_text() == source
    load(folder)
    edition = db.session.scalars(select(Edition).where(Edition.document_id == document(db, "note").id)).one()
    assert edition.published.source == source


def test_what_cannot_be_an_address_is_refused(db, folder: Path):
    for place, code in (
        ({"slug": "Été !"}, "slug_bad"),
        ({"slug": "escale"}, "slug_taken"),
        ({"cycle": None}, "cycle_missing"),
    ):
        with pytest.raises(Refused) as refused:
            move(db, "quai", **place)
        assert refused.value.code == code
    assert db.session.scalars(select(Revision.id)).all() != []
