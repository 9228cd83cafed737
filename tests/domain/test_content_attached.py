"""Files beside texts go with the folder: load, dump, conflicts, all or nothing, byte for byte."""

import os
import shutil
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import select

from academy.domain import attachments, invariants
from academy.domain.content import dump as content_dump, load as content_load, plan as content_plan
from academy.domain.content.states import State, file_state_of
from academy.domain.errors import Refused
from academy.domain.problems import ContentRefused
from academy.extensions import transaction
from academy.files import kinds
from academy.files.store import store
from academy.models import Attachment, AuditEntry, Document
from tests.domain.texts import a_folder, put, tree
from tests.factories import at
from tests.files import made

NOW = at(2026, 11, 22)
CSV, DECK = "resources/note/plan.csv", "cycles/port/modules/01-escale/deck.fr.pptx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path / "content")


def load(root: Path, **values) -> content_plan.Plan:
    plan = content_plan.plan_load(root)
    with transaction():
        content_load.load(plan, by=None, now=NOW, **values)
    return plan


def dump(root: Path) -> content_dump.Dumped:
    with transaction():
        return content_dump.dump(root, by=None, now=NOW)


def refused(root: Path) -> list[tuple[str, str]]:
    with pytest.raises(ContentRefused) as error:
        load(root)
    return [(problem.path, problem.code) for problem in error.value.problems]


def held(db) -> dict[str, bytes]:
    """The files of the academy: path -> bytes."""
    rows = db.session.execute(select(Document.path, Attachment).join(Document)).all()
    return {f"{path}/{row.name}": store().read(row.digest, 0, row.size) for path, row in rows}


def on_site(db, path: str, data: bytes | None) -> None:
    """Attach a file on the site, or (None) remove it."""
    stem, _, name = path.rpartition("/")
    file = attachments.prepare(name, data) if data is not None else None
    with transaction() as session:
        document = session.scalars(select(Document).where(Document.path == stem)).one()
        if file is not None:
            attachments.attach(document, file, by=None, now=NOW)
        else:
            for row in attachments.attached_to(document.id):
                if row.name == name:
                    attachments.remove(row, by=None, now=NOW)


def states(root: Path) -> dict[str, str]:
    return dict(content_plan.difference(root))


# --- load and dump -------------------------------------------------------------------------------------------------


def test_files_beside_texts_come_with_them(db, folder: Path):
    put(folder, CSV, b"a;b\n")
    put(folder, DECK, made.deck("Le palangrier"))
    plan = load(folder)
    assert {CSV, DECK} <= set(plan.paths(State.CREATED))
    assert held(db) == {CSV: b"a;b\n", DECK: (folder / DECK).read_bytes()}
    assert states(folder) == {}
    assert list(invariants.broken(now=NOW)) == []


def test_load_then_dump_gives_the_same_bytes(db, folder: Path, tmp_path: Path):
    put(folder, CSV, b"\xef\xbb\xbfa;b\r\n")
    put(folder, DECK, made.deck("Un"))
    load(folder)
    dump(tmp_path / "copy")
    assert tree(tmp_path / "copy") == tree(folder)
    assert dump(folder).written == []


def test_a_plan_writes_nothing(db, folder: Path):
    put(folder, CSV, b"a")
    content_plan.plan_load(folder)
    assert (held(db), list(store().digests())) == ({}, [])


def test_loading_twice_reads_nothing_again(db, folder: Path, monkeypatch: pytest.MonkeyPatch):
    put(folder, DECK, made.deck("Un"))
    load(folder)
    monkeypatch.setattr(attachments, "words_of", None)
    assert load(folder).paths(State.UNCHANGED)
    put(folder, "resources/note/copie.pptx", (folder / DECK).read_bytes())
    load(folder)  # the very same bytes were read before
    assert {row.passages[0]["text"] for row in db.session.scalars(select(Attachment))} == {"Un"}


def test_a_file_taken_out_of_the_folder_is_a_reported_removal(db, folder: Path):
    put(folder, CSV, b"a")
    load(folder)
    (folder / CSV).unlink()
    assert states(folder) == {CSV: "removed"}
    assert load(folder).paths(State.REMOVED) == [CSV]
    assert (held(db), states(folder)) == ({}, {})
    put(folder, CSV, b"a")
    assert states(folder) == {CSV: "created"}


def test_a_text_that_is_not_in_the_folder_keeps_its_files(db, folder: Path):
    put(folder, CSV, b"a")
    load(folder)
    (folder / CSV).unlink()
    (folder / "resources/note.fr.md").unlink()
    plan = load(folder)
    assert plan.missing == ["resources/note.fr.md", CSV]
    assert held(db) == {CSV: b"a"}


