"""Browse, search and filter on one page, and the words to suggest while typing."""

from flask import jsonify, request
from flask_login import current_user

from academy import search
from academy.blueprints.resources import finder
from academy.blueprints.resources.area import bp
from academy.blueprints.resources.asked import asked_in
from academy.extensions import limiter
from academy.policies import Action, audiences_of
from academy.web.fragments import kept_page
from academy.web.guard import allow
from academy.web.locale import language


@bp.get("/")
@limiter.limit("240 per minute")
@allow(Action.PUBLIC_READ)
def index():
    asked = asked_in(request.args)
    return kept_page(
        "resources/index.html", asked.url(), context=lambda: finder.found(asked), lasting=lambda it: not it["remarks"]
    )


@bp.get("/suggestions")
@limiter.limit("240 per minute")
@allow(Action.PUBLIC_READ)
def suggestions():
    typed = asked_in(request.args).q
    audiences = audiences_of(current_user)
    return jsonify(search.suggest(typed, audiences=audiences, language=language()) if typed else [])
