"""The desk's front door, the page of a session, its seats, its cancellation."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from academy.blueprints.desk import queries, roll_queries, search_queries, todo
from academy.blueprints.desk.area import SESSION, bp, per_person, session_of
from academy.blueprints.desk.forms import CapacityForm, EnrolForm
from academy.domain import admission, answers, enrolment_questions, scheduling, session_texts, translations
from academy.domain.errors import Refused
from academy.domain.problems import ContentRefused
from academy.extensions import transaction
from academy.models import CycleSession, EnrolmentStatus
from academy.policies import Action
from academy.web import clock, identity
from academy.web.enrolment_words import status_word
from academy.web.guard import allow
from academy.web.labels import access_label, organisation_label, organisations_label
from academy.web.locale import gettext as _, language, ngettext
from academy.web.problems import what
from academy.web.refusals import words_of


@bp.get("/")
@allow(Action.DESK_USE)
def index():
    """Show what is to be done, then the sessions."""
    now, number = clock.now(), request.args.get("page", 1, type=int)
    upcoming, past = queries.upcoming(now=now), queries.past(now=now, number=number)
    has_cycle = bool(upcoming or past.rows) or queries.has_cycle()
    (messages, failed), (drafts, waiting) = queries.failed_messages(), queries.waiting_drafts()
    reviews, wishes, behind = queries.asked_reviews(), search_queries.open_wishes(), translations.count_stale()
    todos = todo.todos(upcoming, failed, drafts, wishes, behind, reviews=reviews, now=now)
    more = max(waiting - len(drafts), 0)
    return render_template(
        "desk/index.html",
        now=now,
        todos=todos,
        more=more,
        upcoming=upcoming,
        past=past,
        messages=messages,
        words=todo,
        has_cycle=has_cycle,
    )


@bp.get(f"{SESSION}/")
@allow(Action.SESSION_EDIT, on=session_of)
def session(session: CycleSession):
    """Show the facts of a session, its roll and its queue."""
    return page(session)


@bp.post(f"{SESSION}/places")
@per_person
@allow(Action.SESSION_EDIT, on=session_of)
def resize(session: CycleSession):
    """Change the number of seats; the head of the queue gets those that are added."""
    form = CapacityForm()
    if not form.validate():
        return page(session, capacity_form=form), 422
    try:
        _resize(session, form)
    except ContentRefused:
        return page(session, capacity_form=form), 422
    except Refused as refusal:
        return page(session, capacity_form=form, message=words_of(refusal)), 409
    return redirect(url_for(".session", id=session.id), 303)


@bp.get(f"{SESSION}/annulation")
@allow(Action.SESSION_EDIT, on=session_of)
def cancellation(session: CycleSession):
    """Say who will be told, before anything happens."""
    return _cancellation(session)


@bp.post(f"{SESSION}/annulation")
@per_person
@allow(Action.SESSION_EDIT, on=session_of)
def cancel(session: CycleSession):
    """Call the session off."""
    try:
        with transaction():
            told = scheduling.cancel_session(session, by=identity.me(), now=clock.now())
    except Refused as refusal:
        return _cancellation(session, words_of(refusal)), 409
    flash(_told(told), "success")
    return redirect(url_for(".session", id=session.id), 303)


def page(
    session: CycleSession,
    *,
    capacity_form: CapacityForm | None = None,
    enrol_form: EnrolForm | None = None,
    message: str = "",
    tab: str | None = None,
    reason: str = "",
    ticked: Sequence[int] = (),
) -> str:
    """The page of a session, with whichever form has something to say.

    *tab* is the status whose enrolments are shown, "" for all that live, by default that of the address;
    *reason* and *ticked* are what was typed.
    """
    schedule, counts, here = session_texts.schedule_of(session), roll_queries.counts(session), place()
    wanted = here.get("statut", "") if tab is None else tab
    status = wanted if wanted in counts else ""
    query, number = here.get("q", ""), here.get("page", 1)
    return render_template(
        "desk/session.html",
        session=session,
        line=queries.lines([session], now=clock.now())[0],
        roll=roll_queries.page(session, status=status, query=query, number=number),
        total=counts.total(),
        live=counts.total() - counts[EnrolmentStatus.CANCELLED],
        tabs=[(str(status), status_word(status), counts[status]) for status in roll_queries.ROLL],
        tab=status,
        query=query,
        kept=here | {"statut": status or None},
        reason=reason,
        ticked=ticked,
        rules=admission.rules_of(session),
        questions=enrolment_questions.count_asked(session.id),
        answered=answers.counts(session),
        capacity_form=capacity_form or CapacityForm(formdata=None, capacity=schedule.capacity),
        enrol_form=enrol_form or EnrolForm(formdata=None),
        message=message,
        words=todo,
        organisation_label=organisation_label,
        organisations_label=organisations_label,
        access_label=access_label,
    )


def place() -> dict[str, Any]:
    """Where on the roll the browser is: the tab, the words looked for and the page, as its address says."""
    said = {"statut": request.args.get("statut", ""), "q": request.args.get("q", "").strip()[:200]}
    number = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    return {name: text for name, text in said.items() if text} | ({"page": number} if number > 1 else {})


def _resize(session: CycleSession, form: CapacityForm) -> None:
    """Restate the files and the row; what is wrong with the files is said beside the number."""
    now = clock.now()
    try:
        edit = scheduling.prepare_resize(session, form.capacity.data, now=now)
    except ContentRefused as refusal:
        form.capacity.errors = [what(problem, language()) for problem in refusal.problems if not problem.is_warning]
        raise
    with transaction():
        scheduling.edit_session(edit, by=identity.me(), now=now)
    flash(_("Le nombre de places est changé."), "success")


def _told(count: int) -> str:
    return ngettext(
        "La session est annulée ; %(num)s personne est prévenue.",
        "La session est annulée ; %(num)s personnes sont prévenues.",
        count,
    )


def _cancellation(session: CycleSession, message: str = "") -> str:
    told, line = roll_queries.live(session), queries.lines([session], now=clock.now())[0]
    return render_template("desk/cancellation.html", session=session, line=line, told=told, message=message)
