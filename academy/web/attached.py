"""The files of a text as readers meet them: found, listed, sent, their words as a page of ours."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, request, url_for
from sqlalchemy import Row, String, cast, select

from academy.extensions import db
from academy.files.kinds import CREDITS, language_of
from academy.files.store import LostFile, store
from academy.models import Attachment, Edition, Kind
from academy.search.document import FILES, TEXT
from academy.web.attached_words import kind_label, place_label, size_label
from academy.web.fragments import kept_page
from academy.web.identity import asker
from academy.web.links import area_of, document_url
from academy.web.locale import gettext as _
from academy.web.spoken import Spoken
from academy.web.text_cards import cycle_titles
from academy.web.texts import ShownDocument, ShownText

log = logging.getLogger(__name__)
LONG = 100  # parts of a text: beyond, a list of them helps nobody
# No script, form or frame of ours or of the file's: what opens it stands alone, and never on our side.
SEALED = "default-src 'none'; frame-ancestors 'none'; sandbox"
_PDF = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFile:
    """A file of a published text, as loaders give it to the guard."""

    text: ShownText
    name: str
    media_type: str
    digest: str
    size: int
    picture: dict[str, Any] | None = None  # `Attachment.picture`

    @property
    def document(self) -> ShownDocument:
        return self.text.document

    @property
    def published_id(self) -> int | None:
        return self.text.published_id


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCard:
    """A file as the component `file_list` reads it."""

    name: str
    url: str
    text_url: str  # "" when it has no words
    kind: str
    size: str
    language: str  # "" when it is for readers of both
    is_opened: bool  # the browser shows it; else it is downloaded


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """A page, slide, section or moment of the text of a file."""

    anchor: str
    label: str
    title: str
    level: int
    paragraphs: Sequence[str]


def file_of(text: ShownText | None, name: str) -> ShownFile | None:
    """The file of that name beside a text; who may have it is for the guard to say."""
    if text is None:
        return None
    row = stored_file(text.document.id, name)
    return ShownFile(text=text, **row._mapping) if row else None


def stored_file(document_id: int, name: str) -> Row[Any] | None:
    """What sending a file needs to know of it: name, media_type, digest, size, picture."""
    columns = select(Attachment.name, Attachment.media_type, Attachment.digest, Attachment.size, Attachment.picture)
    is_wanted = (Attachment.document_id == document_id, Attachment.name == name, Attachment.name != CREDITS)
    return db.session.execute(columns.where(*is_wanted)).first()


def file_cards(document_id: int, page_url: str, *, body: str = "") -> list[FileCard]:
    """The files of a text by name, without the pictures that its *body* shows; *page_url* is that of its page."""
    is_read = cast(Attachment.passages, String) != "[]"
    columns = select(
        Attachment.name, Attachment.media_type, Attachment.digest, Attachment.size, is_read.label("is_read")
    )
    is_wanted = (Attachment.document_id == document_id, Attachment.name != CREDITS)
    rows = db.session.execute(columns.where(*is_wanted).order_by(Attachment.name))
    return [_card(row, page_url, is_read=row.is_read) for row in rows if f"{page_url}{FILES}/{row.name}/" not in body]


def send(file: ShownFile) -> Response:
    """The bytes, whole or the range that is asked: a PDF opens at its page, a picture is shown, all else is downloaded.

    Of a picture it is the clean ones, without where it was taken and by what.
    """
    return send_stored(file)


def send_stored(file: Any) -> Response:
    """The same for a row of `stored_file`."""
    if file.picture is not None:
        clean = file.picture["clean"]
        return send_bytes(file.name, file.media_type, clean["digest"], clean["size"], is_opened=True)
    return send_bytes(file.name, file.media_type, file.digest, file.size, is_opened=file.media_type == _PDF)


def send_width(name: str, picture: dict[str, Any] | None, width: int, type: str) -> Response:
    """A picture in one of its widths; 404 for a width or a type that was not made."""
    for it in picture["made"] if picture else ():
        if (it["width"], it["type"]) == (width, type):
            made = f"{name.rpartition('.')[0]}-{width}.{type}"
            return send_bytes(made, f"image/{type}", it["digest"], it["size"], is_opened=True)
    abort(404)


def send_bytes(name: str, media_type: str, digest: str, size: int, *, is_opened: bool) -> Response:
    """Stored bytes, sealed: read as they are sent, never kept in memory; the ETag is their digest."""
    try:
        body = store().opened(digest, size)
    except LostFile:
        log.error("%s: its bytes %s are not in the store", name, digest)
        abort(503)
    response = Response(body, mimetype=media_type)
    response.content_length = size
    response.set_etag(digest)
    response.headers["Content-Disposition"] = f'{"inline" if is_opened else "attachment"}; filename="{name}"'
    response.headers["Content-Security-Policy"] = SEALED
    response.headers["Cache-Control"] = "private, no-cache" if asker().is_authenticated else "no-cache"
    response.make_conditional(request, accept_ranges=True, complete_length=size)
    return response


def text_page(file: ShownFile) -> str:
    """The words of a file as a page with an anchor for each place; 404 when it has none."""
    return kept_page("files/text.html", file.document.id, file.name, context=lambda: _text_context(file))


def _text_context(file: ShownFile) -> dict[str, object]:
    document = file.document
    found = select(Attachment.passages, Edition.title).join(Edition, Edition.document_id == Attachment.document_id)
    row = db.session.execute(found.where(Edition.id == file.text.id, Attachment.name == file.name)).first()
    if row is None or not row.passages:
        abort(404)
    parts = _parts(row.passages)
    url = document_url(document.kind, id=document.id, slug=document.slug, cycle=document.cycle)
    return {
        "file": _card(file, url, is_read=True),
        "text_language": language_of(file.name) or file.text.language,
        "trail": [*_trail(document), (Spoken(row.title, file.text.language), url)],
        "area": area_of(document.kind),
        "parts": parts,
        "outline": parts if 1 < len(parts) <= LONG else [],
    }


def _trail(document: ShownDocument) -> list[tuple[str, str]]:
    """What leads to the page of a text, as on that page."""
    if document.kind != Kind.MODULE:
        return [(_("Centre de ressources"), url_for("resources.index"))]
    cycle = (cycle_titles().get(document.cycle, ""), url_for("cycles.show", slug=document.cycle))
    return [(_("Cycles"), url_for("cycles.index")), *([cycle] if cycle[0] else [])]


def _parts(passages: Sequence[dict]) -> list[FilePart]:
    """Passages of one place joined again."""
    places: dict[str, tuple[list[str], list[str]]] = {}
    for item in passages:
        _, paragraphs = places.setdefault(item["anchor"], (item["path"], []))
        paragraphs += item["text"].split("\n")
    return [
        FilePart(
            anchor=anchor,
            label=place_label(anchor),
            title=path[-1] if path else "",
            level=3 if len(path) > 1 else 2,
            paragraphs=paragraphs,
        )
        for anchor, (path, paragraphs) in places.items()
    ]


def _card(file, page_url: str, *, is_read: bool) -> FileCard:
    url = f"{page_url}{FILES}/{file.name}"
    return FileCard(
        name=file.name,
        url=url,
        text_url=f"{url}/{TEXT}" if is_read else "",
        kind=kind_label(file.name),
        size=size_label(file.size),
        language=language_of(file.name),
        is_opened=file.media_type == _PDF,
    )
