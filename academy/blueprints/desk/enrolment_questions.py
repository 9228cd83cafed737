"""The questions to who enrols: those of a cycle, those of a session."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from academy.blueprints.desk import queries
from academy.blueprints.desk.area import CYCLE, QUESTION, SESSION, bp, cycle_of, me, per_person, question_of, session_of
from academy.blueprints.desk.enrolment_question_form import QuestionForm, question_form
from academy.domain import after_session, enrolment_questions
from academy.domain.errors import Refused
from academy.extensions import transaction
from academy.models import Cycle, CycleSession, EnrolmentQuestion
from academy.policies import Action
from academy.web import clock
from academy.web.guard import allow
from academy.web.labels import question_kind_label
from academy.web.locale import gettext as _
from academy.web.refusals import words_of
from academy.web.text_cards import cycle_titles


@bp.get(f"{SESSION}/questions")
@allow(Action.QUESTION_EDIT, on=session_of)
def session_questions(session: CycleSession):
    """List what the session asks, and ask for one more."""
    return _session_page(session, QuestionForm(formdata=None))


@bp.post(f"{SESSION}/questions")
@per_person
@allow(Action.QUESTION_EDIT, on=session_of)
def add_session_question(session: CycleSession):
    """Ask one more question in this session."""
    return _added(session)


@bp.get(f"{CYCLE}/questions")
@allow(Action.QUESTION_EDIT, on=cycle_of)
def cycle_questions(cycle: Cycle):
    """List what all sessions of the cycle ask, and ask for one more."""
    return _cycle_page(cycle, QuestionForm(formdata=None))


@bp.post(f"{CYCLE}/questions")
@per_person
@allow(Action.QUESTION_EDIT, on=cycle_of)
def add_cycle_question(cycle: Cycle):
    """Ask one more question in all sessions of the cycle."""
    return _added(cycle)


@bp.get(QUESTION)
@allow(Action.QUESTION_EDIT, on=question_of)
def question(it: EnrolmentQuestion):
    """Show a question to change it."""
    is_answered = enrolment_questions.is_answered(it)
    return _one(it, question_form(it, is_answered=is_answered), is_answered=is_answered)


@bp.post(QUESTION)
@per_person
@allow(Action.QUESTION_EDIT, on=question_of)
def change_question(it: EnrolmentQuestion):
    """Say it otherwise, as far as answers allow."""
    is_answered = enrolment_questions.is_answered(it)
    form = QuestionForm(question=it, is_answered=is_answered)
    if not form.validate():
        return _one(it, form, is_answered=is_answered), 422
    try:
        with transaction():
            enrolment_questions.change(it, form.wording, by=me(), now=clock.now())
    except Refused as refusal:
        return _one(it, form, words_of(refusal), is_answered=is_answered), 409
    flash(_("La question est changée."), "success")
    return _back(it)


@bp.post(f"{QUESTION}/deplacer")
@per_person
@allow(Action.QUESTION_EDIT, on=question_of)
def move_question(it: EnrolmentQuestion):
    """Ask it one place sooner or later."""
    with transaction():
        enrolment_questions.move(it, up=request.form.get("to") != "down", by=me(), now=clock.now())
    return _back(it)


@bp.post(f"{QUESTION}/fermer")
@per_person
@allow(Action.QUESTION_EDIT, on=question_of)
def close_question(it: EnrolmentQuestion):
    """Ask it no longer, or again."""
    is_again = request.form.get("again") == "yes"
    try:
        with transaction():
            verb = enrolment_questions.reopen if is_again else enrolment_questions.close
            verb(it, by=me(), now=clock.now())
    except Refused as refusal:
        return _listed(it, words_of(refusal)), 409
    again, closed = _("La question est posée de nouveau."), _("La question n’est plus posée ; ses réponses restent.")
    flash(again if is_again else closed, "success")
    return _back(it)


@bp.post(f"{QUESTION}/supprimer")
@per_person
@allow(Action.QUESTION_EDIT, on=question_of)
def delete_question(it: EnrolmentQuestion):
    """Forget a question that nobody answered."""
    back = _back(it)
    try:
        with transaction():
            enrolment_questions.delete(it, by=me(), now=clock.now())
    except Refused as refusal:
        return _listed(it, words_of(refusal)), 409
    flash(_("La question est supprimée."), "success")
    return back


def _added(where: Cycle | CycleSession):
    form, page = QuestionForm(), _cycle_page if isinstance(where, Cycle) else _session_page
    if not form.validate():
        return page(where, form), 422  # pyright: ignore[reportArgumentType]
    address = _address(where)
    try:
        with transaction():
            enrolment_questions.add(where, form.wording, by=me(), now=clock.now())
    except Refused as refusal:
        return page(where, form, words_of(refusal)), 409  # pyright: ignore[reportArgumentType]
    flash(_("La question est ajoutée."), "success")
    return redirect(address, 303)


def _listed(it: EnrolmentQuestion, message: str) -> str:
    """The list that it is in, and why nothing was done."""
    where, form = enrolment_questions.where_of(it), QuestionForm(formdata=None)
    if isinstance(where, Cycle):
        return _cycle_page(where, form, message)
    return _session_page(session_of(where.id) or where, form, message)


def _back(it: EnrolmentQuestion) -> Response:
    return redirect(_address(enrolment_questions.where_of(it)), 303)


def _address(where: Cycle | CycleSession) -> str:
    return url_for(f".{'cycle' if isinstance(where, Cycle) else 'session'}_questions", id=where.id)


def _session_page(session: CycleSession, form: QuestionForm, message: str = "") -> str:
    return render_template(
        "desk/session_questions.html",
        session=session,
        line=queries.lines([session], now=clock.now())[0],
        shared=[one for one, _count in enrolment_questions.of(session.cycle) if one.closed_at is None],
        rows=enrolment_questions.of(session),
        forgotten_at=after_session.forgotten_at(session),
        form=form,
        message=message,
        kind_label=question_kind_label,
    )


def _cycle_page(cycle: Cycle, form: QuestionForm, message: str = "") -> str:
    return render_template(
        "desk/cycle_questions.html",
        cycle=cycle,
        title=cycle_titles().get(cycle.slug, cycle.slug),
        rows=enrolment_questions.of(cycle),
        form=form,
        message=message,
        kind_label=question_kind_label,
    )


def _one(it: EnrolmentQuestion, form: QuestionForm, message: str = "", *, is_answered: bool) -> str:
    return render_template(
        "desk/question.html",
        question=it,
        back=_address(enrolment_questions.where_of(it)),
        form=form,
        is_answered=is_answered,
        message=message,
        kind_label=question_kind_label,
    )
