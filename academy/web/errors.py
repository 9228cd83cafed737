"""Error pages that help, in HTML or JSON."""

import logging

from flask import Flask, Response, jsonify, redirect, render_template, request, url_for
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from academy.domain.errors import Refused
from academy.web import identity
from academy.web.locale import here
from academy.web.refusals import words_of

log = logging.getLogger(__name__)
RETRY_AFTER = 5  # seconds


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(NoConnectionLeft, _database)


def _http(error: HTTPException):
    code = error.code or 500
    if code < 400:
        return error
    if isinstance(error, SecurityError):  # a host that is not ours: not even addresses can be built
        return Response("400: this host is not served here\n", 400, mimetype="text/plain")
    if code == 401 and request.method in {"GET", "HEAD"} and not _wants_json():
        return redirect(url_for("account.sign_in", next=f"{request.script_root}{here()}"))
    response = _page(code)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if code in {429, 503}:
        response.headers["Retry-After"] = str(getattr(error, "retry_after", None) or 60 if code == 429 else RETRY_AFTER)
    return response


def _refused(refusal: Refused):
    """A refusal that no view turned into a message beside its form."""
    return _page(409, words_of(refusal))


def _database(error: OperationalError | NoConnectionLeft):
    log.error("database: %r", getattr(error, "orig", error))
    response = _page(503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _page(code: int, message: str | None = None) -> Response:
    if code >= 500:
        identity.be_visitor()  # whoever asks: the page of a failure must not need the database
    if _wants_json():
        response = jsonify(error={"status": code, "message": message})
    else:
        response = Response(render_template("errors/error.html", code=code, message=message), mimetype="text/html")
    response.status_code = code
    response.headers["Cache-Control"] = "no-store"
    return response


def _wants_json() -> bool:
    return request.path.startswith("/api/")
