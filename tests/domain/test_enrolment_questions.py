"""Organisers ask questions; once somebody answered, a question keeps its meaning."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from academy.domain import answers, enrolment, enrolment_questions
from academy.domain.answers import Said
from academy.domain.enrolment_questions import MOST
from academy.domain.errors import Refused
from academy.domain.question_words import MOST_CHOICES, Wording
from academy.extensions import db as database, transaction
from academy.models import AuditEntry, Cycle, CycleSession, EnrolmentQuestion, Person, QuestionKind
from academy.web import clock
from tests.factories import a_cycle, a_person, a_question, a_session

SHORT = Wording(kind=QuestionKind.SHORT, label_fr="Vos attentes")
CHOICE = Wording(kind=QuestionKind.CHOICE, label_fr="Repas", choices=[("Viande", "Meat"), ("Légumes", "")])


def _session(number: int) -> CycleSession:
    return database.session.get_one(CycleSession, number)


def _question(number: int) -> EnrolmentQuestion:
    return database.session.get_one(EnrolmentQuestion, number)


def _add(where: CycleSession | Cycle, wording: Wording) -> int:
    with transaction() as it:
        question = enrolment_questions.add(where, wording, by=None, now=clock.now())
        it.flush()
        return question.id


def _change(number: int, wording: Wording) -> None:
    with transaction():
        enrolment_questions.change(_question(number), wording, by=None, now=clock.now())


def _answer(session_id: int, question_id: int, said: Said) -> int:
    who = a_person()
    with transaction() as it:
        named = {answers.key(it.get_one(EnrolmentQuestion, question_id)): said}
        held = enrolment.enrol(
            it.get_one(Person, who), it.get_one(CycleSession, session_id), now=clock.now(), said=named
        )
        it.flush()
        return held.id


def _labels(session_id: int) -> list[str]:
    database.session.rollback()
    return [question.label_fr for question in enrolment_questions.asked(_session(session_id))]


def test_a_session_asks_the_questions_of_its_cycle_then_its_own(db):
    one, other, elsewhere = a_session(), a_session(), a_session(cycle="port")
    a_question(session=one, label_fr="Propre")
    a_question(cycle=a_cycle(), label_fr="Du cycle")
    assert (_labels(one), _labels(other), _labels(elsewhere)) == (["Du cycle", "Propre"], ["Du cycle"], [])
    assert [enrolment_questions.count_asked(number) for number in (one, other, elsewhere)] == [2, 1, 0]


def test_adding_a_question_changes_the_version_of_every_page_that_shows_it(db):
    one, other = a_session(), a_session()
    before = [_session(number).seq for number in (one, other)]
    a_question(cycle=a_cycle())
    database.session.expire_all()
    assert [_session(number).seq for number in (one, other)] == [seq + 1 for seq in before]


def test_questions_move_up_and_down_among_those_of_the_same_place(db):
    session = a_session()
    a_question(cycle=a_cycle(), label_fr="Du cycle")
    first, _second, third = (a_question(session=session, label_fr=name) for name in "ABC")
    for number, up in ((first, True), (third, True), (third, False), (first, False)):
        with transaction():
            enrolment_questions.move(_question(number), up=up, by=None, now=clock.now())
    assert _labels(session) == ["Du cycle", "B", "A", "C"]


def test_a_closed_question_is_no_longer_asked_and_may_be_asked_again(db):
    session = a_session()
    number = a_question(session=session, label_fr="A")
    with transaction():
        enrolment_questions.close(_question(number), by=None, now=clock.now())
    assert _labels(session) == []
    with transaction():
        enrolment_questions.reopen(_question(number), by=None, now=clock.now())
    assert _labels(session) == ["A"]


def test_no_session_asks_more_than_twenty_questions(db):
    session, cycle = a_session(), a_cycle()
    for _ in range(MOST - 1):
        a_question(session=session)
    last = a_question(cycle=cycle)
    for where in (Cycle, CycleSession):
        with pytest.raises(Refused, match="questions_full"):
            _add(database.session.get_one(where, cycle if where is Cycle else session), SHORT)
    with transaction():
        enrolment_questions.close(_question(last), by=None, now=clock.now())
    _add(_session(session), SHORT)
    with pytest.raises(Refused, match="questions_full"), transaction():
        enrolment_questions.reopen(_question(last), by=None, now=clock.now())


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        ([("Seul", "")], "choices_missing"),
        ([("A", ""), ("A", "x")], "choices_double"),
        ([(f"Choix {n}", "") for n in range(MOST_CHOICES + 1)], "choices_many"),
    ],
)
def test_choices_are_two_to_thirty_and_different(db, choices, code: str):
    session = _session(a_session())
    with pytest.raises(Refused, match=code):
        _add(session, replace(CHOICE, choices=choices))


def test_a_question_without_answers_can_be_worded_anew_or_deleted(db):
    session = a_session()
    number = _add(_session(session), CHOICE)
    _change(number, replace(SHORT, label_fr="Autre chose"))
    question = _question(number)
    assert (question.kind, question.label_fr, question.choices, question.version) == ("short", "Autre chose", [], 2)
    with transaction():
        enrolment_questions.delete(question, by=None, now=clock.now())
    assert _labels(session) == []


@pytest.mark.parametrize(
    "other",
    [
        {"label_fr": "Un autre sens"},
        {"help_fr": "Une autre aide"},
        {"kind": QuestionKind.CHOICES},
        {"choices": [("Poisson", "Meat"), ("Légumes", "")]},
        {"choices": [("Viande", "Fish"), ("Légumes", "")]},
        {"choices": [("Viande", "Meat"), ("Poisson", "")]},
        {"is_sensitive": False},
    ],
)
def test_a_question_with_answers_keeps_its_meaning(db, other):
    session = a_session()
    wording = replace(CHOICE, is_sensitive=True)
    number = _add(_session(session), wording)
    _answer(session, number, Said(picked=(1,)))
    with pytest.raises(Refused, match="question_answered"):
        _change(number, replace(wording, **other))
    with pytest.raises(Refused, match="question_answered"), transaction():
        enrolment_questions.delete(_question(number), by=None, now=clock.now())


def test_a_question_with_answers_may_get_choices_a_translation_and_other_rules(db):
    session = a_session()
    number = _add(_session(session), CHOICE)
    held = _answer(session, number, Said(picked=(2,)))
    choices = [("Poisson", "Fish"), ("Viande", "Meat"), ("Légumes", "Vegetables")]
    _change(number, replace(CHOICE, choices=choices, label_en="Meal", is_required=True, is_sensitive=True))
    question = _question(number)
    assert [(it["id"], it["fr"]) for it in question.choices] == [(3, "Poisson"), (1, "Viande"), (2, "Légumes")]
    assert (question.version, question.label_en, question.is_required, question.is_sensitive) == (1, "Meal", True, True)
    _questions, said = answers.of_session(_session(session))
    assert said == {held: {number: Said(picked=(2,))}}


def test_the_journal_tells_what_was_done_to_questions(db):
    session = a_session()
    number = _add(_session(session), SHORT)
    _change(number, SHORT)  # nothing new: no line
    _change(number, replace(SHORT, is_required=True))
    wanted = select(AuditEntry.action, AuditEntry.detail).where(AuditEntry.action.like("session.question%"))
    rows = database.session.execute(wanted.order_by(AuditEntry.id)).all()
    told = {"question": "Vos attentes"}
    assert [tuple(row) for row in rows] == [("session.question_add", told), ("session.question_change", told)]
