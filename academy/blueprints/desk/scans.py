"""Sheets signed on paper, scanned back: kept for the team alone, served to nobody else."""

import logging

from flask import Response, abort, flash, redirect, render_template, request, url_for

from academy.blueprints.desk.area import SESSION, bp, me, per_person, scan_of, session_of
from academy.domain import scans
from academy.domain.errors import Refused
from academy.extensions import transaction
from academy.files.store import LostFile, store
from academy.models import CycleSession, SheetScan
from academy.policies import Action
from academy.web import clock
from academy.web.attached import SEALED
from academy.web.attached_words import size_label
from academy.web.guard import allow
from academy.web.limits import takes_files
from academy.web.locale import gettext as _
from academy.web.refusals import words_of
from academy.web.session_cards import cards

log = logging.getLogger(__name__)
SCAN = "/feuilles/<int(max=2147483647):id>"
_FORM = 64 * 1024  # bytes around the file


@bp.get(f"{SESSION}/feuilles/")
@allow(Action.ATTENDANCE_KEEP, on=session_of)
def sheet_scans(session: CycleSession):
    """List the scans of a session."""
    return _page(session)


@bp.post(f"{SESSION}/feuilles/")
@takes_files(scans.MAX_BYTES + _FORM)
@per_person
@allow(Action.ATTENDANCE_KEEP, on=session_of)
def add_scan(session: CycleSession):
    """Keep a scan; the same bytes again change nothing."""
    sent = request.files.get("scan")
    data = sent.read(scans.MAX_BYTES + 1) if sent else b""
    try:
        with transaction():
            is_new = scans.add(session, data, by=me(), now=clock.now()) is not None
    except Refused as refusal:
        return _page(session, words_of(refusal)), 409
    flash(_("La feuille numérisée est gardée.") if is_new else _("Ce fichier est déjà là."), "success")
    return redirect(url_for(".sheet_scans", id=session.id), 303)


@bp.get(f"{SCAN}/fichier")
@allow(Action.ATTENDANCE_KEEP, on=scan_of)
def scan_file(scan: SheetScan):
    """Send the bytes of a scan, to be kept in no cache and opened by no page of ours."""
    try:
        body = store().opened(scan.digest, scan.size)
    except LostFile:
        log.error("scan %s: its bytes are not in the store", scan.id)
        abort(503)
    response = Response(body, mimetype=scan.media_type)
    response.content_length = scan.size
    response.headers["Content-Disposition"] = f'attachment; filename="{scans.name_of(scan)}"'
    response.headers["Content-Security-Policy"] = SEALED
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post(f"{SCAN}/supprimer")
@per_person
@allow(Action.ATTENDANCE_KEEP, on=scan_of)
def delete_scan(scan: SheetScan):
    """Forget a scan."""
    session_id = scan.session_id
    with transaction():
        scans.remove(scan, by=me(), now=clock.now())
    flash(_("La feuille numérisée est supprimée."), "success")
    return redirect(url_for(".sheet_scans", id=session_id), 303)


def _page(session: CycleSession, message: str = "") -> str:
    rows = scans.of_session(session.id)
    return render_template(
        "desk/sheet_scans.html",
        session=session,
        card=cards([session], now=clock.now())[0],
        scans=[(row, scans.name_of(row), size_label(row.size)) for row in rows],
        limit=scans.MAX_BYTES >> 20,
        message=message,
    )
