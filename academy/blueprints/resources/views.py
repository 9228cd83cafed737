"""Browse, search and filter on one page, and the words to suggest while typing."""

from flask import jsonify, request

from academy.blueprints.resources import counting, suggesting
from academy.blueprints.resources.area import bp
from academy.blueprints.resources.asked import asked_in
from academy.extensions import limiter
from academy.policies import Action
from academy.web.fragments import kept_page
from academy.web.guard import allow


@bp.get("/")
@allow(Action.PUBLIC_READ)
def index():
    asked = asked_in(request.args)
    page = kept_page(
        "resources/index.html",
        asked.url(),
        context=lambda: counting.found(asked),
        lasting=lambda it: not it["remarks"],
        is_frame_kept=not asked.is_narrowed,
    )
    counting.count(asked)
    return page


@bp.get("/suggestions")
@limiter.limit("240 per minute")
@allow(Action.PUBLIC_READ)
def suggestions():
    return jsonify(suggesting.suggestions(asked_in(request.args).q))
