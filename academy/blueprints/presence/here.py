"""« I am here »: whoever has a place marks themself with the code of the room."""

from flask import redirect, render_template, request, url_for

from academy.blueprints.presence.area import bp, session_of
from academy.domain import attendance, half_days
from academy.domain.errors import Refused
from academy.extensions import limiter, transaction
from academy.models import CycleSession
from academy.policies import Action
from academy.web import clock, identity
from academy.web.guard import allow
from academy.web.page_cache import no_store
from academy.web.presence import half_day_words
from academy.web.refusals import words_of
from academy.web.session_cards import cards

HERE = "/presence/<int(max=2147483647):id>/"


def by_person() -> str:
    """Count the codes that one person tries."""
    who = identity.member()
    return f"person:{who.id}" if who else request.remote_addr or ""


@bp.get(HERE)
@allow(Action.SESSION_CHECK_IN, on=session_of)
def here(session: CycleSession):
    """Ask for the code that stands on the screen of the room."""
    return _page(session)


@bp.get(f"{HERE}<code>")
@allow(Action.SESSION_CHECK_IN, on=session_of)
def scanned(session: CycleSession):
    """The same after scanning it: one button is left to press."""
    return _page(session, code=str((request.view_args or {})["code"])[:20])


@bp.post(HERE)
@limiter.limit("10 per minute", key_func=by_person)
@allow(Action.SESSION_CHECK_IN, on=session_of)
def check_in(session: CycleSession):
    """Mark who is signed in as present in the half-day of the moment."""
    me = identity.me()
    assert me is not None, "the guard lets signed-in people through only"
    try:
        with transaction():
            attendance.check_in(me, session, request.form.get("code", ""), now=clock.now())
    except Refused as refusal:
        return _page(session, message=words_of(refusal)), 409
    return redirect(url_for(".here", id=session.id), 303)


def _page(session: CycleSession, *, code: str = "", message: str = "") -> str:
    """Nothing of the session is shown to who has no place in it."""
    no_store()
    me, now = identity.member(), clock.now()
    assert me is not None
    seat = attendance.seat_of(me.id, session.id)
    half_day = half_days.current(attendance.of_session(session), now=now) if seat else None
    return render_template(
        "presence/here.html",
        session=session,
        card=cards([session], now=now)[0] if seat else None,
        half_day=half_day_words(half_day) if half_day else "",
        is_present=half_day is not None and attendance.is_present(me.id, session.id, half_day),
        code=code,
        message=message,
    )
