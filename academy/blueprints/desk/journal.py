"""The journal: who did what, newest first; nobody can change it."""

from flask import render_template, request

from academy.blueprints.desk import journal_queries, wording
from academy.blueprints.desk.area import bp
from academy.policies import Action
from academy.web.guard import allow


@bp.get("/journal/")
@allow(Action.DESK_USE)
def journal():
    """Show a page of the journal, of everything, of a person or of a session."""
    person, session = (_number(request.args.get(name, "")) for name in ("person", "session"))
    page = journal_queries.entries(person=person, session=session, number=request.args.get("page", 1, type=int))
    about = journal_queries.about(person=person, session=session)
    return render_template("desk/journal.html", page=page, about=about, person=person, session=session, wording=wording)


def _number(text: str) -> int | None:
    """An id from the address; anything else filters nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 and int(text) < 2**31 else None
