"""Error pages that help, in HTML or JSON."""

import logging
import math
import secrets
import time
from http import HTTPStatus

from flask import Flask, Response, jsonify, redirect, render_template, request, url_for
from sqlalchemy.exc import OperationalError, TimeoutError as NoConnectionLeft
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from academy.domain.errors import Refused
from academy.extensions import limiter
from academy.web import identity
from academy.web.locale import gettext as _, here
from academy.web.refusals import words_of

log = logging.getLogger(__name__)
RETRY_AFTER = 5  # seconds, after a failure of ours
COOL_DOWN = 60  # seconds, where no counter says when to come back


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
    cause = getattr(error, "original_exception", None)
    if isinstance(cause, OperationalError | NoConnectionLeft):  # while the page of another error was made
        return _database(cause)
    response = _page(
        code, getattr(error, "said", None), wait=_wait(code), reference=_reference(error) if code == 500 else ""
    )
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _wait(code: int) -> int:
    """Seconds until it is worth asking again; 0 for an error that time does not mend."""
    if code == 429 and limiter.enabled and (reached := limiter.current_limit):
        return max(reached.reset_at - math.ceil(time.time()), 1)
    return {429: COOL_DOWN, 503: RETRY_AFTER}.get(code, 0)


def _reference(error: HTTPException) -> str:
    """A word that the visitor can quote and that the log holds beside what happened."""
    reference = secrets.token_hex(4)
    log.error("failure %s: %r", reference, getattr(error, "original_exception", None) or error)
    return reference


def _refused(refusal: Refused):
    """A refusal that no view turned into a message beside its form."""
    return _page(409, words_of(refusal))


def _database(error: OperationalError | NoConnectionLeft):
    log.error("database: %r", getattr(error, "orig", error))
    return _page(503, wait=RETRY_AFTER)


def _page(code: int, message: str | None = None, *, wait: int = 0, reference: str = "") -> Response:
    if code >= 500:
        identity.be_visitor()  # whoever asks: the page of a failure must not need the database
    if _wants_json():
        said = {"status": code, "message": message} | ({"reference": reference} if reference else {})
        whole = {
            "type": "about:blank",
            "title": HTTPStatus(code).phrase,
            "status": code,
            "detail": _remedy(code, message),
        }
        response = jsonify(whole | {"error": said})
        response.mimetype = "application/problem+json"  # RFC 9457; `error` is the older shape of the search
    else:
        page = render_template("errors/error.html", code=code, message=message, wait=wait, reference=reference)
        response = Response(page, mimetype="text/html")
    response.status_code = code
    response.headers["Cache-Control"] = "no-store"
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _remedy(code: int, message: str | None) -> str:
    """What a program reads of an error: what to do about it."""
    remedies = {
        404: _("Aucun appel n’a cette adresse : ils sont décrits dans /api/."),
        405: _("Cet appel ne se fait pas ainsi : l’en-tête Allow dit comment."),
        429: _("Trop d’appels : revenez après le nombre de secondes de l’en-tête Retry-After."),
    }
    ours = _("Une panne de notre côté : revenez après le nombre de secondes de l’en-tête Retry-After.")
    return message or remedies.get(code, ours if code >= 500 else _("Voyez la description des appels dans /api/."))


def _wants_json() -> bool:
    return request.path.startswith("/api/v")
