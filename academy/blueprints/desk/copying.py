"""Copy a session to another day: the form of a new one opens, filled, and nothing is saved before it is sent."""

from datetime import date

from flask import render_template, request

from academy.blueprints.desk import editing, queries, sheets
from academy.blueprints.desk.area import SESSION, bp, session_of
from academy.domain import cloning, typed_values
from academy.models import CycleSession
from academy.policies import Action
from academy.web import clock
from academy.web.guard import allow
from academy.web.locale import gettext as _

_YEARS = range(2000, 2100)


@bp.get(f"{SESSION}/copie")
@allow(Action.SESSION_EDIT, on=session_of)
def copy(session: CycleSession):
    """Ask for the new day; with one, open the form of the new session. A session without a date needs none."""
    typed, now = request.args.get("date"), clock.now()
    if session.starts_at is None:
        return editing.page(sheets.copy_form(session, days=None, now=now))
    if typed is None:
        return _page(session)
    if (wanted := day_in(typed)) is None:
        return _page(session, typed=typed, error=_("Donnez une date, par exemple le 04/02/2027.")), 422
    return editing.page(sheets.copy_form(session, days=cloning.days_to(session.starts_at, wanted), now=now))


def day_in(typed: str) -> date | None:
    """The day that somebody typed, of a year that the calendar of the academy has."""
    try:
        wanted = typed_values.day(typed)
    except typed_values.BadValueError:
        return None
    return wanted if wanted.year in _YEARS else None


def _page(session: CycleSession, *, typed: str = "", error: str = "") -> str:
    line = queries.lines([session], now=clock.now())[0]
    return render_template("desk/copy.html", session=session, line=line, typed=typed, error=error)
