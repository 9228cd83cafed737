"""Serve the style sheet: the CSS files joined in a fixed order, under an address that names their content."""

import hashlib
import re
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort
from markupsafe import Markup

from academy.formats import art
from academy.policies import Action
from academy.web.guard import allow

STATIC = Path(__file__).resolve().parent.parent / "static"
BEFORE, AFTER = ("reset", "tokens", "base", "layout"), ("utilities", "print")  # components stand between
IMMUTABLE = "public, max-age=31536000, immutable"

# A quoted string is kept as it is; a comment goes; blanks vanish around { } ; and shrink to one elsewhere.
_TOKEN = re.compile(r"""("[^"\n]*"|'[^'\n]*')|/\*.*?\*/|\s*([{};])\s*|(\s+)""", re.DOTALL)


def smaller(css: str) -> str:
    """Drop comments and needless blanks; selectors and values are left alone."""
    without_comments = _TOKEN.sub(lambda m: m[0] if not m[0].startswith("/*") else " ", css)
    return _TOKEN.sub(lambda m: m[1] or m[2] or " ", without_comments).strip()


def sheets() -> list[Path]:
    """List the CSS files in the order of the page: the first one fixes the order of the layers."""
    folder = STATIC / "css"
    components = sorted((folder / "components").glob("*.css"))
    return [
        *(folder / f"{name}.css" for name in BEFORE),
        *components,
        *(folder / f"{name}.css" for name in AFTER),
    ]


@cache
def stylesheet() -> tuple[bytes, str]:
    """Join the style sheet once in a process; give it with the hash that its address carries."""
    return _hashed(smaller("\n".join(sheet.read_text("utf-8") for sheet in sheets())))


@cache
def script() -> tuple[bytes, str]:
    """Join the scripts of static/js, if there are any."""
    return _hashed("\n".join(file.read_text("utf-8") for file in sorted((STATIC / "js").glob("*.js"))))


def _hashed(text: str) -> tuple[bytes, str]:
    content = text.encode()
    return content, hashlib.sha256(content).hexdigest()[:12]


ASSETS = {"css": (stylesheet, "text/css"), "js": (script, "text/javascript")}


def asset_url(name: str) -> str:
    """Give the address of `site.css` or `site.js` as it is now."""
    kind = name.rpartition(".")[2]
    make, _ = ASSETS[kind]
    return f"/assets/site-{make()[1]}.{kind}"  # not url_for: both languages share one copy


@allow(Action.PUBLIC_READ)
def asset(digest: str, kind: str) -> Response:
    """Send a joined file; an old address still works, so that a cached page never loses its looks."""
    if kind not in ASSETS:
        abort(404)
    make, mimetype = ASSETS[kind]
    content, current = make()
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = IMMUTABLE if digest == current else "public, max-age=300"
    response.set_etag(current)
    return response


def init_app(app: Flask) -> None:
    """Add the route of the assets, and what templates call to name an asset or to draw a flag."""
    app.add_url_rule("/assets/site-<digest>.<kind>", endpoint="assets", view_func=asset)
    app.jinja_env.globals.update(
        asset_url=asset_url,
        flag_svg=lambda slug: Markup(art.flag_svg(slug)),  # noqa: S704 -- drawn by us, the slug is not written in it
        flag_letter=art.letter_of,
    )
