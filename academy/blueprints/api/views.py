"""The public search as JSON."""

import json

from flask import Blueprint, Response, request

from academy.blueprints.api import answers
from academy.blueprints.api.asked import Unusable, asked_in
from academy.extensions import limiter
from academy.policies import Action
from academy.web.guard import allow

bp = Blueprint("api", __name__, url_prefix="/api/v1")


@bp.get("/search", endpoint="search")
@limiter.limit("240 per minute")
@allow(Action.PUBLIC_READ)
def search_json():
    try:
        asked = asked_in(request.args)
    except Unusable as unusable:
        return _json({"error": {"status": 422, "parameter": unusable.parameter, "message": str(unusable)}}, 422)
    return _json(answers.answer(asked))


@bp.after_request
def _open_to_all(response: Response) -> Response:
    """Any page may read this from a browser: nothing here depends on who asks."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _json(content: object, status: int = 200) -> Response:
    return Response(
        f"{json.dumps(content, ensure_ascii=False)}\n", status, content_type="application/json; charset=utf-8"
    )
