"""Publishing: pointers move, nothing is overwritten, every visible change is logged in order."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import func, select

from academy.domain import contract, enrolment, invariants, preparing, publishing, renderings, revisions
from academy.domain.errors import Refused
from academy.domain.newlines import with_newlines_of
from academy.domain.problems import ContentRefused
from academy.extensions import transaction
from academy.models import (
    AuditEntry,
    Change,
    ContentHead,
    Cycle,
    CycleSession,
    Document,
    Edition,
    Enrolment,
    EnrolmentStatus,
    Kind,
    OutboxMessage,
    Person,
    Rendering,
    Revision,
    Speaker,
    Topic,
    Venue,
)
from academy.rendering.markdown import RENDERER
from tests.domain.texts import text
from tests.factories import a_cycle, a_person, at

NOW = at(2026, 11, 22)
LATER = at(2026, 11, 23)


@pytest.fixture(autouse=True)
def names(db):
    """The names that the texts refer to."""
    with transaction() as session:
        session.add_all(
            [Topic(slug="port", label_fr="Port", label_en="Port"), Topic(slug="mer", label_fr="Mer", label_en="Sea")]
        )
        session.add_all([Venue(slug="cisam", name="Cisam"), Venue(slug="arbois", name="Arbois")])
        session.add(Speaker(slug="formatrice-a", name="Formatrice A"))


def prepared(source: str, kind: Kind = Kind.RESOURCE, language: str = "fr") -> preparing.Prepared:
    return preparing.prepare(source, kind=kind, language=language)


def published(
    db, source: str, kind: Kind = Kind.RESOURCE, *, cycle: int | None = None, language: str = "fr"
) -> Edition:
    """Create and publish a text."""
    ready = preparing.prepare_for_publication(source, kind=kind, language=language, now=NOW)
    with transaction() as session:
        row = session.get(Cycle, cycle) if cycle else None
        edition = publishing.create(ready, kind=kind, cycle=row, owner=None, by=None, now=NOW)
        publishing.publish(edition, ready, base_id=edition.head_id, by=None, now=NOW)
    return db.session.get(Edition, edition.id)


def again(edition: Edition, source: str, **values) -> Revision:
    """Publish another source on top."""
    ready = preparing.prepare_for_publication(source, kind=edition.document.kind, language=edition.language, now=LATER)
    base_id = values.pop("base_id", edition.head_id)
    with transaction():
        return publishing.publish(edition, ready, base_id=base_id, by=None, now=LATER, **values)


def count(db, model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_created_text_is_a_draft(db):
    ready = prepared(text(Kind.RESOURCE, "note", status="draft", published_on=None))
    owner_id = a_person("Une formatrice")
    with transaction() as session:
        owner = session.get_one(Person, owner_id)
        edition = publishing.create(ready, kind=Kind.RESOURCE, cycle=None, owner=owner, by=owner, now=NOW)
    document = edition.document
    assert (document.key, document.path, document.slug, document.owner_id) == (
        "note",
        "resources/un-titre",
        "un-titre",
        owner_id,
    )
    assert (edition.published_id, edition.head.number, edition.head.author_id) == (None, 1, owner_id)
    assert (edition.title, count(db, Change), count(db, Rendering)) == ("Un titre", 0, 0)


def test_publishing_projects_the_facts(db):
    a_cycle("port")
    edition = published(
        db, text(Kind.RESOURCE, "note", cycle="port", topics=["mer", "port"], duration="1 h 30", audience="members")
    )
    assert edition.published_id == edition.head_id
    assert (edition.title, edition.summary, edition.type, edition.licence) == (
        "Un titre",
        "Un résumé.",
        "note",
        "cc-by-4.0",
    )
    assert (edition.duration, edition.year, edition.authors) == (90, 2026, ["Formatrice A"])
    assert [topic.slug for topic in edition.topics] == ["port", "mer"]
    assert (edition.document.cycle.slug, edition.document.audience) == ("port", "members")
    assert edition.first_published_at == edition.updated_at == NOW
    made = db.session.get(Rendering, (edition.published.source_hash, "fr", RENDERER))
    assert "<p>Une note.</p>" in made.html
    assert made.text.strip() == "Une note."


def test_rendering_keeps_outline_and_passages_as_dictionaries(db):
    cycle_id = a_cycle("port")
    edition = published(db, text(Kind.MODULE, "escale"), Kind.MODULE, cycle=cycle_id)
    made = db.session.get(Rendering, (edition.published.source_hash, "fr", RENDERER))
    (heading,) = made.outline
    assert (heading["level"], heading["title"]) == (2, "Une partie")
    assert [(p["anchor"], p["path"], p["text"].strip()) for p in made.passages if p["text"].strip()][-1] == (
        heading["anchor"], ["Une partie"], "Un texte.",
    )  # fmt: skip


def test_the_text_says_that_it_is_published_and_since_when():
    source = text(Kind.RESOURCE, "note", status="draft", published_on=None)
    ready = preparing.prepare_for_publication(source, kind=Kind.RESOURCE, language="fr", now=at(2026, 11, 22, 23, 30))
    front = contract.parse("", ready.source).values
    assert (front["status"], front["published_on"]) == ("published", "2026-11-23")  # already tomorrow in Paris
    assert ready.source.endswith("Une note.\n")


def test_a_text_that_says_so_already_is_stored_as_it_is():
    source = "\ufeff" + text(Kind.RESOURCE, "note").replace("\n", "\r\n") + "\r\n\r\n  "
    assert preparing.prepare_for_publication(source, kind=Kind.RESOURCE, language="fr", now=NOW).source == source


def test_a_newer_text_moves_the_pointer_and_keeps_the_old_one(db):
    edition = published(db, text(Kind.RESOURCE, "note"))
    first = edition.published_id
    revision = again(edition, text(Kind.RESOURCE, "note", title="Autre titre"), note="un meilleur titre")
    assert (revision.number, revision.base_id, revision.note) == (2, first, "un meilleur titre")
    assert (edition.published_id, edition.title) == (revision.id, "Autre titre")
    assert (edition.first_published_at, edition.updated_at) == (NOW, LATER)
    assert db.session.get(Revision, first).source == text(Kind.RESOURCE, "note")


def test_saving_the_same_source_adds_no_revision(db):
    edition = published(db, text(Kind.RESOURCE, "note"))
    with transaction():
        publishing.save_draft(edition, edition.head.source, base_id=edition.head_id, by=None, now=LATER)
    again(edition, edition.head.source)
    assert count(db, Revision) == 1
    assert edition.updated_at == NOW


def test_a_draft_is_kept_however_unfinished_and_readers_do_not_see_it(db):
    edition = published(db, text(Kind.RESOURCE, "note"))
    before = edition.published_id
    with transaction():
        revision = publishing.save_draft(edition, "---\ntitle: [", base_id=edition.head_id, by=None, now=LATER)
    assert (revision.source, revision.title) == ("---\ntitle: [", "Un titre")
    assert (edition.head_id, edition.published_id, edition.title) == (revision.id, before, "Un titre")
    assert count(db, Change) == 1


@pytest.mark.parametrize(
    ("source", "code"), [("a\0b", "body_nul_character"), ("é" * 66_000, "body_too_long"), ("\ud800", "not_utf8")]
)
def test_what_cannot_be_stored_is_refused(db, source: str, code: str):
    edition = published(db, text(Kind.RESOURCE, "note"))
    with pytest.raises(ContentRefused) as refused, transaction():
        publishing.save_draft(edition, source, base_id=edition.head_id, by=None, now=NOW)
    assert [problem.code for problem in refused.value.problems] == [code]


def _save(edition: Edition, base_id: int) -> None:
    publishing.save_draft(edition, "autre", base_id=base_id, by=None, now=LATER)


def _publish(edition: Edition, base_id: int) -> None:
    ready = prepared(text(Kind.RESOURCE, "note", title="B"))
    publishing.publish(edition, ready, base_id=base_id, by=None, now=LATER)


def _withdraw(edition: Edition, base_id: int) -> None:
    publishing.withdraw(edition, base_id=base_id, by=None, now=LATER)


def _restore(edition: Edition, base_id: int) -> None:
    publishing.restore(edition, edition.published, base_id=base_id, by=None, now=LATER)


@pytest.mark.parametrize("verb", [_save, _publish, _withdraw, _restore])
def test_who_started_from_an_older_text_is_refused(db, verb: Callable[[Edition, int], None]):
    edition = published(db, text(Kind.RESOURCE, "note"))
    base_id = edition.head_id
    newer = again(edition, text(Kind.RESOURCE, "note", title="A"))
    with pytest.raises(Refused) as refused, transaction():
        verb(edition, base_id)
    assert (refused.value.code, refused.value.details) == ("edited_meanwhile", {"head": newer.id})
    assert (edition.head_id, edition.published_id, edition.title, count(db, Revision)) == (newer.id, newer.id, "A", 2)


def test_withdrawing_takes_the_text_away_and_says_so_in_it(db):
    edition = published(db, text(Kind.RESOURCE, "note"))
    with transaction():
        revision = publishing.withdraw(edition, base_id=edition.head_id, by=None, now=LATER)
    assert edition.published_id is None
    assert revision.source == text(Kind.RESOURCE, "note", status="draft")
    with transaction():
        publishing.withdraw(edition, base_id=edition.head_id, by=None, now=LATER)
    assert (count(db, Revision), count(db, Change)) == (2, 2)
    assert edition.first_published_at == NOW


def test_restoring_puts_the_old_text_on_top_as_a_draft(db):
    edition = published(db, text(Kind.RESOURCE, "note"))
    first = edition.head
    second = again(edition, text(Kind.RESOURCE, "note", title="B"))
    with transaction():
        third = publishing.restore(edition, first, base_id=second.id, by=None, now=LATER)
    assert (third.number, third.base_id, third.source, third.note) == (3, second.id, first.source, "↺ 1")
    assert (edition.head_id, edition.published_id, edition.title) == (third.id, second.id, "B")
    again(edition, third.source)
    assert (edition.published_id, edition.title, count(db, Revision)) == (third.id, "Un titre", 3)


def test_a_revision_of_another_text_is_not_restored(db):
    one, other = published(db, text(Kind.RESOURCE, "a")), published(db, text(Kind.RESOURCE, "b"))
    with pytest.raises(ValueError, match="another text"), transaction():
        publishing.restore(one, other.head, base_id=one.head_id, by=None, now=LATER)


def test_the_other_language_joins_the_document(db):
    french = published(db, text(Kind.RESOURCE, "note"))
    english = published(db, text(Kind.RESOURCE, "note", title="A note"), language="en")
    assert english.document_id == french.document_id
    titles = {edition.language: edition.title for edition in english.document.editions}
    assert titles == {"fr": "Un titre", "en": "A note"}
    made = db.session.get(Rendering, (english.published.source_hash, "en", RENDERER))
    assert made is not None


@pytest.mark.parametrize(("kind", "language"), [(Kind.RESOURCE, "fr"), (Kind.PAGE, "en")])
def test_an_id_belongs_to_one_text(db, kind: Kind, language: str):
    published(db, text(Kind.RESOURCE, "note"))
    ready = prepared(text(kind, "note"), kind, language)
    with pytest.raises(ContentRefused) as refused, transaction():
        publishing.create(ready, kind=kind, cycle=None, owner=None, by=None, now=NOW)
    assert [problem.code for problem in refused.value.problems] == ["id_taken"]
    assert count(db, Document) == 1


def test_the_id_of_a_text_does_not_change(db):
    edition = published(db, text(Kind.RESOURCE, "note"))
    with pytest.raises(ContentRefused) as refused:
        again(edition, text(Kind.RESOURCE, "autre"))
    assert [(p.key, p.code) for p in refused.value.problems] == [("id", "id_changed")]


def test_modules_come_last_in_their_cycle_with_an_address_of_their_own(db):
    cycle_id = a_cycle("port")
    editions = [published(db, text(Kind.MODULE, key), Kind.MODULE, cycle=cycle_id) for key in ("a", "b")]
    assert [(e.document.position, e.document.slug, e.document.path) for e in editions] == [
        (1, "un-titre", "cycles/port/modules/01-un-titre"),
        (2, "un-titre-2", "cycles/port/modules/02-un-titre-2"),
    ]


def test_two_texts_of_one_title_get_two_paths(db):
    paths = [published(db, text(Kind.RESOURCE, key)).document.path for key in ("a", "b", "c")]
    assert paths == ["resources/un-titre", "resources/un-titre-2", "resources/un-titre-3"]


def test_every_visible_change_is_a_line_of_the_log_in_order(db):
    edition = published(db, text(Kind.RESOURCE, "note"))
    again(edition, text(Kind.RESOURCE, "note", title="B"))
    with transaction():
        publishing.withdraw(edition, base_id=edition.head_id, by=None, now=LATER)
    changes = db.session.execute(select(Change.seq, Change.edition_id).order_by(Change.seq)).all()
    assert [tuple(row) for row in changes] == [(1, edition.id), (2, edition.id), (3, edition.id)]
    assert db.session.get(ContentHead, 1).seq == 3
    assert db.session.scalars(select(OutboxMessage.topic)).all() == ["content.changed"] * 3
    assert list(invariants.broken(now=NOW)) == []


def test_each_verb_leaves_a_line_in_the_audit_trail(db):
    edition = published(db, text(Kind.RESOURCE, "note"))
    with transaction():
        publishing.save_draft(edition, "autre", base_id=edition.head_id, by=None, now=LATER)
        publishing.restore(edition, edition.published, base_id=edition.head_id, by=None, now=LATER)
        publishing.withdraw(edition, base_id=edition.head_id, by=None, now=LATER)
    entries = db.session.execute(select(AuditEntry.action, AuditEntry.entity_id).order_by(AuditEntry.id)).all()
    assert [tuple(row) for row in entries] == [
        (f"document.{verb}", edition.id) for verb in ("create", "publish", "save_draft", "restore", "withdraw")
    ]


def test_a_refused_transaction_leaves_nothing(db):
    with pytest.raises(RuntimeError, match="too late"), transaction():
        ready = prepared(text(Kind.RESOURCE, "note"))
        edition = publishing.create(ready, kind=Kind.RESOURCE, cycle=None, owner=None, by=None, now=NOW)
        publishing.publish(edition, ready, base_id=edition.head_id, by=None, now=NOW)
        raise RuntimeError("too late")
    assert [count(db, model) for model in (Document, Edition, Revision, Rendering, Change, AuditEntry)] == [0] * 6


def test_a_dead_link_is_refused_and_a_link_to_oneself_is_not(db):
    with pytest.raises(ContentRefused) as refused:
        prepared(text(Kind.RESOURCE, "note", body="\n[[note]] [[nulle-part]]\n"))
    assert [(p.line, p.code, p.details["value"]) for p in refused.value.problems] == [(15, "dead_link", "nulle-part")]


def test_a_body_that_is_refused_says_the_line_of_the_file(db):
    with pytest.raises(ContentRefused) as refused:
        prepared(text(Kind.RESOURCE, "note", body="\n## " + "a" * 400 + "\n"))
    assert [(p.line, p.code) for p in refused.value.problems] == [(15, "body_heading_too_long")]


def test_remarks_do_not_refuse(db):
    ready = prepared(text(Kind.RESOURCE, "note", body="\n#### Trop bas\n"))
    assert [(p.line, p.code, p.is_warning) for p in ready.warnings] == [(15, "lint_skipped_heading_level", True)]


def test_links_lead_to_the_page_in_the_same_language(db):
    html = [
        prepared(text(Kind.RESOURCE, "note", body="[[note]]"), language=lang).rendered.html for lang in ("fr", "en")
    ]
    assert 'href="/d/note"' in html[0]
    assert 'href="/en/d/note"' in html[1]


def test_what_another_renderer_made_is_rendered_again(db):
    edition = published(db, text(Kind.RESOURCE, "note"))
    with transaction() as session:
        made = session.get(Rendering, (edition.published.source_hash, "fr", RENDERER))
        made.renderer = "0-old"
    assert renderings.stale() == [edition.id]
    made = renderings.render(edition.id)
    with transaction():
        renderings.keep(made, now=LATER)
    assert renderings.stale() == []
    assert (count(db, Rendering), count(db, Change)) == (2, 2)


# --- sessions ------------------------------------------------------------------------------------------------------


def a_published_session(db, **values) -> Edition:
    return published(db, text(Kind.SESSION, "soir", **values), Kind.SESSION, cycle=a_cycle("port"))


def the_session(db) -> CycleSession:
    return db.session.scalars(select(CycleSession)).one()


def test_a_published_session_can_be_enrolled_in(db):
    edition = a_published_session(db)
    session = the_session(db)
    assert edition.document.path == "cycles/port/sessions/2027-02-04-une-session"
    assert (session.starts_at, session.ends_at) == (at(2027, 2, 4, 17), at(2027, 2, 4, 19))
    assert (session.capacity, session.mode, session.venue.slug, session.status) == (2, "onsite", "cisam", "scheduled")
    assert [speaker.slug for speaker in session.speakers] == ["formatrice-a"]
    assert session.cycle.slug == "port"


def test_raised_seats_go_to_the_head_of_the_queue(db):
    edition = a_published_session(db, capacity="1")
    people = [a_person() for _ in range(3)]
    for person_id in people:
        with transaction() as session:
            enrolment.enrol(session.get_one(Person, person_id), the_session(db), now=NOW)
    again(edition, text(Kind.SESSION, "soir", capacity="2"))
    rows = db.session.execute(select(Enrolment.person_id, Enrolment.status).order_by(Enrolment.rank)).all()
    confirmed, waiting = EnrolmentStatus.CONFIRMED, EnrolmentStatus.WAITING
    assert [tuple(row) for row in rows] == [(people[0], confirmed), (people[1], confirmed), (people[2], waiting)]


def test_facts_that_a_text_does_not_change_keep_what_organisers_decided(db):
    edition = a_published_session(db)
    with transaction():
        enrolment.resize(the_session(db), 40, by=None, now=NOW)
    again(edition, text(Kind.SESSION, "soir", title="Un autre titre"))
    assert the_session(db).capacity == 40
    again(edition, text(Kind.SESSION, "soir", capacity="10"))
    assert the_session(db).capacity == 10


def test_the_other_language_changes_nothing_that_it_does_not_state(db):
    a_published_session(db)
    source = text(Kind.SESSION, "soir", capacity=None, starts_at=None, ends_at=None, venue=None, trainers=None)
    published(db, source, Kind.SESSION, language="en")
    session = the_session(db)
    assert (session.capacity, session.starts_at, session.venue.slug, len(session.speakers)) == (
        2,
        at(2027, 2, 4, 17),
        "cisam",
        1,
    )


def test_enrolled_people_are_told_of_another_date_or_place(db):
    edition = a_published_session(db)
    person_id = a_person()
    with transaction() as session:
        enrolment_id = enrolment.enrol(session.get_one(Person, person_id), the_session(db), now=NOW).id
    again(edition, text(Kind.SESSION, "soir", title="Un autre titre"))
    again(edition, text(Kind.SESSION, "soir", starts_at="2027-02-05 18:00", ends_at="2027-02-05 20:00"))
    again(edition, text(Kind.SESSION, "soir", starts_at="2027-02-05 18:00", ends_at="2027-02-05 20:00", venue="arbois"))
    told = db.session.scalars(select(OutboxMessage.payload).where(OutboxMessage.topic == "session.changed")).all()
    assert told == [{"enrolment": enrolment_id}] * 2


def test_nobody_is_told_about_a_session_that_is_over(db):
    edition = a_published_session(db)
    person_id = a_person()
    with transaction() as session:
        enrolment.enrol(session.get_one(Person, person_id), the_session(db), now=NOW)
    source = text(Kind.SESSION, "soir", venue="arbois")
    ready = preparing.prepare_for_publication(source, kind=Kind.SESSION, language="fr", now=NOW)
    with transaction():
        publishing.publish(edition, ready, base_id=edition.head_id, by=None, now=NOW + timedelta(days=900))
    assert db.session.scalars(select(OutboxMessage).where(OutboxMessage.topic == "session.changed")).all() == []


# --- line ends -----------------------------------------------------------------------------------------------------

WORDS = st.text(st.sampled_from("aé \t"), max_size=5)
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from(["\n", "\r\n", "\r", ""])), max_size=8).map(
    lambda lines: "".join(words + end for words, end in lines)
)


def browser(words: str) -> str:
    """What a form sends back: every line end is CRLF."""
    return words.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


@given(TEXTS, st.booleans())
def test_a_text_that_only_went_through_a_browser_is_unchanged(base: str, has_mark: bool):
    base = ("\ufeff" if has_mark else "") + base
    assert with_newlines_of(base, browser(base)) == base
    assert with_newlines_of(base, browser(base.removeprefix("\ufeff"))) == base


@pytest.mark.parametrize(
    ("base", "posted", "kept"),
    [
        ("a\nb\n", "a\r\nc\r\n", "a\nc\n"),
        ("a\r\nb\r\n", "a\r\nc", "a\r\nc\r\n"),
        ("a\rb\r", "a\r\nc", "a\rc\r"),
        ("a\nb", "a\r\nc", "a\nc"),
        ("a\nb", "a\r\nc\r\n", "a\nc\n"),
        ("a\nb\r\nc\n", "a\r\nb\r\nd\r\n", "a\nb\nd\n"),
        ("", "a\r\nb", "a\nb\n"),
        ("\ufeffa\r\n", "b\r\n", "\ufeffb\r\n"),
        ("a\n", "", ""),
    ],
)
def test_an_edited_text_takes_the_line_ends_of_its_base(base: str, posted: str, kept: str):
    assert with_newlines_of(base, posted) == kept


def test_hashes_are_of_bytes():
    assert revisions.hash_of("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"
