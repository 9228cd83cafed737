"""What is said of pictures, where they are used, what keeps a text from being published."""

from pathlib import Path

import pytest
from sqlalchemy import select

from academy.domain import attachments, invariants, picture_credits, pictures, preparing
from academy.domain.content import dump as content_dump, load as content_load, plan as content_plan
from academy.domain.errors import Refused
from academy.domain.picture_credits import Credit
from academy.domain.problems import ContentRefused
from academy.extensions import transaction
from academy.files.store import store
from academy.models import Attachment, AuditEntry, Document, Edition, Kind
from tests.domain.texts import a_folder, put, tree
from tests.factories import a_source, a_text, a_topic, at, republished
from tests.files import made

NOW = at(2026, 11, 22)
PHOTO = made.photo(300, 200)
SAID = Credit(alt="Le quai: au matin", credit="Ada « L. »", licence="cc-by-4.0")


def add(db, edition_id: int, name: str = "quai.jpg", data: bytes = PHOTO) -> Attachment:
    file = attachments.prepare_upload(name, data)
    with transaction() as session:
        row = attachments.add(session.get_one(Edition, edition_id).document, file, by=None, now=NOW)
        session.flush()
        return row


def say(db, row: Attachment, credit: Credit) -> None:
    with transaction():
        pictures.describe(db.session.get_one(Attachment, row.id), credit, by=None, now=NOW)


def kept(db) -> dict[str, Attachment]:
    db.session.expire_all()
    return {row.name: row for row in db.session.scalars(select(Attachment))}


def test_an_upload_keeps_only_the_clean_bytes(db):
    row = add(db, a_text("note"), "quai.jpg", made.tagged_photo())
    data = store().read(row.digest, 0, row.size)
    assert b"CANARI" not in data
    assert row.picture is not None
    assert row.picture["clean"] == {"digest": row.digest, "size": row.size}
    assert {it["type"] for it in row.picture["made"]} == {"webp", "avif"}
    assert not list(attachments.lost())


def test_a_name_that_is_taken_gets_a_number_and_the_same_bytes_come_once(db):
    note = a_text("note")
    assert add(db, note).name == "quai.jpg"
    assert add(db, note).name == "quai.jpg"
    assert add(db, note, data=made.photo(301, 200)).name == "quai-2.jpg"


def test_what_is_said_of_a_picture_stands_beside_it(db):
    row = add(db, a_text("note"))
    say(db, row, SAID)
    rows = kept(db)
    assert pictures.credit_of(rows["quai.jpg"]) == SAID
    beside = rows["credits.yml"]
    text = store().read(beside.digest, 0, beside.size).decode()
    assert picture_credits.read(text) == {"quai.jpg": SAID}
    actions = [it.action for it in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert actions[-1] == "attachment.describe"
    say(db, rows["quai.jpg"], Credit())
    assert set(kept(db)) == {"quai.jpg"}


def test_saying_the_same_again_changes_nothing(db):
    row = add(db, a_text("note"))
    say(db, row, SAID)
    before = db.session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)).all()
    say(db, row, SAID)
    assert db.session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)).all() == before


@pytest.mark.parametrize("credit", [Credit(alt="a" * 301), Credit(licence="wtfpl"), Credit(credit="a\u202eb")])
def test_what_cannot_be_kept_is_refused(db, credit: Credit):
    row = add(db, a_text("note"))
    with pytest.raises(Refused, match="picture_words"):
        say(db, row, credit)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- file: a.jpg\n  droits: moi\n", "credits_key"),
        ("- alt: un quai\n", "missing_key"),
        ("- file: a.jpg\n- file: a.jpg\n", "entry_twice"),
        ("- file: a.jpg\n  licence: libre\n", "bad_choice"),
        ("file: a.jpg\n", "front_not_list"),
    ],
)
def test_a_wrong_list_of_credits_is_refused(db, text: str, code: str):
    with pytest.raises(ContentRefused) as error:
        attachments.prepare("credits.yml", text.encode())
    assert [problem.code for problem in error.value.problems] == [code]


@pytest.mark.parametrize(
    "credit",
    [SAID, Credit(is_decorative=True), Credit(alt='"guillemets" \\ # : -'), Credit(credit="no"), Credit(alt="012")],
)
def test_what_is_written_is_read_again(credit: Credit):
    assert picture_credits.read(picture_credits.written({"quai.jpg": credit})) == {"quai.jpg": credit}


# What keeps a text from being published


def refused(body: str, files: dict[str, Credit]) -> list[tuple[int, str]]:
    a_topic("port")
    source = a_source("note", Kind.RESOURCE, title="Titre", summary="Résumé.", body=body, is_published=True)
    try:
        ready = preparing.prepare(source, kind=Kind.RESOURCE, language="fr", files=files)
    except ContentRefused as error:
        return [(problem.line, problem.code) for problem in error.problems]
    return [(problem.line, problem.code) for problem in ready.warnings]


