"""Files attached to documents: the verbs, the log, the bytes that nobody needs."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
import time_machine
from sqlalchemy import select

from academy.domain import attachments, invariants
from academy.domain.problems import ContentRefused
from academy.extensions import transaction
from academy.files import kinds
from academy.files.store import store
from academy.files.words import FileWords
from academy.models import Attachment, AuditEntry, Change, Document, Edition, Kind, OutboxMessage
from tests.factories import a_text, at
from tests.files import made

NOW = at(2026, 11, 22)


def document_of(db, edition_id: int) -> Document:
    return db.session.get_one(Edition, edition_id).document


def attach(db, edition_id: int, name: str, data: bytes) -> int:
    file = attachments.prepare(name, data)
    with transaction() as session:
        row = attachments.attach(document_of(db, edition_id), file, by=None, now=NOW)
        session.flush()
        return row.id


def log(db) -> list[tuple[int | None, int]]:
    return [(change.edition_id, change.seq) for change in db.session.scalars(select(Change).order_by(Change.seq))]


def audited(db) -> list[str]:
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [row.action for row in rows if row.action.startswith("attachment.")]


def test_a_file_is_kept_with_its_words(db):
    note = a_text("note")
    attach(db, note, "deck.pptx", data := made.deck("Le palangrier", title="Un titre"))
    row = db.session.scalars(select(Attachment)).one()
    assert (row.name, row.size, row.title, row.fault) == ("deck.pptx", len(data), "Un titre", "")
    assert row.media_type.endswith("presentationml.presentation")
    assert row.passages == [{"anchor": "slide-1", "path": ["Titre 1"], "text": "Le palangrier"}]
    assert store().read(row.digest, 0, row.size) == data
    assert audited(db) == ["attachment.attach"]


def test_readers_and_the_index_are_told(db):
    note = a_text("note")
    before = log(db)
    attach(db, note, "a.csv", b"a")
    assert log(db) == [*before, (note, len(before) + 1)]
    assert db.session.scalars(select(OutboxMessage.topic)).all()[-1] == "content.changed"


def test_a_draft_tells_nobody(db):
    note = a_text("note", is_published=False)
    attach(db, note, "a.csv", b"a")
    assert log(db) == []


def test_the_same_bytes_again_change_nothing(db):
    note = a_text("note")
    first = attach(db, note, "a.csv", b"a")
    before = log(db)
    assert attach(db, note, "a.csv", b"a") == first
    assert (log(db), audited(db)) == (before, ["attachment.attach"])


def test_a_newer_file_takes_the_place_of_the_one_of_its_name(db):
    note = a_text("note")
    first = attach(db, note, "deck.pptx", made.deck("Un"))
    assert attach(db, note, "deck.pptx", made.deck("Deux")) == first
    assert [row.passages[0]["text"] for row in db.session.scalars(select(Attachment))] == ["Deux"]


def test_a_removed_file_leaves_its_bytes_for_a_day(db):
    note = a_text("note")
    attach(db, note, "a.csv", b"a")
    before = len(log(db))
    with transaction() as session:
        attachments.remove(session.scalars(select(Attachment)).one(), by=None, now=NOW)
    assert db.session.scalars(select(Attachment)).all() == []
    assert (len(log(db)), audited(db)) == (before + 1, ["attachment.attach", "attachment.remove"])
    ((digest, since),) = store().digests()
    assert attachments.orphans(now=since + attachments.ORPHAN_AGE) == []
    assert attachments.orphans(now=since + attachments.ORPHAN_AGE * 2) == [digest]


def old_bytes(db) -> tuple[str, datetime]:
    """A file that was attached and taken away; its digest, and when both are long ago."""
    attach(db, a_text("note"), "a.csv", b"a")
    with transaction() as session:
        attachments.remove(session.scalars(select(Attachment)).one(), by=None, now=NOW)
    ((digest, since),) = store().digests()
    return digest, max(since, NOW) + attachments.ORPHAN_AGE * 2


@pytest.mark.parametrize("verb", ["remove", "replace"])
def test_bytes_needed_until_an_hour_ago_stay_however_old_they_are(db, verb: str):
    note = a_text("note")
    attach(db, note, "a.csv", b"a")
    ((digest, since),) = store().digests()
    later = max(since, NOW) + timedelta(days=30)
    with transaction() as session:
        row = session.scalars(select(Attachment)).one()
        if verb == "remove":
            attachments.remove(row, by=None, now=later)
        else:
            attachments.attach(row.document, attachments.prepare("a.csv", b"b"), by=None, now=later)
    assert digest not in attachments.orphans(now=later + timedelta(hours=1))
    assert digest in attachments.orphans(now=later + timedelta(days=1, hours=1))


def test_a_sweep_removes_what_nobody_needs_and_nothing_else(db):
    digest, later = old_bytes(db)
    attach(db, a_text("other"), "b.csv", b"b")
    assert [attachments.sweep(now=later), attachments.sweep(now=later)] == [1, 0]
    assert store().has(digest) is False
    assert [store().has(row.digest) for row in db.session.scalars(select(Attachment))] == [True]


def test_bytes_that_are_uploaded_again_during_a_sweep_stay(db, monkeypatch: pytest.MonkeyPatch):
    """The upload's row is not committed when the sweep looks; its bytes are young again when it comes to them."""
    digest, later = old_bytes(db)
    found = attachments.orphans(now=later)

    def uploaded_meanwhile(*, now: datetime) -> list[str]:
        with time_machine.travel(later, tick=False):
            store().put(b"a")
        os.utime(
            Path(url2pathname(urlsplit(store().url).path)) / digest[:2] / digest, (later.timestamp(), later.timestamp())
        )  # the clock of the disk
        return found

    monkeypatch.setattr(attachments, "orphans", uploaded_meanwhile)
    assert attachments.sweep(now=later) == 0
    assert store().has(digest)


