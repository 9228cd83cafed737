"""Sessions are created, changed and called off; row and files always say the same, and everybody is told once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from academy.domain import contract, enrolment, invariants, preparing, publishing, scheduling, session_texts
from academy.domain.content import dump as content_dump, load as content_load, plan as content_plan
from academy.domain.errors import Refused
from academy.domain.problems import ContentRefused
from academy.domain.session_texts import Schedule, Words, schedule_of
from academy.extensions import db as database, transaction
from academy.models import (
    AuditEntry,
    Cycle,
    CycleSession,
    Document,
    Edition,
    Enrolment,
    EnrolmentStatus,
    Kind,
    OutboxMessage,
    Person,
    SessionStatus,
    Speaker,
    Venue,
)
from tests.domain.texts import a_folder
from tests.factories import a_person, a_text, at

pytestmark = pytest.mark.usefixtures("db")
NOW = at(2026, 11, 22)
START, END = at(2027, 2, 4, 17), at(2027, 2, 4, 19)
FRENCH = Words(title="Les câbles sous la mer", summary="Deux heures sur les câbles.", programme="## Accueil\n\nCafé.")
ENGLISH = Words(title="Cables under the sea", summary="Two hours about cables.", programme="## Welcome\n\nCoffee.")
SCHEDULE = Schedule(starts_at=START, ends_at=END, capacity=2)


def the_port() -> Cycle:
    wanted = select(Cycle).where(Cycle.slug == "port")
    if database.session.scalar(wanted) is None:
        a_text("port", kind=Kind.CYCLE, slug="port", topics=["port", "mer"], licence="cc-by-sa-4.0")
    return database.session.scalars(wanted).one()


def created(
    schedule: Schedule = SCHEDULE, words: dict[str, Words] | None = None, *, publish: bool = True
) -> CycleSession:
    port = the_port()
    texts = scheduling.prepare_session(port, schedule, words or {"fr": FRENCH}, publish=publish, now=NOW)
    with transaction():
        return scheduling.create_session(texts, cycle=port, by=None, now=NOW)


def edited(session: CycleSession, words: dict[str, Words] | None = None, *, by: Person | None = None, **facts) -> None:
    options = {name: facts.pop(name) for name in ("bases", "publish") if name in facts}
    schedule = replace(schedule_of(session), **facts)
    edit = scheduling.prepare_edit(session, schedule, words, now=NOW, **options)
    with transaction():
        scheduling.edit_session(edit, by=by, now=NOW)


def cancelled(session: CycleSession) -> int:
    with transaction():
        return scheduling.cancel_session(session, by=None, now=NOW)


def seated(session: CycleSession, count: int) -> list[int]:
    ids = []
    for _ in range(count):
        person = a_person()
        with transaction() as it:
            held = enrolment.enrol(it.get_one(Person, person), session, now=NOW)
            it.flush()
            ids.append(held.id)
    return ids


def edition_of(session: CycleSession, language: str = "fr") -> Edition:
    wanted = select(Edition).where(Edition.document_id == session.document_id, Edition.language == language)
    return database.session.scalars(wanted.execution_options(populate_existing=True)).one()


def source(session: CycleSession, language: str = "fr") -> str:
    edition = edition_of(session, language)
    return (edition.published or edition.head).source  # pyright: ignore


def facts(session: CycleSession, language: str = "fr") -> Schedule:
    read = contract.read(source(session, language), kind=Kind.SESSION)
    return Schedule(**{name: getattr(read, name) for name in vars(Schedule())})


def promised(topic: str) -> list[int]:
    wanted = select(OutboxMessage).where(OutboxMessage.topic == topic).order_by(OutboxMessage.id)
    return [message.payload["enrolment"] for message in database.session.scalars(wanted)]


def statuses(ids: list[int]) -> list[str]:
    database.session.expire_all()
    return [str(database.session.get_one(Enrolment, held).status) for held in ids]


def recorded(action: str) -> list[dict]:
    return list(
        database.session.scalars(select(AuditEntry.detail).where(AuditEntry.action == action).order_by(AuditEntry.id))
    )


# creating


def test_a_new_session_is_a_row_and_a_file_that_say_the_same():
    session = created()
    assert schedule_of(session) == facts(session) == SCHEDULE
    assert source(session) == (
        "---\n"
        "id: session-les-cables-sous-la-mer\n"
        "title: Les câbles sous la mer\n"
        "summary: Deux heures sur les câbles.\n"
        "topics: [port, mer]\n"
        "starts_at: 2027-02-04 18:00\n"
        "ends_at: 2027-02-04 20:00\n"
        "capacity: 2\n"
        "licence: cc-by-sa-4.0\n"
        "status: published\n"
        "published_on: 2026-11-22\n"
        "---\n"
        "\n"
        "## Accueil\n\nCafé.\n"
    )
    assert (session.document.path, session.document.slug) == (
        "cycles/port/sessions/2027-02-04-les-cables-sous-la-mer",
        "les-cables-sous-la-mer",
    )


def test_both_languages_share_the_id_and_the_facts():
    session = created(words={"fr": FRENCH, "en": ENGLISH})
    assert facts(session, "fr") == facts(session, "en") == SCHEDULE
    assert [edition_of(session, language).title for language in ("fr", "en")] == [FRENCH.title, ENGLISH.title]
    assert recorded("session.create") == [{}]


def test_two_sessions_of_one_title_get_two_ids_and_two_files():
    documents = [created().document for _ in range(3)]
    assert [document.key for document in documents] == [
        "session-les-cables-sous-la-mer",
        "session-les-cables-sous-la-mer-2",
        "session-les-cables-sous-la-mer-3",
    ]
    assert len({document.path for document in documents}) == 3


def test_a_long_title_gives_an_id_that_fits():
    session = created(words={"fr": replace(FRENCH, title="mot " * 70)})
    assert len(session.document.key) <= 80


def test_a_draft_session_is_seen_by_nobody_until_it_is_published():
    session = created(publish=False)
    assert session.document.published_in("fr") is None
    edited(session, {"fr": FRENCH}, capacity=5, publish=True)
    assert session.document.published_in("fr") is not None
    assert (session.capacity, facts(session).capacity) == (5, 5)


def test_a_session_without_a_date_is_to_be_scheduled():
    session = created(Schedule())
    assert schedule_of(session) == facts(session) == Schedule()
    assert session.document.path == "cycles/port/sessions/les-cables-sous-la-mer"


def test_a_cycle_without_words_has_no_session_yet():
    with transaction() as it:
        it.add(Cycle(slug="vide", position=9, created_at=NOW))
    empty = database.session.scalars(select(Cycle).where(Cycle.slug == "vide")).one()
    with pytest.raises(Refused, match="cycle_unpublished"):
        scheduling.prepare_session(empty, SCHEDULE, {"fr": FRENCH}, publish=True, now=NOW)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"capacity": 10**9}, "bad_capacity"),
        ({"capacity": -1}, "bad_capacity"),
        ({"ends_at": START - timedelta(hours=1)}, "end_before_start"),
        ({"starts_at": None}, "end_without_start"),
        ({"venue": "nulle-part"}, "unknown_venues"),
        ({"trainers": ("personne",)}, "unknown_speakers"),
        ({"modules": ("rien",)}, "unknown_modules"),
        ({"opens_at": START, "closes_at": START - timedelta(days=1)}, "closing_before_opening"),
    ],
)
def test_impossible_facts_are_refused_before_anything_is_written(change: dict, code: str):
    with pytest.raises(ContentRefused) as refusal:
        created(replace(SCHEDULE, **change))
    assert [problem.code for problem in refusal.value.problems] == [code]
    assert database.session.scalar(select(func.count(CycleSession.id))) == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"title": "Câbles\u202eelbissoP"}, "hidden_characters"),
        ({"title": "Câbles\x00"}, "hidden_characters"),
        ({"programme": "Un\x00deux"}, "body_nul_character"),
        ({"title": "t" * 301}, "text_too_long"),
        ({"summary": ""}, "empty_value"),
        ({"programme": "Voir [[rien-du-tout]]."}, "dead_link"),
        ({"programme": "a" * (128 * 1024 + 1)}, "body_too_long"),
    ],
)
def test_hostile_words_are_refused(words: dict, code: str):
    with pytest.raises(ContentRefused) as refusal:
        created(words={"fr": replace(FRENCH, **words)})
    assert code in {problem.code for problem in refusal.value.problems}


def test_words_cannot_smuggle_keys_into_the_front_matter():
    sly = replace(FRENCH, title='x"\nowner: admin', summary="a: b # c\n---\n")
    session = created(words={"fr": sly})
    assert set(contract.parse("", source(session)).values) == {
        *("id", "title", "summary", "topics", "starts_at", "ends_at", "capacity", "licence", "status", "published_on")
    }


# changing


def test_a_changed_fact_is_restated_in_every_edition_and_nothing_else_moves():
    session = created(words={"fr": FRENCH, "en": ENGLISH})
    before = {language: source(session, language) for language in ("fr", "en")}
    edited(session, starts_at=START + timedelta(days=7), ends_at=END + timedelta(days=7))
    for language, old in before.items():
        assert source(session, language) == old.replace("2027-02-04", "2027-02-11")
    assert schedule_of(session) == facts(session)
    assert session.document.path.endswith("/2027-02-04-les-cables-sous-la-mer")  # addresses stay


def test_a_spelling_that_means_the_same_is_left_alone():
    kept = "starts_at: 2027-02-04T18:00 # salle à confirmer\nwaiting_list: oui\nmode: onsite"
    the_port()
    a_text("soir", kind=Kind.SESSION, cycle="port", title="Soir")
    edition = database.session.scalars(select(Edition).where(Edition.title == "Soir")).one()
    written = edition.published.source.replace('starts_at: "2027-02-04 18:00"', kept)  # pyright: ignore
    prepared = preparing.prepare(written, kind=Kind.SESSION, language="fr")
    with transaction():
        publishing.publish(edition, prepared, base_id=edition.head_id, by=None, now=NOW)
    session = database.session.scalars(select(CycleSession)).one()
    edited(session, capacity=12)
    assert source(session).count(kept) == 1
    assert source(session) == written.replace("\n---\n", "\ncapacity: 12\n---\n", 1)


def test_a_new_date_tells_everybody_once_in_the_order_of_the_queue():
    session = created(words={"fr": FRENCH, "en": ENGLISH})
    held = seated(session, 3)
    edited(session, starts_at=START + timedelta(days=1), ends_at=END + timedelta(days=1))
    assert promised("session.changed") == held


@pytest.mark.parametrize("change", [{"mode": "online"}, {"venue": "salle"}, {"ends_at": END + timedelta(hours=1)}])
def test_another_place_or_hour_is_told(change: dict):
    with transaction() as it:
        it.add(Venue(slug="salle", name="Salle"))
    session = created()
    held = seated(session, 1)
    edited(session, **change)
    assert promised("session.changed") == held
    assert schedule_of(session) == facts(session)


def test_another_title_or_trainer_is_not_told():
    with transaction() as it:
        it.add(Speaker(slug="a", name="A"))
    session = created()
    seated(session, 1)
    edited(session, {"fr": replace(FRENCH, title="Autre titre")}, trainers=("a",))
    assert promised("session.changed") == []
    assert edition_of(session).title == "Autre titre"
    assert [speaker.slug for speaker in session.speakers] == ["a"]


@pytest.mark.parametrize(
    ("change", "sequence"),
    [
        ({"ends_at": END + timedelta(hours=1)}, 1),
        ({"mode": "online"}, 1),
        ({"capacity": 9}, 0),
        ({"trainers": ("a",)}, 0),
    ],
)
def test_calendars_learn_once_of_another_time_or_place_and_of_nothing_else(change: dict, sequence: int):
    with transaction() as it:
        it.add(Speaker(slug="a", name="A"))
    session = created(words={"fr": FRENCH, "en": ENGLISH})
    assert (session.sequence, session.changed_at) == (0, None)
    edited(session, **change)
    assert (session.sequence, session.changed_at) == (sequence, NOW if sequence else None)
    cancelled(session)
    cancelled(session)
    assert (session.sequence, session.changed_at) == (sequence + 1, NOW)


def test_the_journal_holds_before_and_after():
    session = created()
    edited(session, capacity=40)
    assert recorded("session.edit") == [{"changes": {"capacity": ["2", "40"]}, "texts": ["fr"]}]
    assert recorded("session.resize") == [{"before": 2, "after": 40}]


def test_saving_what_is_there_changes_nothing():
    session = created(words={"fr": FRENCH, "en": ENGLISH})
    heads = [edition_of(session, language).head_id for language in ("fr", "en")]
    edited(session, {"fr": FRENCH, "en": ENGLISH})
    assert [edition_of(session, language).head_id for language in ("fr", "en")] == heads
    assert recorded("session.edit") == []


def test_a_browser_s_line_ends_change_nothing():
    session = created()
    before = source(session)
    edited(session, {"fr": replace(FRENCH, programme=FRENCH.programme.replace("\n", "\r\n"))})
    assert source(session) == before


def test_raised_seats_go_to_the_head_of_the_queue_in_order():
    session = created(replace(SCHEDULE, capacity=1))
    held = seated(session, 4)
    edit = scheduling.prepare_resize(session, 3, now=NOW)
    with transaction():
        scheduling.edit_session(edit, by=None, now=NOW)
    assert statuses(held) == ["confirmed", "confirmed", "confirmed", "waiting"]
    assert promised("enrolment.confirmed") == held[:3]
    assert promised("session.changed") == []
    assert facts(session).capacity == 3
    assert [problem for problem in invariants.broken(now=NOW) if "outbox" not in problem] == []


def test_lowered_seats_take_none_away():
    session = created()
    held = seated(session, 2)
    edited(session, capacity=0)
    assert statuses(held) == ["confirmed", "confirmed"]
    assert (session.capacity, facts(session).capacity) == (0, 0)


def test_no_limit_seats_everybody_and_the_key_goes():
    session = created(replace(SCHEDULE, capacity=0))
    held = seated(session, 3)
    edited(session, capacity=None)
    assert statuses(held) == ["confirmed"] * 3
    assert "capacity" not in source(session)


def test_whoever_saved_meanwhile_is_not_overwritten():
    session = created()
    base = edition_of(session).head_id
    edited(session, capacity=7)
    with pytest.raises(Refused, match="edited_meanwhile"):
        edited(session, {"fr": replace(FRENCH, title="Perdu")}, capacity=8, bases={"fr": base})
    assert (edition_of(session).title, facts(session).capacity) == (FRENCH.title, 7)


def test_a_language_added_meanwhile_is_not_overwritten():
    session = created()
    late = scheduling.prepare_edit(session, SCHEDULE, {"en": ENGLISH}, now=NOW)
    edited(session, {"en": replace(ENGLISH, title="First")})
    with pytest.raises(Refused, match="edited_meanwhile"), transaction():
        scheduling.edit_session(late, by=None, now=NOW)
    assert edition_of(session, "en").title == "First"


def test_english_may_come_later_with_the_same_facts():
    session = created()
    edited(session, {"fr": FRENCH, "en": ENGLISH}, capacity=9)
    assert facts(session, "en") == facts(session) == schedule_of(session)
    assert edition_of(session, "en").published_id is not None


def test_a_draft_above_the_published_text_follows_the_facts_and_keeps_its_words():
    session = created()
    edition = edition_of(session)
    draft = source(session).replace("Café.", "Café et thé.")
    with transaction():
        publishing.save_draft(edition, draft, base_id=edition.head_id, by=None, now=NOW)
    edited(session, capacity=30)
    edition = edition_of(session)
    assert "Café et thé." not in edition.published.source  # pyright: ignore
    assert edition.head.source == draft.replace("capacity: 2\n", "capacity: 30\n")  # pyright: ignore
    assert edition.head_id != edition.published_id


def test_an_unreadable_draft_does_not_stop_the_organiser():
    session = created()
    edition = edition_of(session)
    with transaction():
        publishing.save_draft(edition, "pas d’en-tête", base_id=edition.head_id, by=None, now=NOW)
    edited(session, capacity=30)
    assert edition_of(session).head.source == "pas d’en-tête"  # pyright: ignore
    assert facts(session).capacity == session.capacity == 30


# hours of Paris


@pytest.mark.parametrize(
    ("day", "instant"),
    [("2027-03-27", at(2027, 3, 27, 17)), ("2027-03-28", at(2027, 3, 28, 16)), ("2027-10-31", at(2027, 10, 31, 17))],
)
def test_six_in_the_evening_stays_six_across_a_clock_change(day: str, instant):
    session = created(Schedule(starts_at=instant, ends_at=instant + timedelta(hours=2)))
    assert f"starts_at: {day} 18:00\nends_at: {day} 20:00\n" in source(session)
    assert schedule_of(session) == facts(session)


def test_of_an_hour_that_comes_twice_the_first_is_kept():
    first = at(2027, 10, 31, 0, 30)  # 02:30 in summer time; 01:30 UTC is 02:30 again, in winter time
    session = created(Schedule(starts_at=first, ends_at=at(2027, 10, 31, 12)))
    assert "starts_at: 2027-10-31 02:30\n" in source(session)
    assert facts(session).starts_at == session.starts_at == first


# calling off


def test_cancelling_tells_everybody_exactly_once_and_seats_nobody():
    session = created(replace(SCHEDULE, capacity=1))
    held = seated(session, 3)
    assert cancelled(session) == 3
    assert cancelled(session) == 0
    assert promised("session.cancelled") == held
    assert promised("enrolment.cancelled") == []
    assert promised("enrolment.confirmed") == held[:1]
    assert statuses(held) == ["cancelled"] * 3
    assert session.status == SessionStatus.CANCELLED
    assert [entry["told"] for entry in recorded("session.cancel")] == [3]
    assert len(recorded("enrolment.cancel")) == 3


def test_who_had_given_the_seat_back_is_not_told_again():
    session = created()
    held = seated(session, 2)
    with transaction() as it:
        enrolment.cancel(it.get_one(Enrolment, held[0]), by=None, now=NOW)
    assert cancelled(session) == 1
    assert promised("session.cancelled") == held[1:]


def test_a_cancelled_session_is_not_edited_nor_resized():
    session = created()
    held = seated(session, 1)
    cancelled(session)
    with pytest.raises(Refused, match="session_cancelled"):
        edited(session, capacity=50)
    assert statuses(held) == [EnrolmentStatus.CANCELLED]
    assert session.capacity == 2


def test_a_session_that_took_place_is_not_cancelled():
    session = created()
    with pytest.raises(Refused, match="session_ended"), transaction():
        scheduling.cancel_session(session, by=None, now=END)


# to Git and back


def test_load_edit_dump_and_load_again_differ_in_nothing_but_the_edit(tmp_path: Path):
    folder = a_folder(tmp_path / "content")
    path = "cycles/port/sessions/2027-02-04-soir.fr.md"
    original = (folder / path).read_text("utf-8")
    load(folder)
    session = database.session.scalars(select(CycleSession).join(Document).where(Document.key == "soir")).one()
    edited(session, capacity=77)
    with transaction():
        content_dump.dump(folder, by=None, now=NOW)
    changed = (folder / path).read_text("utf-8")
    assert [line for line in changed.splitlines() if line not in original.splitlines()] == ["capacity: 77"]
    head = edition_of(session).head_id
    load(folder)
    assert (edition_of(session).head_id, session.capacity) == (head, 77)
    with transaction():
        assert content_dump.dump(folder, by=None, now=NOW).written == []
    assert session_texts.schedule_of(session) == facts(session)


def load(folder: Path) -> None:
    plan = content_plan.plan_load(folder)
    with transaction():
        content_load.load(plan, by=None, now=NOW)
