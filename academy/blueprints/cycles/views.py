"""The list of cycles and the page of one."""

from flask import Blueprint, render_template

from academy.blueprints.cycles import queries
from academy.models import Edition
from academy.policies import Action
from academy.web import clock
from academy.web.guard import allow
from academy.web.text_cards import cycle_cards
from academy.web.texts import body_of, is_fallback

bp = Blueprint("cycles", __name__, url_prefix="/cycles")


@bp.get("/")
@allow(Action.PUBLIC_READ)
def index():
    return render_template("cycles/index.html", cycles=cycle_cards())


@bp.get("/<slug>/")
@allow(Action.DOCUMENT_VIEW, on=queries.cycle)
def show(edition: Edition):
    return render_template(
        "cycles/show.html",
        cycle=queries.head(edition),
        body=body_of(edition).html,
        is_fallback=is_fallback(edition),
        **queries.parts(edition, now=clock.now()),
    )
