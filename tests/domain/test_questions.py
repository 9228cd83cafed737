"""Counts of questions add up and are forgotten after ninety days; so are the addresses of wishes."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from academy import jobs
from academy.domain import invariants, questions, wishes
from academy.domain.errors import Refused
from academy.domain.questions import Count
from academy.extensions import db as database, transaction
from academy.models import Audience, AuditEntry, Document, OutboxMessage, Person, Question, Wish
from academy.web import clock
from tests.factories import a_document, a_person, at

DAY = date(2026, 11, 22)


def rows() -> list[tuple]:
    wanted = select(
        Question.day, Question.language, Question.words, Question.typed, Question.asked, Question.unanswered
    ).order_by(Question.day, Question.language, Question.words)
    return [tuple(row) for row in database.session.execute(wanted)]


def add(*counts: Count) -> None:
    with transaction():
        questions.add(counts)


def actions() -> list[str]:
    return list(database.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_counts_add_up_and_the_first_way_of_typing_stays(db):
    add(Count(DAY, "fr", "port", "Le port", 2, 1, 0), Count(DAY, "en", "port", "port", 1, 0, 1))
    add(Count(DAY, "fr", "port", "ports", 1, 0, 1), Count(DAY + timedelta(days=1), "fr", "port", "PORT", 1, 1, 0))
    assert rows() == [
        (DAY, "en", "port", "port", 1, 0),
        (DAY, "fr", "port", "Le port", 3, 1),
        (DAY + timedelta(days=1), "fr", "port", "PORT", 1, 1),
    ]


def test_nothing_counted_writes_nothing(db):
    add()
    assert rows() == []


def test_a_flood_fits_into_few_statements(db, queries):
    add(*(Count(DAY, "fr", f"mot{n:04}", "x", 1, 0, 0) for n in range(1200)))
    assert len(rows()) == 1200
    assert len([statement for statement in queries if statement.startswith("INSERT")]) == 3


def test_a_row_lives_ninety_days(db):
    add(Count(DAY, "fr", "port", "port", 1, 0, 0), Count(DAY + timedelta(days=1), "fr", "quai", "quai", 1, 0, 0))
    for days, left in ((90, ["port", "quai"]), (91, ["quai"]), (92, [])):
        with time_machine.travel(at(2026, 11, 22) + timedelta(days=days), tick=False):
            jobs.tidy()
        assert [row[2] for row in rows()] == left, days
    assert actions() == ["question.purge", "question.purge"]


@pytest.mark.parametrize("hour", [0, 12, 21, 22, 23])
def test_ninety_days_are_as_many_at_any_hour_and_over_a_change_of_clocks(hour: int):
    now = at(2026, 11, 22, hour, 30)
    days = now.astimezone(clock.PARIS).date() - questions.first_day(now=now)
    assert days == questions.REMEMBERED


def test_with_nothing_to_forget_no_lock_is_taken(db, queries):
    add(Count(clock.now().date(), "fr", "port", "port", 1, 0, 0))
    queries.clear()
    assert jobs.tidy() == 0
    assert not [statement for statement in queries if statement.startswith(("DELETE", "UPDATE", "BEGIN IMMEDIATE"))]


def test_check_says_that_nobody_forgets(db):
    add(Count(clock.now().date() - timedelta(days=95), "fr", "port", "port", 1, 0, 0))
    assert [said for said in invariants.broken(now=clock.now()) if "question" in said] != []
    jobs.tidy()
    assert list(invariants.broken(now=clock.now())) == []


def a_wish(email: str = "jeanne@example.org", *, question: str = "hydrogène") -> int:
    with transaction() as session:
        wish = wishes.make(question, text="", email=email, language="fr", by=None, now=clock.now())
        session.flush()
        return wish.id


def close(wish: int, document: int | None, by: int) -> bool:
    with transaction() as session:
        text = session.get(Document, document) if document else None
        return wishes.close(session.get_one(Wish, wish), text, by=session.get_one(Person, by), now=clock.now())


def test_a_wish_is_closed_once(db):
    olga, wish = a_person(), a_wish(" Jeanne@Example.ORG ")
    assert db.session.get_one(Wish, wish).email == "jeanne@example.org"
    assert close(wish, a_document(), olga) is True
    with pytest.raises(Refused, match="wish_closed"):
        close(wish, None, olga)
    assert actions().count("wish.close") == 1
    assert [(row.topic) for row in db.session.scalars(select(OutboxMessage))] == ["wish.answered"]


def test_nobody_is_told_without_an_address_or_a_text(db):
    olga = a_person()
    assert close(a_wish(), None, olga) is False
    assert close(a_wish(""), a_document(), olga) is False
    assert db.session.scalars(select(OutboxMessage)).all() == []


@pytest.mark.parametrize("hidden", [{"is_published": False}, {"audience": Audience.MEMBERS}])
def test_only_what_everybody_may_read_answers_a_wish(db, hidden: dict):
    with pytest.raises(Refused, match="document_hidden"):
        close(a_wish(), a_document(**hidden), a_person())


def test_a_closed_wish_is_erased_whole_after_ninety_days(db):
    start = clock.now()
    with time_machine.travel(start, tick=False):
        refused, answered, waiting = a_wish(), a_wish(""), a_wish()
        person = a_person()
        close(refused, None, person)
        close(answered, a_document(), person)
    for days, kept in ((89, True), (91, False)):
        with time_machine.travel(start + timedelta(days=days), tick=False):
            jobs.tidy()
        db.session.expire_all()
        assert [bool(db.session.get(Wish, it)) for it in (refused, answered)] == [kept, kept]
    assert db.session.get_one(Wish, waiting).email == "jeanne@example.org"
    assert actions()[-1] == "wish.purge"
