"""Another address or place for a text: its links follow, its old address leads to the new one."""

from flask import abort, flash, redirect, render_template, request, url_for
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange

from academy.blueprints.studio import link_queries, queries
from academy.blueprints.studio.area import DOCUMENT, bp, document_of
from academy.blueprints.studio.editing import by_person
from academy.domain import moving
from academy.domain.errors import Refused
from academy.domain.projection import cycle_of
from academy.extensions import limiter, transaction
from academy.models import Document, Kind
from academy.policies import Action
from academy.web import clock, identity
from academy.web.forms import Form, TrimmedField
from academy.web.guard import allow
from academy.web.locale import gettext as _, language, lazy_gettext as _l
from academy.web.refusals import words_of
from academy.web.spoken import choices

FIELDS = {"slug_bad": "slug", "slug_taken": "slug", "cycle_missing": "cycle"}


class PlaceForm(Form):
    """Where a text is; the cycle and the place are those of a module."""

    slug = TrimmedField(_l("Adresse"), [InputRequired(), Length(max=80)])
    cycle = SelectField(_l("Cycle"), [InputRequired()], validate_choice=False)
    position = IntegerField(_l("Place parmi les modules"), [InputRequired(), NumberRange(min=1, max=999)])

    def __init__(self, document: Document, **kwargs):
        super().__init__(
            data={
                "slug": document.slug,
                "cycle": document.cycle.slug if document.cycle else "",
                "position": document.position,
            },
            **kwargs,
        )
        if document.kind != Kind.MODULE:
            del self.cycle, self.position
        else:
            self.cycle.choices = list(choices(queries.cycle_titles(language())))


@bp.get(DOCUMENT + "/adresse")
@allow(Action.DOCUMENT_MOVE, on=document_of)
def place(document):
    """Show where a text is."""
    return _page(document, PlaceForm(_movable(document)))


@bp.post(DOCUMENT + "/adresse")
@limiter.limit("30 per minute", key_func=by_person)
@allow(Action.DOCUMENT_MOVE, on=document_of)
def move(document):
    """Give it another address or place."""
    form = PlaceForm(_movable(document))
    if not form.validate():
        return _page(document, form), 422
    is_module = document.kind == Kind.MODULE
    try:
        with transaction():
            changed = moving.move(
                document,
                slug=form.slug.data or "",
                cycle=cycle_of(form.cycle.data) if is_module else None,
                position=form.position.data or 1 if is_module else 0,
                by=identity.me(),
                now=clock.now(),
            )
    except Refused as refusal:
        form[FIELDS[refusal.code]].errors = [words_of(refusal)]
        return _page(document, form), 409
    if changed:
        flash(_("Le texte est à sa nouvelle place ; son ancienne adresse y mène, et les liens le suivent."), "success")
    else:
        flash(_("Rien n’a changé."), "success")
    return redirect(url_for(".place", id=document.id), 303)


def _movable(document: Document) -> Document:
    return document if document.kind in moving.MOVABLE else abort(404)


def _page(document: Document, form: PlaceForm) -> str:
    spoken = language() if any(it.language == language() for it in document.editions) else document.editions[0].language
    edition = next(it for it in document.editions if it.language == spoken)
    return render_template(
        "studio/place.html",
        document=document,
        edition=edition,
        text_language=spoken,
        form=form,
        count=len(link_queries.hosts(document)),
        is_sent=request.method == "POST",
    )
