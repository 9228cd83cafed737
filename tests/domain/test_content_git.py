"""The Git repository that follows publications: who, what, in which order, and never in the way."""

import shutil
import subprocess
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from academy import jobs
from academy.domain import attachments, preparing, publishing
from academy.domain.content import load as content_load, plan as content_plan
from academy.domain.content.git import GitFailed, address_of, follow
from academy.extensions import db as database, transaction
from academy.models import Document, Edition, OutboxMessage, Person, Role
from academy.web import clock
from tests.domain.texts import a_folder, put, tree
from tests.factories import a_person

NOTE = "resources/note.fr.md"
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


@pytest.fixture
def folder(db, tmp_path: Path) -> Path:
    """A loaded content folder."""
    load(folder := a_folder(tmp_path / "content"))
    return folder


@pytest.fixture
def mirror(folder: Path, tmp_path: Path) -> Path:
    """A repository that has it all."""
    assert follow(tmp_path / "git", host="academie.example") == 1
    return tmp_path / "git"


def load(folder: Path) -> None:
    with transaction():
        content_load.load(content_plan.plan_load(folder), by=None, now=clock.now())


def edition() -> Edition:
    query = select(Edition).join(Edition.document).where(Document.key == "note", Edition.language == "fr")
    return database.session.scalars(query).one()


def publish(words: str, by: int | None = None, note: str = "") -> None:
    row = edition()
    assert row.published is not None
    made = preparing.prepare(row.published.source + words, kind=row.document.kind, language="fr")
    person = database.session.get(Person, by) if by else None
    with transaction():
        publishing.publish(edition(), made, base_id=edition().head_id, by=person, now=clock.now(), note=note)


def git(root: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", root, *words], capture_output=True, check=True, text=True).stdout


def files(root: Path) -> dict[str, bytes]:
    return {path: data for path, data in tree(root).items() if not path.startswith(".git/")}


def test_the_first_commit_holds_what_a_dump_would_write(folder: Path, mirror: Path):
    assert files(mirror) == files(folder)
    assert follow(mirror, host="academie.example") == 0
    assert git(mirror, "status", "--porcelain") == ""


def test_each_publication_is_a_commit_of_its_author(mirror: Path):
    ana, luc = a_person("Ana Martin", role=Role.TRAINER), a_person("Luc <Roy>\n", role=Role.TRAINER)
    publish("\nUn.\n", by=ana, note="Un mot de plus")
    publish("\nDeux.\n", by=luc)
    assert follow(mirror, host="academie.example") == 2
    said = git(mirror, "log", "-2", "--format=%an|%ae|%cn|%s")
    assert said.splitlines() == [
        f"Luc Roy|person-{luc}@noreply.academie.example|One Provence Academy|Un titre",
        f"Ana Martin|person-{ana}@noreply.academie.example|One Provence Academy|Un titre",
    ]
    assert "Un mot de plus" in git(mirror, "log", "-1", "HEAD~1", "--format=%B")
    assert git(mirror, "show", "--format=", "--name-only", "HEAD").split() == [NOTE]
    assert git(mirror, "show", f"HEAD~1:{NOTE}").endswith("\nUn.\n")
    assert "example.org" not in git(mirror, "log", "--format=%ae %ce %an %B")


def test_a_renamed_text_leaves_no_file_behind(folder: Path, mirror: Path):
    (folder / NOTE).rename(folder / "resources/autre.fr.md")
    load(folder)
    follow(mirror, host="academie.example")
    assert files(mirror) == files(folder)


def test_files_beside_texts_come_and_go(folder: Path, mirror: Path):
    with transaction():
        made = attachments.prepare("liste.csv", b"a;b\n")
        attachments.attach(edition().document, made, by=None, now=clock.now())
    follow(mirror, host="academie.example")
    assert (mirror / "resources/note/liste.csv").read_bytes() == b"a;b\n"
    with transaction():
        attachments.remove(attachments.attached_to(edition().document_id)[0], by=None, now=clock.now())
    follow(mirror, host="academie.example")
    assert files(mirror) == files(folder)


def test_what_somebody_wrote_in_the_repository_is_not_overwritten(mirror: Path):
    put(mirror, NOTE, "à moi\n")
    publish("\nUn.\n")
    with pytest.raises(GitFailed, match="was edited"):
        follow(mirror, host="academie.example")
    assert (mirror / NOTE).read_text() == "à moi\n"
    git(mirror, "checkout", "--", NOTE)
    assert follow(mirror, host="academie.example") == 1


def test_work_that_somebody_staged_stays_theirs(mirror: Path):
    put(mirror, "README.md", "Bonjour\n")
    git(mirror, "add", "README.md")
    publish("\nUn.\n")
    follow(mirror, host="academie.example")
    assert git(mirror, "status", "--porcelain") == "A  README.md\n"


def test_a_folder_of_something_else_is_left_alone(folder: Path, tmp_path: Path):
    put(tmp_path / "other", "README.md", "x")
    with pytest.raises(GitFailed, match="no Git repository"):
        follow(tmp_path / "other", host="academie.example")
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["README.md"]


def test_a_missing_git_is_told(mirror: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(GitFailed, match="not installed"):
        follow(mirror, host="academie.example")


def test_two_writers_make_each_commit_once(app: Flask, mirror: Path):
    from threading import Thread

    for number in range(3):
        publish(f"\n{number}.\n")
    made = []

    def run() -> None:
        with app.app_context():
            made.append(follow(mirror, host="academie.example"))

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [0, 0, 3]


def test_the_job_follows_and_a_failure_keeps_nobody_from_publishing(app: Flask, folder: Path, tmp_path: Path):
    root = tmp_path / "by-job"
    settings = app.config["SETTINGS"]
    object.__setattr__(settings, "content_git", str(root))
    put(root, "README.md", "x")
    publish("\nUn.\n")
    jobs.drain()
    errors = [row.error for row in database.session.scalars(select(OutboxMessage)) if row.error]
    assert any("no Git repository" in error for error in errors)
    (root / "README.md").unlink()
    publish("\nDeux.\n")
    jobs.drain()
    assert git(root, "show", f"HEAD:{NOTE}").endswith("\nDeux.\n")


def test_addresses_name_nobody_else():
    assert address_of(None, "x.example") == "One Provence Academy <academy@noreply.x.example>"
