"""Answers are kept with the place, in one transaction; what must be answered is."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from academy.domain import answers, enrolment, enrolment_questions, following, question_words, rolls
from academy.domain.answers import BadAnswerError, Said
from academy.domain.errors import Refused
from academy.extensions import db as database, transaction
from academy.models import (
    Answer,
    AuditEntry,
    Cycle,
    CycleSession,
    Enrolment,
    EnrolmentQuestion,
    OutboxMessage,
    PendingAnswers,
    Person,
    QuestionKind,
)
from academy.web import clock
from tests.factories import a_cycle, a_person, a_question, a_session


def _key(number: int) -> str:
    return answers.key(database.session.get_one(EnrolmentQuestion, number))


def _enrol(session_id: int, said: dict[str, Said] | None = None, *, who: int = 0) -> int:
    who = who or a_person()
    with transaction() as it:
        held = enrolment.enrol(
            it.get_one(Person, who), it.get_one(CycleSession, session_id), now=clock.now(), said=said
        )
        it.flush()
        return held.id


def _change(held: int, said: dict[str, Said], *, is_strict: bool = True) -> bool:
    with transaction() as it:
        return answers.change(it.get_one(Enrolment, held), said, by=None, now=clock.now(), is_strict=is_strict)


def _kept(held: int) -> dict[str, Said]:
    database.session.rollback()
    asked, gone = answers.of(database.session.get_one(Enrolment, held))
    return {one.label_fr: said for one, said in [*asked, *gone]}


def _count(kind) -> int:
    return database.session.scalar(select(func.count()).select_from(kind)) or 0


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        (QuestionKind.SHORT, [" Port\u202e de\x00 \r\nmer "], Said("Port de mer")),
        (QuestionKind.SHORT, [], Said()),
        (QuestionKind.LONG, ["\r\nUn\r\ndeux\x07 \ud800"], Said("Un\ndeux")),
        (QuestionKind.LONG, ["👩‍🚀 <script>alert(1)</script>"], Said("👩‍🚀 <script>alert(1)</script>")),
        (QuestionKind.CHOICE, ["2"], Said(picked=(2,))),
        (QuestionKind.CHOICE, [""], Said()),
        (QuestionKind.CHOICES, ["2", "1", "2"], Said(picked=(1, 2))),
        (QuestionKind.CONSENT, ["1"], Said(picked=(1,))),
        (QuestionKind.CONSENT, [], Said()),
    ],
)
def test_what_a_form_sends_is_read_as_the_question_asks(db, kind: QuestionKind, typed: list[str], said: Said):
    number = a_question(session=a_session(), kind=kind)
    assert answers.read(database.session.get_one(EnrolmentQuestion, number), typed) == said


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        (QuestionKind.SHORT, ["x" * 201], "too_long"),
        (QuestionKind.LONG, ["x" * 2001], "too_long"),
        (QuestionKind.CHOICE, ["3"], "unknown_choice"),
        (QuestionKind.CHOICE, ["1", "2"], "unknown_choice"),
        (QuestionKind.CHOICES, ["1", "'; --"], "unknown_choice"),
        (QuestionKind.CHOICES, ["٢"], "unknown_choice"),
    ],
)
def test_what_is_no_answer_is_said(db, kind: QuestionKind, typed: list[str], code: str):
    number = a_question(session=a_session(), kind=kind)
    with pytest.raises(BadAnswerError, match=code):
        answers.read(database.session.get_one(EnrolmentQuestion, number), typed)


def test_answers_are_kept_with_the_place_or_neither_is(db):
    session = a_session()
    required = a_question(session=session, label_fr="Repas", is_required=True)
    a_question(cycle=a_cycle(), label_fr="Facultative")
    with pytest.raises(Refused, match="answers_missing"):
        _enrol(session)
    assert (_count(Enrolment), _count(Answer), _count(OutboxMessage)) == (0, 0, 0)
    held = _enrol(session, {_key(required): Said("Sans noix")})
    assert _kept(held) == {"Facultative": Said(), "Repas": Said("Sans noix")}


def test_what_was_answered_to_other_words_is_no_answer(db):
    session = a_session()
    number = a_question(session=session, label_fr="Êtes-vous d’accord ?", is_required=True)
    said = {_key(number): Said("Oui")}
    with transaction() as it:
        question = it.get_one(EnrolmentQuestion, number)
        wording = question_words.Wording(kind=QuestionKind.SHORT, label_fr="Êtes-vous contre ?", is_required=True)
        enrolment_questions.change(question, wording, by=None, now=clock.now())
    with pytest.raises(Refused, match="answers_missing"):
        _enrol(session, said)


def test_the_team_enrols_and_leaves_questions_open(db):
    session = a_session()
    number = a_question(session=session, is_required=True, label_fr="Repas")
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        held = rolls.enrol_for(row, "camille@example.org", name="Camille", by=None, now=clock.now())
        it.flush()
        held_id, who = held.id, held.person_id
    assert _kept(held_id) == {"Repas": Said()}
    # who then fills the form in has answered, and nothing else changes
    assert _enrol(session, {_key(number): Said("Végétarien")}, who=who) == held_id
    assert _enrol(session, {_key(number): Said("Autre")}, who=who) == held_id
    assert _kept(held_id) == {"Repas": Said("Végétarien")}


def test_answers_change_until_the_session_begins_and_the_journal_does_not_say_what(db):
    session = a_session(starts_in=timedelta(days=2))
    number = a_question(session=session, label_fr="Repas", is_required=True)
    held = _enrol(session, {_key(number): Said("secret-un")})
    assert _change(held, {_key(number): Said("secret-deux")}) is True
    assert _change(held, {_key(number): Said("secret-deux")}) is False
    with pytest.raises(Refused, match="answers_missing"):
        _change(held, {_key(number): Said()})
    assert _kept(held) == {"Repas": Said("secret-deux")}
    entries = database.session.execute(select(AuditEntry.action, AuditEntry.detail)).all()
    assert [action for action, _ in entries].count("enrolment.change_answers") == 1
    assert "secret" not in str(entries)
    with time_machine.travel(clock.now() + timedelta(days=2, minutes=1), tick=False):
        with pytest.raises(Refused, match="answers_over"):
            _change(held, {_key(number): Said("trop tard")})
        assert _change(held, {_key(number): Said()}, is_strict=False) is True
    assert _kept(held) == {"Repas": Said()}


def test_who_gave_their_place_up_answers_no_more(db):
    session = a_session()
    number = a_question(session=session)
    held = _enrol(session)
    with transaction() as it:
        enrolment.cancel(it.get_one(Enrolment, held), by=None, now=clock.now())
    with pytest.raises(Refused, match="answers_over"):
        _change(held, {_key(number): Said("x")}, is_strict=False)


def test_closed_questions_keep_their_answers(db):
    session = a_session()
    number = a_question(session=session, label_fr="Repas")
    held, other = _enrol(session, {_key(number): Said("Sans noix")}), _enrol(session)
    with transaction() as it:
        enrolment_questions.close(it.get_one(EnrolmentQuestion, number), by=None, now=clock.now())
    assert (_kept(held), _kept(other)) == ({"Repas": Said("Sans noix")}, {})
    columns, said = answers.of_session(database.session.get_one(CycleSession, session))
    assert [one.label_fr for one in columns] == ["Repas"]
    assert said == {held: {number: Said("Sans noix")}}


def test_a_visitor_answers_are_aside_until_the_click_and_no_message_holds_them(db):
    session = a_session()
    number = a_question(session=session, is_required=True)
    with pytest.raises(Refused, match="answers_missing"), transaction() as it:
        row = it.get_one(CycleSession, session)
        enrolment.ask(row, "a@example.org", name="A", language="fr", now=clock.now(), said={})
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        said = {_key(number): Said("secret"), "q999-1": Said()}
        enrolment.ask(row, "a@example.org", name="A", language="fr", now=clock.now(), said=said)
    (payload,) = database.session.scalars(select(OutboxMessage.payload)).all()
    assert "secret" not in str(payload)
    assert answers.waiting(payload["answers"]) == {_key(number): Said("secret")}
    with transaction():
        answers.drop(payload["answers"])
    assert (_count(PendingAnswers), answers.waiting(payload["answers"])) == (0, {})


def test_who_follows_a_cycle_answers_once_for_all_its_sessions(db):
    sessions = [a_session(starts_in=timedelta(days=days)) for days in (10, 20)]
    shared = a_question(cycle=a_cycle(), label_fr="Attentes", is_required=True)
    a_question(session=sessions[1], label_fr="Repas")
    who = a_person()

    def follow(said: dict[str, Said]) -> list[int]:
        with transaction() as it:
            rows = [it.get_one(CycleSession, number) for number in sessions]
            cycle = it.get_one(Cycle, a_cycle_id)
            made = following.follow(it.get_one(Person, who), cycle, rows, now=clock.now(), said=said)
            it.flush()
            return [one.id for one in made]

    a_cycle_id = a_cycle()
    with pytest.raises(Refused, match="answers_missing"):
        follow({})
    assert _count(Enrolment) == 0
    first, second = follow({_key(shared): Said("Apprendre")})
    assert _kept(first) == {"Attentes": Said("Apprendre")}
    assert _kept(second) == {"Attentes": Said("Apprendre"), "Repas": Said()}
