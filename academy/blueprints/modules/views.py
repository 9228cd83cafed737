"""The page of a module, and its files."""

from flask import Blueprint

from academy.blueprints.modules import queries
from academy.policies import Action
from academy.web import attached
from academy.web.attached import ShownFile
from academy.web.fragments import kept_page
from academy.web.guard import allow
from academy.web.texts import ShownText, edition_of

bp = Blueprint("modules", __name__)


@bp.get("/cycles/<cycle>/<slug>/")
@allow(Action.DOCUMENT_VIEW, on=queries.module)
def show(text: ShownText):
    return kept_page("modules/show.html", text.id, context=lambda: queries.parts(edition_of(text)))


@bp.get("/cycles/<cycle>/<slug>/fichiers/<name>")
@allow(Action.DOCUMENT_VIEW, on=queries.file)
def file(file: ShownFile):
    return attached.send(file)


@bp.get("/cycles/<cycle>/<slug>/fichiers/<name>/texte")
@allow(Action.DOCUMENT_VIEW, on=queries.file)
def file_text(file: ShownFile):
    return attached.text_page(file)
