"""What machines ask for: robots.txt, the sitemap and its parts."""

from flask import Response, abort, url_for

from academy.blueprints.home import queries
from academy.blueprints.home.area import bp
from academy.formats import sitemap
from academy.policies import Action
from academy.web.guard import allow
from academy.web.links import absolute, in_language

CLOSED = ("/moi/", "/connexion", "/i/", "/atelier/", "/pilotage/", "/verifier/")
LISTS = ("home.index", "cycles.index", "sessions.index", "venues.index", "resources.index")


@bp.get("/robots.txt")
@allow(Action.PUBLIC_READ)
def robots():
    closed = [f"Disallow: {side}{path}" for side in ("", "/en") for path in CLOSED]
    lines = ["User-agent: *", *closed, "", f"Sitemap: {absolute(in_language(url_for('home.sitemap_file'), 'fr'))}"]
    return Response("\n".join([*lines, ""]), mimetype="text/plain")


@bp.get("/sitemap.xml")
@allow(Action.PUBLIC_READ)
def sitemap_file():
    """Every public page, each with its twin in the other language; of a large collection, where its parts are."""
    parts = queries.parts_of_map()
    if len(parts) == 1:
        return _map(0)
    maps = [(absolute(url_for("home.sitemap_part", part=part)), changed) for part, changed in parts.items()]
    return Response(sitemap.write_index(maps), mimetype="application/xml")


@bp.get("/sitemap-<int(max=1000000):part>.xml")
@allow(Action.PUBLIC_READ)
def sitemap_part(part: int):
    """A part of the map; the first has the lists and the venues too."""
    return _map(part)


def _map(part: int) -> Response:
    places = [*queries.places(part)]
    if part == 0:
        places[:0] = [
            sitemap.Place(group=endpoint, language=language, path=in_language(url_for(endpoint), language))
            for endpoint in LISTS
            for language in ("fr", "en")
        ]
        places += queries.venue_places()
    if not places:
        abort(404)
    return Response(sitemap.write(places, absolute), mimetype="application/xml")
