"""`flask content`: reports, exit codes, both languages."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.domain import preparing, publishing
from academy.domain.content import plan as content_plan
from academy.extensions import db, transaction
from academy.models import Document, Edition, Kind, Rendering, Revision
from academy.rendering.markdown import RENDERER
from academy.web import clock
from tests.domain.courses_made import MKDOCS, lay
from tests.domain.texts import a_folder, put, text, tree as bytes_of
from tests.factories import an_archive

NOTE = "resources/note.fr.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path / "content")


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """`run("load", folder)`: the exit code, what was printed, what was complained about."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")

    def invoke(*args: object) -> tuple[int, str, str]:
        result = app.test_cli_runner().invoke(args=["content", *map(str, args)])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return invoke


def count(app: Flask, model) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_load_counts_what_it_did(app: Flask, run, folder: Path):
    assert run("load", folder) == (0, f"{folder}: created 10\n", "")
    put(folder, NOTE, text(Kind.RESOURCE, "note", title="Mieux"))
    code, out, _ = run("load", folder)
    assert (code, out) == (0, f"  changed  {NOTE}\n{folder}: changed 1, unchanged 9\n")
    assert run("load", folder)[1] == f"{folder}: unchanged 10\n"
    assert count(app, Revision) == 8


def test_a_dry_run_writes_nothing(app: Flask, run, folder: Path):
    code, out, _ = run("load", folder, "--dry-run")
    assert (code, out) == (0, f"Dry run, nothing is written. {folder}: created 10\n")
    assert count(app, Document) == 0


def test_a_bad_file_is_told_and_nothing_is_loaded(app: Flask, run, folder: Path):
    put(folder, NOTE, text(Kind.RESOURCE, "note", topics=["prot"], colour="red"))
    code, out, err = run("load", folder)
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        f"{NOTE}, line 11, “colour”: unknown key: it is kept but has no effect. Correct its name, or remove it.",
        (
            f"{NOTE}, line 5, “topics”: there is no topic “prot”. Take one from topics.yml, or add it to that file."
            " Did you mean “port”?"
        ),
        "Nothing was loaded. Problems 1",
    ]
    assert count(app, Document) == 0


