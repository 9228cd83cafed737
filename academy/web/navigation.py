"""What every template knows: who is signed in, messages to show, where links lead."""

from urllib.parse import urlsplit

from flask import Flask, current_app, get_flashed_messages, has_request_context, request, url_for

from academy.policies import Action, can
from academy.web import identity
from academy.web.locale import other_language_url


def init_app(app: Flask) -> None:
    app.context_processor(_who)
    app.jinja_env.globals.update(may=may, art_url=art_url, public_url=public_url)


def _who() -> dict[str, object]:
    if not has_request_context():  # a mail
        return {"settings": current_app.config["SETTINGS"]}
    me = identity.me()
    return {
        "me": me,
        "signed_in": me is not None,
        "notices": messages(),
        "other_language_url": other_language_url(),
        "settings": current_app.config["SETTINGS"],
    }


def may(action: str, it: object = None) -> bool:
    """Whether the signed-in person may do the action: `{% if may("desk:use") %}`."""
    me = identity.me()
    return me is not None and can(me, Action(action), it)


def messages() -> list[tuple[str, str]]:
    """(category, text) of what the last action said; asks for no cookie of a visitor without one."""
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return []
    return get_flashed_messages(with_categories=True)  # pyright: ignore[reportReturnType]


def art_url(name: str) -> str:
    """A drawing; the same for both languages."""
    return f"{request.script_root.removesuffix('/en')}/art/{name}.svg?{_art_version()}"


def public_url(path: str) -> str:
    """The address of a path of ours as people see it, for feeds and canonical links."""
    return f"{current_app.config['SETTINGS'].public_url.rstrip('/')}{path}"


def safe_next(target: str | None) -> str:
    """The path to go on to after sign-in, if it is one of ours; else my space."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")):
        parts = urlsplit(target)
        if not parts.scheme and not parts.netloc and "\\" not in target and target.isprintable():
            return target
    return url_for("account.my_space")


def _art_version() -> str:
    return current_app.extensions["content_version"].build
