"""The door: whoever holds the link of the day marks who comes in, also when the network is away for a while."""

from flask import redirect, render_template, request, url_for

from academy.blueprints.presence.area import bp, door_of
from academy.blueprints.presence.passes import door_cookie
from academy.domain import doors
from academy.domain.errors import Refused
from academy.extensions import limiter
from academy.models import DoorLink
from academy.policies import Action
from academy.web import clock
from academy.web.guard import allow
from academy.web.page_cache import no_store
from academy.web.presence import obey, roll
from academy.web.refusals import words_of
from academy.web.session_cards import cards

DOOR = "/porte/<token>/"


@bp.get(DOOR)
@limiter.limit("300 per minute")
@allow(Action.DOOR_KEEP, on=door_of)
def door(link: DoorLink):
    """Show the roll of the day."""
    return _page(link)


@bp.post(DOOR)
@limiter.limit("600 per minute")
@allow(Action.DOOR_KEEP, on=door_of)
def tap(link: DoorLink):
    """Mark somebody, or take the mark back."""
    if not doors.is_open(link, now=clock.now()):
        return _page(link)
    try:
        key = obey(link.session, doors.half_days_of(link), link)
    except Refused as refusal:
        return _page(link, words_of(refusal)), 409
    return redirect(url_for(".door", half=key, token=_token()), 303)


def _page(link: DoorLink, message: str = ""):
    no_store()
    now = clock.now()
    if not doors.is_open(link, now=now):
        return render_template("presence/door_closed.html", link=link), 410
    facts = roll(link.session, doors.half_days_of(link), now=now)
    return render_template(
        "presence/door.html",
        link=link,
        card=cards([link.session], now=now)[0],
        message=message,
        token=_token(),
        is_lent=request.cookies.get(door_cookie()) == _token(),
        **facts,
    )


def _token() -> str:
    return str((request.view_args or {})["token"])
