"""The description of the API, for programs and for people."""

from typing import Any

from flask import Response

from academy.blueprints.api.area import bp
from academy.blueprints.api.views import as_json
from academy.extensions import limiter
from academy.policies import Action
from academy.web.fragments import kept_page
from academy.web.guard import allow


@bp.get("/v1/openapi.json")
@limiter.limit("60 per minute")
@allow(Action.PUBLIC_READ)
def openapi() -> Response:
    return as_json(_described())


@bp.get("/")
@allow(Action.PUBLIC_READ)
def index():
    """The calls as people read them: the same description, without a script."""
    return kept_page("api/index.html", context=_shown)


def _described() -> dict[str, Any]:
    from academy.blueprints.api import description  # flask-smorest: see views

    return description.described()


def _shown() -> dict[str, object]:
    from academy.blueprints.api import reference  # flask-smorest: see views

    return reference.shown(_described())
