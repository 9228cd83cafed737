"""What the search learns from its visitors: how often a question was asked, and for how long that is remembered."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.dialects import postgresql, sqlite

from academy.domain.forgetting import delete_due
from academy.extensions import db
from academy.models import Question

REMEMBERED = timedelta(days=90)
_AT_ONCE = 500  # rows of one statement
_PARIS = ZoneInfo("Europe/Paris")
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Count(NamedTuple):
    """How often a question was asked, found nothing, and led to a page: one day, one language, one set of words."""

    day: date
    language: str
    words: str
    typed: str
    asked: int
    unanswered: int
    opened: int


def add(counts: Sequence[Count]) -> None:
    """Add to what is known of each question: one statement, in an order that no two processes can deadlock in."""
    insert = _INSERT[db.engine.dialect.name]
    ordered = sorted(counts)
    for start in range(0, len(ordered), _AT_ONCE):
        new = insert(Question).values([count._asdict() for count in ordered[start : start + _AT_ONCE]])
        sums = {name: getattr(Question, name) + new.excluded[name] for name in ("asked", "unanswered", "opened")}
        db.session.execute(new.on_conflict_do_update(index_elements=["day", "language", "words"], set_=sums))


def first_day(*, now: datetime) -> date:
    """The oldest day that is remembered: days of Paris, where two of a year have 23 and 25 hours."""
    return now.astimezone(_PARIS).date() - REMEMBERED


def old(now: datetime) -> Select[int]:
    """What there is to forget."""
    return select(Question.id).where(Question.day < first_day(now=now))


def purge(*, now: datetime) -> int:
    """Forget whole rows; return how many."""
    return delete_due(Question, old(now), "question.purge", now=now)
