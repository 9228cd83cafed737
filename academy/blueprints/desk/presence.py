"""Presence at the desk: the roll of each half-day, the code on the screen of the room, the links of the door."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup

from academy.blueprints.desk.area import DOOR, SESSION, bp, door_of, me, per_person, session_of
from academy.domain import attendance, doors, room_codes
from academy.domain.errors import Refused
from academy.extensions import transaction
from academy.formats import qr
from academy.models import CycleSession, DoorLink
from academy.policies import Action
from academy.web import clock
from academy.web.filters import long_date
from academy.web.guard import allow
from academy.web.links import absolute
from academy.web.locale import gettext as _
from academy.web.presence import obey, roll
from academy.web.refusals import words_of
from academy.web.session_cards import cards


@bp.get(f"{SESSION}/presences/")
@allow(Action.ATTENDANCE_KEEP, on=session_of)
def presences(session: CycleSession):
    """Show who is there, and how others may help."""
    return _page(session)


@bp.post(f"{SESSION}/presences/")
@allow(Action.ATTENDANCE_KEEP, on=session_of)
def tap(session: CycleSession):
    """Mark somebody, or take the mark back, also long after."""
    try:
        key = obey(session, attendance.of_session(session), None)
    except Refused as refusal:
        return _page(session, words_of(refusal)), 409
    return redirect(url_for(".presences", id=session.id, half=key), 303)


@bp.get(f"{SESSION}/salle/")
@allow(Action.ATTENDANCE_KEEP, on=session_of)
def room(session: CycleSession):
    """Show the code of the room, for its screen."""
    if not attendance.of_session(session):
        return redirect(url_for(".presences", id=session.id))  # which says why there is none
    found, now = room_codes.of(session.id), clock.now()
    facts = {"session": session, "card": cards([session], now=now)[0], "code": "", "left": room_codes.STEP}
    if found is not None:
        facts["code"], facts["left"] = room_codes.shown(found, now=now)
        facts["drawing"] = Markup(qr.svg(_address("presence.scanned", id=session.id, code=facts["code"])))  # noqa: S704 -- ours
        facts["address"] = _address("presence.here", id=session.id)
    return render_template("desk/room.html", **facts)


@bp.post(f"{SESSION}/salle/")
@per_person
@allow(Action.ATTENDANCE_KEEP, on=session_of)
def open_room(session: CycleSession):
    """Give the room a code, or another one."""
    if not attendance.of_session(session):
        return redirect(url_for(".presences", id=session.id), 303)
    with transaction():
        room_codes.renew(session, by=me(), now=clock.now())
    return redirect(url_for(".room", id=session.id), 303)


@bp.post(f"{SESSION}/porte")
@per_person
@allow(Action.ATTENDANCE_KEEP, on=session_of)
def open_door(session: CycleSession):
    """Make a link for a helper; its address is shown this once."""
    try:
        with transaction():
            link, token = doors.make(session, request.form.get("name", ""), by=me(), now=clock.now())
            name, day = link.name, link.day
    except Refused as refusal:
        return _page(session, words_of(refusal)), 409
    flash(
        _(
            "Lien de %(name)s, valable jusqu’à la fin du %(day)s. Copiez-le maintenant, il ne sera plus montré : %(url)s",
            name=name,
            day=long_date(day),
            url=_address("presence.door", token=token),
        ),
        "success",
    )
    return redirect(url_for(".presences", id=session.id), 303)


@bp.post(f"{DOOR}/fermer")
@per_person
@allow(Action.ATTENDANCE_KEEP, on=door_of)
def close_door(link: DoorLink):
    """Close a link before its day is over."""
    session_id = link.session_id
    with transaction():
        doors.revoke(link, by=me(), now=clock.now())
    flash(_("Le lien est fermé : il n’ouvre plus rien."), "success")
    return redirect(url_for(".presences", id=session_id), 303)


def _page(session: CycleSession, message: str = "") -> str:
    now = clock.now()
    return render_template(
        "desk/presences.html",
        session=session,
        card=cards([session], now=now)[0],
        links=doors.open_links(session.id, now=now),
        message=message,
        name=request.form.get("name", ""),
        **roll(session, attendance.of_session(session), now=now),
    )


def _address(endpoint: str, **values: Any) -> str:
    return absolute(url_for(endpoint, **values))
