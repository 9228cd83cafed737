"""Create and edit a session; nothing that was typed is ever lost."""

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError

from academy.blueprints.desk import cautions, sheets
from academy.blueprints.desk.area import SESSION, bp, per_person, session_of
from academy.blueprints.desk.forms import SessionForm
from academy.domain import accompanying, cloning, scheduling, sent_twice
from academy.domain.errors import Refused
from academy.domain.problems import ContentRefused
from academy.domain.projection import cycle_of
from academy.extensions import transaction
from academy.models import CycleSession, SessionStatus
from academy.policies import Action
from academy.web import clock, identity
from academy.web.filters import long_date
from academy.web.forms import Form
from academy.web.guard import allow
from academy.web.hours import HourField
from academy.web.locale import gettext as _
from academy.web.refusals import words_of

ANYWAY = "-anyway"  # ends the name of an action that was asked for again, after a warning


@bp.get("/sessions/nouvelle")
@allow(Action.SESSION_CREATE)
def create():
    """Ask what a new session is."""
    return page(sheets.new_form(now=clock.now(), cycle=request.args.get("cycle", "")))


@bp.post("/sessions/nouvelle")
@per_person
@allow(Action.SESSION_CREATE)
def create_post():
    """Preview, keep or publish a new session, as the button says."""
    form = sheets.new_form(now=clock.now())
    return _answer(form, _create)


@bp.get(f"{SESSION}/modifier")
@allow(Action.SESSION_EDIT, on=session_of)
def edit(session):
    """Show the form with what is stored."""
    return page(sheets.form_of(session, formdata=None), session)


@bp.post(f"{SESSION}/modifier")
@per_person
@allow(Action.SESSION_EDIT, on=session_of)
def edit_post(session):
    """Preview, save or publish what was typed, as the button says."""
    return _answer(sheets.form_of(session), _edit, session)


def _answer(form: SessionForm, verb, session: CycleSession | None = None):
    """Run the verb on a valid form; show the form again, with what was typed, whenever it cannot."""
    if request.form.get("action") == "preview":
        return page(form, session, seen=sheets.previews(form))
    if not form.validate():
        return page(form, session), 422
    if not request.form.get("action", "").endswith(ANYWAY) and (told := cautions.of(form, session)):
        return page(form, session, cautions=told), 422
    try:
        saved = verb(form, session)
    except ContentRefused as refusal:
        sheets.blame(form, refusal)
        return page(form, session), 422
    except Refused as refusal:
        return _refused(form, session, refusal), 409
    tell_double_hours(form)
    return redirect(url_for(".session", id=saved.id), 303)


def _create(form: SessionForm, _none: None) -> CycleSession:
    now, publish, cycle = (
        clock.now(),
        request.form.get("action", "").removesuffix(ANYWAY) == "publish",
        cycle_of(form.cycle.data),
    )
    assert cycle is not None  # the form offers those that exist
    schedule, words = sheets.schedule_in(form), sheets.words_in(form)
    if model := sheets.model_in(form):
        copy = cloning.prepare(model, cycle, schedule, words, publish=publish, now=now)
        texts, create = copy.texts, partial(cloning.create, copy)
    else:
        texts = scheduling.prepare_session(cycle, schedule, words, publish=publish, now=now)
        create = partial(scheduling.create_session, texts)
    twin = partial(sent_twice.twin, cycle, texts, by=identity.me(), now=now)
    if (session := twin()) is None:
        try:
            with transaction():
                session = create(cycle=cycle, by=identity.me(), now=now)
                _accompany(session, form)
        except IntegrityError:  # the same form, at the same moment
            if (session := twin()) is None:
                raise
    flash(_("La session est publiée.") if publish else _("Le brouillon est prêt : l’équipe seule le voit."), "success")
    return session


def _edit(form: SessionForm, session: CycleSession) -> CycleSession:
    now, publish = clock.now(), request.form.get("action", "").removesuffix(ANYWAY) == "publish"
    edit = scheduling.prepare_edit(
        session,
        sheets.schedule_in(form),
        sheets.words_in(form),
        bases=sheets.bases_in(form, session),
        publish=publish,
        now=now,
    )
    with transaction():
        scheduling.edit_session(edit, by=identity.me(), now=now)
        _accompany(session, form)
    flash(_("La session est publiée.") if publish else _("La session est enregistrée."), "success")
    return session


def _accompany(session: CycleSession, form: SessionForm) -> None:
    accompanying.accompany(
        session,
        video_url=form.video_url.data or "",
        has_reminders=bool(form.has_reminders.data),
        is_cofinanced=bool(form.is_cofinanced.data),
        by=identity.me(),
        now=clock.now(),
    )


def _refused(form: SessionForm, session: CycleSession | None, refusal: Refused) -> str:
    """Say why, and show what is stored now beside what was typed; saving again replaces it knowingly."""
    if session is None or refusal.code != "edited_meanwhile":
        return page(form, session, message=words_of(refusal))
    stored = sheets.form_of(session, formdata=None)
    form.base_fr.data, form.base_en.data = stored.base_fr.data, stored.base_en.data
    return page(form, session, message=words_of(refusal), differences=sheets.differences(form, stored))


def page(
    form: SessionForm, session: CycleSession | None = None, *, seen=None, message="", differences=(), cautions=()
) -> str:
    """The form, with whatever there is to say of it; *session* None: a new one."""
    is_public = session is not None and session.document.published_in("fr") is not None
    drafts = (
        [edition for edition in session.document.editions if edition.head_id != edition.published_id] if session else []
    )
    return render_template(
        "desk/edit.html",
        form=form,
        session=session,
        seen=seen,
        message=message,
        differences=differences,
        cautions=cautions,
        anyway=ANYWAY if cautions else "",
        is_public=is_public,
        model=sheets.model_in(form) if session is None else None,
        drafts=drafts if is_public else [],
        is_cancelled=session is not None and session.status == SessionStatus.CANCELLED,
    )


def tell_double_hours(form: Form) -> None:
    """Say of each hour that comes twice which one was kept."""
    for field in form:
        if isinstance(field, HourField) and field.happens_twice:
            day = long_date(field.data)
            flash(
                _(
                    "%(field)s : le %(day)s, cette heure a lieu deux fois. C’est la première qui est retenue.",
                    field=field.label.text,
                    day=day,
                ),
                "info",
            )
