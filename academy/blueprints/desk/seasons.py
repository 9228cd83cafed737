"""Copy the sessions of a cycle to another season: choose, correct each, then make all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.datastructures import MultiDict
from wtforms.validators import InputRequired, Length

from academy.blueprints.desk.area import bp, per_person
from academy.blueprints.desk.copying import day_in
from academy.blueprints.desk.editing import tell_double_hours
from academy.blueprints.desk.forms import TITLE_LENGTH, SessionForm, visible, with_letters
from academy.domain import cloning, sent_twice, session_texts
from academy.domain.cloning import Copy
from academy.domain.errors import Refused
from academy.domain.problems import ContentRefused
from academy.domain.projection import cycle_of
from academy.extensions import db, transaction
from academy.models import Cycle, CycleSession, Document, Edition, SessionStatus
from academy.policies import Action
from academy.web import clock, identity
from academy.web.clock import PARIS
from academy.web.filters import long_date
from academy.web.forms import Form, TrimmedField
from academy.web.guard import allow
from academy.web.hours import HourField
from academy.web.locale import gettext as _, language, lazy_gettext as _l, ngettext
from academy.web.problems import what
from academy.web.refusals import words_of
from academy.web.session_cards import LOADED, SessionCard, cards, cycle_titles

MOST = 60  # sessions at a time
_TEXTS = joinedload(CycleSession.document).selectinload(Document.editions)


class CopyForm(Form):
    """One session of the next season; the token is that of the page."""

    class Meta(Form.Meta):
        csrf = False  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]

    title = TrimmedField(_l("Titre"), [InputRequired(), Length(max=TITLE_LENGTH), visible, with_letters])
    starts_at = HourField(_l("Début"))
    ends_at = HourField(_l("Fin"))
    opens_at = HourField(_l("Ouverture des inscriptions"))
    closes_at = HourField(_l("Clôture des inscriptions"))

    @property
    def not_before(self):
        """A new session starts after now."""
        return clock.now()

    validate_starts_at = SessionForm.validate_starts_at
    validate_ends_at = SessionForm.validate_ends_at
    validate_closes_at = SessionForm.validate_closes_at


@dataclass(frozen=True)
class Row:
    """A session and what is to become of its copy."""

    card: SessionCard
    model: CycleSession
    form: CopyForm


def _cycle_in(said: MultiDict[str, str]) -> Cycle | None:
    return cycle_of(said.get("cycle", "").replace("\0", ""))


@bp.get("/saison")
@allow(Action.SESSION_CREATE)
def season():
    """Choose the sessions and the day of the first; then the table of the copies, to be corrected."""
    cycle = _cycle_in(request.args)
    if cycle is None:
        return _page(None, status=404 if request.args.get("cycle") else 200)
    sessions = _sessions(cycle)
    if "first" not in request.args:
        return _page(cycle, sessions)
    chosen, wanted = _chosen(sessions, request.args.getlist("session")), day_in(request.args["first"])
    if not chosen:
        return _page(cycle, sessions, chosen, error=_("Cochez au moins une session."), status=422)
    if wanted is None:
        return _page(cycle, sessions, chosen, error=_("Donnez une date, par exemple le 04/02/2027."), status=422)
    first = next((session.starts_at for session in chosen if session.starts_at), None)
    days = cloning.whole_weeks_to(first, wanted) if first else 0
    notes = _notes(first.astimezone(PARIS).date() + timedelta(days=days), wanted) if first else []
    rows = _rows(chosen, [_moved(session, days) for session in chosen])
    return _page(cycle, sessions, chosen, rows=rows, notes=notes)


@bp.post("/saison")
@per_person
@allow(Action.SESSION_CREATE)
def season_post():
    """Make every copy as a draft, or none and say what to repair."""
    cycle = _cycle_in(request.form)
    if cycle is None:
        return _page(None, error=_("Choisissez un cycle."), status=422)
    sessions = _sessions(cycle)
    chosen = _chosen(sessions, request.form.getlist("session"))
    if not chosen:
        return _page(cycle, sessions, chosen, error=_("Cochez au moins une session."), status=422)
    rows = _rows(chosen, [None] * len(chosen))
    verdicts = [row.form.validate() for row in rows]  # each says what is wrong with it
    try:
        copies = _prepared(cycle, rows) if all(verdicts) else []
        made = _make(cycle, copies)
    except Refused as refusal:
        return _page(cycle, sessions, chosen, rows=rows, error=words_of(refusal), status=409)
    if not copies:
        return _page(cycle, sessions, chosen, rows=rows, status=422)
    flash(
        ngettext(
            "%(num)s session est copiée, en brouillon : l’équipe seule la voit.",
            "%(num)s sessions sont copiées, en brouillon : l’équipe seule les voit.",
            made,
        ),
        "success",
    )
    for row in rows:
        tell_double_hours(row.form)
    return redirect(url_for(".index"), 303)


def _make(cycle: Cycle, copies: Sequence[Copy]) -> int:
    """Make them, or find them made: the same table sent twice makes them once."""
    now, me = clock.now(), identity.me()

    def is_done() -> bool:
        return bool(copies) and all(sent_twice.twin(cycle, copy.texts, by=me, now=now) for copy in copies)

    if is_done():
        return len(copies)
    try:
        with transaction():
            return len(cloning.create_all(copies, cycle=cycle, by=me, now=now))
    except IntegrityError:  # the same table, at the same moment
        if not is_done():
            raise
        return len(copies)


def _prepared(cycle: Cycle, rows: Sequence[Row]) -> list[Copy]:
    """The copies, rendered; none when one of them cannot be: its row says why."""
    copies: list[Copy] = []
    for row in rows:
        form, words = row.form, cloning.words_of(row.model)
        main = "fr" if "fr" in words else next(iter(words))
        words = {main: replace(words.pop(main), title=form.title.data or ""), **words}
        hours = {name: form[name].data for name in cloning.DATES}
        schedule = replace(session_texts.schedule_of(row.model), **hours)
        try:
            copies.append(cloning.prepare(row.model, cycle, schedule, words, now=clock.now(), taken=copies))
        except ContentRefused as refusal:
            said = [what(problem, language()) for problem in refusal.problems if not problem.is_warning]
            form.title.errors = [*form.title.errors, *said]
    return copies if len(copies) == len(rows) else []


def _moved(session: CycleSession, days: int) -> MultiDict[str, str]:
    """What the form of the copy would have been sent as."""
    words = cloning.words_of(session)
    title = (words.get("fr") or next(iter(words.values()))).title
    hours = {name: getattr(session, name) for name in cloning.DATES}
    filled = {name: cloning.moved(value, days=days) if value else "" for name, value in hours.items()}
    return MultiDict({f"s{session.id}-{name}": value for name, value in {"title": title, **filled}.items()})


def _rows(chosen: Sequence[CycleSession], filled: Sequence[MultiDict[str, str] | None]) -> list[Row]:
    """A row for each session; *filled* None: with what the browser sent."""
    rows = []
    for session, card, values in zip(chosen, cards(chosen, now=clock.now()), filled, strict=True):
        form = CopyForm(formdata=request.form if values is None else values, prefix=f"s{session.id}-")
        if values is not None:
            for field in form:
                field.errors = list(field.process_errors)
        rows.append(Row(card, session, form))
    return rows


def _notes(first: date, wanted: date) -> list[str]:
    """Say when the day that was asked for is another day of the week."""
    if first == wanted:
        return []
    told = _(
        "Chaque session garde son jour de la semaine : la première aura lieu le %(day)s, la date la plus proche du %(wanted)s.",
        day=long_date(first),
        wanted=long_date(wanted),
    )
    return [told]


def _sessions(cycle: Cycle) -> list[CycleSession]:
    """The last sessions of a cycle, in the order of their dates."""
    wanted = (
        select(CycleSession)
        .where(CycleSession.cycle_id == cycle.id)
        .order_by(CycleSession.starts_at.desc().nulls_first(), CycleSession.id.desc())
        .limit(MOST)
        .options(*LOADED, selectinload(CycleSession.speakers))
        .options(_TEXTS.joinedload(Edition.head), _TEXTS.joinedload(Edition.published))
    )
    return cloning.in_order(list(db.session.scalars(wanted)))


def _chosen(sessions: Sequence[CycleSession], ids: Sequence[str]) -> list[CycleSession]:
    return [session for session in sessions if str(session.id) in ids]


def _page(
    cycle: Cycle | None,
    sessions: Sequence[CycleSession] = (),
    chosen: Sequence[CycleSession] | None = None,
    *,
    rows: Sequence[Row] = (),
    notes: Sequence[str] = (),
    error: str = "",
    status: int = 200,
):
    cycles = dict(db.session.execute(select(Cycle.id, Cycle.slug).order_by(Cycle.position)).all())
    titles = cycle_titles(set(cycles))
    kept = chosen if chosen is not None else [one for one in sessions if one.status != SessionStatus.CANCELLED]
    page = render_template(
        "desk/season.html",
        cycle=cycle,
        cycles=[(slug, titles.get(number, slug)) for number, slug in cycles.items()],
        cards=cards(sessions, now=clock.now()),
        chosen={session.id for session in kept},
        first=request.args.get("first", ""),
        rows=rows,
        notes=notes,
        error=error,
    )
    return page, status
