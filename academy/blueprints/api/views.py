"""The addresses of the API. The search is written out by hand; the rest is described once, by its schemas.

`operations` and `schemas` load flask-smorest, marshmallow and apispec: about 50 ms and 3 MB that most processes never
need, so they are imported by the first call.
"""

import json

from flask import Response, request
from flask.typing import ResponseReturnValue

from academy.blueprints.api import answers
from academy.blueprints.api.area import bp
from academy.blueprints.api.asked import Unusable, asked_in
from academy.extensions import limiter
from academy.policies import Action
from academy.web.guard import allow

A_MINUTE = "240 per minute"
OPERATIONS = {
    "cycles": "/v1/cycles",
    "cycle": "/v1/cycles/<id>",
    "sessions": "/v1/sessions",
    "session": "/v1/sessions/<id>",
    "documents": "/v1/documents",
    "document": "/v1/documents/<id>",
    "topics": "/v1/topics",
    "venues": "/v1/venues",
}
SEARCH = "/v1/search"


@bp.get(SEARCH, endpoint="search")
@limiter.limit(A_MINUTE)
@allow(Action.PUBLIC_READ)
def search_json():
    try:
        asked = asked_in(request.args)
    except Unusable as unusable:
        return as_json({"error": {"status": 422, "parameter": unusable.parameter, "message": str(unusable)}}, 422)
    return as_json(answers.answer(asked))


def as_json(content: object, status: int = 200) -> Response:
    """An answer of the API."""
    return Response(
        f"{json.dumps(content, ensure_ascii=False)}\n", status, content_type="application/json; charset=utf-8"
    )


def _add(name: str, rule: str) -> None:
    @limiter.limit(A_MINUTE)
    @allow(Action.PUBLIC_READ)
    def view(**arguments: str) -> ResponseReturnValue:
        from academy.blueprints.api import operations

        return getattr(operations, name)(**arguments)

    bp.add_url_rule(rule, name, view)


for _name, _rule in OPERATIONS.items():
    _add(_name, _rule)
