"""The page of a module."""

from flask import Blueprint

from academy.blueprints.modules import queries
from academy.policies import Action
from academy.web.fragments import kept_page
from academy.web.guard import allow
from academy.web.texts import ShownText, edition_of

bp = Blueprint("modules", __name__)


@bp.get("/cycles/<cycle>/<slug>/")
@allow(Action.DOCUMENT_VIEW, on=queries.module)
def show(text: ShownText):
    return kept_page("modules/show.html", text.id, context=lambda: queries.parts(edition_of(text)))
