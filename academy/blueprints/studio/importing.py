"""Bring a folder as a ZIP: first what it would do, then, confirmed, the load of the command line."""

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError

from academy.blueprints.studio import queries, uploads
from academy.blueprints.studio.area import bp
from academy.blueprints.studio.editing import by_person
from academy.blueprints.studio.incoming import Report, report_of
from academy.blueprints.studio.uploads import Upload, upload_of
from academy.domain import audit
from academy.domain.content import load as content_load
from academy.domain.content.conflicts import Choice, Choices
from academy.domain.courses import Maker
from academy.domain.errors import Refused
from academy.domain.problems import ContentRefused
from academy.extensions import limiter, transaction
from academy.files import archives
from academy.files.store import LostFile, store
from academy.policies import Action
from academy.web import clock, identity
from academy.web.guard import allow
from academy.web.limits import takes_files
from academy.web.locale import gettext as _, language, ngettext

_FORM = 64 * 1024  # bytes around the file
_REPORT = "/importer/<upload>"
LABELS = {
    Maker.MKDOCS: "MkDocs",
    Maker.GITBOOK: "GitBook",
    Maker.DOCUSAURUS: "Docusaurus",
    Maker.QUARTO: "Quarto",
}


@bp.get("/importer")
@allow(Action.DOCUMENT_CREATE)
def imports():
    """Ask for the archive."""
    return _ask()


@bp.post("/importer")
@takes_files(archives.MAX_BYTES + _FORM)
@limiter.limit("20 per minute", key_func=by_person)
@allow(Action.DOCUMENT_CREATE)
def send_archive():
    """Keep the archive for a day, and go on to what it would do."""
    sent, me = request.files.get("archive"), identity.me()
    data = sent.stream.read(archives.MAX_BYTES + 1) if sent and sent.filename else b""
    if not data or me is None or len(data) > archives.MAX_BYTES:
        words = _("Choisissez une archive ZIP de %(limit)s Mo au plus.", limit=archives.MAX_BYTES >> 20)
        return _ask(words), 422
    upload = Upload(
        digest=store().put(data),
        size=len(data),
        owner_id=me.id,
        name=_shown(sent.filename if sent else ""),
        **_said(),
    )
    with transaction():
        audit.record("content.upload", by=me, now=clock.now(), digest=upload.digest, size=upload.size)
    return redirect(url_for(".import_report", upload=upload.token), 303)


@bp.get(_REPORT)
@limiter.limit("30 per minute", key_func=by_person)
@allow(Action.DOCUMENT_EDIT, on=upload_of)
def import_report(upload: Upload):
    """Show what the archive would do; nothing is written."""
    try:
        with uploads.bytes_of(upload) as file, report_of(upload, file, me=_me()) as report:
            return _page(upload, report)
    except LostFile:
        abort(404)


@bp.post(_REPORT)
@limiter.limit("10 per minute", key_func=by_person)
@allow(Action.DOCUMENT_EDIT, on=upload_of)
def import_archive(upload: Upload):
    """Do what was shown, all of it or nothing."""
    try:
        with uploads.bytes_of(upload) as file, report_of(upload, file, me=_me()) as report:
            chosen = _choices(report)
            if report.seal != request.form.get("seal"):
                return _page(upload, report, _("Le site a changé depuis ce rapport. Voici le nouveau.")), 409
            leaves_out = report.may_leave_out and bool(request.form.get("without"))
            if message := _unsettled(report, chosen, leaves_out):
                return _page(upload, report, message, chosen), 422
        with (
            uploads.bytes_of(upload) as file,
            report_of(upload, file, me=_me(), choices=chosen, leaves_out=leaves_out) as report,
        ):
            return _load(upload, report)
    except LostFile:
        abort(404)


def _unsettled(report: Report, chosen: Choices, leaves_out: bool) -> str:
    """What the person has still to say; "" when all is said."""
    if report.may_leave_out and not leaves_out:
        return _(
            "Dites que le reste s’importe sans les fichiers refusés, ou corrigez-les et envoyez l’archive de nouveau."
        )
    if (report.problems and not leaves_out) or len(chosen) < len(report.conflicts):
        return _("Choisissez ce que devient chaque texte en conflit.")
    return ""


def _load(upload: Upload, report: Report):
    """Load what was confirmed; what became impossible meanwhile is shown again."""
    if report.plan is None or report.problems:
        return _page(upload, report), 409
    try:
        with transaction():
            content_load.load(report.plan, by=_me(), now=clock.now())
    except ContentRefused as refused:
        return _page(upload, Report(list(refused.problems), left=report.left)), 409
    except (Refused, IntegrityError):
        return _page(upload, report, _("Le site a changé pendant l’import. Rien n’a été importé : recommencez.")), 409
    count = len(report.of("created", "changed", "merged", "drafted", "removed"))
    flash(ngettext("%(num)s fichier importé.", "%(num)s fichiers importés.", count), "success")
    if report.left_out:
        names = ", ".join(problem.path for problem in report.left_out)
        flash(_("Refusés, et laissés de côté : %(names)s.", names=names), "warning")
    drafted = report.of("drafted")
    if drafted:
        flash(_("Les textes en conflit sont des brouillons qui contiennent les deux versions : ouvrez-les."), "warning")
        return redirect(url_for(".edit", id=drafted[0].document_id, language=drafted[0].language), 303)
    return redirect(url_for(".index"), 303)


def _ask(problem: str = "") -> str:
    return render_template(
        "studio/imports.html",
        problem=problem,
        cycles=queries.cycle_titles(language()),
        limit=archives.MAX_BYTES >> 20,
        makers=_makers(),
        sent=_said(),
    )


def _makers() -> dict[str, str]:
    """What may have made a folder, in words."""
    own = {uploads.AUTO: _("Reconnaître tout seul"), uploads.OWN: _("L’Académie (un dossier exporté d’ici)")}
    wiki = _("un wiki de GitHub")
    return own | {maker: wiki if maker == Maker.WIKI else LABELS[maker] for maker in Maker}


def _said() -> dict[str, str]:
    """What the form says of the archive; anything unknown is as good as nothing."""
    maker, cycle, spoken = (request.form.get(name, "").replace("\0", "") for name in ("maker", "cycle", "language"))
    return {
        "maker": maker if maker in {uploads.OWN, *Maker} else uploads.AUTO,
        "cycle": cycle[:80],
        "language": spoken if spoken in queries.LANGUAGES else language(),
    }


def _page(upload: Upload, report: Report, message: str = "", chosen: Choices | None = None) -> str:
    return render_template(
        "studio/import_report.html", upload=upload, report=report, message=message, chosen=chosen or {}
    )


def _choices(report: Report) -> dict[str, Choice]:
    """What the form says of each conflict; a choice that it does not offer is none."""
    said = [(line, request.form.get(f"choice:{line.path}", "")) for line in report.conflicts]
    return {line.path: Choice(word) for line, word in said if word in line.choices}


def _me():
    return identity.me() or abort(401)


def _shown(name: str | None) -> str:
    return "".join(character for character in name or "" if character.isprintable())[:100]
