"""What machines ask for: drawings, the icon, robots.txt, the sitemap."""

from functools import lru_cache

from flask import Response, abort, url_for

from academy.blueprints.home import queries
from academy.blueprints.home.area import bp
from academy.formats import art, sitemap
from academy.policies import Action
from academy.web.assets import IMMUTABLE
from academy.web.guard import allow
from academy.web.links import absolute, in_language

CLOSED = ("/moi/", "/connexion", "/i/", "/atelier/", "/pilotage/")
LISTS = ("home.index", "cycles.index", "sessions.index", "resources.index")


@bp.get("/art/<path:name>.svg")
@allow(Action.PUBLIC_READ)
def art_file(name: str):
    """A drawing for ever: its address carries the version of the code that draws it."""
    if not _is_ours(name) or (drawing := _drawing(name)) is None:
        abort(404)
    return Response(drawing, mimetype="image/svg+xml", headers={"Cache-Control": IMMUTABLE})


@bp.get("/favicon.ico")
@allow(Action.PUBLIC_READ)
def favicon():
    """For browsers that ask for it unbidden."""
    return Response(_drawing("icon"), mimetype="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})


@bp.get("/robots.txt")
@allow(Action.PUBLIC_READ)
def robots():
    closed = [f"Disallow: {side}{path}" for side in ("", "/en") for path in CLOSED]
    lines = ["User-agent: *", *closed, "", f"Sitemap: {absolute(in_language(url_for('home.sitemap_file'), 'fr'))}"]
    return Response("\n".join([*lines, ""]), mimetype="text/plain")


@bp.get("/sitemap.xml")
@allow(Action.PUBLIC_READ)
def sitemap_file():
    """Every public page, each with its twin in the other language."""
    lists = [
        sitemap.Place(group=endpoint, language=language, path=in_language(url_for(endpoint), language))
        for endpoint in LISTS
        for language in ("fr", "en")
    ]
    return Response(sitemap.write([*lists, *queries.places()], absolute), mimetype="application/xml")


def _is_ours(name: str) -> bool:
    """Whether the name asks for the icon, the chart, or drawings of cycles that visitors know."""
    if name in {"icon", "chart", "flag-ressources"}:
        return True
    kind, _, slugs = name.partition(".") if name.startswith("covers.") else name.partition("-")
    wanted = set(slugs.split(".")) if kind == "covers" else {slugs}
    return kind in {"covers", "cover", "band", "flag"} and wanted <= queries.drawn_slugs()


@lru_cache(maxsize=64)
def _drawing(name: str) -> str | None:
    return art.drawing(name)
