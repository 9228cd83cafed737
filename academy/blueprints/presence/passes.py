"""The personal QR code: it says where to be shown, and lets who keeps the entrance mark its holder as present."""

import secrets
from dataclasses import dataclass
from datetime import UTC

from flask import current_app, make_response, redirect, render_template, request, url_for
from markupsafe import Markup

from academy.blueprints.presence.area import bp, door_of
from academy.domain import attendance, doors, half_days, passes
from academy.domain.errors import Refused
from academy.domain.half_days import HalfDay
from academy.extensions import limiter, transaction
from academy.formats import qr
from academy.models import DoorLink, Enrolment
from academy.policies import Action, can
from academy.web import clock, identity
from academy.web.guard import allow
from academy.web.links import absolute
from academy.web.page_cache import no_store
from academy.web.presence import half_day_words
from academy.web.refusals import words_of
from academy.web.session_cards import cards

_ADDRESS = "/q/<token>"


def door_cookie() -> str:
    """`__Host-` binds the cookie to this host; browsers accept it over https only."""
    return "__Host-academy_door" if current_app.config["SETTINGS"].is_https else "academy_door"


@dataclass(frozen=True)
class Shown:
    """A code that was scanned: whose place it is (None: nobody's), and the open door link of who scanned it."""

    token: str
    held: Enrolment | None
    door: DoorLink | None


def pass_of(token: str) -> Shown:
    """What a code says to this browser: a link of the door opens its own session only."""
    held = passes.by_token(token)
    kept = request.cookies.get(door_cookie(), "")
    door = doors.by_token(kept) if kept else None
    is_theirs = held is not None and door is not None and door.session_id == held.session_id
    return Shown(token, held, door if is_theirs and door and doors.is_open(door, now=clock.now()) else None)


@bp.get(_ADDRESS)
@limiter.limit("120 per minute")
@allow(Action.QR_SHOW, on=pass_of)
def show_pass(it: Shown):
    """Show the holder's name to who may mark it; to anybody else, only where to present the code."""
    return _page(it), 200 if it.held else 404


@bp.post(_ADDRESS)
@limiter.limit("120 per minute")
@allow(Action.QR_MARK, on=pass_of)
def mark_pass(it: Shown):
    """Mark the holder as present in the half-day of the moment."""
    if it.held is None:
        return _page(it), 404
    half_day = _half_day(it)
    try:
        if half_day is None:
            raise Refused("check_in_closed")
        with transaction():
            attendance.tap(
                it.held.session,
                it.held.person_id,
                half_day,
                is_present=True,
                nonce=request.form.get("nonce", ""),
                door=it.door,
                by=None if it.door else identity.me(),
                now=clock.now(),
            )
    except Refused as refusal:
        return _page(it, words_of(refusal)), 409
    return redirect(url_for(".show_pass", token=it.token), 303)


@bp.post("/porte/<token>/telephone")
@limiter.limit("30 per minute")
@allow(Action.DOOR_KEEP, on=door_of)
def lend_phone(link: DoorLink):
    """Let this browser mark whoever shows a personal code, until the link ends: asked for, by the one cookie it needs."""
    token = str((request.view_args or {})["token"])
    answer = make_response(redirect(url_for(".door", token=token), 303))
    if doors.is_open(link, now=clock.now()):
        is_https = current_app.config["SETTINGS"].is_https
        expires = link.expires_at.astimezone(UTC)
        answer.set_cookie(door_cookie(), token, expires=expires, secure=is_https, httponly=True, samesite="Lax")
    return answer


def _half_day(it: Shown) -> HalfDay | None:
    if it.held is None:
        return None
    found = doors.half_days_of(it.door) if it.door else attendance.of_session(it.held.session)
    return half_days.current(found, now=clock.now())


def _page(it: Shown, message: str = "") -> str:
    no_store()
    me = identity.member()
    may_mark = it.held is not None and can(me or identity.asker(), Action.QR_MARK, it)
    half_day = _half_day(it) if may_mark else None
    return render_template(
        "presence/pass.html",
        token=it.token,
        holder=it.held.person.name if may_mark and it.held else "",
        card=cards([it.held.session], now=clock.now())[0] if may_mark and it.held else None,
        half_day=half_day_words(half_day) if half_day else "",
        is_present=half_day is not None
        and it.held is not None
        and attendance.is_present(it.held.person_id, it.held.session_id, half_day),
        drawing=Markup(qr.svg(absolute(url_for(".show_pass", token=it.token)))) if it.held else "",  # noqa: S704 -- ours
        door=it.door,
        nonce=secrets.token_hex(10),
        message=message,
    )
