"""Hide an earlier public version from readers, and show it again: for the team."""

from flask import flash, redirect, url_for

from academy.blueprints.studio.area import bp, by_person, document_of
from academy.blueprints.studio.forms import HidingForm
from academy.blueprints.studio.versions import REVISION, asked_revision, history_answer
from academy.domain import hiding
from academy.domain.errors import Refused
from academy.extensions import limiter, transaction
from academy.models import HidingReason
from academy.policies import Action
from academy.web import clock, identity
from academy.web.guard import allow
from academy.web.locale import gettext as _
from academy.web.refusals import words_of


@bp.post(REVISION + "/cacher")
@limiter.limit("30 per minute", key_func=by_person)
@allow(Action.REVISION_HIDE, on=document_of)
def hide(document):
    """Take an earlier version off the public pages."""
    revision = asked_revision(document)
    form = HidingForm(revision.number)
    if not form.validate():
        return history_answer(document, refused=form), 422
    try:
        with transaction():
            hiding.hide(revision, HidingReason(form.reason.data), by=identity.me(), now=clock.now())
    except Refused as refusal:
        return history_answer(document, words_of(refusal), refused=form), 409
    flash(_("La version %(number)s est cachée : son adresse dit pourquoi.", number=revision.number), "success")
    return redirect(url_for(".history", id=document.id, language=revision.edition.language), 303)


@bp.post(REVISION + "/montrer")
@limiter.limit("30 per minute", key_func=by_person)
@allow(Action.REVISION_HIDE, on=document_of)
def unhide(document):
    """Let readers see a version again."""
    revision = asked_revision(document)
    with transaction():
        hiding.unhide(revision, by=identity.me(), now=clock.now())
    flash(_("Les lecteurs voient de nouveau la version %(number)s.", number=revision.number), "success")
    return redirect(url_for(".history", id=document.id, language=revision.edition.language), 303)
