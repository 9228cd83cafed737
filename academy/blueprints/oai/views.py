"""One address for harvesters, by GET and by POST, as the protocol asks."""

from flask import Blueprint, Response, request

from academy.blueprints.oai.repository import Catalogue
from academy.extensions import limiter
from academy.policies import Action
from academy.web import identity
from academy.web.guard import allow

bp = Blueprint("oai", __name__)


@bp.before_request
def _as_a_visitor() -> None:
    """Only what is public is ever told, whatever cookie came along."""
    identity.be_visitor()


@bp.get("/oai")
@limiter.limit("240 per minute")
@allow(Action.PUBLIC_READ)
def harvest():
    """Answer a question in the address.

    A kept answer says when it was made: nothing has changed since, so that a harvest which goes on from
    that instant misses nothing.
    """
    return _answer(list(request.args.items(multi=True)))


@bp.post("/oai", endpoint="harvest_post")
@limiter.limit("240 per minute")
@allow(Action.PUBLIC_READ)
def harvest_post():
    return _answer(list(request.form.items(multi=True)))


def _answer(arguments: list[tuple[str, str]]) -> Response:
    from academy.formats import oai  # lxml: 4 MB that only harvesters need

    return Response(oai.answer(Catalogue(), arguments), content_type=oai.CONTENT_TYPE)
