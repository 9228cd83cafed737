"""What every template knows: who is signed in, messages to show, where links lead."""

from functools import cache
from urllib.parse import quote, urlsplit

from flask import Flask, current_app, get_flashed_messages, has_request_context, request, url_for

from academy.formats import art
from academy.policies import Action, can
from academy.web import identity
from academy.web.locale import other_language_url


def init_app(app: Flask) -> None:
    app.context_processor(_who)
    app.jinja_env.globals.update(may=may, art_url=art_url, icon_url=icon_url)


def _who() -> dict[str, object]:
    if not has_request_context():  # a mail
        return {"settings": current_app.config["SETTINGS"]}
    me = identity.member()
    return {
        "me": me,
        "signed_in": me is not None,
        "notices": messages(),
        "other_language_url": other_language_url(),
        "settings": current_app.config["SETTINGS"],
    }


def may(action: str, it: object = None) -> bool:
    """Whether the signed-in person may do the action: `{% if may("desk:use") %}`."""
    me = identity.member()
    return me is not None and can(me, Action(action), it)


def messages() -> list[tuple[str, str]]:
    """(category, text) of what the last action said; asks for no cookie of a visitor without one."""
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return []
    return get_flashed_messages(with_categories=True)  # pyright: ignore[reportReturnType]


def art_url(name: str, kind: str = "svg") -> str:
    """A drawing; the same for both languages."""
    return f"{request.script_root.removesuffix('/en')}/art/{name}.{kind}?{_art_version()}"


@cache
def icon_url() -> str:
    """The favicon inside its own address: 500 bytes of the page instead of one more request on a first visit."""
    return "data:image/svg+xml," + quote(art.icon_svg(), safe="=:/;,()")


def safe_next(target: str | None) -> str:
    """The path to go on to after sign-in, if it is one of ours; else my space."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")):
        parts = urlsplit(target)
        if not parts.scheme and not parts.netloc and "\\" not in target and target.isprintable():
            return target
    return url_for("account.my_space")


def _art_version() -> str:
    return current_app.extensions["content_version"].build
