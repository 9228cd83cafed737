"""The questions that organisers ask of who enrols, in a cycle or in one session.

One rule keeps answers honest: once somebody has answered, the words of a question stay. It can still be moved,
closed, made optional or required, marked sensitive, translated where it was not, and given more choices.
Every verb takes the lock of each session that asks the question first, as enrolling does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, select

from academy.domain import audit, seating
from academy.domain.errors import Refused
from academy.extensions import db
from academy.models import Answer, Cycle, CycleSession, EnrolmentQuestion, Person, QuestionKind

MOST = 20  # questions that a session asks
MOST_CHOICES = 30
LABEL_LENGTH, HELP_LENGTH, CHOICE_LENGTH = 200, 500, 200
_OWN_LAST = EnrolmentQuestion.session_id.is_not(None)
_ORDER = (_OWN_LAST, EnrolmentQuestion.position, EnrolmentQuestion.id)
IS_ASKED = (
    (EnrolmentQuestion.cycle_id == bindparam("cycle")) | (EnrolmentQuestion.session_id == bindparam("session")),
    EnrolmentQuestion.closed_at.is_(None),
)
# Made once: every enrolment where there are questions asks it while it holds the session's lock.
_ASKED = (
    select(EnrolmentQuestion)
    .where(*IS_ASKED)
    .order_by(*_ORDER)
    .execution_options(autoflush=False)  # questions change in transactions of their own
)


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What an organiser writes of a question; English may be empty, choices are pairs of French and English."""

    kind: QuestionKind
    label_fr: str
    label_en: str = ""
    help_fr: str = ""
    help_en: str = ""
    choices: Sequence[tuple[str, str]] = ()
    is_required: bool = False
    is_sensitive: bool = False


def add(where: Cycle | CycleSession, wording: Wording, *, by: Person | None, now: datetime) -> EnrolmentQuestion:
    """Ask one more question, after those that are there."""
    _lock(where)
    _refuse_choices(wording)
    _refuse_beyond_most(where)
    last = db.session.scalar(select(func.max(EnrolmentQuestion.position)).where(_of(where)))
    question = EnrolmentQuestion(position=0 if last is None else last + 1, created_at=now)
    if isinstance(where, Cycle):
        question.cycle_id = where.id
    else:
        question.session_id = where.id
    _write(question, wording)
    db.session.add(question)
    _record("question_add", question, where, by=by, now=now)
    return question


def change(question: EnrolmentQuestion, wording: Wording, *, by: Person | None, now: datetime) -> None:
    """Say it otherwise; refuse what would give another meaning to answers that exist."""
    where = where_of(question)
    _lock(where)
    db.session.refresh(question)
    _refuse_choices(wording)
    if is_answered(question):
        _refuse_other_meaning(question, wording)
    elif _words(question) != _words_of(wording):
        question.version += 1
    _write(question, wording)
    if db.session.is_modified(question):
        _record("question_change", question, where, by=by, now=now)


def move(question: EnrolmentQuestion, *, up: bool, by: Person | None, now: datetime) -> None:
    """Change places with the question before it, or after it; the first and the last stay where they are."""
    where = where_of(question)
    _lock(where)
    ordered = list(db.session.scalars(select(EnrolmentQuestion).where(_of(where)).order_by(*_ORDER)))
    at = ordered.index(question)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(ordered):
        return
    ordered[at], ordered[to] = ordered[to], ordered[at]
    for position, one in enumerate(ordered):
        one.position = position
    _record("question_move", question, where, by=by, now=now)


def close(question: EnrolmentQuestion, *, by: Person | None, now: datetime) -> None:
    """Ask it no longer; its answers stay."""
    where = where_of(question)
    _lock(where)
    if question.closed_at is None:
        question.closed_at = now
        _record("question_close", question, where, by=by, now=now)


def reopen(question: EnrolmentQuestion, *, by: Person | None, now: datetime) -> None:
    """Ask it again."""
    where = where_of(question)
    _lock(where)
    if question.closed_at is not None:
        _refuse_beyond_most(where)
        question.closed_at = None
        _record("question_reopen", question, where, by=by, now=now)


def delete(question: EnrolmentQuestion, *, by: Person | None, now: datetime) -> None:
    """Forget a question that nobody answered."""
    where = where_of(question)
    _lock(where)
    if is_answered(question):
        raise Refused("question_answered")
    _record("question_delete", question, where, by=by, now=now)
    db.session.delete(question)


def asked(session: CycleSession) -> list[EnrolmentQuestion]:
    """What the session asks: the questions of its cycle, then its own."""
    return list(db.session.scalars(_ASKED, {"cycle": session.cycle_id, "session": session.id}))


def asked_in(sessions: Sequence[CycleSession]) -> dict[int, list[EnrolmentQuestion]]:
    """What each session asks, by its id, in one query."""
    cycles, ids = {session.cycle_id for session in sessions}, {session.id for session in sessions}
    wanted = select(EnrolmentQuestion).where(
        EnrolmentQuestion.cycle_id.in_(cycles) | EnrolmentQuestion.session_id.in_(ids),
        EnrolmentQuestion.closed_at.is_(None),
    )
    found = list(db.session.scalars(wanted.order_by(*_ORDER)))
    return {
        session.id: [one for one in found if one.session_id == session.id or one.cycle_id == session.cycle_id]
        for session in sessions
    }


