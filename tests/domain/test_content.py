"""A cycle is a folder of Markdown, lossless both ways: load, dump, conflicts, all or nothing."""

import os
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import func, select

from academy.domain import enrolment, invariants, preparing, publishing
from academy.domain.content import (
    dump as content_dump,
    lists as content_lists,
    load as content_load,
    plan as content_plan,
)
from academy.domain.content.paths import file_of, path_for, place_of
from academy.domain.content.states import State, state_of
from academy.domain.errors import Refused
from academy.domain.problems import ContentRefused
from academy.extensions import db as database, transaction
from academy.models import (
    Change,
    ContentFile,
    Cycle,
    CycleSession,
    Document,
    Edition,
    Enrolment,
    Kind,
    OutboxMessage,
    Person,
    Revision,
    Speaker,
    Topic,
    Venue,
)
from tests.domain.texts import PEOPLE, TOPICS, VENUES, a_folder, put, text, tree
from tests.factories import a_person, at

NOW = at(2026, 11, 22)
ROOT = Path(__file__).resolve().parents[2]
NOTE = "resources/note.fr.md"
SESSION = "cycles/port/sessions/2027-02-04-soir.fr.md"
MODULE = "cycles/port/modules/01-escale.fr.md"


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


def refused(root: Path, **values) -> list[tuple[str, int, str]]:
    """The problems for which a folder is not loaded, as (path, line, code)."""
    with pytest.raises(ContentRefused) as error:
        load(root, **values)
    return [(p.path, p.line, p.code) for p in error.value.problems]


def states(root: Path) -> dict[str, str]:
    """The state of each file that is not unchanged."""
    return dict(content_plan.difference(root))


def edition_of(path: str) -> Edition:
    place = place_of(path)
    assert place is not None
    return database.session.scalars(
        select(Edition).join(Edition.document).where(Document.path == place.stem, Edition.language == place.language)
    ).one()


def edit_site(path: str, source: str) -> None:
    """Publish a text on the site."""
    edition = edition_of(path)
    ready = preparing.prepare(source, kind=edition.document.kind, language=edition.language)
    with transaction():
        publishing.publish(edition, ready, base_id=edition.head_id, by=None, now=NOW)


def draft_on_site(path: str, source: str) -> None:
    edition = edition_of(path)
    with transaction():
        publishing.save_draft(edition, source, base_id=edition.head_id, by=None, now=NOW)


def count(model) -> int:
    return database.session.scalar(select(func.count()).select_from(model)) or 0


# --- load ----------------------------------------------------------------------------------------------------------


def test_a_folder_becomes_an_academy(db, folder: Path):
    plan = load(folder)
    assert len(plan.paths(State.CREATED)) == 10
    assert plan.warnings == []
    assert [count(model) for model in (Document, Edition, Cycle, CycleSession, Topic, Venue, Speaker)] == [
        6,
        7,
        1,
        1,
        2,
        1,
        1,
    ]
    assert db.session.scalars(select(Document.path).order_by(Document.path)).all() == [
        "cycles/port/cycle",
        "cycles/port/modules/01-escale",
        "cycles/port/modules/02-quai",
        "cycles/port/sessions/2027-02-04-soir",
        "pages/a-propos",
        "resources/note",
    ]
    assert [(d.slug, d.position, d.cycle.slug) for d in (edition_of(MODULE).document,)] == [("escale", 1, "port")]
    assert edition_of(NOTE).document.cycle.slug == "port"
    assert all(e.published_id is not None for e in db.session.scalars(select(Edition)))
    assert list(invariants.broken(now=NOW)) == []


def test_one_load_announces_its_changes_once(db, folder: Path):
    load(folder)
    assert db.session.scalars(select(OutboxMessage.topic)).all() == ["content.changed"]
    assert count(Change) == 8  # seven editions, and the lists


def test_loading_twice_changes_nothing(db, folder: Path):
    load(folder)
    plan = load(folder)
    assert len(plan.paths(State.UNCHANGED)) == 10
    assert (count(Revision), count(Change), count(OutboxMessage)) == (7, 8, 1)


