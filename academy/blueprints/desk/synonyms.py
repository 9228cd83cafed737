"""Synonyms: words that mean the same in a search."""

import re

from flask import flash, redirect, render_template, request, url_for
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from academy.blueprints.desk import search_queries
from academy.blueprints.desk.area import bp, me, per_person, synonym_of
from academy.domain import search_rules, typed_values
from academy.domain.errors import Refused
from academy.extensions import transaction
from academy.models import Synonym
from academy.policies import Action
from academy.search import analysis
from academy.web import clock
from academy.web.forms import Form, TextField, TrimmedField
from academy.web.guard import allow
from academy.web.locale import gettext as _, language, lazy_gettext as _l
from academy.web.refusals import words_of

SYNONYM = "/recherche/synonymes/<int(max=2147483647):id>"
_LINES = re.compile(r"[\n,;]")


class SynonymForm(Form):
    """A word or a sigle, and what it means."""

    term = TrimmedField(_l("Mot ou sigle"), [DataRequired(), Length(max=search_rules.TERM_LENGTH)])
    meanings = TextField(_l("Ce qu’il veut dire"), [DataRequired()])
    language = SelectField(
        _l("Langue"),
        [InputRequired()],
        choices=[SelectChoice("fr", "Français", {"lang": "fr"}), SelectChoice("en", "English", {"lang": "en"})],
    )
    is_mutual = BooleanField(_l("Dans les deux sens : chercher l’un trouve aussi l’autre"))

    def validate_term(self, field: TrimmedField) -> None:
        field.data = _words(field.data or "")

    def validate_meanings(self, field: TextField) -> None:
        self.meant = [_words(part) for part in _LINES.split(field.data or "") if part.strip()]
        if not self.meant:
            raise ValidationError(_("Donnez au moins un sens, autre que le mot lui-même."))
        if len(self.meant) > search_rules.MOST_MEANINGS:
            raise ValidationError(
                _("Pas plus de %(most)s sens : faites-en deux lignes.", most=search_rules.MOST_MEANINGS)
            )


def _words(typed: str) -> str:
    """A few words that a search can find."""
    try:
        words = typed_values.text(search_rules.TERM_LENGTH)(typed)
    except typed_values.BadValueError as problem:
        if problem.code == "text_too_long":
            raise ValidationError(_("Ceci est trop long : %(words)s…", words=typed.strip()[:40])) from None
        raise ValidationError(_("Ce texte contient un caractère invisible. Retapez-le.")) from None
    if not analysis.words(words):
        raise ValidationError(_("Écrivez au moins un mot."))
    return words


@bp.get("/recherche/synonymes/")
@allow(Action.DESK_USE)
def synonyms():
    """List the synonyms, and a form for another one."""
    wanted = request.args.get("language", "")
    spoken = wanted if wanted in analysis.LANGUAGES else language()
    typed = "".join(c if c.isprintable() else " " for c in request.args.get("term", ""))[: search_rules.TERM_LENGTH]
    return _page(SynonymForm(formdata=None, term=typed.strip(), language=spoken, is_mutual=True))


@bp.post("/recherche/synonymes/")
@per_person
@allow(Action.SEARCH_TEACH)
def add_synonym():
    """Teach the search a word."""
    form = SynonymForm()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction():
            search_rules.add_synonym(form.term.data or "", form.meant, **_rest(form), by=me(), now=clock.now())
    except Refused as refusal:
        return _page(form, words_of(refusal)), 409
    flash(_("La recherche connaît « %(term)s ».", term=form.term.data), "success")
    return redirect(url_for(".synonyms"), 303)


@bp.get(SYNONYM)
@allow(Action.SEARCH_TEACH, on=synonym_of)
def synonym(it: Synonym):
    """Show a line to change it."""
    return _one(it, SynonymForm(formdata=None, data=vars(it) | {"meanings": "\n".join(it.meanings)}))


@bp.post(SYNONYM)
@per_person
@allow(Action.SEARCH_TEACH, on=synonym_of)
def change_synonym(it: Synonym):
    """Say it otherwise."""
    form = SynonymForm()
    if not form.validate():
        return _one(it, form), 422
    try:
        with transaction():
            term, meant = form.term.data or "", form.meant
            search_rules.change_synonym(it, term=term, meanings=meant, **_rest(form), by=me(), now=clock.now())
    except Refused as refusal:
        return _one(it, form, words_of(refusal)), 409
    flash(_("La ligne est changée."), "success")
    return redirect(url_for(".synonyms"), 303)


@bp.post(f"{SYNONYM}/supprimer")
@per_person
@allow(Action.SEARCH_TEACH, on=synonym_of)
def delete_synonym(it: Synonym):
    """Forget a line."""
    term = it.term
    with transaction():
        search_rules.delete_synonym(it, by=me(), now=clock.now())
    flash(_("La recherche a oublié « %(term)s ».", term=term), "success")
    return redirect(url_for(".synonyms"), 303)


def _rest(form: SynonymForm) -> dict:
    return {"language": form.language.data, "is_mutual": bool(form.is_mutual.data)}


def _page(form: SynonymForm, message: str = "") -> str:
    page = search_queries.synonyms(number=request.args.get("page", 1, type=int))
    return render_template("desk/synonyms.html", form=form, page=page, message=message)


def _one(it: Synonym, form: SynonymForm, message: str = "") -> str:
    return render_template("desk/synonym.html", synonym=it, form=form, message=message)
