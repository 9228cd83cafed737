"""The history of a text: its revisions, one of them, back to it, out of sight."""

from flask import abort, flash, redirect, render_template, request, url_for

from academy.blueprints.studio import queries
from academy.blueprints.studio.area import EDITION, asked_language, bp, by_person, document_of, edition_of
from academy.blueprints.studio.differences import differences
from academy.blueprints.studio.forms import HidingForm
from academy.blueprints.studio.previews import preview
from academy.domain import hiding, publishing
from academy.domain.errors import Refused
from academy.extensions import limiter, transaction
from academy.models import Document, Edition, Revision
from academy.policies import Action
from academy.web import clock, identity
from academy.web.guard import allow
from academy.web.hiding_words import reason_labels
from academy.web.locale import gettext as _
from academy.web.navigation import may
from academy.web.refusals import words_of

HISTORY = EDITION + "/historique"
REVISION = HISTORY + "/<int(max=2147483647):number>"


@bp.get(HISTORY)
@allow(Action.DOCUMENT_EDIT, on=document_of)
def history(document):
    """List the revisions of a text."""
    return history_answer(document)


@bp.get(REVISION)
@allow(Action.DOCUMENT_EDIT, on=document_of)
def revision(document):
    """Show one revision: its source, what it changed, how it reads."""
    edition = _edition(document)
    asked = asked_revision(document)
    before = queries.revision_before(edition, asked.number)
    return render_template(
        "studio/revision.html",
        document=document,
        edition=edition,
        revision=asked,
        before=before,
        parts=differences(before.source if before else "", asked.source),
        seen=preview(asked.source, document=document, language=edition.language),
    )


@bp.post(REVISION + "/restaurer")
@limiter.limit("30 per minute", key_func=by_person)
@allow(Action.DOCUMENT_EDIT, on=document_of)
def restore(document):
    """Put an old text back on top, as a draft."""
    edition = _edition(document)
    asked = asked_revision(document)
    note = _("Reprise de la version %(number)s", number=asked.number)
    try:
        with transaction():
            publishing.restore(edition, asked, base_id=_base(), by=identity.me(), now=clock.now(), note=note)
    except Refused as refusal:
        return history_answer(document, words_of(refusal)), 409
    flash(_("L’ancien texte est revenu comme brouillon : relisez-le, puis publiez-le."), "success")
    return redirect(url_for(".edit", id=document.id, language=edition.language), 303)


def _edition(document: Document) -> Edition:
    return edition_of(document, asked_language()) or abort(404)


def asked_revision(document: Document) -> Revision:
    """The revision of the address."""
    return queries.revision(_edition(document), (request.view_args or {})["number"]) or abort(404)


def _base() -> int | None:
    """The newest revision that the page showed; anything else is refused as outdated."""
    return request.form.get("base", type=int)


def history_answer(document: Document, problem: str = "", *, refused: HidingForm | None = None) -> str:
    """The list of the revisions, with why nothing was done; *refused* is the form of the version that stays shown."""

    def hiding_form(number: int) -> HidingForm:
        return refused if refused and refused.number == number else HidingForm(number, formdata=None)

    edition, number = _edition(document), request.args.get("page", 1, type=int)
    return render_template(
        "studio/history.html",
        document=document,
        edition=edition,
        page=queries.versions(edition, number=number),
        newest=queries.newest(edition),
        problem=problem,
        refused=refused,
        hiding_form=hiding_form,
        reasons=reason_labels(),
        may_hide=may(Action.REVISION_HIDE) and document.kind in hiding.WITH_VERSIONS,
    )
