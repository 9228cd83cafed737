"""Sheets signed on paper, scanned back: known by their content, for the team alone."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.domain import attachments, doors, invariants, scans
from academy.domain.content import dump as content_dump
from academy.extensions import db, transaction
from academy.files.store import store
from academy.models import AuditEntry, CycleSession, Person, Role, SheetScan
from academy.web import clock
from tests.factories import a_person, a_session
from tests.kept import once

CANARY = b"canari-de-la-feuille"
PDF = b"%PDF-1.7\n" + CANARY + b"\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 9 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 17 + b"\0\0\0\0IEND\xaeB`\x82"


@pytest.fixture
@once
def ready(app) -> dict[str, int | str]:
    with app.app_context():
        people = {"olga": a_person("Olga", role=Role.ORGANISER)}
        people |= {"tess": a_person(role=Role.TRAINER), "sam": a_person("Sam")}
        session = a_session(starts_in=timedelta(minutes=30))
        with transaction() as it:
            olga = it.get_one(Person, people["olga"])
            _link, token = doors.make(it.get_one(CycleSession, session), "Ana", by=olga, now=clock.now())
    return people | {"session": session, "door": token}


@pytest.fixture
def send(as_, ready):
    """`send(bytes, name)`: the answer to the organiser who adds this file."""

    def post(data: bytes, name: str = "feuille.pdf"):
        olga, path = as_(ready["olga"]), f"/pilotage/sessions/{ready['session']}/feuilles/"
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', olga.get(path).text)
        assert token is not None
        return olga.post(path, data=_body(data, name, token[1]), content_type=_TYPE)

    return post


_TYPE = "multipart/form-data; boundary=quai"


def _body(data: bytes, name: str = "x.pdf", token: str = "") -> bytes:
    """As a browser sends it; the test client would leave a temporary file open where a body is refused unread."""
    fields = f'--quai\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
    file = f'--quai\r\nContent-Disposition: form-data; name="scan"; filename="{name}"\r\n\r\n'
    return fields.encode() + file.encode() + data + b"\r\n--quai--\r\n"


def _rows(app) -> list[SheetScan]:
    with app.app_context():
        return list(db.session.scalars(select(SheetScan).order_by(SheetScan.id)))


@pytest.mark.parametrize(
    ("data", "name", "media_type", "suffix"),
    [
        (PDF, "feuille.pdf", "application/pdf", "pdf"),
        (JPEG, "IMG_0001.JPEG", "image/jpeg", "jpg"),
        (PNG, "../../é <script>.exe", "image/png", "png"),
    ],
)
def test_a_scan_is_kept_listed_given_back_and_deleted(app, as_, ready, send, data, name, media_type, suffix):
    assert send(data, name).status_code == 303
    (row,) = _rows(app)
    assert (row.media_type, row.size) == (media_type, len(data))
    olga, path = as_(ready["olga"]), f"/pilotage/sessions/{ready['session']}/feuilles/"
    page = olga.get(path).text
    file = f"emargement-{ready['session']}-{row.id}.{suffix}"
    assert file in page
    answer = olga.get(f"/pilotage/feuilles/{row.id}/fichier")
    assert (answer.data, answer.mimetype) == (data, media_type)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{file}"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    deleting = f"/pilotage/feuilles/{row.id}/supprimer"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    assert olga.post(deleting, data={"csrf_token": token[1]}).status_code == 303
    assert _rows(app) == []
    with app.app_context():
        told = select(AuditEntry.action, AuditEntry.entity_id).where(AuditEntry.action.like("scan.%"))
        assert [tuple(it) for it in db.session.execute(told.order_by(AuditEntry.id))] == [
            ("scan.add", ready["session"]),
            ("scan.remove", ready["session"]),
        ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-",
        b"%PDF-1.7 no end",
        b"MZ\x90\0" + PDF,
        b"<html><script>alert(1)</script>%%EOF",
        JPEG[:-2],
        PNG[:-4],
        b"GIF89a" + b"\0" * 99,
        b"PK\x03\x04" + b"\0" * 99,
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    ],
)
def test_what_is_no_whole_scan_is_refused_and_says_what_to_do(app, send, data: bytes):
    answer = send(data)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert _rows(app) == []


def test_a_large_scan_is_taken_and_a_larger_one_refused(app, send):
    most = PDF[:-7] + b"\0" * (scans.MAX_BYTES - len(PDF)) + b"\n%%EOF\n"
    assert len(most) == scans.MAX_BYTES
    assert send(most).status_code == 303
    answer = send(most + b"\n")
    assert answer.status_code == 409
    assert "10\u00a0Mo" in answer.text.replace("\u202f", "\u00a0").replace(" Mo", "\u00a0Mo")
    assert send(b"%PDF-" + b"\0" * (scans.MAX_BYTES + 200_000)).status_code == 413
    assert len(_rows(app)) == 1


def test_other_forms_take_no_more_than_before(as_, ready, client):
    """Nor does a visitor's post to this one."""
    big, path = _body(b"\0" * 2_000_000), f"/pilotage/sessions/{ready['session']}/"
    assert client.post(f"{path}feuilles/", data=big, content_type=_TYPE).status_code == 401
    assert as_(ready["olga"]).post(f"{path}porte", data=big, content_type=_TYPE).status_code == 413


@pytest.mark.each_database
def test_the_same_bytes_are_kept_once_and_a_session_has_a_cap(app, send, monkeypatch):
    assert [send(PDF).status_code, send(PDF).status_code] == [303, 303]
    assert len(_rows(app)) == 1
    monkeypatch.setattr(scans, "MOST", 2)
    assert send(JPEG).status_code == 303
    assert send(PNG).status_code == 409


@pytest.mark.each_database
def test_nobody_but_the_team_gets_a_scan(app, as_, client, ready, send, tmp_path):
    send(PDF)
    (row,) = _rows(app)
    path, listed = f"/pilotage/feuilles/{row.id}/fichier", f"/pilotage/sessions/{ready['session']}/feuilles/"
    for address in (path, listed):
        assert client.get(address).status_code == 302
        assert [as_(ready[name]).get(address).status_code for name in ("sam", "tess")] == [403, 403]
    client.get(f"/porte/{ready['door']}/")
    assert client.get(path).status_code == 302  # the link of the door opens the roll alone
    for guessed in (f"/assets/{row.digest}", f"/files/{row.digest}", f"/instance/files/{row.digest[:2]}/{row.digest}"):
        assert client.get(guessed).status_code == 404
    with app.app_context():
        with transaction():
            content_dump.dump(tmp_path / "dump", by=None, now=clock.now())
        assert not any(CANARY in it.read_bytes() for it in (tmp_path / "dump").rglob("*") if it.is_file())
    for surface in ("/api/v1/documents", "/api/v1/search?q=canari", "/ressources/?q=canari", "/sitemap.xml"):
        said = client.get(surface).text
        assert row.digest not in said
        assert "emargement" not in said


def test_the_store_keeps_the_bytes_as_long_as_the_row_and_check_misses_those_that_are_lost(app, send):
    send(PDF)
    (row,) = _rows(app)
    with app.app_context():
        later = clock.now() + 2 * attachments.ORPHAN_AGE
        assert attachments.orphans(now=later) == []
        assert list(attachments.lost()) == []
        store().delete(row.digest)
        assert [it for it in invariants.broken(now=clock.now()) if "emargement" in it] != []
        store().put(PDF)
        with transaction() as it:
            it.delete(it.get_one(SheetScan, row.id))
        assert attachments.orphans(now=later) == [row.digest]
