"""The list of venues, the page of one, the map with its mark."""

from flask import Blueprint, Response, abort

from academy.blueprints.venues import queries
from academy.formats import art
from academy.policies import Action
from academy.web import clock
from academy.web.assets import IMMUTABLE
from academy.web.fragments import kept_page
from academy.web.guard import allow
from academy.web.venue_cards import VenueCard

bp = Blueprint("venues", __name__)


@bp.get("/lieux/")
@allow(Action.PUBLIC_READ)
def index():
    return kept_page("venues/index.html", context=lambda: queries.venues(now=clock.now()))


@bp.get("/lieux/<slug>/")
@allow(Action.PUBLIC_READ, on=queries.venue)
def show(venue: VenueCard):
    return kept_page("venues/show.html", venue.id, context=lambda: queries.parts(venue, now=clock.now()))


@bp.get("/art/venue-<slug>.svg")
@allow(Action.PUBLIC_READ, on=queries.venue)
def drawing(venue: VenueCard):
    """The map with the mark of one venue, for ever: its address carries the position."""
    drawn = art.venue_svg(*venue.position) if venue.position else None
    return Response(drawn or abort(404), mimetype="image/svg+xml", headers={"Cache-Control": IMMUTABLE})
