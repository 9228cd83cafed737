"""Certificates at the desk: who gets one and why not, issue those of a session, take one back."""

import io
import zipfile
from collections.abc import Iterator

from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for

from academy.blueprints.desk.area import SESSION, bp, certificate_of, me, per_person, session_of
from academy.domain import attended, certificates
from academy.domain.errors import Refused
from academy.extensions import transaction
from academy.models import Certificate, CycleSession
from academy.policies import Action
from academy.web import clock
from academy.web.certificates import content, evidence_words, file_name, issuer, send, title_of
from academy.web.guard import allow
from academy.web.locale import gettext as _, ngettext
from academy.web.refusals import words_of
from academy.web.session_cards import cards

CERTIFICATE = "/attestations/<int(max=2147483647):id>"
_OLDEST = (1980, 1, 1, 0, 0, 0)  # a date in a ZIP: the same papers give the same bytes


@bp.get(f"{SESSION}/attestations/")
@allow(Action.CERTIFICATE_ISSUE, on=session_of)
def certificates_of(session: CycleSession):
    """Show who holds a certificate, who will get one, who not and why."""
    return _page(session)


@bp.post(f"{SESSION}/attestations/")
@per_person
@allow(Action.CERTIFICATE_ISSUE, on=session_of)
def issue_certificates(session: CycleSession):
    """Issue what is missing; again, it issues nothing."""
    try:
        with transaction():
            issued = certificates.issue(session, issuer(), results=_results(), by=me(), now=clock.now())
            count = len(issued)
    except Refused as refusal:
        return _page(session, words_of(refusal)), 409
    said = ngettext("%(num)s attestation est délivrée.", "%(num)s attestations sont délivrées.", count)
    flash(said if count else _("Rien à délivrer : chacun a déjà ce qui lui revient."), "success" if count else "info")
    return redirect(url_for(".certificates_of", id=session.id), 303)


@bp.get(f"{SESSION}/attestations.zip")
@allow(Action.CERTIFICATE_ISSUE, on=session_of)
def certificates_zip(session: CycleSession):
    """Send all valid papers of a session, one after the other as they are made."""
    rows = [row for row in certificates.of_session(session.id) if row.revoked_at is None]
    if not rows:
        return redirect(url_for(".certificates_of", id=session.id), 303)
    name = f"attestations-{session.document.slug}-{session.id}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(stream_with_context(_zipped(rows)), headers=headers, content_type="application/zip")


@bp.get(f"{CERTIFICATE}.pdf")
@allow(Action.CERTIFICATE_ISSUE, on=certificate_of)
def certificate_paper(row: Certificate):
    """Send one paper, also of a certificate that was revoked."""
    return send(row)


@bp.post(f"{CERTIFICATE}/revoquer")
@per_person
@allow(Action.CERTIFICATE_ISSUE, on=certificate_of)
def revoke_certificate(row: Certificate):
    """Take a certificate back, with the reason."""
    session_id, number = row.session_id, row.number
    try:
        with transaction():
            certificates.revoke(row, request.form.get("reason", ""), by=me(), now=clock.now())
    except Refused as refusal:
        session = session_of(session_id)
        assert session is not None, "a certificate has a session"
        return _page(session, words_of(refusal)), 409
    flash(_("L’attestation %(number)s est révoquée. Une autre peut être délivrée.", number=number), "success")
    return redirect(url_for(".certificates_of", id=session_id), 303)


def _results() -> dict[int, str]:
    """What was typed of assessments, by person."""
    typed = ((name.removeprefix("result-"), text) for name, text in request.form.items() if name.startswith("result-"))
    return {int(number): text for number, text in typed if number.isascii() and number.isdigit() and len(number) < 10}


def _page(session: CycleSession, message: str = "") -> str:
    now = clock.now()
    evidence = attended.evidence_of(session.id)
    found = certificates.lines(session, issuer(), evidence)
    code = certificates.why_not(session, issuer(), evidence, now=now)
    return render_template(
        "desk/certificates.html",
        session=session,
        card=cards([session], now=now)[0],
        lines=found,
        count=sum(len(line.missing) for line in found),
        has_some=any(line.held for line in found),
        evidence=evidence,
        evidence_words=evidence_words(evidence),
        title_of=title_of,
        is_training=issuer().is_training,
        obstacle=words_of(Refused(code)) if code else "",
        results=_results(),
        reason=request.form.get("reason", ""),
        message=message,
    )


class _Sink(io.RawIOBase):
    """Takes what a ZIP writes and gives it away: nothing is kept whole in memory."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """All since the last time."""
        taken, self.parts = b"".join(self.parts), []
        return taken


def _zipped(rows: list[Certificate]) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for row in rows:
            archive.writestr(zipfile.ZipInfo(file_name(row), date_time=_OLDEST), content(row))
            yield sink.taken()
    yield sink.taken()
