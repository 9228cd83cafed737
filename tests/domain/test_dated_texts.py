"""Texts appear and disappear at an hour of Paris: once, whole, whoever looks, and nothing is rewritten."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update

from academy import jobs
from academy.domain import dated_texts, preparing, publishing
from academy.domain.content import dump as content_dump, load as content_load, plan as content_plan
from academy.domain.problems import ContentRefused
from academy.extensions import transaction
from academy.models import AuditEntry, Change, Document, Edition, Kind, Rendering, Revision, TextLink, Topic
from tests.domain.texts import TOPICS, put, text
from tests.factories import at

NOW = at(2027, 3, 1)
HOUR = datetime(2027, 3, 28, 6, tzinfo=UTC)  # 08:00 in Paris, the morning of the change to summer time
END = datetime(2027, 10, 31, 7, tzinfo=UTC)  # 08:00 in Paris, the morning of the change back


@pytest.fixture(autouse=True)
def names(db):
    with transaction() as session:
        session.add(Topic(slug="port", label_fr="Port", label_en="Port"))


def published(db, source: str, *, now=NOW) -> Edition:
    ready = preparing.prepare_for_publication(source, kind=Kind.RESOURCE, language="fr", now=now)
    with transaction():
        edition = publishing.create(ready, kind=Kind.RESOURCE, cycle=None, owner=None, by=None, now=now)
        publishing.publish(edition, ready, base_id=edition.head_id, by=None, now=now)
    return db.session.get(Edition, edition.id)


def again(edition: Edition, source: str, *, now=NOW) -> Revision:
    ready = preparing.prepare_for_publication(source, kind=Kind.RESOURCE, language="fr", now=now)
    with transaction():
        return publishing.publish(edition, ready, base_id=edition.head_id, by=None, now=now)


def look(now) -> int:
    done = 0
    while dated_texts.has_due(now=now):
        with transaction():
            done += dated_texts.do_next(now=now)
    return done


def actions(db) -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def changes(db) -> int:
    return db.session.scalar(select(func.count()).select_from(Change))


def dated(**values) -> str:
    defaults = {"publish_at": "2027-03-28 08:00", "expires_at": "2027-10-31 08:00", "published_on": None}
    return text(Kind.RESOURCE, "note", **(defaults | values))


def test_the_worker_looks_for_them_every_minute():
    assert (dated_texts.has_due, dated_texts.do_next) in jobs.TIMELY


def test_it_appears_and_disappears_at_the_hour_of_paris_across_both_changes(db):
    edition = published(db, dated())
    source = edition.head.source
    assert "published_on: 2027-03-28" in source
    assert (edition.published_id, edition.publish_at, edition.first_published_at, changes(db)) == (None, HOUR, None, 0)
    assert look(HOUR.replace(hour=5, minute=59)) == 0
    assert look(HOUR) == 1
    assert (edition.published_id, edition.scheduled_id, edition.publish_at) == (edition.head_id, None, None)
    assert (edition.expires_at, edition.first_published_at, edition.gone_at, changes(db)) == (END, HOUR, None, 1)
    assert look(END.replace(hour=6, minute=59)) == 0
    assert look(END) == 1
    assert (edition.published_id, edition.gone_at, edition.head.source, changes(db)) == (None, END, source, 2)
    assert look(END) == 0
    assert actions(db)[-3:] == ["document.schedule", "document.publish", "document.expire"]
    assert db.session.scalar(select(func.count()).select_from(Revision)) == 1


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("publish_at", "2027-03-28 02:30", "hour_skipped"),
        ("publish_at", "demain", "bad_hour"),
        ("expires_at", "2027-03-28 08:00", "expiry_before_publication"),
        ("expires_at", "2027-02-01 08:00", "expiry_before_publication"),
        ("successor", "note", "own_successor"),
        ("successor", "inconnu", "unknown_documents"),
    ],
)
def test_what_cannot_be_is_refused_with_its_key(db, key, value, code):
    with pytest.raises(ContentRefused) as refused:
        preparing.prepare_for_publication(dated(**{key: value}), kind=Kind.RESOURCE, language="fr", now=NOW)
    told = [(it.key, it.code) for it in refused.value.problems if it.line > 1]
    assert (key, code) in told


def test_an_expiry_that_is_past_is_refused(db):
    source = dated(publish_at=None, expires_at="2027-02-01 08:00")
    with pytest.raises(ContentRefused) as refused:
        preparing.prepare_for_publication(source, kind=Kind.RESOURCE, language="fr", now=NOW)
    assert [it.code for it in refused.value.problems] == ["expiry_past"]


def test_of_an_hour_that_comes_twice_the_first_is_meant(db):
    edition = published(db, dated(publish_at="2027-10-31 02:30", expires_at=None))
    assert edition.publish_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_the_next_version_waits_while_readers_see_the_last(db):
    edition = published(db, dated(publish_at=None, expires_at=None))
    first = edition.published_id
    later = again(edition, dated(title="Autre", expires_at=None))
    assert (edition.published_id, edition.scheduled_id, edition.title) == (first, later.id, "Un titre")
    with transaction():
        draft = publishing.save_draft(edition, "un brouillon", base_id=edition.head_id, by=None, now=NOW)
    assert look(HOUR) == 1
    assert (edition.published_id, edition.head_id, edition.title) == (later.id, draft.id, "Autre")


def test_publishing_and_withdrawing_forget_what_was_to_come(db):
    edition = published(db, dated(expires_at=None))
    again(edition, dated(publish_at=None, expires_at=None, title="Tout de suite"))
    assert (edition.scheduled_id, edition.publish_at, edition.title) == (None, None, "Tout de suite")
    again(edition, dated(expires_at=None))
    with transaction():
        publishing.withdraw(edition, base_id=edition.head_id, by=None, now=NOW)
    assert (edition.scheduled_id, edition.publish_at, look(HOUR)) == (None, None, 0)
    assert "publish_at" not in edition.head.source


def test_a_schedule_that_is_called_off_leaves_a_draft(db):
    edition = published(db, dated())
    with transaction():
        dated_texts.call_off(edition, base_id=edition.head_id, by=None, now=NOW)
    assert (edition.scheduled_id, look(HOUR), edition.published_id) == (None, 0, None)
    assert "status: draft" in edition.head.source
    assert "publish_at" not in edition.head.source
    assert "expires_at" in edition.head.source


def test_a_withdrawal_names_its_successor_in_the_text(db):
    published(db, text(Kind.RESOURCE, "suite"))
    edition = published(db, text(Kind.RESOURCE, "note"))
    with transaction():
        publishing.withdraw(edition, base_id=edition.head_id, by=None, now=NOW, successor="suite")
    assert (edition.gone_at, edition.successor_key) == (NOW, "suite")
    assert "successor: suite" in edition.head.source
    again(edition, text(Kind.RESOURCE, "note"))
    assert (edition.gone_at, edition.successor_key) == (None, "")


# The folder


def load(root: Path, now=NOW) -> None:
    plan = content_plan.plan_load(root)
    with transaction():
        content_load.load(plan, by=None, now=now)


def differing(root: Path) -> list[tuple[str, str]]:
    return content_plan.difference(root)


@pytest.fixture
def folder(names, tmp_path: Path) -> Path:
    with transaction() as session:
        session.execute(delete(Topic))  # the folder brings its own
    root = tmp_path / "content"
    put(root, "topics.yml", TOPICS)
    put(root, "resources/note.fr.md", dated(published_on="2027-03-28"))
    return root


def test_a_dated_text_goes_through_the_folder_byte_for_byte(db, folder: Path, tmp_path: Path):
    load(folder)
    edition = db.session.scalars(select(Edition)).one()
    assert (edition.published_id, edition.publish_at) == (None, HOUR)
    for now in (NOW, HOUR, END):
        look(now)
        assert differing(folder) == []
        fresh = tmp_path / f"{now:%m}"
        with transaction():
            content_dump.dump(fresh, by=None, now=now)
        assert (fresh / "resources/note.fr.md").read_bytes() == (folder / "resources/note.fr.md").read_bytes()


def test_the_next_version_of_a_folder_waits_and_is_not_written_over(db, folder: Path):
    note = folder / "resources/note.fr.md"
    put(folder, "resources/note.fr.md", dated(publish_at=None, published_on="2027-02-01"))
    load(folder)
    later = dated(title="Autre", published_on="2027-03-28")
    put(folder, "resources/note.fr.md", later)
    load(folder)
    edition = db.session.scalars(select(Edition)).one()
    assert (edition.title, edition.publish_at) == ("Un titre", HOUR)
    with transaction():
        content_dump.dump(folder, by=None, now=NOW)
    assert note.read_text("utf-8") == later
    put(folder, "resources/note.fr.md", dated(title="Autre", status="draft"))
    load(folder)
    assert (edition.scheduled_id, edition.published_id, look(HOUR)) == (None, None, 0)


def test_a_file_that_has_expired_is_gone_at_once(db, folder: Path):
    load(folder, now=at(2028, 1, 1))
    edition = db.session.scalars(select(Edition)).one()
    assert (edition.published_id, edition.gone_at, look(at(2028, 1, 2))) == (None, END, 0)
    assert differing(folder) == []


def ways(db) -> list[tuple[str, str]]:
    return [(it.kind, it.target) for it in db.session.scalars(select(TextLink).order_by(TextLink.id))]


def test_it_leads_to_others_from_its_hour_on_with_their_titles_of_then(db):
    other = published(db, text(Kind.RESOURCE, "cible", title="Avant"))
    edition = published(db, dated(body="Voir [[cible]]."))
    assert ways(db) == []
    again(other, text(Kind.RESOURCE, "cible", title="Après"))
    look(HOUR)
    assert ways(db) == [("title", "cible")]
    shown = db.session.scalars(
        select(Rendering.html).where(Rendering.source_hash == edition.published.source_hash)
    ).one()
    assert "Après" in shown
    look(END)
    assert ways(db) == []


def test_a_link_that_died_meanwhile_does_not_keep_it_back(db):
    published(db, text(Kind.RESOURCE, "cible"))
    edition = published(db, dated(body="Voir [[cible]]."))
    with transaction() as session:
        session.execute(update(Document).where(Document.key == "cible").values(key="autre"))
    look(HOUR)
    assert edition.published_id == edition.head_id
    assert ways(db) == []
