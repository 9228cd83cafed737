"""The calendar and a session's page."""

from flask import abort, redirect, render_template, request, url_for

from academy.blueprints.sessions import queries
from academy.blueprints.sessions.area import SESSION, bp, session_of
from academy.blueprints.sessions.forms import EnrolForm
from academy.blueprints.sessions.shown import ShownSession, shown_session
from academy.policies import Action
from academy.web import clock, identity
from academy.web.fragments import kept_page
from academy.web.guard import allow
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
    me = identity.me()
    if me is None:
        return kept_page("sessions/show.html", session.id, context=lambda: _facts(session.id) | {"form": EnrolForm(formdata=None)})
    facts = remember("sessions.facts", session.id, make=lambda: _facts(session.id))
    return render_template("sessions/show.html", enrolment=queries.held_by(me, session), **facts)


def _facts(id: int) -> dict[str, object]:
    return queries.page_of(session_of(id) or abort(404), now=clock.now())
