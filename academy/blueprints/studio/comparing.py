"""Any two revisions of a text, side by side, word by word."""

from flask import abort, redirect, render_template, request, url_for

from academy.blueprints.studio import queries
from academy.blueprints.studio.area import EDITION, asked_language, bp, document_of, edition_of
from academy.blueprints.studio.differences import rows
from academy.blueprints.studio.versions import history_answer
from academy.policies import Action
from academy.web.guard import allow
from academy.web.locale import gettext as _

COMPARE = EDITION + "/diff"


@bp.get(COMPARE)
@allow(Action.DOCUMENT_EDIT, on=document_of)
def compare_asked(document):
    """Lead to the comparison that the form of the history asks for."""
    edition = edition_of(document, asked_language()) or abort(404)
    wanted = [_number(request.args.get(name, "")) for name in ("de", "a")]
    if None in wanted or not all(queries.revision(edition, number) for number in wanted if number is not None):
        told = _("Donnez deux numéros de version de cette liste.")
        return history_answer(document, told), 422
    return redirect(url_for(".compare", id=document.id, language=edition.language, number=wanted[0], other=wanted[1]))


@bp.get(COMPARE + "/<int(max=2147483647):number>..<int(max=2147483647):other>")
@allow(Action.DOCUMENT_EDIT, on=document_of)
def compare(document):
    """Show what changed from one revision to another."""
    edition = edition_of(document, asked_language()) or abort(404)
    asked = request.view_args or {}
    before, after = (queries.version(edition, asked[name]) or abort(404) for name in ("number", "other"))
    sources = queries.sources(edition, (before.number, after.number))
    return render_template(
        "studio/compare.html",
        document=document,
        edition=edition,
        before=before,
        after=after,
        rows=rows(sources[before.number], sources[after.number]),
    )


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 9 else None
