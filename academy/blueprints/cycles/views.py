"""The list of cycles and the page of one."""

from flask import Blueprint

from academy.blueprints.cycles import queries
from academy.policies import Action
from academy.web import clock
from academy.web.fragments import kept_page
from academy.web.guard import allow
from academy.web.text_cards import cycle_cards
from academy.web.texts import ShownText, edition_of

bp = Blueprint("cycles", __name__, url_prefix="/cycles")


@bp.get("/")
@allow(Action.PUBLIC_READ)
def index():
    return kept_page("cycles/index.html", context=lambda: {"cycles": cycle_cards()})


@bp.get("/<slug>/")
@allow(Action.DOCUMENT_VIEW, on=queries.cycle)
def show(text: ShownText):
    return kept_page("cycles/show.html", text.id, context=lambda: queries.parts(edition_of(text), now=clock.now()))
