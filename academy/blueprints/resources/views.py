"""Browse, search and filter on one page, and the words to suggest while typing."""

from flask import jsonify, render_template, request
from flask_login import current_user

from academy import search
from academy.blueprints.resources import finder
from academy.blueprints.resources.area import bp
from academy.blueprints.resources.asked import asked_in
from academy.extensions import limiter
from academy.policies import Action, audiences_of
from academy.web.guard import allow
from academy.web.locale import language


@bp.get("/")
@limiter.limit("240 per minute")
@allow(Action.PUBLIC_READ)
def index():
    return render_template("resources/index.html", **finder.found(asked_in(request.args)))


@bp.get("/suggestions")
@limiter.limit("240 per minute")
@allow(Action.PUBLIC_READ)
def suggestions():
    typed = asked_in(request.args).q
    audiences = audiences_of(current_user)
    return jsonify(search.suggest(typed, audiences=audiences, language=language()) if typed else [])
