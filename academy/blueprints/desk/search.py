"""The board of searches: what visitors asked in the last 90 days, and what they did not find."""

from flask import Response, render_template

from academy.blueprints.desk import search_queries
from academy.blueprints.desk.area import bp
from academy.formats import csv
from academy.policies import Action
from academy.web import clock
from academy.web.guard import allow
from academy.web.locale import gettext as _


@bp.get("/recherche/")
@allow(Action.DESK_USE)
def search():
    """Show what found nothing, what nobody opened, what is asked most."""
    board = search_queries.board(now=clock.now())
    return render_template("desk/search.html", board=board, waiting=search_queries.open_wishes())


@bp.get("/recherche/questions.csv")
@allow(Action.DESK_USE)
def questions_csv():
    """Send every question of the last 90 days."""
    rows = (_cells(asked) for asked in search_queries.every_question(now=clock.now()))
    response = Response(csv.table(_columns(), rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="questions.csv"'
    return response


def _columns() -> list[str]:
    return [
        *(_("Question"), _("Autres façons de l’écrire"), _("Langue"), _("Demandée"), _("Sans réponse"), _("Ouverte")),
        *(_("Premier jour"), _("Dernier jour")),
    ]


def _cells(asked: search_queries.Asked) -> list[object]:
    days = (asked.first_day.isoformat(), asked.last_day.isoformat())
    counts = (asked.asked, asked.unanswered, asked.opened)
    return [asked.typed, " | ".join(asked.ways[1:]), asked.language, *counts, *days]
