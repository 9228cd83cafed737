"""Sign the attendance sheet: each half-day, by a finger or by a typed name."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for

from academy.blueprints.presence.area import bp, session_of
from academy.blueprints.presence.here import HERE, by_person
from academy.domain import attendance, sheets, speakers
from academy.domain.errors import Refused
from academy.domain.half_days import HalfDay, named
from academy.extensions import limiter, transaction
from academy.models import CycleSession, Person, Signer
from academy.policies import Action
from academy.web import clock, identity
from academy.web.guard import allow
from academy.web.locale import gettext as _
from academy.web.page_cache import no_store
from academy.web.presence import half_day_words
from academy.web.refusals import words_of
from academy.web.session_cards import cards


@dataclass(frozen=True)
class ToSign:
    """A half-day that somebody signed, or may sign."""

    key: str
    words: str
    signer: str
    is_signed: bool


@bp.get(f"{HERE}signer")
@allow(Action.SESSION_CHECK_IN, on=session_of)
def signing(session: CycleSession):
    """Show what is signed and what is to be signed."""
    return _page(session)


@bp.post(f"{HERE}signer")
@limiter.limit("30 per minute", key_func=by_person)
@allow(Action.SESSION_CHECK_IN, on=session_of)
def sign(session: CycleSession):
    """Add a signature to the chain of the session."""
    try:
        _sign(session)
    except Refused as refusal:
        return _page(session, words_of(refusal)), 409
    flash(_("Votre signature est enregistrée."), "success")
    return redirect(url_for(".signing", id=session.id), 303)


def _sign(session: CycleSession) -> None:
    half_day = named(attendance.of_session(session), request.form.get("half", ""))
    signer = request.form.get("signer", "")
    if half_day is None or signer not in set(Signer):
        raise Refused("tap_unreadable")
    typed, drawing = request.form.get("typed", ""), request.form.get("drawing", "")
    with transaction():
        sheets.sign(_me(), session, half_day, Signer(signer), typed=typed, drawing=drawing, now=clock.now())


def _page(session: CycleSession, message: str = "") -> str:
    """Nothing of the session is shown to who was not there and does not teach."""
    no_store()
    me, now = _me(), clock.now()
    mine = _mine(session, me)
    return render_template(
        "presence/signing.html",
        session=session,
        card=cards([session], now=now)[0] if mine else None,
        mine=mine,
        typed=request.form.get("typed", "")[:120],
        message=message,
    )


def _mine(session: CycleSession, me: Person) -> list[ToSign]:
    """The half-days that are signed by me, or in which I am marked; for who teaches, those that have begun."""
    now = clock.now()
    there = attendance.present(session.id)
    signed = {
        (str(row.signer), f"{row.day}.{row.half}") for row in sheets.signatures(session.id) if row.person_id == me.id
    }
    teaches = speakers.teaches(me, session)
    found: list[ToSign] = []
    for it in attendance.of_session(session):
        is_open = it.starts_at <= now < it.ends_at + sheets.LATE
        may = {"participant": is_open and (me.id, it.key) in there, "trainer": is_open and teaches}
        found += [_to_sign(it, as_, (as_, it.key) in signed) for as_ in may if may[as_] or (as_, it.key) in signed]
    return found


def _to_sign(half_day: HalfDay, signer: str, is_signed: bool) -> ToSign:
    return ToSign(half_day.key, half_day_words(half_day), signer, is_signed)


def _me() -> Person:
    me = identity.me()
    assert me is not None, "the guard lets signed-in people through only"
    return me