def test_the_plan_writes_nothing(db, folder: Path):
    content_plan.plan_load(folder)
    assert [count(model) for model in (Document, Topic, ContentFile, Cycle)] == [0, 0, 0, 0]


def test_a_draft_file_is_a_draft(db, folder: Path):
    put(folder, NOTE, text(Kind.RESOURCE, "note", status="draft"))
    load(folder)
    edition = edition_of(NOTE)
    assert (edition.published_id, edition.title) == (None, "Un titre")
    put(folder, NOTE, text(Kind.RESOURCE, "note"))
    load(folder)
    assert edition_of(NOTE).published_id is not None
    put(folder, NOTE, text(Kind.RESOURCE, "note", status="draft"))
    load(folder)
    assert edition_of(NOTE).published_id is None
    assert states(folder) == {}


def test_a_changed_session_gives_its_new_seats_to_the_queue(db, folder: Path):
    put(folder, SESSION, text(Kind.SESSION, "soir", capacity="1"))
    load(folder)
    people = [a_person() for _ in range(2)]
    for person_id in people:
        with transaction() as session:
            row = session.scalars(select(CycleSession)).one()
            enrolment.enrol(session.get_one(Person, person_id), row, now=NOW)
    put(folder, SESSION, text(Kind.SESSION, "soir", capacity="2", venue=None))
    load(folder)
    assert db.session.scalars(select(Enrolment.status).order_by(Enrolment.rank)).all() == ["confirmed", "confirmed"]
    row = db.session.scalars(select(CycleSession)).one()
    assert (row.capacity, row.venue, row.status) == (2, None, "scheduled")
    assert [m.topic for m in db.session.scalars(select(OutboxMessage))].count("session.changed") == 2


def test_a_draft_session_follows_its_file(db, folder: Path):
    put(folder, SESSION, text(Kind.SESSION, "soir", status="draft"))
    load(folder)
    put(folder, SESSION, text(Kind.SESSION, "soir", status="draft", starts_at="2027-02-04 17:00"))
    load(folder)
    assert db.session.scalars(select(CycleSession.starts_at)).all() == [at(2027, 2, 4, 16)]
    assert list(invariants.broken(now=NOW)) == []


def test_a_renamed_file_is_the_same_text_elsewhere(db, folder: Path):
    load(folder)
    key, number = edition_of(MODULE).document_id, count(Revision)
    (folder / MODULE).rename(folder / "cycles/port/modules/03-quai-d-escale.fr.md")
    assert states(folder) == {"cycles/port/modules/03-quai-d-escale.fr.md": "moved"}
    load(folder)
    document = edition_of("cycles/port/modules/03-quai-d-escale.fr.md").document
    assert (document.id, document.slug, document.position, count(Revision)) == (key, "quai-d-escale", 3, number)
    assert states(folder) == {}
    assert list(invariants.broken(now=NOW)) == []


def test_two_files_may_swap_their_names(db, folder: Path):
    load(folder)
    one, other = (folder / f"cycles/port/modules/{name}.fr.md" for name in ("01-escale", "02-quai"))
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    load(folder)
    assert edition_of(MODULE).document.key == "quai"
    assert states(folder) == {}


def test_a_renamed_cycle_keeps_its_sessions(db, folder: Path):
    load(folder)
    cycle_id = db.session.scalars(select(Cycle.id)).one()
    (folder / "cycles/port").rename(folder / "cycles/ports")
    put(folder, NOTE, text(Kind.RESOURCE, "note", cycle="ports", body="\nVoir [[quai|le quai]].\n"))
    load(folder)
    assert [(c.id, c.slug) for c in db.session.scalars(select(Cycle))] == [(cycle_id, "ports")]
    assert db.session.scalars(select(CycleSession.cycle_id)).all() == [cycle_id]
    assert states(folder) == {}


def test_a_missing_file_deletes_nothing(db, folder: Path):
    load(folder)
    (folder / NOTE).unlink()
    plan = load(folder)
    assert plan.missing == [NOTE]
    assert edition_of(NOTE).published_id is not None


def test_what_is_no_content_is_left_alone(db, folder: Path):
    before = len(content_plan.plan_load(folder).items)
    for path in ("README.md", ".git/config", "resources/.note.fr.md.swp", "cycles/port/photo.jpg", "notes/x.md"):
        put(folder, path, b"\xff\x00")
    plan = content_plan.plan_load(folder)
    assert (len(plan.items), plan.problems) == (before, [])


