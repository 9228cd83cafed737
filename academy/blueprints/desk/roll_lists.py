"""A list of people for a roll: read it, tell what each line would do, then enrol those who can be."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from flask import current_app, flash, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from academy.blueprints.desk import queries
from academy.blueprints.desk.area import SESSION, bp, me, per_person, session_of
from academy.blueprints.desk.list_words import file_words, line_words
from academy.domain import roll_lists
from academy.domain.errors import Refused
from academy.domain.roll_lists import ENROL, Line
from academy.extensions import transaction
from academy.formats import tables
from academy.formats.tables import BadTable, Table
from academy.models import CycleSession, OrganisationKind
from academy.policies import Action
from academy.web import clock
from academy.web.guard import allow
from academy.web.locale import gettext as _, ngettext
from academy.web.refusals import words_of

LIFETIME = timedelta(hours=1)  # between the report and the confirmation
AT_ONCE = 25  # people in one transaction: others may write in between
MOST_SIGNED = 480_000  # characters: below what a form may hold


@bp.get(f"{SESSION}/inscrits/liste")
@allow(Action.ROLL_EDIT, on=session_of)
def roll_list(session: CycleSession):
    """Ask for the file, and say what it holds."""
    return _page(session)


@bp.post(f"{SESSION}/inscrits/liste")
@per_person
@allow(Action.ROLL_EDIT, on=session_of)
def read_roll_list(session: CycleSession):
    """Tell what each line would do; nothing is written, and nothing of the file is kept but the page itself."""
    file = request.files.get("list")
    if file is None or not file.filename:
        return _page(session, error=_("Choisissez un fichier.")), 422
    try:
        table = tables.read(file.stream.read(tables.MOST_BYTES + 1))
        lines = roll_lists.assess(session, table.rows, now=clock.now())
    except BadTable as bad:
        return _page(session, error=file_words(bad)), 422
    except Refused as refusal:
        return _page(session, error=words_of(refusal)), 422 if refusal.code == "list_columns" else 409
    wanted = [line for line in lines if line.code == ENROL]
    signed = _signed(session, wanted)
    if len(signed) > MOST_SIGNED:
        return _page(session, error=file_words(BadTable("heavy"))), 422
    return _page(session, table=table, lines=lines, signed=signed)


@bp.post(f"{SESSION}/inscrits/liste/inscrire")
@per_person
@allow(Action.ROLL_EDIT, on=session_of)
def enrol_roll_list(session: CycleSession):
    """Enrol the people of the report that was shown; whoever was enrolled meanwhile keeps their place."""
    lines = _unsigned(session, request.form.get("lines", ""))
    if lines is None:
        return _page(
            session, error=_("Ce rapport est trop ancien, ou n’est pas le vôtre. Envoyez la liste à nouveau.")
        ), 422
    done: list[Line] = []
    for start in range(0, len(lines), AT_ONCE):
        with transaction():
            done += roll_lists.enrol_all(session, lines[start : start + AT_ONCE], by=me(), now=clock.now())
    made = sum(line.code == ENROL for line in done)
    told = ngettext("%(num)s personne est inscrite.", "%(num)s personnes sont inscrites.", made)
    refused = [line for line in done if line.code not in {ENROL, roll_lists.PRESENT}]
    if refused:
        return _page(session, error=told if not made else "", success=told if made else "", lines=refused), 409
    flash(told, "success")
    return redirect(url_for(".session", id=session.id, _anchor="inscrits"), 303)


def _page(
    session: CycleSession,
    *,
    table: Table | None = None,
    lines: Sequence[Line] = (),
    signed: str = "",
    error: str = "",
    success: str = "",
) -> str:
    line = queries.lines([session], now=clock.now())[0]
    return render_template(
        "desk/roll_list.html",
        session=session,
        line=line,
        table=table,
        wanted=[one for one in lines if one.code == ENROL],
        others=[one for one in lines if one.code != ENROL],
        counts=Counter(one.code for one in lines),
        line_words=line_words,
        signed=signed,
        message=error,
        success=success,
        most_rows=tables.MOST_ROWS,
    )


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="roll-list")


def _signed(session: CycleSession, lines: Sequence[Line]) -> str:
    """The people of a report, for this session and this organiser alone; nobody can change it."""
    people = [(line.number, line.name, line.email, line.organisation, line.kind) for line in lines]
    return _signer().dumps([session.id, me().id, people])  # pyright: ignore[reportReturnType]


def _unsigned(session: CycleSession, signed: str) -> list[Line] | None:
    try:
        of, by, people = _signer().loads(signed, max_age=int(LIFETIME.total_seconds()))
    except BadData:
        return None
    if (of, by) != (session.id, me().id):
        return None
    return [
        Line(number, name, email, organisation, OrganisationKind(kind) if kind else None, ENROL)
        for number, name, email, organisation, kind in people
    ]
