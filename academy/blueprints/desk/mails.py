"""The mails of the academy: their words, which the team may change, and see before anybody receives them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup
from wtforms.validators import DataRequired

from academy.blueprints.desk import mail_words
from academy.blueprints.desk.area import bp, me, per_person
from academy.blueprints.desk.mail_samples import sample
from academy.domain import mail_texts
from academy.domain.problems import ContentRefused
from academy.extensions import transaction
from academy.mail import worded
from academy.policies import Action
from academy.web import clock
from academy.web.forms import Form, TextField, TrimmedField
from academy.web.guard import allow
from academy.web.locale import gettext as _, language as page_language, lazy_gettext as _l, speaking
from academy.web.problems import describe

MAIL = "/messages/<topic>/<language>"


@dataclass(frozen=True)
class Addressed:
    """The mail of an address."""

    topic: str
    language: str


@dataclass(frozen=True)
class Preview:
    """A mail as it would leave; `html` is safe, `about` whose facts it has ("" for a sample)."""

    subject: str
    text: str
    html: Markup
    about: str


class MailForm(Form):
    """The words of a mail; what they may hold is checked where they are kept."""

    subject = TrimmedField(_l("Objet"), [DataRequired()])
    body = TextField(_l("Texte"), [DataRequired()])


def addressed(topic: str, language: str) -> Addressed | None:
    """The mail of an address; None for one that does not exist."""
    return Addressed(topic, language) if topic in mail_texts.MAILS and language in mail_texts.LANGUAGES else None


@bp.get("/messages/")
@allow(Action.DESK_USE)
def mails():
    """List the mails, and in which languages the team worded them."""
    return render_template(
        "desk/mails.html", topics=list(mail_texts.MAILS), changed=mail_texts.changed(), words=mail_words
    )


@bp.get(MAIL)
@allow(Action.MAIL_EDIT, on=addressed)
def mail_text(it: Addressed):
    """Show the words of a mail to change them."""
    subject, body = _words(it)
    return _page(it, MailForm(formdata=None, data={"subject": subject, "body": body}))


@bp.post(MAIL)
@per_person
@allow(Action.MAIL_EDIT, on=addressed)
def change_mail_text(it: Addressed):
    """Show how it would look, or keep it, as the button says."""
    form = MailForm()
    if not form.validate():
        return _page(it, form), 422
    subject, body = mail_texts.clean(form.subject.data or ""), mail_texts.clean(form.body.data or "")
    try:
        mail_texts.check(it.topic, subject, body)
        if request.form.get("action") == "preview":
            return _page(it, form, seen=_preview(it, subject, body))
        with transaction():
            mail_texts.write(it.topic, it.language, subject=subject, body=body, by=me(), now=clock.now())
    except ContentRefused as refusal:
        _blame(form, refusal)
        return _page(it, form), 422
    flash(_("Le message est enregistré : les prochains partiront ainsi."), "success")
    return redirect(url_for(".mail_text", topic=it.topic, language=it.language), 303)


@bp.post(f"{MAIL}/origine")
@per_person
@allow(Action.MAIL_EDIT, on=addressed)
def restore_mail_text(it: Addressed):
    """Go back to the words that ship."""
    with transaction():
        mail_texts.restore(it.topic, it.language, by=me(), now=clock.now())
    flash(_("Le texte d’origine est revenu. Le vôtre reste dans le journal."), "success")
    return redirect(url_for(".mail_text", topic=it.topic, language=it.language), 303)


def _words(it: Addressed) -> tuple[str, str]:
    own = mail_texts.of(it.topic, it.language)
    if own is not None:
        return own.subject, own.body
    with speaking(it.language):
        return worded.shipped(it.topic, it.language)


def _preview(it: Addressed, subject: str, body: str) -> Preview:
    with speaking(it.language):
        shown = sample(it.topic, it.language, me())
        said: dict[str, Any] = worded.values(it.topic, shown.facts, it.language)
        words = (worded.subject(subject, said, it.language), worded.text(body, said, it.language))
        return Preview(*words, worded.html(body, said, it.language), shown.about)


def _blame(form: MailForm, refusal: ContentRefused) -> None:
    """Put each problem, with its line, beside the field that it is about."""
    for problem in refusal.problems:
        field = form.subject if problem.key == "subject" else form.body
        line = "" if problem.key == "subject" or not problem.line else _("Ligne %(line)s : ", line=problem.line)
        said: Sequence[str] = (*field.errors, line + _sentence(problem))
        field.errors = list(said)


def _sentence(problem) -> str:
    said = describe(type(problem)("", 0, "", problem.code, problem.details), page_language())
    return said[:1].upper() + said[1:]


def _page(it: Addressed, form: MailForm, *, seen: Preview | None = None) -> str:
    return render_template(
        "desk/mail_text.html",
        mail=it,
        form=form,
        seen=seen,
        kind=mail_texts.MAILS[it.topic],
        in_subject=[f"{{{name}}}" for name in mail_texts.in_subject(it.topic)],
        own=mail_texts.of(it.topic, it.language),
        words=mail_words,
    )
