"""The style page and its own small sheet; neither exists in production."""

from flask import Blueprint, Response, render_template, request

from academy.blueprints.styles import catalogue, colours, samples
from academy.policies import Action
from academy.web.guard import allow

bp = Blueprint("styles", __name__, url_prefix="/styles")


@bp.get("/")
@allow(Action.PUBLIC_READ)
def index():
    return render_template(
        "styles/index.html",
        entries=catalogue.entries(),
        colours=colours.tokens(),
        pairs=colours.measured(),
        steps=catalogue.tokens("t"),
        spaces=catalogue.SPACES,
        theme=request.args.get("theme", ""),
        samples=samples,
        forms=samples.forms(),
    )


@bp.get("/sheet.css")
@allow(Action.PUBLIC_READ)
def sheet():
    """The looks of this page alone, kept out of the sheet that visitors load."""
    return Response(catalogue.sheet(), mimetype="text/css")
