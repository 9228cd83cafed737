"""Dates to take along: a session, or all of them, as a calendar."""

from flask import abort, redirect, request, url_for

from academy.blueprints.sessions import queries
from academy.blueprints.sessions.area import SESSION, bp, session_of
from academy.models import CycleSession
from academy.policies import Action
from academy.web import agendas, clock
from academy.web.guard import allow
from academy.web.locale import gettext as _
from academy.web.session_cards import SPOKEN, cards


@bp.get("/sessions/agenda.ics")
@allow(Action.PUBLIC_READ)
def agenda():
    """Every session with a date; one that was called off stays, and says so."""
    now = clock.now()
    sessions = queries.dated(now=now, loaded=SPOKEN)
    return agendas.answer(
        agendas.events(sessions, cards(sessions, now=now)),
        name=_("Académie One Provence : les sessions"),
        url=url_for("sessions.index"),
        source=url_for("sessions.agenda"),
        file="sessions",
    )


@bp.get(f"{SESSION}-<slug>.ics")
@allow(Action.SESSION_VIEW, on=session_of)
def agenda_of(session: CycleSession):
    slug, card = session.document.slug, queries.card_of(session, now=clock.now())
    address = url_for("sessions.agenda_of", id=session.id, slug=slug)
    if (request.view_args or {})["slug"] != slug:
        return redirect(address, 301)
    if (event := agendas.event(session, card)) is None:
        abort(404)
    return agendas.answer([event], name=event.title, url=card.url, source=address, file=slug)
