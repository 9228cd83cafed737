"""My space: my enrolments, my details, my password, my browsers."""

from flask import flash, redirect, render_template, url_for

from academy.blueprints.account import queries
from academy.blueprints.account.area import bp, per_sender, signed_in
from academy.blueprints.account.forms import DetailsForm, NewPasswordForm
from academy.domain import accounts, alerts, enrolment, personal_agenda
from academy.domain.errors import Refused
from academy.extensions import db, transaction
from academy.models import Alert, Enrolment, Person
from academy.policies import Action
from academy.web import clock, identity
from academy.web.guard import allow
from academy.web.links import absolute
from academy.web.locale import gettext as _
from academy.web.refusals import words_of


def _me() -> Person:
    me = identity.me()
    assert me is not None, "the guard lets signed-in people through only"
    return me


def alert_of_mine(id: int) -> Alert | None:
    """An alert of the asker's address; nobody learns of those of others."""
    alert, me = db.session.get(Alert, id), identity.me()
    return alert if alert is not None and (me is None or alert.email == me.email) else None


def by_id(id: int) -> Enrolment | None:
    return db.session.get(Enrolment, id)


@bp.get("/moi/")
@allow(Action.ACCOUNT_OWN)
def my_space():
    return _page()


@bp.post("/moi/inscriptions/<int(max=2147483647):id>/annuler")
@allow(Action.ENROLMENT_CANCEL, on=by_id)
def cancel(held: Enrolment):
    with transaction():
        enrolment.cancel(held, by=identity.me(), now=clock.now())
    flash(_("Votre inscription est annulée. Merci d’avoir prévenu."), "success")
    return redirect(url_for(".my_space"), 303)


@bp.post("/moi/alertes/<int(max=2147483647):id>/arreter")
@allow(Action.ACCOUNT_OWN, on=alert_of_mine)
def end_alert(alert: Alert):
    with transaction():
        alerts.end(alert.key, by=identity.me(), now=clock.now())
    flash(_("L’alerte est arrêtée, et votre adresse en est effacée."), "success")
    return redirect(url_for(".my_space", _anchor="alertes"), 303)


@bp.post("/moi/inscriptions/<int(max=2147483647):id>/accepter")
@allow(Action.ENROLMENT_ACCEPT, on=by_id)
def accept(held: Enrolment):
    with transaction():
        enrolment.accept(held, by=identity.me(), now=clock.now())
    flash(_("Votre inscription est confirmée."), "success")
    return redirect(url_for(".my_space"), 303)


@bp.post("/moi/coordonnees")
@allow(Action.ACCOUNT_OWN)
def change_details():
    form = DetailsForm()
    if not form.validate():
        return _page(details=form), 422
    with transaction():
        stated = {"organisation": form.organisation.data or "", "kind": form.stated_kind}
        accounts.change_details(
            _me(), name=form.name.data or "", language=form.language.data, now=clock.now(), **stated
        )
    flash(_("Vos coordonnées sont enregistrées."), "success")
    return redirect(url_for(".my_space"), 303)


@bp.post("/moi/mot-de-passe")
@per_sender
@allow(Action.ACCOUNT_OWN)
def set_password():
    form = NewPasswordForm()
    hashed = _checked_hash(form, _me())
    if hashed is None:
        return _page(password=form), 422
    with transaction():
        accounts.set_password(_me(), hashed, now=clock.now())
    flash(_("Votre mot de passe est enregistré. Vos autres navigateurs sont déconnectés."), "success")
    return signed_in(_me(), url_for(".my_space"))


@bp.post("/moi/deconnexion-partout")
@allow(Action.ACCOUNT_OWN)
def sign_out_everywhere():
    with transaction():
        accounts.sign_out_everywhere(_me(), by=_me(), now=clock.now())
    return identity.forget(redirect(url_for("home.index"), 303))  # pyright: ignore[reportArgumentType]


def _checked_hash(form: NewPasswordForm, me: Person) -> str | None:
    """The hash of a good new password; None with the reason beside its field. Costs CPU: before the transaction."""
    if not form.validate():
        return None
    if me.password_hash and not accounts.password_matches(me, form.current.data or ""):
        form.current.errors = [_("Ce n’est pas votre mot de passe actuel.")]
        return None
    try:
        return accounts.hash_password(form.new.data or "", person=me)
    except Refused as refusal:
        form.new.errors = [words_of(refusal)]
        return None


def _agenda_url(me: Person) -> str:
    """The whole secret address of my calendar; "" while I asked for none."""
    token = personal_agenda.token_of(me.id)
    return absolute(url_for(".agenda", token=token)) if token else ""


def _page(*, details: DetailsForm | None = None, password: NewPasswordForm | None = None) -> str:
    me = _me()
    mine = queries.my_enrolments(me, now=clock.now())
    return render_template(
        "account/my_space.html",
        me=me,
        enrolments=mine,
        progress=queries.my_progress(mine),
        certificates=queries.my_certificates(me),
        alerts=queries.my_alerts(me),
        details_form=details or DetailsForm(formdata=None, obj=me, kind=me.organisation_kind or ""),
        organisations=accounts.known_organisations(),
        password_form=password or NewPasswordForm(formdata=None),
        has_password=me.password_hash is not None,
        agenda_url=_agenda_url(me),
    )
