"""The roll of a session: add somebody, cancel an enrolment, take the list away as a spreadsheet."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from flask import Response, flash, redirect, url_for

from academy.blueprints.desk import roll_queries, views
from academy.blueprints.desk.area import ENROLMENT, SESSION, bp, enrolment_of, per_person, session_of
from academy.blueprints.desk.forms import EnrolForm
from academy.domain import answers, enrolment, rolls
from academy.domain.answers import Said
from academy.domain.errors import Refused
from academy.domain.seating import TAKEN
from academy.extensions import transaction
from academy.formats import csv, xlsx
from academy.models import CycleSession, Enrolment, EnrolmentQuestion
from academy.policies import Action
from academy.web import asked, clock, identity
from academy.web.clock import PARIS
from academy.web.enrolment_words import status_word
from academy.web.guard import allow
from academy.web.labels import organisation_label
from academy.web.locale import gettext as _
from academy.web.refusals import words_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get(f"{SESSION}/inscrits.csv")
@allow(Action.ROLL_READ, on=session_of)
def roll_csv(session: CycleSession):
    """Send the roll and the queue, in order."""
    columns, rows = _table(session)
    text = csv.table(columns, rows)
    response = Response(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{session.document.slug}-{session.id}.csv"'
    return response


@bp.get(f"{SESSION}/inscrits.xlsx")
@allow(Action.ROLL_READ, on=session_of)
def roll_xlsx(session: CycleSession):
    """Send the same as a workbook, with real dates."""
    columns, rows = _table(session)
    book = xlsx.table(columns, rows, title=_("Inscriptions"))
    response = Response(book, content_type=_XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{session.document.slug}-{session.id}.xlsx"'
    return response


@bp.post(f"{SESSION}/inscrits")
@per_person
@allow(Action.ROLL_EDIT, on=session_of)
def enrol_person(session: CycleSession):
    """Enrol somebody by name and address; the mail that confirms leaves as for anybody."""
    form = EnrolForm()
    if not form.validate():
        return views.page(session, enrol_form=form), 422
    try:
        held = _enrol(session, form)
    except Refused as refusal:
        return views.page(session, enrol_form=form, message=words_of(refusal)), 409
    is_seated = held.status in TAKEN
    flash(_("La personne a une place.") if is_seated else _("La personne est sur la liste d’attente."), "success")
    return redirect(url_for(".session", id=session.id, _anchor="inscrits"), 303)


@bp.post(f"{ENROLMENT}/annuler")
@per_person
@allow(Action.ROLL_EDIT, on=enrolment_of)
def cancel_enrolment(held: Enrolment):
    """Cancel somebody's enrolment; the head of the queue gets the seat."""
    session_id = held.session_id
    try:
        with transaction():
            enrolment.cancel(held, by=identity.me(), now=clock.now())
    except Refused as refusal:
        return views.page(session_of(session_id), message=words_of(refusal)), 409  # pyright: ignore[reportArgumentType]
    flash(_("L’inscription est annulée, la personne est prévenue."), "success")
    return redirect(url_for(".session", id=session_id, **views.place(), _anchor="inscrits"), 303)


def _enrol(session: CycleSession, form: EnrolForm) -> Enrolment:
    with transaction():
        return rolls.enrol_for(
            session,
            form.email.data or "",
            name=form.name.data or "",
            organisation=form.organisation.data or "",
            kind=form.stated_kind,
            by=identity.me(),
            now=clock.now(),
        )


def _columns() -> list[str]:
    return [
        *(_("Statut"), _("Rang"), _("Nom"), _("Adresse électronique"), _("Langue")),
        *(_("Demande le"), _("Place donnée le"), _("Annulée le")),
        *(_("Place proposée jusqu’au"), _("Structure"), _("Type de structure"), _("Raison du refus")),
    ]


def _cells(seat: roll_queries.Seat) -> list[object]:
    row = seat.enrolment
    person = row.person
    times = (_wall(row.joined_at), _wall(row.confirmed_at), _wall(row.cancelled_at), _wall(row.offered_until))
    structure = (person.organisation, organisation_label(row.organisation_kind), row.reason)
    return [
        status_word(row.status),
        seat.position or None,
        person.name,
        person.email,
        person.language,
        *times,
        *structure,
    ]


def _table(session: CycleSession) -> tuple[list[str], Iterator[list[object]]]:
    """The columns and the rows of the roll: what is known of each place, then a column a question."""
    questions, said = answers.of_session(session)
    rows = (
        [*_cells(seat), *_answers(questions, said.get(seat.enrolment.id, {}))] for seat in roll_queries.roll(session)
    )
    return [*_columns(), *(_column(question) for question in questions)], rows


def _column(question: EnrolmentQuestion) -> str:
    label = asked.label_of(question)
    return _("%(question)s (sensible)", question=label) if question.is_sensitive else str(label)


def _answers(questions: Sequence[EnrolmentQuestion], said: Mapping[int, Said]) -> list[str]:
    return [asked.plain_words_of(one, said[one.id]) if one.id in said else "" for one in questions]


def _wall(instant: datetime | None) -> datetime | None:
    """Paris time as clocks show it; spreadsheets know no zones."""
    return instant.astimezone(PARIS).replace(second=0, microsecond=0, tzinfo=None) if instant else None
