"""The text of a page on paper: a PDF made once for each state of what it says, and kept in `<instance>/pdf`."""

import hashlib
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from flask import Response, abort, current_app, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from academy.formats import pdf
from academy.formats.pdf import Paper, UnsetError
from academy.models import Edition
from academy.web.filters import duration, short_date
from academy.web.identity import asker
from academy.web.labels import level_label, licence_of, type_label
from academy.web.linked_data import topics_of
from academy.web.links import absolute, in_language
from academy.web.locale import gettext as _
from academy.web.locale import here
from academy.web.reuse import attribution, page_of, version_day
from academy.web.shown_pictures import picture_rows, with_credits
from academy.web.texts import ShownText, body_of, edition_of, is_fallback

MOST_KEPT = 500  # files; the ones made longest ago go first
_FIRST_DAY = datetime(2024, 1, 25, tzinfo=UTC)  # of the academy: for a row whose changes nobody dated


def paper(text: ShownText) -> AnyResponse:
    """The PDF of a text, to take away; from the side of its own language, so that all words on it are in one."""
    edition = edition_of(text)
    if is_fallback(edition):
        return redirect(in_language(f"{request.script_root}{here()}", edition.language))
    wanted = _paper_of(edition)
    digest = _digest(wanted)
    try:
        content = _kept(wanted, digest)
    except UnsetError:
        abort(503)
    headers = {"Content-Disposition": f'attachment; filename="{edition.document.slug}.{edition.language}.pdf"'}
    response = Response(content, headers=headers, content_type=pdf.CONTENT_TYPE)
    if not asker().is_authenticated:  # what visitors read; too heavy for the memory of the pages, hence its own ETag
        response.headers["Cache-Control"] = "no-cache"
        response.set_etag(digest[:24])
        response.make_conditional(request)
    return response


def _paper_of(edition: Edition) -> Paper:
    day, path, html = version_day(edition), page_of(edition), body_of(edition).html
    facts = (
        (_("Par"), ", ".join(edition.authors)),
        (_("Mis à jour"), short_date(day) if day else ""),
        (_("Durée"), duration(edition.duration)),
        (_("Niveau"), level_label(edition.level)),
        (_("Licence"), licence_of(edition.licence).name),
    )
    return Paper(
        title=edition.title,
        summary=edition.summary,
        authors=edition.authors,
        publisher=_("Académie One Provence"),
        genre=type_label(edition.document.kind, edition.type),
        language=edition.language,
        licence=licence_of(edition.licence).name,
        url=absolute(path),
        topics=topics_of(edition),
        facts=[(label, value) for label, value in facts if value],
        objectives=edition.objectives,
        credit=attribution(edition, path=path),
        words={"address": _("Adresse"), "objectives": _("À la fin, vous saurez"), "picture": _("Image :")},
        changed_at=edition.updated_at or _FIRST_DAY,
        html=with_credits(html, picture_rows(html, edition.document_id)),
    )


def _digest(wanted: Paper) -> str:
    """The name of exactly this paper: another word, date or layout is another file."""
    what = (pdf.MAKER, pdf.template(), sorted(asdict(wanted).items(), key=lambda item: item[0]))
    return hashlib.sha256(repr(what).encode()).hexdigest()


def _kept(wanted: Paper, digest: str) -> bytes:
    """The file of that name, made if there is none."""
    file: Path = current_app.config["SETTINGS"].instance / "pdf" / f"{digest}.pdf"
    with suppress(OSError):
        return file.read_bytes()
    made = pdf.write(wanted)
    with suppress(OSError):  # a full disk costs time, not the answer
        _keep(file, made)
    return made


def _keep(file: Path, content: bytes) -> None:
    """Put it there at once, whole; what was made longest ago makes room."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, delete=False) as waiting:
        waiting.write(content)
    Path(waiting.name).replace(file)
    known = sorted(file.parent.iterdir(), key=lambda path: path.stat().st_mtime)
    for old in known[:-MOST_KEPT]:
        old.unlink(missing_ok=True)
