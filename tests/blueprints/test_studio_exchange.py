"""Folder out, folder in, in the browser: what the command line does, as far as the person may."""

import io
import json
import re
import zipfile
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.domain import attachments, preparing, publishing
from academy.domain.content import (
    dump as content_dump,
    export as content_export,
    load as content_load,
    plan as content_plan,
)
from academy.domain.content.archives import VERSIONS
from academy.domain.content.export import Part
from academy.extensions import db as database, transaction
from academy.files.store import store
from academy.formats import zips
from academy.models import Attachment, AuditEntry, Document, Edition, Revision, Role
from academy.web import clock
from tests.domain.courses_made import WIKI
from tests.domain.texts import MODULE as MODULE_TEXT, a_folder, tree
from tests.factories import a_person, an_archive
from tests.files import made

MODULE = "cycles/port/modules/01-escale.fr.md"
QUAI = "cycles/port/modules/02-quai.fr.md"
FILE = "cycles/port/modules/01-escale/film.fr.vtt"
FILM = b"WEBVTT\n\n00:01.000 --> 00:02.000\nUn quai.\n"


@pytest.fixture
def ready(app: Flask, tmp_path) -> dict[str, Any]:
    """The academy of `a_folder`; its module 01-escale, with a file, belongs to a trainer."""
    folder = a_folder(tmp_path / "content")
    with app.app_context():
        people = {
            "tess": a_person("Tess", role=Role.TRAINER),
            "other": a_person("Otto", role=Role.TRAINER),
            "olga": a_person("Olga", role=Role.ORGANISER),
            "sam": a_person("Sam"),
        }
        with transaction():
            content_load.load(content_plan.plan_load(folder), by=None, now=clock.now())
        with transaction() as it:
            module = it.scalars(select(Document).where(Document.path == MODULE.removesuffix(".fr.md"))).one()
            module.owner_id = people["tess"]
            attachments.attach(module, attachments.prepare("film.fr.vtt", FILM), by=None, now=clock.now())
    return people | {"folder": folder}