def count_asked(session_id: int) -> int:
    """How many questions a session asks."""
    mine = CycleSession.id == session_id
    of_it = (EnrolmentQuestion.session_id == CycleSession.id) | (EnrolmentQuestion.cycle_id == CycleSession.cycle_id)
    wanted = select(func.count(EnrolmentQuestion.id)).join(CycleSession, of_it)
    return db.session.scalar(wanted.where(mine, EnrolmentQuestion.closed_at.is_(None))) or 0


def of(where: Cycle | CycleSession) -> list[tuple[EnrolmentQuestion, int]]:
    """The questions of a cycle or of a session itself, those that are closed too, with how many answered."""
    count = select(func.count()).where(Answer.question_id == EnrolmentQuestion.id).correlate(EnrolmentQuestion)
    wanted = select(EnrolmentQuestion, count.scalar_subquery()).where(_of(where)).order_by(*_ORDER)
    return [(question, answers) for question, answers in db.session.execute(wanted)]


def where_of(question: EnrolmentQuestion) -> Cycle | CycleSession:
    """The cycle or the session that asks it."""
    if question.session_id is not None:
        return db.session.get_one(CycleSession, question.session_id)
    return db.session.get_one(Cycle, question.cycle_id)


def is_answered(question: EnrolmentQuestion) -> bool:
    """Whether somebody's answer is kept."""
    return bool(db.session.scalar(select(exists().where(Answer.question_id == question.id))))


def _of(where: Cycle | CycleSession) -> ColumnElement[bool]:
    column = EnrolmentQuestion.cycle_id if isinstance(where, Cycle) else EnrolmentQuestion.session_id
    return column == where.id


def _lock(where: Cycle | CycleSession) -> None:
    """Take the locks of all sessions that ask it, in the order of their numbers: pages that show them are made anew."""
    of_it = CycleSession.cycle_id if isinstance(where, Cycle) else CycleSession.id
    for session in db.session.scalars(select(CycleSession).where(of_it == where.id).order_by(CycleSession.id)).all():
        seating.lock(session)


def _write(question: EnrolmentQuestion, wording: Wording) -> None:
    for name in ("kind", "label_fr", "label_en", "help_fr", "help_en", "is_required", "is_sensitive"):
        if getattr(question, name) != getattr(wording, name):
            setattr(question, name, getattr(wording, name))
    known = {choice["fr"]: choice["id"] for choice in question.choices or ()}
    new = max(known.values(), default=0)
    choices = []
    for fr, en in wording.choices if wording.kind.has_choices else ():
        new = new if fr in known else new + 1
        choices.append({"id": known.get(fr, new), "fr": fr, "en": en})
    if choices != question.choices:
        question.choices = choices


def _refuse_choices(wording: Wording) -> None:
    if not wording.kind.has_choices:
        return
    if len(wording.choices) < 2:
        raise Refused("choices_missing")
    if len(wording.choices) > MOST_CHOICES:
        raise Refused("choices_many", most=MOST_CHOICES)
    if len({fr for fr, _en in wording.choices}) < len(wording.choices):
        raise Refused("choices_double")


def _refuse_beyond_most(where: Cycle | CycleSession) -> None:
    """Refuse one more question where a session would then ask more than it may."""
    is_open = EnrolmentQuestion.closed_at.is_(None)
    cycle_id = where.id if isinstance(where, Cycle) else where.cycle_id
    shared = db.session.scalar(select(func.count()).where(EnrolmentQuestion.cycle_id == cycle_id, is_open)) or 0
    own = (
        select(func.count(EnrolmentQuestion.id))
        .join(CycleSession, CycleSession.id == EnrolmentQuestion.session_id)
        .where(CycleSession.cycle_id == cycle_id, is_open)
        .group_by(CycleSession.id)
    )
    if isinstance(where, CycleSession):
        own = own.where(CycleSession.id == where.id)
    if shared + max(db.session.scalars(own), default=0) >= MOST:
        raise Refused("questions_full", most=MOST)


def _words(question: EnrolmentQuestion) -> tuple[Any, ...]:
    choices = [(choice["fr"], choice["en"]) for choice in question.choices]
    return question.kind, question.label_fr, question.label_en, question.help_fr, question.help_en, choices


def _words_of(wording: Wording) -> tuple[Any, ...]:
    choices = list(wording.choices) if wording.kind.has_choices else []
    return wording.kind, wording.label_fr, wording.label_en, wording.help_fr, wording.help_en, choices


def _refuse_other_meaning(question: EnrolmentQuestion, wording: Wording) -> None:
    kind, label_fr, label_en, help_fr, help_en, choices = _words(question)
    new = dict(wording.choices)
    is_same = (
        (kind, label_fr, help_fr) == (wording.kind, wording.label_fr, wording.help_fr)
        and all(not was or was == now for was, now in ((label_en, wording.label_en), (help_en, wording.help_en)))
        and all(fr in new and (not en or en == new[fr]) for fr, en in choices)
        and (wording.is_sensitive or not question.is_sensitive)
    )
    if not is_same:
        raise Refused("question_answered")


def _record(
    verb: str, question: EnrolmentQuestion, where: Cycle | CycleSession, *, by: Person | None, now: datetime
) -> None:
    noun = "cycle" if isinstance(where, Cycle) else "session"
    audit.record(f"{noun}.{verb}", where, by=by, now=now, question=question.label_fr)
