"""Real processes answer while others word the question anew: a place has its answer, to the words that stay."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.domain import answers, enrolment, enrolment_questions
from academy.domain.answers import Said
from academy.domain.errors import Refused
from academy.domain.question_words import Wording
from academy.extensions import db as database, transaction
from academy.models import Answer, CycleSession, Enrolment, EnrolmentQuestion, Person, QuestionKind
from academy.web import clock
from tests.factories import a_cycle, a_question
from tests.races.storm import storm


def _answer_or_ask(session_id: int, person_id: int) -> list[str]:
    """Answer with the words that one reads; every fourth person is an organiser who words or deletes the question."""
    try:
        return [_ask_otherwise(person_id) if person_id % 4 == 0 else _answer(session_id, person_id)]
    except Refused as refusal:
        return [refusal.code]


def _answer(session_id: int, person_id: int) -> str:
    question = database.session.scalars(select(EnrolmentQuestion)).one()
    said = {answers.key(question): Said(question.label_fr)}
    with transaction() as it:
        row, person = it.get_one(CycleSession, session_id), it.get_one(Person, person_id)
        enrolment.enrol(person, row, now=clock.now(), said=said)
    return "enrolled"


def _ask_otherwise(person_id: int) -> str:
    with transaction() as it:
        question = it.scalars(select(EnrolmentQuestion)).one()
        wording = Wording(kind=QuestionKind.SHORT, label_fr=f"Question {person_id}", is_required=True)
        enrolment_questions.change(question, wording, by=None, now=clock.now())
    return "worded"


@pytest.mark.parametrize("processes", [2, 8])
def test_each_place_has_the_answer_to_the_words_that_are_shown(app: Flask, processes: int):
    with app.app_context():
        a_question(cycle=a_cycle(), is_required=True)
    session_id, told, _worst = storm(app, _answer_or_ask, processes)
    assert set(told) <= {"enrolled", "worded", "answers_missing", "question_answered"}
    assert "enrolled" in told
    with app.app_context():
        label = database.session.scalars(select(EnrolmentQuestion.label_fr)).one()
        places = database.session.scalar(select(func.count()).where(Enrolment.session_id == session_id))
        said = database.session.scalars(select(Answer.text)).all()
        assert (len(said), set(said)) == (places, {label})