def test_messages_follow_the_language_of_the_terminal(run, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    put(folder, NOTE, text(Kind.RESOURCE, "note", type="vidéo"))
    code, _, err = run("load", folder)
    assert code == 1
    assert err.splitlines() == [
        (
            f"{NOTE}, ligne 10, «\u202ftype\u202f»\u00a0: «\u202fvidéo\u202f» n’est pas admis. Choisissez parmi\u00a0: note, guide, report,"
            " glossary, kit, pitch, photo-library, reading-list."
        ),
        "Rien n’a été chargé. Problèmes 1",
    ]


def test_check_says_whether_folder_and_site_are_the_same(run, folder: Path):
    assert run("check", folder)[0] == 2
    run("load", folder)
    assert run("check", folder) == (0, f"{folder}: files 10, differing 0\n", "")
    put(folder, NOTE, text(Kind.RESOURCE, "note", title="Mieux"))
    assert run("check", folder)[:2] == (2, f"  changed  {NOTE}\n{folder}: files 10, differing 1\n")
    put(folder, NOTE, "---\n")
    assert run("check", folder)[0] == 1
    assert run("check", folder, "--files-only")[0] == 1


def test_check_of_files_alone_needs_no_site(run, folder: Path):
    assert run("check", folder, "--files-only") == (0, f"{folder}: files 10, differing 0\n", "")


def test_dump_writes_the_same_bytes_back(run, folder: Path, tmp_path: Path):
    run("load", folder)
    code, out, _ = run("dump", tmp_path / "copy")
    assert code == 0
    assert out.splitlines()[-1] == f"{tmp_path / 'copy'}: written 10"
    assert bytes_of(tmp_path / "copy") == bytes_of(folder)
    assert run("dump", folder) == (0, f"{folder}: unchanged 10\n", "")


def test_a_conflict_is_told_by_load_and_dump(app: Flask, run, folder: Path):
    run("load", folder)
    put(folder, NOTE, text(Kind.RESOURCE, "note", title="Du dossier"))
    with app.app_context(), transaction() as session:
        edition = session.scalars(select(Edition).join(Edition.document).where(Document.key == "note")).one()
        edition.synced_hash = "0" * 64  # as if the site had been edited
    code, _, err = run("load", folder)
    assert code == 1
    assert err.startswith(f"{NOTE}: the text was edited here and on the site.")
    code, _, err = run("dump", folder)
    assert code == 1
    assert err.startswith(f"{NOTE}: the text was edited here and on the site.")
    code, out, _ = run("load", folder, "--skip-conflicts")
    assert (code, out) == (0, f"  conflicting  {NOTE}\n{folder}: unchanged 9, conflicting 1\n")


def test_render_makes_what_the_renderer_has_not(app: Flask, run, folder: Path):
    run("load", folder)
    assert run("render")[1] == "texts rendered again 0\n"
    with app.app_context(), transaction() as session:
        for made in session.scalars(select(Rendering)):
            made.renderer = "0-old"
    assert run("render")[1] == "texts rendered again 7\n"
    with app.app_context():
        assert set(db.session.scalars(select(Rendering.renderer))) == {"0-old", RENDERER}


def test_who_edits_the_site_meanwhile_is_not_overwritten(
    app: Flask, run, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    run("load", folder)
    put(folder, NOTE, text(Kind.RESOURCE, "note", title="Du dossier"))
    plan_load = content_plan.plan_load

    def plan_then_edit(root: Path, **values):
        plan = plan_load(root, **values)
        with transaction() as session:
            edition = session.scalars(select(Edition).join(Edition.document).where(Document.key == "note")).one()
            edition.head_id = None
        return plan

    monkeypatch.setattr(content_plan, "plan_load", plan_then_edit)
    code, _, err = run("load", folder)
    assert code == 1
    assert "Nothing was loaded: run the command again." in err


def test_the_folder_of_the_settings_is_the_default(app: Flask, run):
    code, out, _ = run("load")
    assert (code, count(app, Document) > 40) == (0, True)
    assert out.startswith(f"{app.config['SETTINGS'].content}: created ")


def test_a_zip_is_a_folder_too(app: Flask, run, folder: Path, tmp_path: Path):
    run("load", folder)
    archive = tmp_path / "academie.zip"
    code, out, _ = run("dump", archive)
    assert (code, out) == (0, f"{archive}: written 10\n")
    with ZipFile(archive) as files:
        assert {name: files.read(name) for name in files.namelist() if name != "academie.json"} == bytes_of(folder)
    assert run("check", archive) == (0, f"{archive}: files 10, differing 0\n", "")
    with app.app_context(), transaction() as session:
        edition = session.scalars(select(Edition).join(Edition.document).where(Document.key == "note")).one()
        edition.title = "Autre"  # a column of a list; the text is the same
    assert run("load", archive) == (0, f"{archive}: unchanged 10\n", "")


def test_check_of_an_edited_zip_ends_with_2_and_a_load_takes_it(app: Flask, run, folder: Path, tmp_path: Path):
    run("load", folder)
    run("dump", tmp_path / "a.zip")
    with ZipFile(tmp_path / "a.zip") as files, ZipFile(tmp_path / "b.zip", "w") as edited:
        for name in files.namelist():
            edited.writestr(name, files.read(name).replace(b"Une note.", b"Une note relue."))
    assert run("check", tmp_path / "b.zip")[0] == 2
    assert run("load", tmp_path / "b.zip", "--dry-run")[1].endswith("changed 1, unchanged 9\n")
    assert run("load", tmp_path / "b.zip")[1].endswith("changed 1, unchanged 9\n")
    assert run("check", tmp_path / "b.zip")[0] == 0
    # The folder that is kept has not seen it: a dump brings it there, and a load takes nothing back.
    assert "kept" in run("load", folder)[1]
    run("dump", folder)
    assert run("check", folder)[0] == 0


def test_one_cycle_in_a_zip(run, folder: Path, tmp_path: Path):
    run("load", folder)
    assert run("dump", tmp_path / "port.zip", "--cycle", "port")[0] == 0
    with ZipFile(tmp_path / "port.zip") as files:
        assert all(name.startswith(("cycles/port/", "resources/", "academie.json")) for name in files.namelist())
    assert run("dump", tmp_path / "x.zip", "--cycle", "nulle-part")[0] == 2
    assert not (tmp_path / "x.zip").exists()
    assert run("dump", tmp_path / "folder", "--cycle", "port")[0] == 2


def test_a_hostile_zip_is_told(run, tmp_path: Path):
    (tmp_path / "x.zip").write_bytes(an_archive({"../../x.md": "x"}))
    code, out, err = run("load", tmp_path / "x.zip")
    assert (code, out) == (1, "")
    assert err.startswith("../../x.md: this name leads out of the folder")


@pytest.mark.parametrize(("choice", "title"), [("site", "Du site"), ("folder", "Du dossier"), ("editor", "Du site")])
def test_conflicts_are_settled_as_asked(app: Flask, run, folder: Path, choice: str, title: str):
    run("load", folder)
    put(folder, NOTE, text(Kind.RESOURCE, "note", title="Du dossier"))
    with app.app_context():
        row = db.session.scalars(select(Edition).join(Edition.document).where(Document.key == "note")).one()
        made = preparing.prepare(text(Kind.RESOURCE, "note", title="Du site"), kind=Kind.RESOURCE, language="fr")
        with transaction():
            publishing.publish(row, made, base_id=row.head_id, by=None, now=clock.now())
    assert run("load", folder)[0] == 1
    assert run("load", folder, "--conflicts", choice)[0] == 0
    with app.app_context():
        assert db.session.scalar(select(Edition.title).join(Edition.document).where(Document.key == "note")) == title
    if choice != "editor":
        assert run("load", folder)[0] == 0
        run("dump", folder)
        assert run("check", folder)[0] == 0


def test_a_course_is_imported_as_drafts(app: Flask, run, folder: Path, tmp_path: Path):
    run("load", folder)
    course = lay(tmp_path / "cours", MKDOCS)
    code, out, err = run("import", course, "--into", "port", "--dry-run")
    assert (code, count(app, Document)) == (0, 6), err
    assert "  imported  docs/index.md → cycles/port/modules/03-le-quai-en-une-heure.fr.md" in out
    assert "  left  docs/manoeuvres/plan.svg: " in out
    assert "docs/manoeuvres/amarrer.md, line 20: " in err
    code, out, _ = run("import", course, "--into", "port")
    assert (code, count(app, Document)) == (0, 10)
    assert out.splitlines()[-1] == f"{course}: created 5"
    assert run("import", course, "--into", "port")[1].splitlines()[-1] == f"{course}: unchanged 5"
    assert run("import", course, "--into", "nulle-part")[0] == 1
    (tmp_path / "cours.zip").write_bytes(an_archive(MKDOCS, around="cours-main/"))
    assert run("import", tmp_path / "cours.zip", "--into", "port")[1].splitlines()[-1].endswith("unchanged 5")