# --- refusals ------------------------------------------------------------------------------------------------------


def test_one_bad_file_keeps_all_files_out(db, folder: Path):
    put(folder, NOTE, text(Kind.RESOURCE, "note", licence="copyright"))
    put(folder, MODULE, text(Kind.MODULE, "escale", duration="long", level="dur"))
    assert refused(folder) == [(MODULE, 12, "bad_duration"), (MODULE, 13, "bad_choice"), (NOTE, 7, "bad_choice")]
    assert [count(model) for model in (Document, Topic, Change, Cycle)] == [0, 0, 0, 0]


def test_a_bad_file_leaves_the_last_good_version_up(db, folder: Path):
    load(folder)
    put(folder, NOTE, "---\nid: note\n")
    put(folder, MODULE, text(Kind.MODULE, "escale", title="Mieux"))
    assert refused(folder) == [(NOTE, 1, "front_unclosed_fence")]
    assert (edition_of(NOTE).title, edition_of(MODULE).title) == ("Un titre", "Un titre")


WRONG_FOLDERS = [
    ("a strange name", {"resources/Ma note.fr.md": text(Kind.RESOURCE, "x")}, [("resources/Ma note.fr.md", 0, "bad_path")]),
    ("another language", {"resources/x.de.md": text(Kind.RESOURCE, "x")}, [("resources/x.de.md", 0, "bad_path")]),
    ("no language", {"pages/x.md": text(Kind.PAGE, "x")}, [("pages/x.md", 0, "bad_path")]),
    ("a module outside", {"cycles/port/x.fr.md": text(Kind.MODULE, "x")}, [("cycles/port/x.fr.md", 0, "bad_path")]),
    ("Latin 1", {NOTE: "é\n".encode("latin-1")}, [(NOTE, 1, "not_utf8")]),
    ("UTF-16", {NOTE: "é\n".encode("utf-16")}, [(NOTE, 1, "not_utf8")]),
    ("a null", {NOTE: b"---\nid: a\0\n"}, [(NOTE, 2, "body_nul_character")]),
    ("too long", {NOTE: b"x" * (128 * 1024 + 1)}, [(NOTE, 0, "body_too_long")]),
    ("an id twice", {"resources/x.fr.md": text(Kind.RESOURCE, "note")}, [("resources/x.fr.md", 2, "id_twice")]),
    ("a pair of two texts", {"resources/note.en.md": text(Kind.RESOURCE, "x")}, [(NOTE, 2, "pair_ids_differ")]),
    (
        "a pair that differs",
        {SESSION.replace(".fr.", ".en."): text(Kind.SESSION, "soir", capacity="3")},
        [(SESSION, 13, "pair_differs")],
    ),
    (
        "two modules of one address",
        {"cycles/port/modules/07-escale.fr.md": text(Kind.MODULE, "x")},
        [("cycles/port/modules/07-escale.fr.md", 0, "slug_twice")],
    ),
    (
        "a cycle without words",
        {"cycles/mer/modules/01-x.fr.md": text(Kind.MODULE, "x")},
        [("cycles/mer/cycle.fr.md", 0, "cycle_without_presentation")],
    ),
    (
        "prerequisites in a circle",
        {MODULE: text(Kind.MODULE, "escale", prerequisites=["quai"])},
        [(MODULE, 14, "prerequisite_loop"), ("cycles/port/modules/02-quai.fr.md", 14, "prerequisite_loop")],
    ),
    ("a dead link", {NOTE: text(Kind.RESOURCE, "note", body="\n[[kai]]\n")}, [(NOTE, 15, "dead_link")]),
    ("a topic twice", {"topics.yml": TOPICS + "- slug: mer\n  fr: M\n  en: S\n"}, [("topics.yml", 7, "entry_twice")]),
    ("a topic without words", {"topics.yml": TOPICS + "- slug: x\n  fr: X\n"}, [("topics.yml", 7, "missing_key")]),
    (
        "topics above each other",
        {"topics.yml": TOPICS.replace("en: Port", "en: Port\n  parent: mer") + "  parent: port\n"},
        [("topics.yml", 1, "parent_loop"), ("topics.yml", 5, "parent_loop")],
    ),
    ("a venue nowhere", {"venues.yml": VENUES.replace("43.30", "143.3")}, [("venues.yml", 2, "bad_degrees")]),
    ("a list that is none", {"people.yml": "slug: a\n"}, [(SESSION, 14, "unknown_speakers"), ("people.yml", 1, "front_not_list")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "problems"), [row[1:] for row in WRONG_FOLDERS], ids=[row[0] for row in WRONG_FOLDERS]
)
def test_a_wrong_folder_is_refused(db, folder: Path, files: dict[str, str | bytes], problems: list):
    for path, source in files.items():
        put(folder, path, source)
    assert refused(folder) == problems
    assert count(Document) == 0


def test_links_that_leave_the_folder_are_refused(db, folder: Path, tmp_path: Path):
    put(tmp_path, "secret.md", text(Kind.RESOURCE, "secret"))
    (folder / "resources/secret.fr.md").symlink_to(tmp_path / "secret.md")
    (folder / "resources/rien.fr.md").symlink_to(tmp_path / "rien.md")
    (folder / "cycles/mer").symlink_to(tmp_path)
    os.mkfifo(folder / "pages/tuyau.fr.md")
    assert refused(folder) == [
        ("cycles/mer", 0, "linked_folder"),
        ("pages/tuyau.fr.md", 0, "unreadable"),
        ("resources/rien.fr.md", 0, "unreadable"),
        ("resources/secret.fr.md", 0, "link_outside"),
    ]


def test_names_that_look_alike_are_refused(db, folder: Path):
    put(folder, "resources/écluse.fr.md", text(Kind.RESOURCE, "a"))
    put(folder, "resources/e\u0301cluse.fr.md", text(Kind.RESOURCE, "b"))
    assert refused(folder) == [
        ("resources/e\u0301cluse.fr.md", 0, "bad_path"),
        ("resources/écluse.fr.md", 0, "name_twice"),
    ]


def test_names_that_are_no_text_are_shown_safely(db, folder: Path):
    path = os.fsencode(folder / "resources") + b"/\xff\x1b[2J.fr.md"
    Path(os.fsdecode(path)).write_bytes(b"")
    ((shown, _, code),) = refused(folder)
    assert (shown.isprintable(), code) == (True, "bad_path")


def test_a_folder_that_is_not_there_is_refused(db, tmp_path: Path):
    assert refused(tmp_path / "rien") == [(str(tmp_path / "rien"), 0, "folder_missing")]


def test_the_id_of_a_file_does_not_change(db, folder: Path):
    load(folder)
    put(folder, NOTE, text(Kind.RESOURCE, "une-note"))
    assert refused(folder) == [(NOTE, 2, "id_changed")]


def test_a_text_does_not_change_its_kind(db, folder: Path):
    load(folder)
    (folder / NOTE).unlink()
    put(folder, "pages/note.fr.md", text(Kind.PAGE, "note"))
    assert refused(folder) == [("pages/note.fr.md", 2, "kind_changed")]


def test_somebody_who_saves_while_it_loads_is_not_overwritten(db, folder: Path):
    load(folder)
    put(folder, NOTE, text(Kind.RESOURCE, "note", title="Du dossier"))
    plan = content_plan.plan_load(folder)
    draft_on_site(NOTE, "Du site")
    with pytest.raises(Refused, match="edited_meanwhile"), transaction():
        content_load.load(plan, by=None, now=NOW)
    assert edition_of(NOTE).head.source == "Du site"


# --- conflicts -----------------------------------------------------------------------------------------------------

_HASHES = ("a", "b", "c")


@pytest.mark.parametrize(
    ("file", "current", "synced", "head"), list(product(_HASHES, (None, *_HASHES), (None, *_HASHES), _HASHES))
)
def test_the_conflict_rule_is_total_and_loses_nothing(file: str, current: str | None, synced: str | None, head: str):
    state = state_of(file, current=current, synced=synced, head=head)
    if current is None:
        assert state == State.CREATED
    elif file == current:
        assert state == State.UNCHANGED
    elif state == State.CHANGED:  # what is replaced was seen by the folder
        assert synced == current == head
    elif state == State.KEPT:  # what is not taken was seen by the site
        assert file == synced
    else:
        assert state == State.CONFLICTING
        assert file != synced
        assert synced != current or head != current


A, B = text(Kind.RESOURCE, "note", title="A"), text(Kind.RESOURCE, "note", title="B")


def test_a_file_edited_in_the_folder_wins(db, folder: Path):
    load(folder)
    put(folder, NOTE, A)
    assert states(folder) == {NOTE: "changed"}
    load(folder)
    assert (edition_of(NOTE).title, edition_of(NOTE).published.note) == ("A", NOTE)
    assert states(folder) == {}


def test_a_text_edited_on_the_site_is_kept(db, folder: Path):
    load(folder)
    edit_site(NOTE, A)
    assert states(folder) == {NOTE: "kept"}
    load(folder)
    assert edition_of(NOTE).title == "A"
    assert dump(folder).written == [NOTE]
    assert (folder / NOTE).read_text("utf-8") == A


def test_a_text_edited_on_both_sides_is_a_conflict_and_nothing_is_loaded(db, folder: Path):
    load(folder)
    put(folder, NOTE, A)
    put(folder, MODULE, text(Kind.MODULE, "escale", title="Nouveau"))
    edit_site(NOTE, B)
    assert states(folder) == {NOTE: "conflicting", MODULE: "changed"}
    assert refused(folder) == [(NOTE, 0, "conflict")]
    assert (edition_of(NOTE).title, edition_of(MODULE).title) == ("B", "Un titre")
    load(folder, skip_conflicts=True)
    assert (edition_of(NOTE).title, edition_of(MODULE).title) == ("B", "Nouveau")
    assert states(folder) == {NOTE: "conflicting"}


def test_a_dump_does_not_overwrite_an_edit_of_the_folder(db, folder: Path):
    load(folder)
    put(folder, NOTE, A)
    put(folder, MODULE, text(Kind.MODULE, "escale", title="Nouveau"))
    edit_site(NOTE, B)
    dumped = dump(folder)
    assert (dumped.conflicting, dumped.kept, dumped.written) == ([NOTE], [MODULE], [])
    assert (folder / NOTE).read_text("utf-8") == A


def test_a_conflict_ends_when_one_side_takes_the_other_text(db, folder: Path):
    load(folder)
    put(folder, NOTE, A)
    edit_site(NOTE, B)
    edit_site(NOTE, A)
    assert states(folder) == {}
    load(folder)
    put(folder, NOTE, B)
    assert states(folder) == {NOTE: "changed"}


def test_a_draft_that_waits_on_the_site_is_not_buried_by_a_file(db, folder: Path):
    load(folder)
    draft_on_site(NOTE, "Un brouillon")
    assert states(folder) == {}
    assert dump(folder).written == []  # readers see what the folder has
    put(folder, NOTE, A)
    assert refused(folder) == [(NOTE, 0, "conflict")]
    assert edition_of(NOTE).head.source == "Un brouillon"


def test_a_text_withdrawn_on_the_site_is_dumped_as_a_draft(db, folder: Path):
    load(folder)
    edition = edition_of(NOTE)
    with transaction():
        publishing.withdraw(edition, base_id=edition.head_id, by=None, now=NOW)
    assert states(folder) == {NOTE: "kept"}
    dump(folder)
    assert b"status: draft" in (folder / NOTE).read_bytes()
    load(folder)
    assert edition_of(NOTE).published_id is None


def test_what_the_site_added_is_dumped(db, folder: Path):
    load(folder)
    ready = preparing.prepare(text(Kind.RESOURCE, "du-site"), kind=Kind.RESOURCE, language="fr")
    with transaction():
        publishing.create(ready, kind=Kind.RESOURCE, cycle=None, slug="du-site", owner=None, by=None, now=NOW)
    assert states(folder) == {"resources/du-site.fr.md": "missing"}
    assert dump(folder).written == ["resources/du-site.fr.md"]
    assert states(folder) == {}


# --- lists ---------------------------------------------------------------------------------------------------------


def test_lists_are_kept_byte_for_byte_while_they_are_true(db, folder: Path, tmp_path: Path):
    load(folder)
    dump(tmp_path / "copy")
    assert (tmp_path / "copy/venues.yml").read_text("utf-8") == VENUES


def test_a_list_edited_on_the_site_is_written_anew(db, folder: Path):
    load(folder)
    with transaction() as session:
        session.scalars(select(Venue)).one().city = "Marseille : le port"
        session.add(Venue(slug="arbois", name="L’Arbois", is_totem=True, access_fr="Un bus.\n\nOu deux."))
    assert states(folder) == {"venues.yml": "kept"}
    assert dump(folder).written == ["venues.yml"]
    entries, _ = content_lists.read("venues.yml", (folder / "venues.yml").read_text("utf-8"))
    assert entries == content_lists.entries_of("venues.yml")
    assert [entry["city"] for entry in entries] == ["Marseille : le port", ""]
    assert states(folder) == {}


def test_a_list_edited_on_both_sides_is_a_conflict(db, folder: Path):
    load(folder)
    with transaction() as session:
        session.scalars(select(Venue)).one().city = "Marseille"
    put(folder, "venues.yml", VENUES + "  city: Aix\n")
    assert refused(folder) == [("venues.yml", 0, "conflict")]
    assert dump(folder).conflicting == ["venues.yml"]


def test_a_changed_entry_is_updated_and_a_removed_one_goes(db, folder: Path):
    load(folder)
    put(folder, "topics.yml", TOPICS.replace("Port\n", "Le port\n", 1).partition("- slug: mer")[0])
    put(folder, "people.yml", PEOPLE + "- slug: b\n  name: B\n")
    load(folder)
    assert [(t.slug, t.label_fr) for t in db.session.scalars(select(Topic))] == [("port", "Le port")]
    assert count(Speaker) == 2
    assert states(folder) == {}


def test_an_entry_that_is_still_used_does_not_go(db, folder: Path):
    load(folder)
    put(folder, "venues.yml", "[]\n")
    put(folder, "people.yml", "[]\n")
    assert refused(folder) == [("people.yml", 0, "still_used")]
    assert (count(Venue), count(Speaker)) == (1, 1)
    put(folder, SESSION, text(Kind.SESSION, "soir", venue=None, trainers=None))
    load(folder)
    assert (count(Venue), count(Speaker)) == (0, 0)


def test_topics_nest(db, folder: Path):
    put(folder, "topics.yml", TOPICS + "  parent: port\n")
    load(folder)
    topics = {topic.slug: topic for topic in db.session.scalars(select(Topic))}
    assert (topics["mer"].parent_id, topics["port"].parent_id) == (topics["port"].id, None)


# --- round trips ---------------------------------------------------------------------------------------------------


def test_load_then_dump_gives_the_same_bytes(db, folder: Path, tmp_path: Path):
    put(folder, "venues.yml", "\ufeff" + VENUES.replace("\n", "\r\n") + "\r\n# fin")
    put(folder, NOTE, "\ufeff" + text(Kind.RESOURCE, "note").replace("\n", "\r\n") + "sans fin de ligne")
    load(folder)
    dumped = dump(tmp_path / "copy")
    assert len(dumped.written) == 10
    assert tree(tmp_path / "copy") == tree(folder)
    assert dump(folder).written == []


def test_the_starter_content_goes_through_unchanged(db, tmp_path: Path):
    source = ROOT / "content"
    plan = load(source)
    assert plan.problems == []
    dump(tmp_path / "copy")
    shipped = {path: data for path, data in tree(source).items() if not path.endswith(("README.md",))}
    assert tree(tmp_path / "copy") == shipped
    assert list(invariants.broken(now=NOW)) == []


LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=20).filter(
    lambda line: "[[" not in line
)
BODIES = st.lists(st.tuples(LINES, st.sampled_from(["\n", "\r\n", "\n\n", "\r", "  \n", ""])), max_size=6).map(
    lambda lines: "".join(words + end for words, end in lines)
)
COMMENTS = st.sampled_from(["", "# une remarque : « 1 »\n", "clé-inconnue: [a, 'b']\n", "x: |\n  deux\n  lignes\n"])


