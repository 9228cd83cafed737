"""The attendance sheet at the desk: who signed, whether the chain is whole, and the paper."""

from flask import Response, abort, redirect, render_template, request, url_for

from academy.blueprints.desk.area import SESSION, bp, session_of
from academy.domain import attendance, sheets
from academy.formats import pdf
from academy.formats.pdf import UnsetError, sheet
from academy.models import CycleSession
from academy.policies import Action
from academy.web import clock
from academy.web.guard import allow
from academy.web.session_cards import cards
from academy.web.sheets import by_cell, half_words, paper


@bp.get(f"{SESSION}/emargement/")
@allow(Action.ATTENDANCE_KEEP, on=session_of)
def attendance_sheet(session: CycleSession):
    """Show the signatures and verify their chain."""
    chain = sheets.signatures(session.id)
    people = {(row.person_id, str(row.signer)): row.name for row in chain}
    people |= {(seat.person_id, "participant"): seat.person.name for seat in attendance.seats(session.id)}
    return render_template(
        "desk/attendance_sheet.html",
        session=session,
        card=cards([session], now=clock.now())[0],
        half_days=[(it.key, it.day, half_words(it)) for it in attendance.of_session(session)],
        people=sorted(people.items(), key=lambda item: (item[0][1], item[1].casefold(), item[0][0])),
        cells=by_cell(chain),
        faults=list(sheets.faults(session.id)),
        head=sheets.head_of(session.id),
    )


@bp.get(f"{SESSION}/emargement.pdf")
@allow(Action.ATTENDANCE_KEEP, on=session_of)
def sheet_paper(session: CycleSession):
    """Send the sheet on paper: with the signatures, or blank (`?vierge=1`)."""
    if not attendance.of_session(session):
        return redirect(url_for(".attendance_sheet", id=session.id))  # which says why there is none
    is_blank = request.args.get("vierge") == "1"
    wanted = paper(session, cards([session], now=clock.now())[0], is_blank=is_blank)
    try:
        content = sheet.write(wanted)
    except UnsetError:
        abort(503)
    name = f"{session.document.slug}-{session.id}{'-vierge' if is_blank else ''}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, content_type=pdf.CONTENT_TYPE)
