"""Who is asking: a random token in a cookie, whose row says which person is signed in."""

from dataclasses import dataclass

from flask import Flask, Request, Response, current_app, g, has_request_context, request
from flask_login import AnonymousUserMixin

from academy.domain import accounts
from academy.extensions import db, login
from academy.models import Person, Role
from academy.web import clock
from academy.web.sign_ins import SignIns


@dataclass(frozen=True, slots=True)
class Member:
    """Who is signed in, as far as policies and the frame of a page ask: `current_user`; `me()` has the whole row."""

    id: int
    role: Role
    is_authenticated = True
    is_anonymous = False
    is_active = True


def cookie_name() -> str:
    """`__Host-` binds the cookie to this host; browsers accept it over https only."""
    return "__Host-academy" if current_app.config["SETTINGS"].is_https else "academy_sign_in"


def token() -> str | None:
    return request.cookies.get(cookie_name())


def asker() -> Member | AnonymousUserMixin:
    """Who asks, signed in or not: `current_user`, looked up once a request and not at each of its attributes."""
    if "_login_user" not in g:  # where Flask-Login keeps it
        g._login_user = _load(request) or AnonymousUserMixin()
    return g._login_user


def member() -> Member | None:
    """Who is signed in, or None; costs nothing for an anonymous visitor."""
    who = asker() if has_request_context() else None
    return who if isinstance(who, Member) else None


def me() -> Person | None:
    """The row of the signed-in person, or None."""
    asker = member()
    return db.session.get(Person, asker.id) if asker else None


def remember(response: Response, token: str) -> Response:
    """Put the token of `accounts.sign_in` into the browser."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(accounts.SIGN_IN_LIFETIME.total_seconds()),
        secure=current_app.config["SETTINGS"].is_https,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def forget(response: Response) -> Response:
    response.delete_cookie(cookie_name(), path="/", secure=current_app.config["SETTINGS"].is_https, httponly=True)
    return response


def init_app(app: Flask) -> None:
    app.extensions["sign_ins"] = SignIns()
    login.session_protection = None  # pyright: ignore[reportAttributeAccessIssue]  # rows are what protects
    login.request_loader(_load)
    # Nobody is remembered by a cookie of Flask-Login; looking for one would make every page vary by cookie.
    app.after_request_funcs[None].remove(login._update_remember_cookie)
    app.before_request(_skip_for_visitors)
    app.after_request(_forget_the_dead)


def _load(request: Request) -> Member | None:
    kept = token()
    found = current_app.extensions["sign_ins"].find(kept, now=clock.now()) if kept else None
    g.has_dead_token = kept is not None and found is None
    return Member(found.id, found.role) if found else None


def _forget_the_dead(response: Response) -> Response:
    # Signed out elsewhere: the next form must be a visitor's, without a token to check.
    if g.get("has_dead_token") and "Set-Cookie" not in response.headers:
        forget(response)
    return response


def _skip_for_visitors() -> None:
    # Without this, Flask-Login reads Flask's session, and every public page would vary by cookie.
    if token() is None:
        be_visitor()


def be_visitor() -> None:
    """Answer the rest of this request as to a visitor, without asking the database who it is."""
    g._login_user = AnonymousUserMixin()
