"""The slides of the last saved text, to show on a wall, and the window of who speaks."""

from flask import abort, render_template, url_for

from academy.blueprints.studio.area import EDITION, asked_language, bp, document_of
from academy.blueprints.studio.previews import preview
from academy.blueprints.studio.sheets import kept_sheet
from academy.models import Document
from academy.policies import Action
from academy.rendering.slides import slides_of
from academy.web.fragments import parts_of
from academy.web.guard import allow
from academy.web.slides import Deck
from academy.web.spoken import Spoken


@bp.get(EDITION + "/diapos")
@allow(Action.DOCUMENT_EDIT, on=document_of)
def slides(document):
    """The slides of the last saved text."""
    return render_template("layouts/slides.html", parts=parts_of("slides/show.html", {"deck": _deck(document)}))


@bp.get(EDITION + "/diapos/orateur")
@allow(Action.DOCUMENT_EDIT, on=document_of)
def speaker(document):
    """The slide on the wall, the next one, the notes, the time."""
    context = {
        "deck": _deck(document),
        "wall_url": url_for(".slides", id=document.id, language=asked_language()),
    }
    return render_template("layouts/slides.html", parts=parts_of("slides/speaker.html", context))


def _deck(document: Document) -> Deck:
    """The deck of the last saved text; 404 before the first."""
    sheet = kept_sheet(document)
    if sheet.edition is None:
        abort(404)
    seen = preview(sheet.source, document=document, language=sheet.language)
    return Deck(
        title=Spoken(seen.shown.get("title", document.key), sheet.language),
        summary=seen.shown.get("summary", ""),
        kicker="",
        byline=", ".join(sheet.edition.authors),
        credit="",
        back_url=sheet.url,
        channel=f"studio {sheet.edition.id}",
        slides=slides_of(seen.html, seen.notes),
    )
