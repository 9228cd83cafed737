"""Sign in and out."""

from flask import redirect, render_template, request, url_for

from academy.blueprints.account.area import bp, per_email, per_sender, signed_in
from academy.blueprints.account.forms import PasswordForm, SignInForm
from academy.domain import accounts
from academy.extensions import transaction
from academy.policies import Action
from academy.web import clock, identity
from academy.web.guard import allow
from academy.web.locale import gettext as _, language
from academy.web.navigation import safe_next


@bp.get("/connexion")
@allow(Action.ACCOUNT_SIGN_IN)
def sign_in():
    return _page(SignInForm(formdata=None, next=request.args.get("next", "")[:500]))


@bp.post("/connexion")
@per_sender
@per_email
@allow(Action.ACCOUNT_SIGN_IN)
def ask_link():
    form = SignInForm()
    if not form.validate():
        return _page(form), 422
    asked = form.next.data or ""
    then = asked if asked == safe_next(asked) else ""  # a page that is not ours is not promised
    with transaction():
        accounts.ask_sign_in(form.email.data or "", language=language(), now=clock.now(), then=then)
    return redirect(url_for(".link_sent"), 303)


@bp.get("/connexion/envoyee")
@allow(Action.ACCOUNT_SIGN_IN)
def link_sent():
    return render_template("account/sign_in.html", sent=True)


@bp.post("/connexion/mot-de-passe")
@per_sender
@per_email
@allow(Action.ACCOUNT_SIGN_IN)
def sign_in_with_password():
    form = PasswordForm()
    if form.validate():
        person = accounts.by_email(form.email.data or "")
        if accounts.password_matches(person, form.password.data or "") and person is not None:
            return signed_in(person, form.next.data)
        form.password.errors = [_("L’adresse ou le mot de passe ne va pas. Vous pouvez toujours demander un lien.")]
    return _page(SignInForm(formdata=None, email=form.email.data, next=form.next.data), password_form=form), 422


@bp.post("/deconnexion")
@allow(Action.ACCOUNT_SIGN_IN)
def sign_out():
    if token := identity.token():
        with transaction():
            accounts.sign_out(token, by=identity.me(), now=clock.now())
    return identity.forget(redirect(url_for("home.index"), 303))  # pyright: ignore[reportArgumentType]


def _page(form: SignInForm, *, password_form: PasswordForm | None = None) -> str:
    """The two ways in; the second is folded away unless it was just tried."""
    other = password_form or PasswordForm(formdata=None, next=form.next.data)
    return render_template("account/sign_in.html", form=form, password_form=other, tried=password_form is not None)
