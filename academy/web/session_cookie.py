"""Flask's signed cookie (messages and the token of forms), opened with a serializer that is made once."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class SessionCookie(SecureCookieSessionInterface):
    """Flask builds a serializer twice a request; ours is built again only when a key changes."""

    def __init__(self) -> None:
        self._made: tuple[object, URLSafeTimedSerializer | None] = (None, None)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        keys = (app.secret_key, tuple(app.config["SECRET_KEY_FALLBACKS"] or ()))
        made_for, made = self._made
        if made_for != keys:
            made = super().get_signing_serializer(app)
            self._made = (keys, made)
        return made


def init_app(app: Flask) -> None:
    app.session_interface = SessionCookie()