def test_a_picture_without_words_keeps_a_text_from_being_published(db):
    ((line, code),) = refused("Texte.\n\n![](fichiers/quai.jpg)", {"quai.jpg": Credit(licence="cc-by-4.0")})
    assert code == "picture_without_alt"
    assert line > 3


def test_a_decorative_picture_needs_no_words(db):
    assert refused("![](fichiers/quai.jpg)", {"quai.jpg": Credit(is_decorative=True)}) == []


def test_a_picture_that_is_not_there_keeps_a_text_from_being_published(db):
    assert [code for _, code in refused("![Le quai](fichiers/quai.jpg)", {})] == ["picture_missing"]


def test_a_picture_without_a_licence_is_remarked(db):
    assert [code for _, code in refused("![Le quai](fichiers/quai.jpg)", {"quai.jpg": Credit()})] == [
        "lint_picture_licence"
    ]


def test_a_picture_from_elsewhere_needs_words_too(db):
    assert [code for _, code in refused("![](https://example.org/a.png)", {})] == ["picture_without_alt"]


# Where a picture is used


def test_uses_are_told_apart(db):
    note, other = a_text("note", body="![q](fichiers/quai.jpg)"), a_text("autre")
    row = add(db, note)
    db.session.expire_all()
    document = db.session.get_one(Edition, note).document
    link = f"![q](/ressources/{document.id}-note/fichiers/quai.jpg)"
    republished(other, link)
    found = pictures.uses_of(document.id)[document.id, row.name]
    assert [(use.document_id == document.id, use.is_published) for use in found] == [(True, True), (False, True)]


def test_what_is_used_is_not_deleted(db):
    row = add(db, a_text("note", body="![q](fichiers/quai.jpg)", is_published=False))
    with pytest.raises(Refused, match="file_used"), transaction():
        pictures.remove(db.session.get_one(Attachment, row.id), by=None, now=NOW)


def test_what_is_deleted_takes_its_words_along(db):
    row = add(db, a_text("note"))
    say(db, row, SAID)
    with transaction():
        pictures.remove(db.session.get_one(Attachment, row.id), by=None, now=NOW)
    assert kept(db) == {}


# Folder in, folder out


def test_pictures_and_their_words_go_with_the_folder(db, tmp_path: Path):
    folder = a_folder(tmp_path / "in")
    source = "# un commentaire\n- file: quai.jpg\n  alt:   'Le quai'\n  credit: Ada\n  licence: cc0-1.0\n"
    put(folder, "resources/note/quai.jpg", given := made.tagged_photo())
    put(folder, "resources/note/credits.yml", source.encode())
    plan = content_plan.plan_load(folder)
    with transaction():
        content_load.load(plan, by=None, now=NOW)
    row = kept(db)["quai.jpg"]
    assert (row.alt, row.credit, row.licence) == ("Le quai", "Ada", "cc0-1.0")
    assert row.picture is not None
    assert b"CANARI" not in store().read(row.picture["clean"]["digest"], 0, row.picture["clean"]["size"])
    with transaction():
        content_dump.dump(tmp_path / "out", by=None, now=NOW)
    out = tree(tmp_path / "out")
    assert out["resources/note/quai.jpg"] == given
    assert out["resources/note/credits.yml"] == source.encode()
    assert content_plan.difference(folder) == []
    assert not list(invariants.broken(now=NOW))


def test_words_changed_on_the_site_come_into_the_folder(db, tmp_path: Path):
    folder = a_folder(tmp_path / "in")
    put(folder, "resources/note/quai.jpg", PHOTO)
    with transaction():
        content_load.load(content_plan.plan_load(folder), by=None, now=NOW)
    say(db, kept(db)["quai.jpg"], SAID)
    with transaction():
        content_dump.dump(folder, by=None, now=NOW)
    assert picture_credits.read(tree(folder)["resources/note/credits.yml"].decode()) == {"quai.jpg": SAID}
    assert content_plan.difference(folder) == []


def test_a_folder_whose_picture_is_broken_is_refused(db, tmp_path: Path):
    folder = a_folder(tmp_path / "in")
    put(folder, "resources/note/quai.jpg", made.photo(1200, 900)[:2000])
    found = content_plan.plan_load(folder).problems
    assert [(problem.path, problem.code) for problem in found] == [("resources/note/quai.jpg", "picture_broken")]


def test_widths_are_swept_with_their_picture_and_not_before(db):
    row = add(db, a_text("note"))
    document = db.session.get_one(Document, row.document_id)
    assert len(list(store().digests())) == 1 + len(row.picture["made"] if row.picture else [])
    later = at(2027, 11, 22)
    assert attachments.orphans(now=later) == []
    with transaction():
        attachments.remove(db.session.get_one(Attachment, row.id), by=None, now=NOW)
    assert document.id
    assert attachments.orphans(now=NOW) == []
    assert set(attachments.orphans(now=later)) == {digest for digest, _ in store().digests()}
