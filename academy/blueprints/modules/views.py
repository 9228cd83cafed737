"""The page of a module."""

from flask import Blueprint, render_template

from academy.blueprints.modules import queries
from academy.models import Edition
from academy.policies import Action
from academy.web.guard import allow
from academy.web.texts import body_of, is_fallback

bp = Blueprint("modules", __name__)


@bp.get("/cycles/<cycle>/<slug>/")
@allow(Action.DOCUMENT_VIEW, on=queries.module)
def show(edition: Edition):
    body = body_of(edition)
    return render_template(
        "modules/show.html",
        body=body.html,
        outline=body.outline,
        is_fallback=is_fallback(edition),
        **queries.parts(edition),
    )
