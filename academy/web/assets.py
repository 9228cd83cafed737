"""Serve the style sheet and the scripts: files joined in a fixed order, under an address that names their content.

Every page loads one script, in its head and before the style sheet. Theme comes first in it: the choice must be known
before the first paint, or a reader who chose the dark page sees a white flash at each step. A file of its own for that
would be a sixth request on the home page; the CSP allows no inline script; a deferred script comes too late. The whole
is under 4 kB, fetched while the style sheet (which holds the paint up anyway) is, and never again until it changes.
The studio's editor has six more, the roll of the door and slides one or two, all deferred. Each page loads one style sheet: the studio
and the desk have each their own, without the components that only the other pages use; slides have one of a few components.
"""

import hashlib
import re
from functools import cache, partial
from pathlib import Path

from flask import Flask, Response, abort

from academy.policies import Action
from academy.web.guard import allow

STATIC = Path(__file__).resolve().parent.parent / "static"
BEFORE, AFTER = ("reset", "tokens", "base", "layout"), ("utilities", "print")  # components stand between
TEAM = ("studio", "desk")  # blueprints whose pages have a sheet of their own; their component bears the same name
NOT_OF_TEAM = frozenset(  # components that no page of the studio or the desk uses
    """
    account chart_hero chips codebook cycle_head embed enrol facet facts file_list finder hit kind_icon module_head
    module_list notice_list off_chart outline people prev_next reuse route seats session_card session_head sign_in steps
    venue_map
    """.split()
)
STAGE = ("prose", "slides", "state")  # the components of slides
FIRST, APART = (
    ("behaviours", "theme"),
    ("studio", "panes", "writing", "finding", "plan", "pictures", "presence", "sign", "slides"),
)  # of static/js; the others follow in the order of their names
IMMUTABLE = "public, max-age=31536000, immutable"

# A quoted string is kept as it is; a comment goes; blanks vanish around { } ; , > and after a colon, and shrink to one
# elsewhere; the last semicolon of a block goes.
_TOKEN = re.compile(r"""("[^"\n]*"|'[^'\n]*')|/\*.*?\*/|\s*;?\s*(})\s*|\s*([{;,>])\s*|(:)\s+|(\s+)""", re.DOTALL)
_COMPONENT = "}@layer components{"  # where one component ends and the next begins


def smaller(css: str) -> str:
    """Drop comments and needless blanks; selectors and values are left alone."""
    without_comments = _TOKEN.sub(lambda m: m[0] if not m[0].startswith("/*") else " ", css)
    return _TOKEN.sub(lambda m: m[1] or m[2] or m[3] or m[4] or " ", without_comments).strip()


def sheets(name: str = "site") -> list[Path]:
    """List the CSS files of a sheet in the order of the page: the first one fixes the order of the layers."""
    folder = STATIC / "css"
    left_out = {*TEAM, "slides", *(NOT_OF_TEAM if name in TEAM else ())}
    known = sorted(path.stem for path in (folder / "components").glob("*.css"))
    components = STAGE if name == "slides" else [stem for stem in known if stem not in left_out]
    own = [name] if name in TEAM else []
    return [
        *(folder / f"{part}.css" for part in BEFORE),
        *(folder / "components" / f"{stem}.css" for stem in [*components, *own]),
        *(folder / f"{part}.css" for part in AFTER if (part, name) != ("print", "slides")),  # they print themselves
    ]


@cache
def stylesheet(name: str = "site") -> tuple[bytes, str]:
    """Join a style sheet once in a process; give it with the hash that its address carries."""
    before, *components = smaller("\n".join(sheet.read_text("utf-8") for sheet in sheets(name))).split(_COMPONENT)
    return _hashed(before + _COMPONENT + "".join(components))  # their layer is opened and closed once


@cache
def script() -> tuple[bytes, str]:
    """Join the behaviours of every page: each in a scope of its own, in one that shares `behaviours` and `say`."""
    rest = sorted(path.stem for path in (STATIC / "js").glob("*.js") if path.stem not in {*FIRST, *APART})
    shared, *parts = (_script(name) for name in (*FIRST, *rest))
    return _hashed('"use strict";{\n' + shared + "".join(f"{{\n{part}}}\n" for part in parts) + "}\n")


@cache
def own_script(name: str) -> tuple[bytes, str]:
    """Give a script that few pages need."""
    return _hashed(_script(name))


def _script(name: str) -> str:
    """A script without its whole-line comments and its indents."""
    text = (STATIC / "js" / f"{name}.js").read_text("utf-8")
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def _hashed(text: str) -> tuple[bytes, str]:
    content = text.encode()
    return content, hashlib.sha256(content).hexdigest()[:12]


ASSETS = {
    **{f"{name}.css": (partial(stylesheet, name), "text/css") for name in ("site", *TEAM, "slides")},
    "site.js": (script, "text/javascript"),
    **{f"{name}.js": (partial(own_script, name), "text/javascript") for name in APART},
}


def asset_url(name: str) -> str:
    """Give the address of one of ASSETS as it is now."""
    stem, _, kind = name.partition(".")
    make, _ = ASSETS[name]
    return f"/assets/{stem}-{make()[1]}.{kind}"  # not url_for: both languages share one copy


@allow(Action.PUBLIC_READ)
def asset(name: str, digest: str, kind: str) -> Response:
    """Send a joined file; an old address still works, so that a cached page never loses its looks."""
    if f"{name}.{kind}" not in ASSETS:
        abort(404)
    make, mimetype = ASSETS[f"{name}.{kind}"]
    content, current = make()
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = IMMUTABLE if digest == current else "public, max-age=300"
    response.set_etag(current)
    return response


def init_app(app: Flask) -> None:
    """Add the route of the assets, and what templates call to name one."""
    app.add_url_rule("/assets/<name>-<digest>.<kind>", endpoint="assets", view_func=asset)
    app.jinja_env.globals["asset_url"] = asset_url
