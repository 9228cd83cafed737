"""The attendance sheet: who may sign what, and a chain in which no change goes unseen."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from academy.domain import attendance, invariants, sheets, speakers
from academy.domain.errors import Refused
from academy.extensions import db as database, transaction
from academy.models import (
    Attendance,
    AuditEntry,
    CycleSession,
    Person,
    Role,
    SheetHead,
    Signature,
    Signer,
    Speaker,
    Way,
)
from academy.web import clock
from tests.factories import a_person, a_session

pytestmark = pytest.mark.usefixtures("db")
STROKES = "M10 20L30 40L50 60M1 2L600 200"


def sign(person: int, session: int, *, signer: str = "participant", later: timedelta = timedelta(0), **how) -> None:
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        half_day = attendance.of_session(row)[0]
        how = how or {"typed": "Sam"}
        now = clock.now() + later
        sheets.sign(it.get_one(Person, person), row, half_day, Signer(signer), now=now, **how)


def refusal(person: int, session: int, **how) -> str:
    with pytest.raises(Refused) as refused:
        sign(person, session, **how)
    return refused.value.code


def a_guest(session: int) -> int:
    """Somebody who is marked as present in the first half-day."""
    person = a_person()
    with transaction() as it:
        half_day = attendance.of_session(it.get_one(CycleSession, session))[0]
        place = {"session_id": session, "person_id": person, "day": half_day.day, "half": half_day.half}
        it.add(Attendance(**place, way=Way.TEAM, marked_at=clock.now()))
    return person


def a_trainer(*sessions: int) -> int:
    """A trainer with an account who teaches these sessions."""
    person = a_person(role=Role.TRAINER)
    with transaction() as it:
        speaker = Speaker(slug=f"qui-{person}", name="Formatrice")
        it.add(speaker)
        for row in it.scalars(select(CycleSession).where(CycleSession.id.in_(sessions))).all():
            row.speakers.append(speaker)
        speakers.link(it.get_one(Person, person), speaker.slug, by=None, now=clock.now())
    return person


@pytest.fixture
def running() -> int:
    return a_session(starts_in=-timedelta(minutes=10))


@pytest.fixture
def chain(running: int) -> int:
    """A session with four signatures."""
    for number in range(3):
        sign(a_guest(running), running, **({"drawing": STROKES} if number else {"typed": "Zoé"}))
    sign(a_trainer(running), running, signer="trainer")
    return running


def faults(session: int) -> list[tuple[int, str]]:
    database.session.expire_all()
    return [(it.number, it.what) for it in sheets.faults(session)]


def test_a_whole_chain_has_no_fault(chain: int):
    assert faults(chain) == []
    assert [row.number for row in sheets.signatures(chain)] == [1, 2, 3, 4]
    assert list(invariants.broken(now=clock.now())) == []
    head = sheets.head_of(chain)
    assert head is not None
    assert head.count == 4


def test_signing_twice_is_harmless(running: int):
    person = a_guest(running)
    sign(person, running)
    sign(person, running, typed="Another")
    assert [(row.number, row.typed) for row in sheets.signatures(running)] == [(1, "Sam")]
    assert faults(running) == []


@pytest.mark.parametrize(
    "change",
    [
        {"typed": "Zoe"},
        {"name": "Somebody else"},
        {"drawing": STROKES + "L1 1"},
        {"signer": Signer.TRAINER},
        {"signed_at": clock.now() - timedelta(days=1)},
        {"previous": "1" * 64},
        {"digest": "1" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("number", [1, 2, 4])
def test_an_edited_row_is_found(chain: int, change: dict[str, object], number: int):
    if change == {"signer": Signer.TRAINER} and number == 4:
        change = {"signer": Signer.PARTICIPANT}
    with transaction() as it:
        it.execute(update(Signature).where(Signature.number == number).values(**change))
    assert (number, "edited") in faults(chain)
    assert any(f"signature {number} " in sentence for sentence in invariants.broken(now=clock.now()))


def test_an_edited_row_with_a_new_digest_is_found_by_the_next(chain: int):
    with transaction() as it:
        row = sheets.signatures(chain)[1]
        row.typed, row.drawing = "Forged", ""
        row.digest = sheets.digest_of(row)
        it.flush()
    assert faults(chain) == [(3, "edited")]


@pytest.mark.parametrize(("number", "found"), [(1, (1, "missing")), (2, (2, "missing")), (4, (4, "cut"))])
def test_a_deleted_row_is_found(chain: int, number: int, found: tuple[int, str]):
    with transaction() as it:
        it.execute(delete(Signature).where(Signature.number == number))
    assert found in faults(chain)


def test_a_chain_without_rows_or_without_its_head_is_found(chain: int):
    with transaction() as it:
        it.execute(delete(SheetHead))
    assert faults(chain) == [(5, "cut")]
    other = a_session(starts_in=-timedelta(minutes=10))
    sign(a_guest(other), other)
    with transaction() as it:
        it.execute(delete(Signature).where(Signature.session_id == other))
    assert faults(other) == [(1, "cut")]


def test_rows_that_changed_places_are_found(chain: int):
    with transaction() as it:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            it.execute(update(Signature).where(Signature.number == old).values(number=new))
    assert {number for number, _what in faults(chain)} >= {2, 3}


def test_who_was_not_there_and_who_does_not_teach_may_not_sign(running: int):
    assert refusal(a_person(), running) == "sign_not_present"
    assert refusal(a_guest(running), running, signer="trainer", typed="X") == "sign_not_trainer"
    assert refusal(a_trainer(), running, signer="trainer", typed="X") == "sign_not_trainer"  # of another session
    assert sheets.signatures(running) == []
    assert sheets.head_of(running) is None


def test_an_account_is_one_name_of_those_who_teach_and_a_name_has_one_account():
    one, other = a_trainer(), a_person(role=Role.TRAINER)
    slugs = {who: f"qui-{who}" for who in (one, other)}
    with transaction() as it:
        it.add(Speaker(slug=slugs[other], name="Formateur"))
    for slug, code in ((slugs[one], "speaker_taken"), ("personne", "speaker_unknown")):
        with pytest.raises(Refused) as refused, transaction() as it:
            speakers.link(it.get_one(Person, other), slug, by=None, now=clock.now())
        assert refused.value.code == code
    for slug in (slugs[other], slugs[other], ""):
        with transaction() as it:
            speakers.link(it.get_one(Person, one), slug, by=None, now=clock.now())
    wanted = select(AuditEntry.detail).where(AuditEntry.action == "account.change_speaker").order_by(AuditEntry.id)
    assert [detail["changes"]["speaker"] for detail in database.session.scalars(wanted)] == [
        ["", slugs[one]],
        [slugs[one], slugs[other]],
        [slugs[other], ""],
    ]
    assert set(database.session.scalars(select(Speaker.person_id))) == {None}


def test_one_signs_from_the_start_to_two_days_after_the_end(running: int):
    person = a_guest(running)
    for later in (-timedelta(hours=1), timedelta(days=3)):
        assert refusal(person, running, typed="Sam", later=later) == "sign_not_now"
    sign(person, running, later=timedelta(days=1))
    assert len(sheets.signatures(running)) == 1


@pytest.mark.parametrize(
    "drawing",
    [
        "x",
        "M1 2",
        "M1 2L3",
        "m1 2l3 4",
        "M1 2L3 4Z",
        'M1 2L3 4"/><script>',
        "M1 2L3 4444",
        "M1 2L٣ 4",
        "M1 2L3 4" * 1001,
    ],
)
def test_hostile_strokes_are_refused(running: int, drawing: str):
    assert refusal(a_guest(running), running, drawing=drawing) == "sign_drawing"


@pytest.mark.parametrize("typed", ["", "   ", "\u200b\u202e", "\n\t"])
def test_nothing_is_no_signature(running: int, typed: str):
    assert refusal(a_guest(running), running, typed=typed) == "sign_empty"


def test_the_presence_of_who_signed_stays(running: int):
    from academy.domain import enrolment

    person = a_guest(running)
    sign(person, running)
    with transaction() as it:
        row = it.get_one(CycleSession, running)
        held = enrolment.Enrolment(session=row, person_id=person, status="confirmed", rank=99, joined_at=clock.now())
        it.add(held)
    with pytest.raises(Refused) as refused, transaction() as it:
        row = it.get_one(CycleSession, running)
        half_day = attendance.of_session(row)[0]
        nonce = "0" * 20
        attendance.tap(row, person, half_day, is_present=False, nonce=nonce, door=None, by=None, now=clock.now())
    assert refused.value.code == "tap_signed"
