"""From one page of a list to the next: a signed cursor that holds while texts come and go.

A cursor says after which row the next page begins, by a number that no change of a text moves. What is published or
changed during a walk is found by the next walk with `updated_since`: no row is sent twice, none is skipped.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import current_app, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from academy.blueprints.api.problems import Problem
from academy.web.links import absolute
from academy.web.locale import gettext as _

DEFAULT, MOST = 50, 100
_UNBOUND = {"cursor", "limit"}  # may differ from one page to the next


def after(asked: Mapping[str, Any]) -> int:
    """The number after which the page begins; raise Problem for a cursor that is not of this question."""
    token = asked.get("cursor")
    if not token:
        return 0
    try:
        question, number = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        question, number = None, 0
    if question != _question():
        detail = _("Ce curseur n’est pas de cette question : suivez « next » tel quel, ou recommencez sans curseur.")
        raise Problem(422, detail, parameter="cursor")
    return number


def page(
    rows: Sequence[Any], asked: Mapping[str, Any], number: Callable[[Any], int], items: Callable[[Sequence[Any]], list]
) -> tuple[dict[str, object], dict[str, str]]:
    """The body and headers of one page; *rows* are one more than its limit when there is another page."""
    shown = rows[: asked["limit"]]
    following = _next_url(number(shown[-1])) if len(rows) > len(shown) else None
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    return {"items": items(shown), "next": following}, headers


def _next_url(number: int) -> str:
    values: dict[str, Any] = request.args.to_dict(flat=False)  # only names that we know: the others were refused
    values["cursor"] = _signer().dumps([_question(), number])
    return absolute(url_for(request.endpoint or "", **values))


def _question() -> str:
    """What was asked, whatever the order of its parameters."""
    asked = sorted((name, value) for name, value in request.args.items(multi=True) if name not in _UNBOUND)
    return hashlib.blake2b(repr((request.path, asked)).encode(), digest_size=9).hexdigest()


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="api-cursor")
