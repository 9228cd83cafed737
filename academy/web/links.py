"""Where a document lives: the one place that turns a row or a hit into an address."""

import re
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, has_request_context, request, url_for

from academy.models import Kind
from academy.web.locale import language as page_language, this_request

_STABLE = re.compile(r'(<a class="(?:wiki|term)" href=")(?:/en)?/(d|glossaire)/')  # as they are rendered
_PLAIN = re.compile(r"[a-z0-9-]+")  # nothing to escape


def area_of(kind: str) -> str:
    """The part of the site where a text is read: "cycles" or "resources"."""
    return "cycles" if kind == Kind.MODULE else "resources"


def document_url(kind: str, *, id: int, slug: str, cycle: str = "", language: str | None = None) -> str:
    """The path of a document's page; *id* is that of the session for a session, else of the document.

    In the page's language, or in *language*: the site that shows the edition which was found.
    """
    match Kind(kind):
        case Kind.CYCLE:
            path = path_to("cycles.show", slug=cycle or slug)
        case Kind.MODULE:
            path = path_to("modules.show", cycle=cycle, slug=slug)
        case Kind.SESSION:
            path = _numbered("sessions.show", id, slug)
        case Kind.RESOURCE:
            path = _numbered("resources.show", id, slug)
        case Kind.PAGE:
            path = path_to("home.page", slug=slug)
    return in_language(path, language or page_language())


def in_language(path: str, language: str) -> str:
    """The same page of ours on the French or the English side of the site."""
    root = this_request().script_root
    bare, mount = path.removeprefix(root), root.removesuffix("/en")
    return f"{mount}/en{bare}" if language == "en" else f"{mount}{bare}"


def on_this_side(html: str) -> str:
    """The HTML of a text, its links to other texts on the side of the site, and under the mount, where it is shown."""
    return _STABLE.sub(rf"\1{request.script_root}/\2/", html)


def absolute(path: str) -> str:
    """The address of a path of ours as people see it, for feeds, the sitemap and the API."""
    mount = request.script_root.removesuffix("/en")
    return f"{current_app.config['SETTINGS'].public_url.rstrip('/')}{path.removeprefix(mount)}"


def path_to(endpoint: str, **values: Any) -> str:
    """`url_for`, remembered: a path depends on its arguments and on the side of the site alone."""
    is_plain = all(isinstance(value, str | int) and name[0] != "_" for name, value in values.items())
    if not is_plain or endpoint[0] == "." or not has_request_context():
        return url_for(endpoint, **values)
    return _path(this_request().script_root, endpoint, **values)


@lru_cache(maxsize=4096)
def _path(root: str, endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **values)


def _numbered(endpoint: str, id: int, slug: str) -> str:
    """`path_to` where there are too many to be remembered: the number and the slug are written into one that is."""
    if not _PLAIN.fullmatch(slug):
        return path_to(endpoint, id=id, slug=slug)
    return f"{path_to(endpoint, id=0, slug='-').removesuffix('0--/')}{id}-{slug}/"


def init_app(app: Flask) -> None:
    app.jinja_env.globals["url_for"] = path_to
