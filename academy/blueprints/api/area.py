"""The blueprint of the API: who asks changes nothing, and any web page may ask."""

from flask import Blueprint, Response, request

from academy.blueprints.api.problems import Problem, answer
from academy.web import identity

bp = Blueprint("api", __name__, url_prefix="/api")
_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, Accept, Accept-Language, Content-Type",
    "Access-Control-Max-Age": "86400",
}


@bp.before_request
def _as_a_visitor() -> None:
    """Only what is public is ever told, whatever cookie came along."""
    if request.endpoint != "api.index":
        identity.be_visitor()


@bp.after_app_request
def _open_to_all(response: Response) -> Response:
    """Let any page read answers and errors from a browser: nothing here depends on who asks."""
    if request.path.startswith("/api/v"):
        response.headers.update(_OPEN | (_PREFLIGHT if request.method == "OPTIONS" else {}))
    return response


@bp.errorhandler(Problem)
def _problem(problem: Problem) -> Response:
    return answer(problem)
