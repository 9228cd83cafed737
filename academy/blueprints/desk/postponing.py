"""Postpone a session, and give it a new date."""

from dataclasses import replace

from flask import flash, redirect, render_template, url_for

from academy.blueprints.desk import queries, roll_queries
from academy.blueprints.desk.admitting_forms import DateForm
from academy.blueprints.desk.area import SESSION, bp, me, per_person, session_of
from academy.blueprints.desk.editing import tell_double_hours
from academy.domain import postponing, scheduling, session_texts
from academy.domain.errors import Refused
from academy.domain.problems import ContentRefused
from academy.extensions import transaction
from academy.models import CycleSession, EnrolmentStatus
from academy.policies import Action
from academy.web import clock
from academy.web.guard import allow
from academy.web.locale import gettext as _, language, ngettext
from academy.web.problems import what
from academy.web.refusals import words_of


@bp.get(f"{SESSION}/report")
@allow(Action.SESSION_EDIT, on=session_of)
def postponement(session: CycleSession):
    """Say who will be told, before anything happens."""
    return _postponement(session)


@bp.post(f"{SESSION}/report")
@per_person
@allow(Action.SESSION_EDIT, on=session_of)
def postpone(session: CycleSession):
    """Take the session off its date."""
    try:
        with transaction():
            told = postponing.postpone_session(session, by=me(), now=clock.now())
    except Refused as refusal:
        return _postponement(session, words_of(refusal)), 409
    flash(
        ngettext(
            "La session est reportée ; %(num)s personne est prévenue.",
            "La session est reportée ; %(num)s personnes sont prévenues.",
            told,
        ),
        "success",
    )
    return redirect(url_for(".session", id=session.id), 303)


@bp.get(f"{SESSION}/nouvelle-date")
@allow(Action.SESSION_EDIT, on=session_of)
def new_date(session: CycleSession):
    """Ask for the new date; hours of enrolment that are not over yet are proposed again."""
    now = clock.now()
    hours = {name: getattr(session, name) for name in ("opens_at", "closes_at")}
    data = {name: hour for name, hour in hours.items() if hour and hour > now}
    return _date_page(session, DateForm(formdata=None, data=data, now=now))


@bp.post(f"{SESSION}/nouvelle-date")
@per_person
@allow(Action.SESSION_EDIT, on=session_of)
def reschedule(session: CycleSession):
    """Set the session again: everybody is told of the new date."""
    form = DateForm(now=clock.now())
    if not form.validate():
        return _date_page(session, form), 422
    try:
        _reschedule(session, form)
    except ContentRefused as refusal:
        said = " ".join(what(problem, language()) for problem in refusal.problems if not problem.is_warning)
        return _date_page(session, form, said), 422
    except Refused as refusal:
        return _date_page(session, form, words_of(refusal)), 409
    flash(_("La session a une nouvelle date ; toutes les personnes inscrites sont prévenues."), "success")
    tell_double_hours(form)
    return redirect(url_for(".session", id=session.id), 303)


def _reschedule(session: CycleSession, form: DateForm) -> None:
    now = clock.now()
    hours = {name: form[name].data for name in ("starts_at", "ends_at", "opens_at", "closes_at")}
    schedule = replace(session_texts.schedule_of(session), **hours)
    edit = scheduling.prepare_edit(session, schedule, now=now)
    with transaction():
        postponing.reschedule_session(edit, by=me(), now=now)


def _postponement(session: CycleSession, message: str = "") -> str:
    line = queries.lines([session], now=clock.now())[0]
    told = roll_queries.live(session)
    return render_template("desk/postponement.html", session=session, line=line, told=told, message=message)


def _date_page(session: CycleSession, form: DateForm, message: str = "") -> str:
    line = queries.lines([session], now=clock.now())[0]
    counts = roll_queries.counts(session)
    told = counts.total() - counts[EnrolmentStatus.CANCELLED]
    return render_template("desk/new_date.html", session=session, line=line, form=form, told=told, message=message)
