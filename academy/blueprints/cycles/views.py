"""The list of cycles and the page of one."""

from flask import Blueprint

from academy.blueprints.cycles import queries
from academy.extensions import limiter
from academy.policies import Action
from academy.web import books, clock, packs
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
    return kept_page("cycles/show.html", text.id, context=lambda: _parts(text))


def _parts(text: ShownText) -> dict[str, object]:
    return {**queries.parts(edition_of(text), now=clock.now()), "pack": packs.pack_link(text)}


@bp.get("/<slug>/hors-ligne.zip")
@limiter.limit("10 per minute")
@allow(Action.DOCUMENT_VIEW, on=queries.cycle)
def pack(text: ShownText):
    return packs.answer(text)


@bp.get("/<slug>/telecharger.pdf")
@limiter.limit("10 per minute")
@allow(Action.DOCUMENT_VIEW, on=queries.cycle)
def book(text: ShownText):
    return books.book(text)
