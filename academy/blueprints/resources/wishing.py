"""Ask for a resource that is missing: what, and perhaps an address to be told."""

from flask import redirect, render_template, request, url_for
from wtforms.validators import DataRequired, Email, Length, Optional, ValidationError

from academy.blueprints.resources.area import WISHES, outside
from academy.domain import typed_values, wishes
from academy.domain.typed_values import BadValueError
from academy.extensions import limiter, transaction
from academy.policies import Action
from academy.web import clock, identity
from academy.web.forms import AddressField, Form, TextField, TrimmedField
from academy.web.guard import allow
from academy.web.locale import gettext as _, language, lazy_gettext as _l

LONGEST, LONGEST_TEXT = 200, 2000


class WishForm(Form):
    """What is missing."""

    question = TrimmedField(_l("Ce que vous cherchez"), [DataRequired(), Length(max=LONGEST)])
    text = TextField(_l("Quelques précisions"), [Optional(), Length(max=LONGEST_TEXT)])
    email = AddressField(
        _l("Votre adresse électronique"),
        [
            Optional(),
            Length(max=254),
            Email(_l("Cette adresse n’est pas complète. Elle ressemble à nom@structure.fr.")),
        ],
    )

    def validate_question(self, field: TrimmedField) -> None:
        field.data = _readable(typed_values.text(LONGEST), field.data or "")
        if not any(character.isalnum() for character in field.data):
            raise ValidationError(_("Écrivez au moins un mot."))

    def validate_text(self, field: TextField) -> None:
        typed = (field.data or "").strip()
        field.data = _readable(typed_values.prose(LONGEST_TEXT), typed) if typed else ""


def _readable(read: typed_values.Reader, typed: str) -> str:
    try:
        return read(typed)
    except BadValueError as problem:
        if problem.code == "text_too_long":
            raise ValidationError(_("Ce texte est trop long : raccourcissez-le.")) from None
        raise ValidationError(_("Ce texte contient un caractère invisible. Retapez-le.")) from None


@outside(WISHES, "wishes", "GET")
@allow(Action.PUBLIC_READ)
def wishes_page():
    """Show the form, with what was searched in vain."""
    asked = "".join(character if character.isprintable() else " " for character in request.args.get("q", ""))
    me = identity.me()
    return _page(WishForm(formdata=None, question=" ".join(asked.split())[:LONGEST], email=me.email if me else ""))


@outside(WISHES, "wish", "POST")
@limiter.limit("10 per minute; 60 per hour")
@allow(Action.WISH_MAKE)
def wish():
    """Keep the wish."""
    form = WishForm()
    if not form.validate():
        return _page(form), 422
    question, text, email = form.question.data or "", form.text.data or "", form.email.data or ""
    with transaction():
        wishes.make(question, text=text, email=email, language=language(), by=identity.me(), now=clock.now())
    return redirect(url_for("resources.wish_kept"), 303)


@outside(f"{WISHES}merci", "wish_kept", "GET")
@allow(Action.PUBLIC_READ)
def wish_kept():
    """Say thank you, and what happens now."""
    return render_template("resources/wish_kept.html")


def _page(form: WishForm) -> str:
    return render_template("resources/wishes.html", form=form)