def files_in(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def said(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


class Importer:
    """A browser that sends an archive and confirms."""

    def __init__(self, browser):
        self.browser = browser
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/moi/").text)
        assert token is not None
        self.token = token[1]

    def send(self, files: dict[str, bytes] | bytes, **said: str):
        """The report of what an archive would do."""
        data = files if isinstance(files, bytes) else an_archive(files)
        sent = {"csrf_token": self.token, "archive": (io.BytesIO(data), "cours.zip"), **said}
        answer = self.browser.post("/atelier/importer", data=sent)
        assert answer.status_code == 303, answer.text
        self.url = answer.location
        return self.browser.get(self.url)

    def confirm(self, page, **choices: str):
        seal = re.search(r'name="seal" value="(\w+)"', page.text)
        assert seal is not None
        return self.browser.post(self.url, data={"csrf_token": self.token, "seal": seal[1], **choices})


@pytest.fixture
def importer(as_, ready):
    return lambda who: Importer(as_(ready[who]))


def source_of(app: Flask, path: str, *, head: bool = False) -> str:
    with app.app_context():
        edition = edition_at(path)
        revision = edition.head if head else edition.published or edition.head
        assert revision is not None
        return revision.source


def edition_at(path: str) -> Edition:
    stem, language = path[:-6], path[-5:-3]
    query = select(Edition).join(Edition.document).where(Document.path == stem, Edition.language == language)
    return database.session.scalars(query).one()


def edit_site(app: Flask, path: str, source: str) -> None:
    with app.app_context():
        edition = edition_at(path)
        made = preparing.prepare(source, kind=edition.document.kind, language=edition.language)
        with transaction():
            publishing.publish(edition, made, base_id=edition.head_id, by=None, now=clock.now())


# --- out ------------------------------------------------------------------------------------------------------------


@pytest.mark.each_database
def test_the_whole_academy_leaves_as_a_dump_would_write_it(app: Flask, as_, ready, tmp_path):
    answer = as_(ready["olga"]).get("/atelier/exporter/archive.zip")
    with app.app_context(), transaction():
        content_dump.dump(tmp_path / "dumped", by=None, now=clock.now())
    files = files_in(answer.data)
    versions = json.loads(files.pop(VERSIONS))["files"]
    assert files == tree(tmp_path / "dumped")
    assert set(versions) == set(files)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_one_cycle_leaves_alone_with_its_files(as_, ready):
    files = files_in(as_(ready["olga"]).get("/atelier/exporter/archive.zip?cycle=port").data)
    assert files[FILE] == FILM
    assert "topics.yml" not in files
    assert not [path for path in files if path.startswith("pages/")]
    assert as_(ready["olga"]).get("/atelier/exporter/archive.zip?cycle=nulle-part").status_code == 404


def test_a_trainer_takes_away_what_is_theirs(as_, ready):
    files = files_in(as_(ready["tess"]).get("/atelier/exporter/archive.zip").data)
    assert sorted(files) == sorted([VERSIONS, FILE, MODULE])
    assert as_(ready["other"]).get("/atelier/exporter/archive.zip?cycle=port").status_code == 404
    assert "Rien à exporter" in as_(ready["other"]).get("/atelier/exporter").text


def test_a_lost_file_is_named(app: Flask, as_, ready):
    with app.app_context():
        store().delete(database.session.scalars(select(Attachment.digest)).one())
    files = files_in(as_(ready["tess"]).get("/atelier/exporter/archive.zip").data)
    assert json.loads(files[VERSIONS])["lost"] == [FILE]
    assert FILE not in files


def test_the_archive_is_the_same_at_the_same_instant(app: Flask, ready):
    with app.app_context():
        now = clock.now()
        first, second = (b"".join(zips.stream(content_export.entries(Part(), now=now))) for _ in range(2))
    assert first == second


# --- in -------------------------------------------------------------------------------------------------------------


def test_what_left_comes_back_as_no_change(app: Flask, importer, ready):
    olga = importer("olga")
    page = olga.send(olga.browser.get("/atelier/exporter/archive.zip").data)
    assert "il n’y a rien à importer" in said(page.text)
    assert "Inchangés (11)" in said(page.text)
    assert page.headers["Cache-Control"] in {"no-store", "private, no-store"}


def test_a_report_writes_nothing_and_the_confirmation_does(app: Flask, importer, ready):
    tess = importer("tess")
    files = files_in(tess.browser.get("/atelier/exporter/archive.zip").data)
    files[MODULE] = files[MODULE].replace(b"Un texte.", b"Un texte relu.\r\n")
    files["LISEZ-MOI.txt"] = b"Bonjour"
    before = source_of(app, MODULE)
    page = tess.send(files)
    assert "Modifiés (1)" in said(page.text)
    assert "Laissés de côté (1)" in said(page.text)
    assert source_of(app, MODULE) == before
    answer = tess.confirm(page)
    assert (answer.status_code, answer.location) == (303, "/atelier/")
    assert source_of(app, MODULE).encode() == files[MODULE]
    with app.app_context():
        assert edition_at(MODULE).synced_hash != edition_at(MODULE).head.source_hash  # the folder has not seen it
        load = database.session.scalars(select(AuditEntry).where(AuditEntry.action == "content.load")).all()[-1]
        assert load.person_id == ready["tess"]


def test_a_new_text_belongs_to_who_brings_it(app: Flask, importer, ready):
    tess = importer("tess")
    path = "cycles/port/modules/07-neuf.fr.md"
    answer = tess.confirm(tess.send({path: MODULE_TEXT.format(id="neuf").encode()}))
    assert answer.status_code == 303
    with app.app_context():
        assert edition_at(path).document.owner_id == ready["tess"]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (QUAI, None),
        (QUAI.replace(".fr.", ".en."), None),
        ("pages/a-propos.fr.md", None),
        ("cycles/neuf/cycle.fr.md", "new"),
        ("topics.yml", None),
    ],
)
def test_a_trainer_brings_nothing_that_they_may_not_edit(app: Flask, importer, ready, path: str, source):
    files = files_in(importer("olga").browser.get("/atelier/exporter/archive.zip").data)
    old = files.get(path) or files.get(path.replace(".en.", ".fr.")) or files["cycles/port/cycle.fr.md"]
    new = old.replace(b"id: ", b"id: neuf-") if source else old.replace(b"fr: Mer", b"fr: Eau")
    new = new if path == "topics.yml" else new + b"\nDe plus.\n"
    tess = importer("tess")
    page = tess.send({path: new})
    assert re.search("(?i)quelqu’un d’autre|l’équipe seule", said(page.text))
    assert "<ins>" not in page.text  # the words of others are not shown
    assert tess.confirm(page).status_code == 422


def test_a_report_is_for_its_sender_and_the_team(as_, importer, ready):
    tess = importer("tess")
    tess.send({"README.md": b"x"})
    assert as_(ready["other"]).get(tess.url).status_code == 403
    assert as_(ready["olga"]).get(tess.url).status_code == 200
    assert tess.browser.get(tess.url + "x").status_code == 404
    assert tess.browser.get("/atelier/importer/guessed").status_code == 404