def test_bytes_that_one_document_needs_are_no_orphans(db):
    one, other = a_text("one"), a_text("other")
    attach(db, one, "a.csv", b"a")
    attach(db, other, "b.csv", b"a")
    with transaction() as session:
        attachments.remove(
            session.scalars(select(Attachment).where(Attachment.name == "a.csv")).one(), by=None, now=NOW
        )
    ((_, since),) = store().digests()
    assert attachments.orphans(now=since + attachments.ORPHAN_AGE * 2) == []


def test_lost_bytes_are_an_invariant_that_breaks(db):
    attach(db, a_text("note"), "a.csv", b"a")
    assert [sentence for sentence in invariants.broken(now=NOW) if "a.csv" in sentence] == []
    ((digest, _),) = store().digests()
    store().delete(digest)
    (sentence,) = [sentence for sentence in invariants.broken(now=NOW) if "a.csv" in sentence]
    assert sentence.startswith("resources/note/a.csv: its bytes are not in the store")


def test_a_file_without_words_is_kept_and_named(db):
    attach(db, a_text("note"), "secret.pdf", made.locked_pdf())
    assert list(attachments.faulty()) == [("resources/note", "secret.pdf", "encrypted")]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("Plan.pdf", made.blank_pdf(), "file_name"),
        ("../plan.pdf", made.blank_pdf(), "file_name"),
        ("plan.exe", b"MZ", "file_kind"),
        ("plan.pdf", b"MZ", "file_content"),
        ("plan.pdf", b"", "file_empty"),
    ],
)
def test_what_may_not_be_attached(name: str, data: bytes, code: str):
    with pytest.raises(ContentRefused) as refused:
        attachments.prepare(name, data)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_text_has_a_limited_number_of_files(db, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kinds, "MAX_FILES", 2)
    note = a_text("note")
    attach(db, note, "a.csv", b"a")
    attach(db, note, "b.csv", b"b")
    attach(db, note, "b.csv", b"c")
    with pytest.raises(ContentRefused, match="file_too_many"):
        attach(db, note, "c.csv", b"c")


def test_only_texts_whose_page_lists_files_have_some(db):
    page = a_text("page", kind=Kind.PAGE)
    with pytest.raises(ValueError, match="has no files"):
        attach(db, page, "a.csv", b"a")


def test_words_read_again_are_told_only_when_they_differ(db):
    note = a_text("note")
    attach(db, note, "deck.pptx", made.deck("Un"))
    row = db.session.scalars(select(Attachment)).one()
    same = FileWords(row.title, row.passages, row.fault)
    before = len(log(db))
    for words, changed in ((same, False), (FileWords(fault="broken"), True)):
        with transaction() as session:
            row = session.scalars(select(Attachment)).one()
            assert attachments.reread(row, words, by=None, now=NOW) is changed
    assert len(log(db)) == before + 1


def test_the_commands_sweep_and_read_again(app):
    with app.app_context():
        from academy.extensions import db

        note = a_text("note")
        attach(db, note, "deck.pptx", made.deck("Un"))
        with transaction() as session:
            session.scalars(select(Attachment)).one().passages = []
            store().put(b"de trop")
    runner = app.test_cli_runner()
    assert "0 removed" in runner.invoke(args=["files", "sweep"]).output
    assert "1 read, 1 with other words" in runner.invoke(args=["files", "reread"]).output
    assert "1 read, 0 with other words" in runner.invoke(args=["files", "reread"]).output
    with time_machine.travel(NOW.replace(year=2100)):
        done = runner.invoke(args=["check"])
        assert "- warning: 1 files in the store belong to no text" in done.output
        assert "1 removed" in runner.invoke(args=["files", "sweep"]).output
    with app.app_context():
        assert len(list(store().digests())) == 1
