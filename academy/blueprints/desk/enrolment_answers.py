"""The answers of somebody who is enrolled: read them, write them down for them."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for

from academy.blueprints.desk import queries
from academy.blueprints.desk.area import ENROLMENT, bp, enrolment_of, me, per_person, session_of
from academy.domain import after_session, answers
from academy.domain.answers import Given
from academy.domain.errors import Refused
from academy.extensions import transaction
from academy.models import Enrolment, EnrolmentStatus
from academy.policies import Action
from academy.web import asked, clock
from academy.web.asked import Asked
from academy.web.guard import allow
from academy.web.locale import gettext as _
from academy.web.refusals import words_of


@bp.get(f"{ENROLMENT}/reponses")
@allow(Action.ROLL_READ, on=enrolment_of)
def enrolment_answers(held: Enrolment):
    """Show what somebody answered."""
    return _page(held)


@bp.post(f"{ENROLMENT}/reponses")
@per_person
@allow(Action.ROLL_EDIT, on=enrolment_of)
def change_answers(held: Enrolment):
    """Write answers down for somebody; the team may leave questions open."""
    known, _gone = _given(held)
    sent = asked.filled([one for one, _said in known], request.form, is_strict=False)
    if sent.has_errors:
        return _page(held, sent=sent.asked), 422
    session_id = held.session_id
    try:
        with transaction():
            answers.change(held, sent.said, by=me(), now=clock.now(), is_strict=False)
    except Refused as refusal:
        return _page(held, words_of(refusal), sent=sent.asked), 409
    flash(_("Les réponses sont enregistrées."), "success")
    return redirect(url_for(".session", id=session_id, _anchor="inscrits"), 303)


def _given(held: Enrolment) -> tuple[Given, Given]:
    """What can still be answered, and what cannot: of a place that was given up, sensitive and due to be forgotten."""
    known, gone = answers.of(held)
    if held.status == EnrolmentStatus.CANCELLED:
        return [], [*known, *gone]
    until = after_session.forgotten_at(held.session, held)
    is_late = until is not None and until <= clock.now()
    return [it for it in known if not (is_late and it[0].is_sensitive)], gone


def _page(held: Enrolment, message: str = "", *, sent: Sequence[Asked] = ()) -> str:
    session = session_of(held.session_id) or held.session
    known, gone = _given(held)
    is_sensitive = any(one.is_sensitive for one, _said in [*known, *gone])
    return render_template(
        "desk/answers.html",
        session=session,
        line=queries.lines([session], now=clock.now())[0],
        enrolment=held,
        asked=(sent if known else ()) or asked.shown_with(known),
        answered=asked.told(gone),
        forgotten_at=after_session.forgotten_at(session, held) if is_sensitive else None,
        message=message,
    )