def test_changes_that_do_not_touch_are_merged(app: Flask, importer, ready):
    tess = importer("tess")
    files = files_in(tess.browser.get("/atelier/exporter/archive.zip").data)
    start = files[MODULE].decode()
    edit_site(app, MODULE, start.replace("Un titre", "Un meilleur titre"))
    files[MODULE] = start.replace("Un texte.", "Un texte du dossier.").encode()
    page = tess.send(files)
    assert "Réunis (1)" in said(page.text)
    assert tess.confirm(page).status_code == 303
    both = start.replace("Un titre", "Un meilleur titre").replace("Un texte.", "Un texte du dossier.")
    assert source_of(app, MODULE) == both
    # The archive's next version still merges with what the site has since.
    files[MODULE] = start.replace("Un texte.", "Un texte du dossier, encore.").encode()
    assert tess.confirm(tess.send(files)).status_code == 303
    assert source_of(app, MODULE) == both.replace("du dossier.", "du dossier, encore.")


@pytest.mark.parametrize("choice", ["site", "folder", "editor", ""])
def test_a_conflict_waits_for_a_choice_and_loses_nothing(app: Flask, importer, ready, choice: str):
    tess = importer("tess")
    files = files_in(tess.browser.get("/atelier/exporter/archive.zip").data)
    start = files[MODULE].decode()
    site, mine = (start.replace("Un texte.", f"Un texte {side}.") for side in ("du site", "du dossier"))
    edit_site(app, MODULE, site)
    files[MODULE] = mine.encode()
    page = tess.send(files)
    assert "En conflit (1)" in said(page.text)
    answer = tess.confirm(page, **{f"choice:{MODULE}": choice})
    assert answer.status_code == (303 if choice else 422)
    expected = {"site": site, "folder": mine, "editor": site, "": site}
    assert source_of(app, MODULE) == expected[choice]
    head = source_of(app, MODULE, head=True)
    if choice == "editor":
        assert answer.location.endswith("/fr")
        assert [head.count(mark) for mark in ("<<<<<<<", "=======", ">>>>>>>", "du site", "du dossier")] == [1] * 5
    else:
        assert head == expected[choice]
    with app.app_context():
        kept = set(database.session.scalars(select(Revision.source)))
        assert site in kept
        assert mine in kept or choice in ("site", "")


def test_a_site_that_moved_since_the_report_is_shown_again(app: Flask, importer, ready):
    tess = importer("tess")
    files = files_in(tess.browser.get("/atelier/exporter/archive.zip").data)
    start = files[MODULE].decode()
    files[MODULE] = start.replace("Un texte.", "Un texte du dossier.").encode()
    page = tess.send(files)
    edit_site(app, MODULE, start.replace("Un texte.", "Un texte du site."))
    answer = tess.confirm(page)
    assert answer.status_code == 409
    assert "Le site a changé depuis ce rapport" in said(answer.text)
    assert "du site" in source_of(app, MODULE)


@pytest.mark.each_database
def test_a_file_that_the_archive_has_no_more_is_removed(app: Flask, importer, ready):
    tess = importer("tess")
    files = files_in(tess.browser.get("/atelier/exporter/archive.zip").data)
    del files[FILE]
    page = tess.send(files)
    assert "Retirés (1)" in said(page.text)
    assert tess.confirm(page).status_code == 303
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(Attachment)) == 0


def test_an_archive_made_elsewhere_removes_no_file(app: Flask, importer, ready):
    tess = importer("tess")
    page = tess.send({"depot/content/" + MODULE: source_of(app, MODULE).encode()})
    assert "il n’y a rien à importer" in said(page.text)


def test_bad_texts_are_told_with_their_lines(importer, ready):
    page = importer("tess").send({"cycles/port/modules/09-x.fr.md": b"---\nid: x\ntitle: X\nlevel: haut\n---\n"})
    words = said(page.text)
    assert "Ligne 4 cycles/port/modules/09-x.fr.md" in words
    assert "Rien ne sera importé" in words
    assert "Importer</button>" not in page.text


def test_hostile_archives_are_told(importer, ready):
    page = importer("tess").send(an_archive({"../x.md": b"x", "<script>alert(1)</script>.md": b"x"}))
    assert "mène hors du dossier" in said(page.text)
    assert "<script>alert" not in page.text


