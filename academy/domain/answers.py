"""Answers: what somebody says to the questions of a session, kept with their place in it."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from academy.domain import audit, enrolment_questions, seating
from academy.domain.errors import Refused
from academy.extensions import db
from academy.models import (
    Answer,
    CycleSession,
    Enrolment,
    EnrolmentQuestion,
    EnrolmentStatus,
    PendingAnswers,
    Person,
    QuestionKind,
    SessionStatus,
)

LONGEST = {QuestionKind.SHORT: 200, QuestionKind.LONG: 2000}  # characters
_HIDING = {
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
}  # they turn the direction of what follows


@dataclass(frozen=True)
class Said:
    """An answer: words, or the ids of choices; nothing of either is no answer."""

    text: str = ""
    picked: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.picked)


Answers = Mapping[str, Said]  # by key(question)


class BadAnswerError(ValueError):
    """What was typed is no answer to this question."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def key(question: EnrolmentQuestion) -> str:
    """A name of the question as it is worded now: what was answered to other words is not found under it."""
    return f"q{question.id}-{question.version}"


def read(question: EnrolmentQuestion, typed: Sequence[str]) -> Said:
    """What a form sent; raise BadAnswerError("too_long") or ("unknown_choice")."""
    if question.kind == QuestionKind.CONSENT:
        return Said(picked=(1,) if any(typed) else ())
    if question.kind.has_choices:
        return _picked(question, [value for value in typed if value])
    text = _clean(typed[0] if typed else "", lines=question.kind == QuestionKind.LONG)
    if len(text) > LONGEST[question.kind]:
        raise BadAnswerError("too_long")
    return Said(text)


def refuse_unless_answered(session: CycleSession, said: Answers) -> None:
    """Refuse when a question that must be answered is not."""
    _refuse_missing(enrolment_questions.asked(session), said, {})


def keep(held: Enrolment, said: Answers, *, is_strict: bool, now: datetime) -> int:
    """Keep the answers of somebody who enrols, beside those that they gave before; return how many are new.

    *is_strict*: what must be answered is. The caller holds the session's lock.
    """
    questions = enrolment_questions.asked(held.session)
    if not questions:
        return 0
    known = _known(held)
    if is_strict:
        _refuse_missing(questions, said, known)
    new = {one.id: said[key(one)] for one in questions if said.get(key(one)) and one.id not in known}
    for question_id, answer in new.items():
        _add(held, question_id, answer, now=now)
    return len(new)


def change(held: Enrolment, said: Answers, *, by: Person | None, now: datetime, is_strict: bool = True) -> bool:
    """Answer anew to the questions in *said*; say whether anything changed. The journal never says what.

    Only who has a place answers, until the session begins; *is_strict* is False for the team, who may later and may
    leave questions open.
    """
    session = held.session
    seating.lock(session)
    db.session.refresh(held)
    if held.status == EnrolmentStatus.CANCELLED or (is_strict and has_begun(session, now=now)):
        raise Refused("answers_over")
    questions, known = enrolment_questions.asked(session), _known(held)
    if is_strict:
        _refuse_missing(questions, said, known)
    changed = False
    for question in questions:
        new, old = said.get(key(question)), known.get(question.id)
        if new is None or new == (_said(old) if old else Said()):
            continue
        changed = True
        if old is not None:
            db.session.delete(old)
            db.session.flush()
        if new:
            _add(held, question.id, new, now=now)
    if changed:
        audit.record("enrolment.change_answers", held, by=by, now=now, session=session.id)
    return changed


def has_begun(session: CycleSession, *, now: datetime) -> bool:
    """Whether answers can no longer be changed by who gave them: the session began, or was called off."""
    is_on = session.status == SessionStatus.SCHEDULED and session.starts_at is not None and session.starts_at <= now
    return is_on or session.status == SessionStatus.CANCELLED


Given = list[tuple[EnrolmentQuestion, Said]]


def of(held: Enrolment) -> tuple[Given, Given]:
    """What the session asks with the answers of one person, and their answers to what it no longer asks."""
    known, questions = _known(held), enrolment_questions.asked(held.session)
    asked = [(one, _said(known[one.id]) if one.id in known else Said()) for one in questions]
    ids = {question.id for question in questions}
    gone = select(EnrolmentQuestion).where(EnrolmentQuestion.id.in_(known.keys() - ids)).order_by(EnrolmentQuestion.id)
    return asked, [(one, _said(known[one.id])) for one in db.session.scalars(gone)]


