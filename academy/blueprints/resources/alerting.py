"""Follow a search or a topic by mail: ask, confirm by the link of a mail, end by that of any."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from wtforms.validators import DataRequired, Email, Length

from academy.blueprints.resources import finder, understood
from academy.blueprints.resources.area import outside
from academy.blueprints.resources.asked import Asked, asked_again, asked_in
from academy.domain import accounts, alerts
from academy.domain.errors import Refused
from academy.extensions import db, limiter, transaction
from academy.mail import links
from academy.models import Alert
from academy.policies import Action
from academy.web import clock, identity
from academy.web.csrf import by_link
from academy.web.forms import AddressField, Form
from academy.web.guard import allow
from academy.web.limits import by_email
from academy.web.locale import gettext as _, language, lazy_gettext as _l
from academy.web.page_cache import no_store
from academy.web.refusals import words_of

ALERTS = "/alertes/"
CONFIRM, END = "resources.confirm_alert", "resources.end_alert"
_per_email = limiter.limit("5 per hour", key_func=by_email, exempt_when=lambda: not request.form.get("email"))
_per_link = limiter.limit("20 per minute", key_func=lambda: accounts.digest(request.path))


class AlertForm(Form):
    """Where to write."""

    email = AddressField(
        _l("Votre adresse électronique"),
        [
            DataRequired(),
            Length(max=254),
            Email(_l("Cette adresse n’est pas complète. Elle ressemble à nom@structure.fr.")),
        ],
    )


def key_for(endpoint: str) -> Callable[[str], str | None]:
    """A loader of what the link to a page says: the key of an alert, which may have ended."""
    return lambda signed: links.signed_alert(endpoint, signed)


@outside(ALERTS, "alert", "GET")
@limiter.limit("240 per minute")
@allow(Action.PUBLIC_READ)
def alert_form():
    """Say what will be followed, and ask for an address."""
    me = identity.me()
    return _page(asked_in(request.args), AlertForm(formdata=None, email=me.email if me else ""))


@outside(ALERTS, "ask_alert", "POST")
@limiter.limit("10 per minute; 60 per hour")
@_per_email
@allow(Action.ALERT_ASK)
def ask_alert():
    """Promise the mail that confirms; an address of one's own is confirmed at once."""
    form, me, asked = AlertForm(), identity.me(), asked_in(request.args)
    if not form.validate():
        return _page(asked, form), 422
    followed, title = _followed(asked), _title(asked)
    try:
        with transaction():
            alert = alerts.ask(
                followed,
                title=title,
                email=form.email.data or "",
                language=language(),
                by=identity.me(),
                now=clock.now(),
            )
            is_confirmed = me is not None and alert.email == me.email
    except Refused as refusal:
        return _page(asked, form, words_of(refusal)), 409
    if not is_confirmed:
        return redirect(url_for("resources.alert_sent"), 303)
    flash(_("C’est noté : les nouveautés vous parviendront chaque lundi, quand il y en a."), "success")
    return redirect(url_for("account.my_space", _anchor="alertes"), 303)


@outside(f"{ALERTS}envoyee", "alert_sent", "GET")
@allow(Action.PUBLIC_READ)
def alert_sent():
    """Say that a link is on its way."""
    return render_template("resources/alert_sent.html")


@outside(f"{ALERTS}<signed>/confirmer", "confirm_alert", "GET")
@allow(Action.ALERT_LINK, on=key_for(CONFIRM))
def confirmation(key: str):
    """Show what the link begins; scanners of mails open it too."""
    return _link_page(key)


@outside(f"{ALERTS}<signed>/confirmer", "confirm_alert_now", "POST")
@_per_link
@allow(Action.ALERT_LINK, on=key_for(CONFIRM))
def confirm(key: str):
    """Begin."""
    try:
        with transaction():
            is_there = alerts.confirm(key, by=identity.me(), now=clock.now())
    except Refused as refusal:
        return _link_page(key, words_of(refusal)), 409
    return redirect(url_for(CONFIRM, **(request.view_args or {})), 303) if is_there else (_link_page(key), 410)


@outside(f"{ALERTS}<signed>/arreter", "end_alert", "GET")
@allow(Action.ALERT_LINK, on=key_for(END))
def ending(key: str):
    """Show what the link ends."""
    return _link_page(key)


@outside(f"{ALERTS}<signed>/arreter", "end_alert_now", "POST")
@by_link
@_per_link
@allow(Action.ALERT_LINK, on=key_for(END))
def end(key: str):
    """End it, from the page or from the button of a mailbox (RFC 8058): no cookie, no token, no redirection."""
    with transaction():
        alerts.end(key, by=identity.me(), now=clock.now())
    return _link_page(key)


def _followed(asked: Asked) -> dict[str, object]:
    """The question with typed filters settled: what they are called may change."""
    return (understood.settled(asked, finder.answer(asked, per_page=1)) if ":" in asked.q else asked).followed()


def _title(asked: Asked) -> str:
    return finder.in_words(asked) or _("Tout le centre de ressources")


def _page(asked: Asked, form: AlertForm, refusal: str = "") -> str:
    question = asked.canonical()
    return render_template("resources/alert.html", asked=question, title=_title(question), form=form, refusal=refusal)


def _link_page(key: str, refusal: str = "") -> str:
    """The page of an alert, or the one that says that it is no more."""
    no_store()
    alert = db.session.scalar(select(Alert).where(Alert.key == key))
    is_end = request.path.endswith("arreter")
    title = _title(asked_again(alert.question)) if alert else ""
    return render_template("resources/alert_link.html", alert=alert, title=title, is_end=is_end, refusal=refusal)