def test_what_is_no_archive_is_asked_for_again(importer, ready):
    tess = importer("tess")
    assert "n’est pas une archive ZIP" in said(tess.send(b"Bonjour").text)
    answer = tess.browser.post("/atelier/importer", data={"csrf_token": tess.token})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_swept_archive_is_not_there_any_more(app: Flask, importer, ready):
    tess = importer("tess")
    tess.send({"README.md": b"x"})
    with app.app_context():
        for digest, _ in list(store().digests()):
            store().delete(digest)
    assert tess.browser.get(tess.url).status_code == 404


@pytest.mark.each_database
def test_a_course_made_elsewhere_becomes_drafts_of_a_cycle(app: Flask, importer, ready):
    tess = importer("tess")
    data = an_archive(WIKI, around="cours.wiki/")
    assert "Choisissez le cycle" in said(tess.send(data).text)
    page = tess.send(data, cycle="port")
    words = said(page.text)
    assert "Nouveaux (3)" in words
    assert "cours.wiki/_Footer.md laissé" in words
    assert "Ligne 1 cours.wiki/Home.md" in words
    assert tess.confirm(page).status_code == 303
    with app.app_context():
        query = select(Document.owner_id, Edition.published_id).join(Document.editions)
        rows = database.session.execute(query.where(Document.key.startswith("port-"))).all()
    assert [tuple(row) for row in rows] == [(ready["tess"], None)] * 3
    assert "il n’y a rien à importer" in said(tess.send(data, cycle="port").text)


def test_queries_do_not_grow_with_the_files(app: Flask, importer, ready, queries):
    tess = importer("tess")
    counts = []
    for number in (1, 3):
        texts = {
            f"cycles/port/modules/{n + 10}-t{n}.fr.md": MODULE_TEXT.format(id=f"t{n}").encode() for n in range(number)
        }
        tess.send(texts)
        queries.clear()
        tess.browser.get(tess.url)
        counts.append(len(queries))
    assert counts[1] - counts[0] <= 2 * 2  # for each text more: whether it is rendered already, what it includes


# --- files that are refused -----------------------------------------------------------------------------------------

BROKEN = b"\x89PNG\r\n\x1a\n" + bytes(99)
COURSE = {
    "mkdocs.yml": "site_name: Cours\n",
    "docs/nouer.md": "# Nouer\n\nUn nœud.\n\n![Un bout](bout.png)\n\n![Un taquet](taquet.png)\n",
    "docs/bout.png": BROKEN,
    "docs/taquet.png": made.photo(40, 30, form="PNG"),
}


def test_a_damaged_picture_keeps_the_rest_of_a_course_back_only_until_somebody_says_so(app: Flask, importer):
    tess = importer("tess")
    page = tess.send(an_archive(COURSE), cycle="port", language="fr")
    words = said(page.text)
    assert "Des fichiers sont refusés, et le reste est bon" in words
    assert "docs/bout.png" in words
    assert "abîmée" in words
    assert "docs/bout.png laissé :" in words
    refused = tess.confirm(page)
    assert (refused.status_code, "Dites que le reste s’importe" in said(refused.text)) == (422, True)
    done = tess.confirm(page, without="1")
    assert done.status_code == 303
    assert "Refusés, et laissés de côté : docs/bout.png." in said(tess.browser.get(done.location).text)
    with app.app_context():
        names = set(database.session.scalars(select(Attachment.name)))
        assert "![Un bout](fichiers/bout.png)" in edition_at("cycles/port/modules/03-nouer.fr.md").head.source  # pyright: ignore
    assert names == {"film.fr.vtt", "taquet.png"}


def test_a_refused_file_leaves_the_one_of_the_site(app: Flask, importer):
    olga = importer("olga")
    files = {MODULE: source_of(app, MODULE).replace("Un texte.", "Un autre texte."), FILE: b"MZ"}
    page = olga.send(an_archive(files))
    assert "Retirés" not in said(page.text)
    assert olga.confirm(page, without="1").status_code == 303
    assert "Un autre texte." in source_of(app, MODULE)
    with app.app_context():
        row = database.session.scalars(select(Attachment)).one()
        assert store().read(row.digest, 0, row.size) == FILM


def test_what_is_wrong_with_a_text_is_not_left_out(importer):
    olga = importer("olga")
    page = olga.send(
        an_archive({"resources/faute.fr.md": "---\nid: faute\nlevel: haut\n---\n", "resources/faute/a.png": BROKEN})
    )
    assert "Rien ne sera importé" in said(page.text)
    assert olga.confirm(page, without="1").status_code == 422
