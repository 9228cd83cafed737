"""The calendar and a session's page."""

from flask import redirect, request, url_for

from academy.blueprints.sessions import queries
from academy.blueprints.sessions.area import SESSION, bp, session_of
from academy.blueprints.sessions.forms import EnrolForm
from academy.models import CycleSession
from academy.policies import Action
from academy.web import clock, identity
from academy.web.fragments import kept_page
from academy.web.guard import allow


@bp.get("/sessions/")
@allow(Action.PUBLIC_READ)
def index():
    return kept_page("sessions/index.html", context=lambda: queries.calendar(now=clock.now()))


@bp.get(f"{SESSION}-<slug>/")
@allow(Action.SESSION_VIEW, on=session_of)
def show(session: CycleSession):
    slug = session.document.slug
    if (request.view_args or {})["slug"] != slug:
        return redirect(url_for(".show", id=session.id, slug=slug), 301)
    facts = queries.page_of(session, identity.me(), now=clock.now())
    return render_template("sessions/show.html", form=EnrolForm(formdata=None), **facts)
