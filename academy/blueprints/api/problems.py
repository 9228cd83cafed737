"""What a call did wrong and how to repair it, as problem details (RFC 9457)."""

import json
from http import HTTPStatus

from flask import Response

CONTENT_TYPE = "application/problem+json"


class Problem(Exception):
    """A call that cannot be answered; *detail* says in the caller's language what to write instead."""

    def __init__(self, status: int, detail: str, *, parameter: str = ""):
        super().__init__(detail)
        self.status, self.detail, self.parameter = status, detail, parameter


def answer(problem: Problem) -> Response:
    """The problem as it is sent."""
    said = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
    }
    said |= {"parameter": problem.parameter} if problem.parameter else {}
    response = Response(f"{json.dumps(said, ensure_ascii=False)}\n", problem.status, content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response
