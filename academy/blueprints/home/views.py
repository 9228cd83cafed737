"""Home, the site's own pages, and the addresses that find a text by its id."""

from flask import redirect, render_template

from academy.blueprints.home import queries
from academy.blueprints.home.area import bp
from academy.models import Edition
from academy.policies import Action
from academy.web import clock
from academy.web.guard import allow
from academy.web.texts import body_of, is_fallback


@bp.get("/")
@allow(Action.PUBLIC_READ)
def index():
    return render_template("home/index.html", **queries.front(now=clock.now()))


@bp.get("/<slug>/")
@allow(Action.DOCUMENT_VIEW, on=queries.page)
def page(edition: Edition):
    body = body_of(edition)
    return render_template(
        "pages/show.html", page=edition, body=body.html, outline=body.outline, is_fallback=is_fallback(edition)
    )


@bp.get("/d/<key>")
@allow(Action.DOCUMENT_VIEW, on=queries.text_with_key)
def stable(edition: Edition):
    """Lead to where a text is now: `[[id]]` links point here, so that a renamed text is still found."""
    return redirect(queries.present_url(edition))
