"""Who may enrol in a session: its rules, its invitations, the requests that wait for an answer."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select

from academy.blueprints.desk import queries, views
from academy.blueprints.desk.admitting_forms import InvitationsForm, RulesForm
from academy.blueprints.desk.area import INVITATION, SESSION, bp, invitation_of, me, per_person, session_of
from academy.domain import admission, rolls
from academy.domain.errors import Refused
from academy.extensions import db, transaction
from academy.models import Access, CycleSession, Enrolment, Invitation
from academy.policies import Action
from academy.web import clock
from academy.web.enrolment_words import status_word
from academy.web.guard import allow
from academy.web.locale import gettext as _, language, ngettext
from academy.web.refusals import words_of


@bp.get(f"{SESSION}/regles")
@allow(Action.SESSION_EDIT, on=session_of)
def rules(session: CycleSession):
    """Show who may enrol, how freed seats are given, the quotas."""
    kept = admission.rules_of(session)
    data = {"access": kept.access, "needs_approval": kept.needs_approval, "offer_hours": kept.offer_hours}
    data |= {str(kind): seats for kind, seats in kept.quotas.items()}
    return _rules_page(session, RulesForm(formdata=None, data=data))


@bp.post(f"{SESSION}/regles")
@per_person
@allow(Action.SESSION_EDIT, on=session_of)
def set_rules(session: CycleSession):
    """Change them; seats that become free go to the head of the queue."""
    form = RulesForm()
    if not form.validate():
        return _rules_page(session, form), 422
    wanted = admission.Rules(
        access=Access(form.access.data),
        needs_approval=form.needs_approval.data,
        offer_hours=form.offer_hours.data,
        quotas={kind: field.data for kind, field in form.quotas.items()},
    )
    try:
        with transaction():
            admission.set_rules(session, wanted, by=me(), now=clock.now())
    except Refused as refusal:
        return _rules_page(session, form, words_of(refusal)), 409
    flash(_("Les règles d’inscription sont enregistrées."), "success")
    return redirect(url_for(".session", id=session.id), 303)


@bp.get(f"{SESSION}/invitations")
@allow(Action.ROLL_READ, on=session_of)
def invitations(session: CycleSession):
    """List who is invited, and ask for more addresses."""
    return _invitations_page(session, InvitationsForm(formdata=None))


@bp.post(f"{SESSION}/invitations")
@per_person
@allow(Action.ROLL_EDIT, on=session_of)
def invite(session: CycleSession):
    """Invite each address once; its mail leaves at once."""
    form = InvitationsForm()
    if not form.validate():
        return _invitations_page(session, form), 422
    try:
        with transaction():
            count = admission.invite(session, form.addresses, by=me(), language=language(), now=clock.now())
    except Refused as refusal:
        return _invitations_page(session, form, words_of(refusal)), 409
    known = len(form.addresses) - count
    words = ngettext("%(num)s invitation part.", "%(num)s invitations partent.", count)
    more = ngettext("%(num)s adresse était déjà invitée.", "%(num)s adresses étaient déjà invitées.", known)
    flash(f"{words} {more}" if known else words, "success")
    return redirect(url_for(".invitations", id=session.id), 303)


@bp.post(f"{INVITATION}/retirer")
@per_person
@allow(Action.ROLL_EDIT, on=invitation_of)
def withdraw_invitation(invitation: Invitation):
    """Take an invitation back."""
    session_id = invitation.session_id
    with transaction():
        admission.withdraw_invitation(invitation, by=me(), now=clock.now())
    flash(_("L’invitation est retirée. Qui s’est déjà inscrit garde sa place."), "success")
    return redirect(url_for(".invitations", id=session_id), 303)


@bp.post(f"{SESSION}/demandes")
@per_person
@allow(Action.ROLL_EDIT, on=session_of)
def answer_requests(session: CycleSession):
    """Approve or refuse one request, or those that are ticked."""
    is_approved, only = "approve" in request.form, request.form.get("approve") or request.form.get("refuse") or ""
    ticked = [only] if only else request.form.getlist("enrolment")
    ids = [int(text) for text in ticked if text.isascii() and text.isdigit() and len(text) < 10]
    wanted = select(Enrolment).where(Enrolment.session_id == session.id, Enrolment.id.in_(ids))
    if not ids:
        return views.page(
            session, tab="requested", message=_("Cochez d’abord les demandes auxquelles vous répondez.")
        ), 422
    reason = request.form.get("reason", "")
    try:
        with transaction():
            held = list(db.session.scalars(wanted))
            count = rolls.answer(held, is_approved=is_approved, reason=reason, by=me(), now=clock.now())
    except Refused as refusal:
        again = session_of(session.id) or session
        return views.page(again, tab="requested", message=words_of(refusal), reason=reason, ticked=ids), 409
    flash(_answered(count, is_approved), "success")
    return redirect(url_for(".session", id=session.id, statut="requested", _anchor="inscrits"), 303)


def _answered(count: int, is_approved: bool) -> str:
    if is_approved:
        return ngettext(
            "%(num)s demande est approuvée, la personne est prévenue.",
            "%(num)s demandes sont approuvées, les personnes sont prévenues.",
            count,
        )
    return ngettext(
        "%(num)s demande est refusée, la personne reçoit la raison.",
        "%(num)s demandes sont refusées, les personnes reçoivent la raison.",
        count,
    )


def _rules_page(session: CycleSession, form: RulesForm, message: str = "") -> str:
    line = queries.lines([session], now=clock.now())[0]
    return render_template("desk/rules.html", session=session, line=line, form=form, message=message)


def _invitations_page(session: CycleSession, form: InvitationsForm, message: str = "") -> str:
    return render_template(
        "desk/invitations.html",
        session=session,
        line=queries.lines([session], now=clock.now())[0],
        invited=queries.invited(session),
        form=form,
        message=message,
        status_word=status_word,
    )
