"""Several lines of a roll at once: cancel them after a page that lists them, and take it back within a day."""

from flask import flash, redirect, render_template, request, url_for

from academy.blueprints.desk import queries, views
from academy.blueprints.desk.area import SESSION, bp, per_person, session_of
from academy.domain import roll_gestures
from academy.domain.errors import Refused
from academy.domain.seating import REQUESTED, TAKEN
from academy.extensions import transaction
from academy.models import CycleSession
from academy.policies import Action
from academy.web import clock, identity
from academy.web.enrolment_words import status_word
from academy.web.guard import allow
from academy.web.locale import gettext as _, ngettext
from academy.web.refusals import words_of


@bp.post(f"{SESSION}/inscrits/annuler")
@per_person
@allow(Action.ROLL_EDIT, on=session_of)
def cancel_several(session: CycleSession):
    """List the people ticked; once that is confirmed, cancel their places."""
    ids = _ticked()
    if not (held := roll_gestures.live(session, ids)):
        return views.page(session, message=_("Cochez au moins une personne de la liste.")), 422
    if request.form.get("confirmed") != "yes":
        line = queries.lines([session], now=clock.now())[0]
        return render_template(
            "desk/cancel_several.html", session=session, line=line, held=held, status_word=status_word
        )
    try:
        with transaction():
            gone, gained = roll_gestures.cancel_all(session, ids, by=identity.me(), now=clock.now())
    except Refused as refusal:
        return views.page(session, message=words_of(refusal)), 409
    flash(
        ngettext(
            "%(num)s inscription est annulée, la personne est prévenue.",
            "%(num)s inscriptions sont annulées, les personnes sont prévenues.",
            gone,
        ),
        "success",
    )
    if gained:
        flash(
            ngettext(
                "%(num)s personne de la liste d’attente a reçu une place.",
                "%(num)s personnes de la liste d’attente ont reçu une place.",
                gained,
            ),
            "info",
        )
    return redirect(url_for(".cancelled", id=session.id), 303)


@bp.get(f"{SESSION}/inscrits/annulees")
@allow(Action.ROLL_EDIT, on=session_of)
def cancelled(session: CycleSession):
    """List what the team cancelled since yesterday, to be taken back; the last gesture is ticked."""
    return _page(session)


@bp.post(f"{SESSION}/inscrits/retablir")
@per_person
@allow(Action.ROLL_EDIT, on=session_of)
def restore(session: CycleSession):
    """Take cancellations back."""
    ids = _ticked() & {row.id for row in roll_gestures.restorable(session, now=clock.now())}
    if not ids:
        return _page(session, message=_("Cochez au moins une personne de la liste.")), 422
    try:
        with transaction():
            rows = roll_gestures.restore(session, ids, by=identity.me(), now=clock.now())
            seated, asking = (sum(row.status in among for row in rows) for among in (TAKEN, (REQUESTED,)))
    except Refused as refusal:
        return _page(session, message=words_of(refusal)), 409
    if seated:
        flash(
            ngettext("%(num)s personne a de nouveau sa place.", "%(num)s personnes ont de nouveau leur place.", seated),
            "success",
        )
    if waiting := len(rows) - seated - asking:
        flash(
            ngettext(
                "%(num)s personne attend, à son ancien rang : sa place est à quelqu’un d’autre.",
                "%(num)s personnes attendent, à leur ancien rang : leurs places sont à d’autres.",
                waiting,
            ),
            "info",
        )
    if asking:
        flash(
            ngettext(
                "%(num)s demande est de nouveau à approuver.", "%(num)s demandes sont de nouveau à approuver.", asking
            ),
            "info",
        )
    return redirect(url_for(".session", id=session.id, _anchor="inscrits"), 303)


def _page(session: CycleSession, *, message: str = "") -> str:
    now = clock.now()
    rows = roll_gestures.restorable(session, now=now)
    last = max((row.cancelled_at for row in rows if row.cancelled_at), default=None)
    return render_template(
        "desk/cancelled.html",
        session=session,
        line=queries.lines([session], now=now)[0],
        rows=rows,
        last=last,
        message=message,
    )


def _ticked() -> set[int]:
    """The numbers that were ticked; what is no number is none."""
    typed = request.form.getlist("enrolment")
    return {int(text) for text in typed if text.isascii() and text.isdigit() and len(text) < 11}
