"""Texts on paper: PDFs made once for each state of what they say, and kept in `<instance>/pdf`."""

import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from academy.files.store import LostFile, store
from academy.formats import pdf
from academy.formats.pdf import Book, Load, Paper, UnsetError
from academy.models import Edition
from academy.web import kept_files
from academy.web.filters import duration, short_date
from academy.web.identity import asker
from academy.web.labels import level_label, licence_of, type_label
from academy.web.linked_data import topics_of
from academy.web.links import absolute, in_language
from academy.web.locale import gettext as _, here
from academy.web.reuse import attribution, page_of, version_day
from academy.web.shown_pictures import picture_rows, printed, with_credits
from academy.web.texts import ShownText, body_of, edition_of, is_fallback

log = logging.getLogger(__name__)
PRINT_WIDTH = 1600  # pixels of a picture: 257 to the inch across the whole text
MOST_KEPT = 500  # files; the ones made longest ago go first
_FIRST_DAY = datetime(2024, 1, 25, tzinfo=UTC)  # of the academy: for a row whose changes nobody dated


def paper(text: ShownText) -> AnyResponse:
    """The PDF of a text, to take away; from the side of its own language, so that all words on it are in one."""
    edition = edition_of(text)
    if is_fallback(edition):
        return redirect(in_language(f"{request.script_root}{here()}", edition.language))
    wanted = _paper_of(edition)
    return answer(wanted, partial(pdf.write, wanted), name=f"{edition.document.slug}.{edition.language}.pdf")


def answer(wanted: Paper | Book, write: Callable[[Load], bytes], *, name: str) -> Response:
    """The PDF of what is *wanted*, made by *write* out of its pictures unless it is kept."""
    digest = _digest(wanted)
    try:
        content = _kept(digest, write)
    except UnsetError:
        abort(503)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    response = Response(content, headers=headers, content_type=pdf.CONTENT_TYPE)
    if not asker().is_authenticated:  # what visitors read; too heavy for the memory of the pages, hence its own ETag
        response.headers["Cache-Control"] = "no-cache"
        response.set_etag(digest[:24])
        response.make_conditional(request)
    return response


def _paper_of(edition: Edition) -> Paper:
    path, html = page_of(edition), body_of(edition).html
    rows = picture_rows(html, edition.document_id)
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
        facts=facts_of(edition),
        objectives=edition.objectives,
        credit=attribution(edition, path=path),
        words=words(),
        changed_at=changed_at(edition),
        html=with_credits(html, rows),
        pictures=printed(rows, PRINT_WIDTH),
    )


def facts_of(edition: Edition) -> list[tuple[str, str]]:
    """What stands under the title of a text on paper: label, value."""
    day = version_day(edition)
    facts = (
        (_("Par"), ", ".join(edition.authors)),
        (_("Mis à jour"), short_date(day) if day else ""),
        (_("Durée"), duration(edition.duration)),
        (_("Niveau"), level_label(edition.level)),
        (_("Licence"), licence_of(edition.licence).name),
    )
    return [(label, value) for label, value in facts if value]


def changed_at(edition: Edition) -> datetime:
    """When what it says changed last."""
    return edition.updated_at or _FIRST_DAY


def words() -> dict[str, str]:
    """The words of the layout."""
    return {
        "address": _("Adresse"),
        "contents": _("Sommaire"),
        "objectives": _("À la fin, vous saurez"),
        "picture": _("Image :"),
    }


def _digest(wanted: Paper | Book) -> str:
    """The name of exactly this paper: another word, date or layout is another file."""
    what = (pdf.MAKER, pdf.template(), sorted(asdict(wanted).items(), key=lambda item: item[0]))
    return hashlib.sha256(repr(what).encode()).hexdigest()


def _kept(digest: str, write: Callable[[Load], bytes]) -> bytes:
    """The file of that name, made if there is none; one that lacks a picture is made again the next time."""
    file = kept_files.folder("pdf") / f"{digest}.pdf"
    with suppress(OSError):
        return file.read_bytes()
    lost: list[str] = []

    def load(picture: str) -> bytes:
        try:
            return store().whole(picture)
        except LostFile:
            log.error("a picture is not in the store: %s", picture)
            lost.append(picture)
            return b""

    made = write(load)
    with suppress(OSError):  # a full disk costs time, not the answer
        if not lost:
            with kept_files.whole(file) as waiting:
                waiting.write(made)
            kept_files.keep_newest(MOST_KEPT, file.parent)
    return made