def of_session(session: CycleSession) -> tuple[list[EnrolmentQuestion], dict[int, dict[int, Said]]]:
    """The columns of a roll (what is asked, and what was answered), and the answers by enrolment and question."""
    mine = Enrolment.session_id == session.id
    rows = db.session.execute(
        select(Answer.enrolment_id, Answer.question_id, Answer.text, Answer.picked)
        .join(Enrolment, Enrolment.id == Answer.enrolment_id)
        .where(mine)
    )
    found: dict[int, dict[int, Said]] = {}
    for enrolment_id, question_id, text, picked in rows:
        found.setdefault(enrolment_id, {})[question_id] = Said(text, tuple(picked))
    questions = enrolment_questions.asked(session)
    answered = {number for said in found.values() for number in said} - {question.id for question in questions}
    if answered:
        questions += db.session.scalars(
            select(EnrolmentQuestion).where(EnrolmentQuestion.id.in_(answered)).order_by(EnrolmentQuestion.id)
        )
    return questions, found


def counts(session: CycleSession) -> dict[int, int]:
    """How many answers are kept of each enrolment."""
    wanted = select(Answer.enrolment_id, func.count()).join(Enrolment, Enrolment.id == Answer.enrolment_id)
    rows = db.session.execute(wanted.where(Enrolment.session_id == session.id).group_by(Answer.enrolment_id))
    return dict(rows.all())


def hold(said: Answers, *, now: datetime) -> int | None:
    """Keep the answers of who has still to confirm their address; return where, None when there are none."""
    kept = {name: {"text": it.text, "picked": list(it.picked)} for name, it in said.items() if it}
    if not kept:
        return None
    row = PendingAnswers(said=kept, created_at=now)
    db.session.add(row)
    db.session.flush()
    return row.id


def waiting(pending_id: int | None) -> dict[str, Said]:
    """The answers that wait for a confirmation; none once they were taken or forgotten."""
    row = db.session.get(PendingAnswers, pending_id) if pending_id is not None else None
    return {name: Said(it["text"], tuple(it["picked"])) for name, it in row.said.items()} if row else {}


def drop(pending_id: int | None) -> None:
    """Forget answers that were taken."""
    if pending_id is not None and (row := db.session.get(PendingAnswers, pending_id)):
        db.session.delete(row)


def _picked(question: EnrolmentQuestion, typed: Sequence[str]) -> Said:
    known = {str(choice["id"]): choice["id"] for choice in question.choices}
    if not set(typed) <= set(known) or (question.kind == QuestionKind.CHOICE and len(typed) > 1):
        raise BadAnswerError("unknown_choice")
    return Said(picked=tuple(choice for name, choice in known.items() if name in typed))


def _clean(typed: str, *, lines: bool) -> str:
    """Words without control characters and signs that turn the direction; one line unless *lines*."""
    text = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c for c in text if c in "\n\t" or (unicodedata.category(c) not in {"Cc", "Cs"} and c not in _HIDING))
    return kept.strip() if lines else " ".join(kept.split())


def _known(held: Enrolment) -> dict[int, Answer]:
    rows = db.session.scalars(select(Answer).where(Answer.enrolment_id == held.id).order_by(Answer.question_id))
    return {answer.question_id: answer for answer in rows}


def _refuse_missing(questions: Sequence[EnrolmentQuestion], said: Answers, known: Mapping[int, Answer]) -> None:
    """What was said counts; what was not asked this time counts as it was known."""
    for one in questions:
        if one.is_required and not said.get(key(one), one.id in known):
            raise Refused("answers_missing")


def _said(answer: Answer) -> Said:
    return Said(answer.text, tuple(answer.picked))


def _add(held: Enrolment, question_id: int, said: Said, *, now: datetime) -> None:
    db.session.add(
        Answer(enrolment_id=held.id, question_id=question_id, text=said.text, picked=list(said.picked), answered_at=now)
    )
