"""Wishes: what people asked for, until the team answers."""

from flask import flash, redirect, render_template, request, url_for

from academy.blueprints.desk import pins, search_queries
from academy.blueprints.desk.area import bp, me, per_person, wish_of
from academy.domain import wishes as verbs
from academy.domain.errors import Refused
from academy.extensions import transaction
from academy.models import Wish
from academy.policies import Action
from academy.search.finder import PUBLIC
from academy.web import clock
from academy.web.guard import allow
from academy.web.locale import gettext as _
from academy.web.refusals import words_of

WISH = "/recherche/demandes/<int(max=2147483647):id>"


@bp.get("/recherche/demandes/")
@allow(Action.DESK_USE)
def wishes():
    """List the wishes that wait, or those that are closed."""
    is_closed = request.args.get("closes") == "1"
    page = search_queries.wishes(is_closed=is_closed, number=request.args.get("page", 1, type=int))
    return render_template("desk/wishes.html", page=page, is_closed=is_closed)


@bp.get(WISH)
@allow(Action.WISH_CLOSE, on=wish_of)
def wish(it: Wish):
    """Show a wish, and the public texts that may answer it."""
    return _page(it)


@bp.post(WISH)
@per_person
@allow(Action.WISH_CLOSE, on=wish_of)
def close_wish(it: Wish):
    """Close it; whoever left an address is told where the answer is."""
    chosen = request.form.get("document", "")
    document = search_queries.document_of(chosen) if chosen else None
    if chosen and document is None:
        return _page(it, _("Choisissez un texte de la liste.")), 422
    try:
        with transaction():
            is_told = verbs.close(it, document, by=me(), now=clock.now())
    except Refused as refusal:
        return _page(it, words_of(refusal)), 409
    said = _("La demande est close, la personne est prévenue.") if is_told else _("La demande est close.")
    flash(said, "success")
    return redirect(url_for(".wishes"), 303)


def _page(it: Wish, message: str = "") -> str:
    words = pins.clean(request.args.get("q", "")) or it.question
    found = [] if it.closed_at else pins.candidates(words, audiences=PUBLIC)
    closing = search_queries.closing_of(it) if it.closed_at else None
    return render_template("desk/wish.html", wish=it, words=words, found=found, closing=closing, message=message)