def test_a_renamed_text_takes_its_files_along(db, folder: Path):
    put(folder, CSV, b"a")
    load(folder)
    (folder / "resources/note.fr.md").rename(folder / "resources/avis.fr.md")
    (folder / "resources/note").rename(folder / "resources/avis")
    assert states(folder) == {"resources/avis.fr.md": "moved"}
    load(folder)
    assert held(db) == {"resources/avis/plan.csv": b"a"}


@pytest.mark.parametrize(("there", "current", "synced"), list(product([None, "a", "b", "c"], repeat=3)))
def test_the_rule_is_total_and_loses_nothing(there: str | None, current: str | None, synced: str | None):
    state = file_state_of(there, current=current, synced=synced)
    if state in (State.CREATED, State.CHANGED, State.REMOVED):  # what the site had, the last exchange had too
        assert current == synced != there
    if state == State.KEPT:
        assert there == synced != current
    if state == State.CONFLICTING:
        assert len({there, current, synced}) == 3
    assert (state == State.UNCHANGED) == (there == current)


def test_what_the_site_changed_is_kept_and_dumped(db, folder: Path):
    put(folder, CSV, b"a")
    load(folder)
    on_site(db, CSV, b"b")
    on_site(db, "resources/note/autre.csv", b"c")
    assert states(folder) == {CSV: "kept", "resources/note/autre.csv": "missing"}
    load(folder)
    assert held(db)[CSV] == b"b"
    assert sorted(dump(folder).written) == ["resources/note/autre.csv", CSV]
    assert states(folder) == {}


def test_what_the_site_removed_goes_from_the_folder_unless_it_was_edited_there(db, folder: Path):
    put(folder, CSV, b"a")
    load(folder)
    on_site(db, CSV, None)
    assert states(folder) == {CSV: "kept"}
    load(folder)
    assert held(db) == {}
    put(folder, CSV, b"edited")
    assert states(folder) == {CSV: "conflicting"}
    assert (dump(folder).conflicting, (folder / CSV).read_bytes()) == ([CSV], b"edited")
    put(folder, CSV, b"a")
    assert (dump(folder).removed, (folder / CSV).exists()) == ([CSV], False)


def test_both_sides_edited_is_a_conflict_and_nothing_is_loaded(db, folder: Path):
    put(folder, CSV, b"a")
    load(folder)
    on_site(db, CSV, b"b")
    put(folder, CSV, b"c")
    put(folder, "resources/note/autre.csv", b"d")
    assert refused(folder) == [(CSV, "conflict")]
    assert held(db) == {CSV: b"b"}
    load(folder, skip_conflicts=True)
    assert held(db) == {CSV: b"b", "resources/note/autre.csv": b"d"}


def test_somebody_who_attaches_while_it_loads_is_not_overwritten(db, folder: Path):
    put(folder, CSV, b"a")
    load(folder)
    put(folder, CSV, b"b")
    plan = content_plan.plan_load(folder)
    on_site(db, CSV, b"c")
    with pytest.raises(Refused), transaction():
        content_load.load(plan, by=None, now=NOW)
    assert held(db) == {CSV: b"c"}


def test_one_bad_file_keeps_everything_out(db, folder: Path):
    put(folder, CSV, b"a")
    put(folder, "resources/note/faux.pdf", b"<html>")
    assert refused(folder) == [("resources/note/faux.pdf", "file_content")]
    assert (held(db), db.session.scalars(select(Document.id)).all()) == ({}, [])


def test_each_change_has_its_line_in_the_audit(db, folder: Path):
    put(folder, CSV, b"a")
    load(folder)
    actions = db.session.scalars(select(AuditEntry.action)).all()
    assert (actions.count("attachment.attach"), actions.count("content.load")) == (1, 1)
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "content.load")).one().detail["files"] == 1


def test_lost_bytes_are_said_by_a_dump(db, folder: Path, tmp_path: Path):
    put(folder, CSV, b"a")
    load(folder)
    ((digest, _),) = store().digests()
    store().delete(digest)
    dumped = dump(tmp_path / "copy")
    assert dumped.lost == [CSV]
    assert (tmp_path / "copy/resources/note.fr.md").exists()


# --- refusals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "data", "problem"),
    [
        ("resources/note/Plan.csv", b"a", ("resources/note/Plan.csv", "file_name")),
        ("resources/note/plan été.csv", b"a", ("resources/note/plan été.csv", "file_name")),
        ("resources/note/plan.html", b"<p>", ("resources/note/plan.html", "file_kind")),
        ("resources/note/plan.svg", b"<svg/>", ("resources/note/plan.svg", "file_svg")),
        ("resources/note/plan.csv", b"", ("resources/note/plan.csv", "file_empty")),
        ("resources/note/plan.pdf", b"%PDX", ("resources/note/plan.pdf", "file_content")),
        ("resources/note/sous/plan.csv", b"a", ("resources/note/sous", "file_nested")),
        ("resources/rien/plan.csv", b"a", ("resources/rien", "file_without_text")),
        ("resources/Photos/plan.csv", b"a", ("resources/Photos", "file_without_text")),
        ("cycles/port/modules/01-autre/plan.csv", b"a", ("cycles/port/modules/01-autre", "file_without_text")),
        ("resources/note/texte.md", b"a", ("resources/note/texte.md", "bad_path")),
    ],
)
def test_what_is_refused(db, folder: Path, path: str, data: bytes, problem: tuple[str, str]):
    put(folder, path, data)
    assert refused(folder) == [problem]


