"""Enrol in a session, and cancel by the signed link of a mail."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup

from academy.blueprints.sessions import queries
from academy.blueprints.sessions.area import SESSION, bp, enrolment_of, session_of
from academy.blueprints.sessions.forms import EnrolForm
from academy.domain import accounts, answers, attendance, enrolment, enrolment_questions, passes
from academy.domain.answers import Answers
from academy.domain.errors import Refused
from academy.extensions import limiter, transaction
from academy.formats import qr
from academy.models import CycleSession, Enrolment, EnrolmentStatus, Person
from academy.policies import Action
from academy.web import asked, clock, identity
from academy.web.asked import Asked
from academy.web.enrolment_words import enrolled_words
from academy.web.guard import allow
from academy.web.limits import by_email
from academy.web.links import absolute
from academy.web.locale import gettext as _, language
from academy.web.page_cache import no_store
from academy.web.refusals import words_of

_per_sender = limiter.limit("120 per minute")
_per_email = limiter.limit("6 per hour", key_func=by_email, exempt_when=lambda: not request.form.get("email"))


@bp.get(f"{SESSION}/inscription")
@allow(Action.SESSION_ENROL, on=session_of)
def enrol_form(session: CycleSession):
    return _form_page(session, EnrolForm(formdata=None), asked.shown(enrolment_questions.asked(session)))


@bp.post(f"{SESSION}/inscription")
@_per_sender
@_per_email
@allow(Action.SESSION_ENROL, on=session_of)
def enrol(session: CycleSession):
    form, me = EnrolForm(), identity.me()
    sent = asked.filled(enrolment_questions.asked(session), request.form)
    if not _is_filled(form, session, me) or sent.has_errors:
        return _form_page(session, form, sent.asked), 422
    try:
        return _seat(session, me, form, sent.said) if me else _promise_link(session, form, sent.said)
    except Refused as refusal:
        return _form_page(session, form, asked.again(session, request.form), words_of(refusal)), 409


@bp.get(f"{SESSION}/inscription/envoyee")
@allow(Action.SESSION_ENROL, on=session_of)
def link_sent(session: CycleSession):
    return render_template("sessions/link_sent.html", session=queries.card_of(session, now=clock.now()))


@bp.get("/inscriptions/<signed>/", endpoint="enrolment")
@allow(Action.ENROLMENT_LINK, on=enrolment_of)
def by_link(held: Enrolment):
    no_store()
    return _link_page(held)


@bp.post("/inscriptions/<signed>/")
@_per_sender
@allow(Action.ENROLMENT_LINK, on=enrolment_of)
def cancel_by_link(held: Enrolment):
    verb = enrolment.accept if request.form.get("answer") == "accept" else enrolment.cancel
    try:
        with transaction():
            verb(held, by=identity.me(), now=clock.now())
    except Refused as refusal:
        return _link_page(held, words_of(refusal)), 409
    return redirect(url_for(".enrolment", **(request.view_args or {})), 303)


@bp.post("/inscriptions/<signed>/reponses")
@_per_sender
@allow(Action.ENROLMENT_LINK, on=enrolment_of)
def change_answers(held: Enrolment):
    """Answer anew, until the session begins."""
    sent = asked.filled(enrolment_questions.asked(held.session), request.form)
    if sent.has_errors:
        return _link_page(held, sent=sent.asked), 422
    try:
        with transaction():
            answers.change(held, sent.said, by=identity.me(), now=clock.now())
    except Refused as refusal:
        return _link_page(held, words_of(refusal), asked.again(held.session, request.form)), 409
    flash(_("Vos réponses sont enregistrées."), "success")
    return redirect(url_for(".enrolment", **(request.view_args or {})), 303)


@bp.post("/inscriptions/<signed>/code")
@_per_sender
@allow(Action.ENROLMENT_LINK, on=enrolment_of)
def renew_pass(held: Enrolment):
    """Give the place another personal code."""
    with transaction():
        passes.renew(held, by=identity.me(), now=clock.now())
    return redirect(url_for(".enrolment", **(request.view_args or {}), _anchor="qr"), 303)


def _is_filled(form: EnrolForm, session: CycleSession, me: Person | None) -> bool:
    """Whether we know what we need: of somebody who is signed in, at most what their organisation is."""
    if not session.quotas or (me is not None and me.organisation_kind is not None):
        del form.kind
    return form.validate() if me is None else "kind" not in form or form.kind.validate(form)


def _seat(session: CycleSession, me: Person, form: EnrolForm, said: Answers):
    with transaction():
        accounts.state_organisation(me, "", form.stated_kind)
        held = enrolment.enrol(me, session, now=clock.now(), kind=form.stated_kind, said=said)
    flash(enrolled_words(held.status), "success")
    return redirect(url_for(".show", id=session.id, slug=session.document.slug, _anchor="inscription"), 303)


def _promise_link(session: CycleSession, form: EnrolForm, said: Answers):
    with transaction():
        email, name = form.email.data or "", form.name.data or ""
        enrolment.ask(
            session,
            email,
            name=name,
            organisation=form.organisation.data or "",
            kind=form.stated_kind,
            language=language(),
            now=clock.now(),
            said=said,
        )
    return redirect(url_for(".link_sent", id=session.id), 303)


def _form_page(session: CycleSession, form: EnrolForm, fields: Sequence[Asked], refusal: str = "") -> str:
    """The form alone; whatever was typed is still in it."""
    facts = queries.enrol_box(session, identity.member(), now=clock.now())
    return render_template("sessions/enrol.html", form=form, asked=fields, refusal=refusal, **facts)


def _link_page(held: Enrolment, refusal: str = "", sent: Sequence[Asked] | None = None) -> str:
    now = clock.now()
    card = queries.card_of(held.session, now=now)
    known, gone = answers.of(held)
    if held.status == EnrolmentStatus.CANCELLED or answers.has_begun(held.session, now=now):
        known, gone = [], [*known, *gone]
    is_coming = held.status == EnrolmentStatus.CONFIRMED and not card.state.is_over
    address = absolute(url_for("presence.show_pass", token=held.pass_token))
    return render_template(
        "sessions/enrolment.html",
        enrolment=held,
        position=enrolment.position(held),
        session=card,
        refusal=refusal,
        asked=(sent if known else ()) or asked.shown_with(known),
        answered=asked.told(gone),
        drawing=Markup(qr.svg(address)) if is_coming and card.mode != "online" else "",  # noqa: S704 -- ours
        signed=(request.view_args or {})["signed"],
        is_on=is_coming and attendance.is_going_on(held.session, now=now),
    )
