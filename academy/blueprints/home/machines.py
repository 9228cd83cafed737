"""What machines ask for: robots.txt, the sitemap."""

from flask import Response, url_for

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
    """Every public page, each with its twin in the other language."""
    lists = [
        sitemap.Place(group=endpoint, language=language, path=in_language(url_for(endpoint), language))
        for endpoint in LISTS
        for language in ("fr", "en")
    ]
    return Response(
        sitemap.write([*lists, *queries.places(), *queries.venue_places()], absolute), mimetype="application/xml"
    )
