"""Every POST comes from our own pages: the browser says so, and a signed-in one carries a token too."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request

from academy.extensions import csrf
from academy.web import identity

_READING = {"GET", "HEAD", "OPTIONS"}


View = TypeVar("View", bound=Callable[..., Any])


def by_link(view: View) -> View:
    """Let a view be posted from anywhere: the token in its address is the authority, as RFC 8058 asks."""
    view.is_by_link = True  # pyright: ignore[reportFunctionMemberAccess]
    return view


def init_app(app: Flask) -> None:
    app.before_request(_protect)


def _protect() -> None:
    """Refuse what another site sent.

    Browsers name the origin of every cross-site POST (Sec-Fetch-Site or Origin); a client that
    names none is no browser and holds no cookie of ours to abuse. Public pages hold no token, so
    that they are the same for everybody and can be cached; a signed-in POST must carry one.
    """
    if request.method in _READING or _is_by_link():
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        if site not in {"same-origin", "none"}:
            abort(400, "cross_site")
    elif origin is not None and urlsplit(origin).netloc != request.host:
        abort(400, "cross_site")
    if identity.token() is not None:
        csrf.protect()


def _is_by_link() -> bool:
    return getattr(current_app.view_functions.get(request.endpoint or ""), "is_by_link", False)