@st.composite
def sources(draw) -> str:
    """A right resource as people leave them: comments, unknown keys, blank lines, any line ends, any end."""
    source = text(Kind.RESOURCE, "note", title=draw(st.sampled_from(["A", "Une « note »", "日本 🎉 e\u0301"])))
    head, fence, body = source.rpartition("---\n")
    source = head + draw(COMMENTS) + fence + draw(st.sampled_from(["", "\n\n\n"])) + body
    source = source.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))) + draw(BODIES)
    return draw(st.sampled_from(["", "\ufeff"])) + source.rstrip(draw(st.sampled_from(["", "\n"])))


_QUICK = settings(
    max_examples=400 if os.environ.get("ACADEMY_DEEP") == "1" else 20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@_QUICK
@given(source=sources())
def test_whatever_people_leave_in_a_file_comes_back_byte_for_byte(db, tmp_path: Path, source: str):
    folder, copy = tmp_path / "content", tmp_path / "copy"
    put(folder, NOTE, source)
    put(folder, "topics.yml", TOPICS)
    load(folder, skip_conflicts=True)
    (copy / NOTE).unlink(missing_ok=True)
    dump(copy)
    assert (copy / NOTE).read_bytes() == (folder / NOTE).read_bytes() == source.encode()


@_QUICK
@given(steps=st.lists(st.sampled_from(["folder", "site", "draft", "load", "dump"]), max_size=12))
def test_random_edits_on_both_sides_lose_no_words(db, tmp_path: Path, steps: list[str]):
    """Whatever the order, each text that somebody wrote is in the file or among the revisions."""
    folder = a_folder(tmp_path / "content")
    if count(Document) == 0:
        load(folder)
    else:  # a former example: begin where both sides are the same
        (folder / NOTE).unlink()
        dump(folder)
    written = set()
    for number, step in enumerate(steps):
        source = text(Kind.RESOURCE, "note", title=f"{step} {number}")
        if step == "folder":
            kept = database.session.scalar(
                select(Revision.id).where(Revision.source == (folder / NOTE).read_text("utf-8"))
            )
            written -= {(folder / NOTE).read_text("utf-8")} if kept is None else set()  # its author replaced it
            put(folder, NOTE, source)
        elif step == "site":
            edit_site(NOTE, source)
        elif step == "draft":
            draft_on_site(NOTE, source)
        elif step == "load":
            load(folder, skip_conflicts=True)
        else:
            dump(folder)
        written |= {source} if step in ("folder", "site", "draft") else set()
    there = set(database.session.scalars(select(Revision.source))) | {(folder / NOTE).read_text("utf-8")}
    assert written <= there
    assert list(invariants.broken(now=NOW)) == []


# --- paths ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "values", "stem"),
    [
        (Kind.CYCLE, {}, "cycles/quai/cycle"),
        (Kind.MODULE, {"cycle": "port", "position": 7}, "cycles/port/modules/07-quai"),
        (Kind.MODULE, {"cycle": "port", "position": 107}, "cycles/port/modules/107-quai"),
        (Kind.SESSION, {"cycle": "port", "day": at(2027, 2, 4).date()}, "cycles/port/sessions/2027-02-04-quai"),
        (Kind.SESSION, {"cycle": "port"}, "cycles/port/sessions/quai"),
        (Kind.RESOURCE, {}, "resources/quai"),
        (Kind.PAGE, {}, "pages/quai"),
    ],
)
def test_paths_are_read_as_they_are_written(kind: Kind, values: dict, stem: str):
    assert path_for(kind, "quai", **values) == stem
    place = place_of(file_of(stem, "en"))
    assert place is not None
    assert (place.kind, place.slug, place.stem, place.language) == (kind, "quai", stem, "en")
    assert (place.position, place.cycle) == (
        values.get("position", 0),
        "quai" if kind == Kind.CYCLE else values.get("cycle", ""),
    )


@pytest.mark.parametrize(
    "path", ["resources/../x.fr.md", "/resources/x.fr.md", "resources/x.fr.md\n", "resources/é.fr.md", "x.fr.md", ""]
)
def test_other_paths_are_no_texts(path: str):
    assert place_of(path) is None
