"""Flask's signed cookie (messages and the token of forms), opened and signed as seldom as it can be."""

import threading

from cachetools import TTLCache
from flask import Flask, Request, current_app, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer

BROWSERS, LASTING = 2000, 60  # seconds for which a cookie that was verified, or a token that was signed, is taken again


class SessionCookie(SecureCookieSessionInterface):
    """Flask builds a serializer twice a request and verifies the same cookie at each; ours remembers both."""

    def __init__(self) -> None:
        self._made: tuple[object, URLSafeTimedSerializer | None] = (None, None)
        self._opened: TTLCache[str, dict[str, str]] = TTLCache(BROWSERS, LASTING)
        self._tokens: TTLCache[str, str] = TTLCache(BROWSERS, LASTING)
        self._lock = threading.Lock()

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        keys = (app.secret_key, tuple(app.config["SECRET_KEY_FALLBACKS"] or ()))
        made_for, made = self._made
        if made_for != keys:
            made = super().get_signing_serializer(app)
            self._made = (keys, made)
            self._opened.clear()
            self._tokens.clear()
        return made

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        self.get_signing_serializer(app)  # another key: nothing remembered holds
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        with self._lock:
            known = self._opened.get(cookie)
        if known is not None:
            return self.session_class(known)
        opened = super().open_session(app, request)
        # Only words are kept: a list, as of messages, could be changed by the request that reads it.
        if opened and all(isinstance(value, str) for value in opened.values()):
            with self._lock:
                self._opened[cookie] = dict(opened)
        return opened

    def form_token(self) -> str:
        """The token of this browser's forms, signed at most once a minute."""
        raw = session.get("csrf_token", "")
        with self._lock:
            known = self._tokens.get(raw)
        if known is not None:
            return known
        token = generate_csrf()
        with self._lock:
            self._tokens[session["csrf_token"]] = token
        return token


def form_token() -> str:
    """The token that a form of somebody signed in carries: `csrf_token()` of the templates."""
    return current_app.extensions["session_cookie"].form_token()


def init_app(app: Flask) -> None:
    app.session_interface = app.extensions["session_cookie"] = SessionCookie()
    app.jinja_env.globals["csrf_token"] = form_token  # for macros, and for templates: Flask-WTF sets both
    app.context_processor(lambda: {"csrf_token": form_token})
