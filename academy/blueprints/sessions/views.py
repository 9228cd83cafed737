"""The calendar and a session's page."""

from collections.abc import Mapping
from typing import Any

from flask import abort, redirect, render_template, request, url_for

from academy.blueprints.sessions import queries
from academy.blueprints.sessions.area import SESSION, bp, session_of
from academy.blueprints.sessions.forms import EnrolForm
from academy.blueprints.sessions.shown import ShownSession, shown_session
from academy.domain import attendance, enrolment, video_rooms
from academy.mail import links
from academy.policies import Action
from academy.web import clock, identity
from academy.web.fragments import kept_page
from academy.web.guard import allow
from academy.web.identity import Member
from academy.web.remembered import remember


@bp.get("/sessions/")
@allow(Action.PUBLIC_READ)
def index():
    return kept_page("sessions/index.html", context=lambda: queries.calendar(now=clock.now()))


@bp.get(f"{SESSION}-<slug>/")
@allow(Action.SESSION_VIEW, on=shown_session)
def show(session: ShownSession):
    slug = session.document.slug
    if (request.view_args or {})["slug"] != slug:
        return redirect(url_for(".show", id=session.id, slug=slug), 301)
    return _kept(session.id) if (me := identity.member()) is None else _mine(session, me)


def _kept(id: int, *way: bool, **frame: Any) -> str:
    def context() -> dict[str, object]:
        facts = _facts(id)
        card: Any = facts["session"]
        return facts | {"form": EnrolForm(formdata=None)} | queries.my_way(card, None)

    return kept_page("sessions/show.html", id, *way, context=context, **frame)


def _mine(session: ShownSession, me: Member) -> str:
    """The page around my own box; all of it is mine once I hold a place."""
    # Whatever changes an enrolment writes its session first, and that changes the content version.
    (held,) = remember("sessions.held", me.id, session.id, make=lambda: (enrolment.held(me.id, session.id),))
    if held is not None:
        facts = _kept_facts(session.id)
        mine = url_for(".enrolment", signed=links.sign(held.id)) if facts["questions"] else ""
        room = remember("sessions.room", session.id, make=lambda: video_rooms.room_of(session.id))
        now = clock.now()
        facts |= {"answers_url": mine, "video_url": video_rooms.released(room, held.status, now=now)}
        facts |= {"is_on": attendance.is_going_on(room, now=now)}
        return render_template("sessions/show.html", enrolment=held, **facts)
    way = queries.my_way(session, me)
    # A kept frame is for all of one role: what differs from person to person is part of its key.
    special = tuple(way.values()) if any(way.values()) else ()
    return _kept(session.id, *special, frame="sessions/kept.html", shared=lambda: _of_frame(session.id, way))


def _of_frame(id: int, way: Mapping[str, bool]) -> dict[str, object]:
    facts = _kept_facts(id)
    shared = {name: facts[name] for name in ("session", "questions")}
    return {"enrolment": None, "form": EnrolForm(formdata=None), **shared, **way}


def _kept_facts(id: int) -> dict[str, object]:
    return remember("sessions.facts", id, make=lambda: _facts(id))


def _facts(id: int) -> dict[str, object]:
    return queries.page_of(session_of(id) or abort(404), now=clock.now())