def test_a_better_name_is_suggested(db, folder: Path):
    put(folder, "resources/note/Présentation du Port.PPTX", b"a")
    (problem,) = content_plan.plan_load(folder).problems
    assert problem.details["close"] == "presentation-du-port.pptx"


def test_too_much_is_refused(db, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kinds, "MAX_FILES", 2)
    monkeypatch.setattr(kinds, "MAX_BYTES", 10)
    for name in ("a.csv", "b.csv", "c.csv"):
        put(folder, f"resources/note/{name}", b"a")
    put(folder, DECK, b"a" * 11)
    assert refused(folder) == [(DECK, "file_too_big"), ("resources/note", "file_too_many")]


def test_links_that_leave_the_folder_are_refused(db, folder: Path, tmp_path: Path):
    put(tmp_path, "secret.csv", b"a")
    (folder / "resources/note").mkdir()
    (folder / CSV).symlink_to(tmp_path / "secret.csv")
    os.mkfifo(folder / "resources/note/tuyau.csv")
    (folder / "resources/lien").symlink_to(tmp_path)
    assert refused(folder) == [
        ("resources/lien", "linked_folder"),
        (CSV, "link_outside"),
        ("resources/note/tuyau.csv", "unreadable"),
    ]


def test_what_systems_leave_behind_is_left_alone(db, folder: Path):
    for name in (".DS_Store", "Thumbs.db", "~$deck.pptx", "desktop.ini"):
        put(folder, f"resources/note/{name}", b"\0")
    put(folder, "resources/photo.jpg", b"a")
    put(folder, "cycles/port/photos/a.jpg", b"a")
    (folder / "resources/vide").mkdir()
    assert content_plan.plan_load(folder).problems == []


def test_why_a_file_has_no_words_is_a_remark(db, folder: Path):
    put(folder, "resources/note/secret.pdf", made.locked_pdf())
    plan = load(folder)
    assert [(it.path, it.code) for it in plan.warnings] == [("resources/note/secret.pdf", "lint_file_encrypted")]
    assert list(held(db)) == ["resources/note/secret.pdf"]


# --- round trips ---------------------------------------------------------------------------------------------------

_QUICK = settings(
    max_examples=200 if os.environ.get("ACADEMY_DEEP") == "1" else 15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
STEPS = ["folder", "unfolder", "site", "unsite", "load", "dump"]
NAMES = st.from_regex(r"\A[a-z0-9]{1,8}(\.fr|\.en|-x)?\.csv\Z")
TABLES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).map(str.encode)


@_QUICK
@given(files=st.dictionaries(NAMES, TABLES, max_size=4))
def test_whatever_files_there_are_come_back_byte_for_byte(db, tmp_path: Path, files: dict[str, bytes]):
    folder, copy = a_folder(tmp_path / "content"), tmp_path / "copy"
    for old in (folder / "resources/note").glob("*"):
        old.unlink()
    for name, data in files.items():
        put(folder, f"resources/note/{name}", data)
    load(folder)
    shutil.rmtree(copy, ignore_errors=True)  # of a former example
    dump(copy)
    assert tree(copy) == tree(folder)


@_QUICK
@given(steps=st.lists(st.sampled_from(STEPS), max_size=10))
def test_random_changes_on_both_sides_never_overwrite(db, tmp_path: Path, steps: list[str]):
    """Loads and dumps take over what one side alone did: what both did stays as each left it."""
    folder = a_folder(tmp_path / "content")
    (folder / CSV).unlink(missing_ok=True)
    on_site(db, CSV, None) if db.session.scalar(select(Document.id).limit(1)) else None
    load(folder, skip_conflicts=True)
    there: bytes | None = None  # what the folder and the site must have
    site: bytes | None = None
    synced: bytes | None = None
    for number, step in enumerate(steps):
        data = f"{step} {number}".encode()
        if step == "folder":
            put(folder, CSV, data)
            there = data
        elif step == "unfolder":
            (folder / CSV).unlink(missing_ok=True)
            there = None
        elif step in ("site", "unsite"):
            site = data if step == "site" else None
            on_site(db, CSV, site)
        elif step == "load":
            load(folder, skip_conflicts=True)
            site = there if site == synced else site
        else:
            dump(folder)
            there = site if there in (synced, None) else there
        synced = there if there == site else synced
        assert held(db).get(CSV) == site
        assert ((folder / CSV).read_bytes() if (folder / CSV).exists() else None) == there
    assert list(invariants.broken(now=NOW)) == []
