"""The files beside a text: listed, added, described, replaced and taken away; shown to who may edit it."""

from typing import Any, NamedTuple

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from academy.blueprints.studio.area import DOCUMENT, bp, described, document_of
from academy.blueprints.studio.editing import by_person
from academy.blueprints.studio.file_queries import file_rows, markdown_of, title_of
from academy.blueprints.studio.forms import FileForm, ReplaceForm
from academy.domain import attachments, pictures
from academy.domain.attachments import PreparedFile, prepare_upload
from academy.domain.content.folders import suggested
from academy.domain.errors import Refused
from academy.domain.problems import ContentRefused
from academy.extensions import db, limiter, transaction
from academy.files import kinds
from academy.files.pictures import PICTURES
from academy.models import Attachment, Document
from academy.policies import Action
from academy.web import attached, clock, identity
from academy.web.guard import allow
from academy.web.limits import takes_files
from academy.web.locale import gettext as _
from academy.web.refusals import words_of

FILES = f"{DOCUMENT}/fichiers/"
_FORM = 64 * 1024  # bytes around the file
_per_person = limiter.shared_limit("60 per minute", scope="files", key_func=by_person)


class Sent(NamedTuple):
    """A file as the browser sent it; `name` is one that a file may have, as far as that can be made."""

    name: str
    data: bytes


def document_with_files(id: int, **_: object) -> Document | None:
    """The document of an address, if texts of its kind have files."""
    document = document_of(id)
    return document if document is not None and document.kind in attachments.WITH_FILES else None


@bp.get(FILES)
@allow(Action.DOCUMENT_EDIT, on=document_with_files)
def files(document: Document):
    """List the files of a text, with a form for one more."""
    return _page(document)


@bp.post(FILES)
@takes_files(kinds.MAX_BYTES + _FORM)
@_per_person
@allow(Action.DOCUMENT_EDIT, on=document_with_files)
def add_file(document: Document):
    """Keep a file; a script of ours gets the Markdown that shows it."""
    sent = _sent(request.files.get("file"))
    form = FileForm(is_picture=kinds.picture_suffix(sent.data) != "")
    file = _prepared(sent, form) if form.validate() else None
    try:
        row = _kept(document, file, form) if file else None
    except ContentRefused as refusal:
        form.file.errors = [described(problem) for problem in refusal.problems]
        row = None
    if row is None:
        return _refused(document, form)
    if _is_for_script():
        return jsonify(markdown=markdown_of(row))
    flash(_("« %(name)s » est joint au texte.", name=row.name), "success")
    return redirect(url_for(".files", id=document.id), 303)


@bp.get(f"{FILES}<name>")
@allow(Action.DOCUMENT_EDIT, on=document_with_files)
def file(document: Document):
    """Send a file, whether or not readers see its text."""
    row = attached.stored_file(document.id, _values()["name"]) or abort(404)
    return attached.send_stored(row)


@bp.get(f"{FILES}<name>/<int(max=99999):width>.<any(webp, avif):type>")
@allow(Action.DOCUMENT_EDIT, on=document_with_files)
def file_width(document: Document):
    """Send a picture in one of its widths."""
    row = attached.stored_file(document.id, _values()["name"]) or abort(404)
    return attached.send_width(row.name, row.picture, _values()["width"], _values()["type"])


@bp.post(f"{FILES}<name>/decrire")
@_per_person
@allow(Action.DOCUMENT_EDIT, on=document_with_files)
def describe_file(document: Document):
    """Say what a picture shows, whose it is, how it may be reused."""
    row = _row(document)
    form = FileForm(row.id, is_picture=True)
    if row.picture is None or not form.validate():
        return _page(document, refused=form), 422
    try:
        with transaction():
            pictures.describe(_row(document), form.credit_said, by=identity.me(), now=clock.now())
    except Refused as refusal:
        return _page(document, refused=form, message=words_of(refusal)), 409
    flash(_("Ce que dit « %(name)s » est enregistré.", name=row.name), "success")
    return redirect(url_for(".files", id=document.id), 303)


@bp.post(f"{FILES}<name>/remplacer")
@takes_files(kinds.MAX_BYTES + _FORM)
@_per_person
@allow(Action.DOCUMENT_EDIT, on=document_with_files)
def replace_file(document: Document):
    """Put another file of the same kind in the place of one: its name, its words and its uses stay."""
    row = _row(document)
    form = ReplaceForm(row.id)
    sent = _sent(request.files.get("file"))
    if sent.data and sent.name.rpartition(".")[2] != row.name.rpartition(".")[2]:
        form.file.errors = [
            _("Choisissez un fichier du même genre (%(kind)s).", kind=row.name.rpartition(".")[2].upper())
        ]
        return _page(document, refused=form), 422
    file = _prepared(Sent(row.name, sent.data), form)
    if file is None:
        return _page(document, refused=form), 422
    with transaction():
        attachments.attach(document, file, by=identity.me(), now=clock.now())
    flash(_("« %(name)s » est remplacé, partout où il sert.", name=row.name), "success")
    return redirect(url_for(".files", id=document.id), 303)


@bp.post(f"{FILES}<name>/supprimer")
@_per_person
@allow(Action.DOCUMENT_EDIT, on=document_with_files)
def remove_file(document: Document):
    """Take a file away; one that a text uses stays, and where it is used is said."""
    row = _row(document)
    name, document_id = row.name, document.id
    try:
        with transaction():
            pictures.remove(_row(document), by=identity.me(), now=clock.now())
    except Refused as refusal:
        return _page(document, message=words_of(refusal)), 409
    flash(_("« %(name)s » est supprimé.", name=name), "success")
    back = url_for(".images") if request.form.get("back") == "images" else url_for(".files", id=document_id)
    return redirect(back, 303)


def _sent(given: FileStorage | None) -> Sent:
    """The file that was sent, named as files are; a picture after what it is, whatever its name says."""
    data = given.read(kinds.MAX_BYTES + 1) if given else b""
    name = suggested((given.filename if given else "") or "")
    suffix = kinds.picture_suffix(data)
    if suffix and name.rpartition(".")[2] in (*PICTURES, "jpeg", "gif", "heic", "tif", "tiff", "bmp", "avif"):
        name = f"{name.rpartition('.')[0] or 'image'}.{suffix}"
    elif suffix and "." not in name:
        name = f"{name or 'image'}.{suffix}"
    return Sent(name, data)


def _prepared(sent: Sent, form: FileForm | ReplaceForm) -> PreparedFile | None:
    """The file, checked and made ready outside the transaction; what is wrong with it stands in the form."""
    if not sent.data:
        form.file.errors = [_("Choisissez un fichier.")]
        return None
    try:
        return prepare_upload(sent.name, sent.data)
    except ContentRefused as refusal:
        form.file.errors = [described(problem) for problem in refusal.problems]
        return None


def _kept(document: Document, file: PreparedFile, form: FileForm) -> Attachment:
    me, now = identity.me(), clock.now()
    with transaction() as session:
        row = attachments.add(document, file, by=me, now=now)
        session.flush()
        if row.picture is not None:
            pictures.describe(row, form.credit_said, by=me, now=now)
        return row


def _refused(document: Document, form: FileForm):
    if _is_for_script():
        told = {name: list(errors) for name, errors in form.errors.items() if name}
        return jsonify(errors=told | ({"file": list(form.file.errors)} if form.file.errors else {})), 422
    return _page(document, refused=form), 422


def _is_for_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _page(document: Document, *, refused: FileForm | ReplaceForm | None = None, message: str = "") -> str:
    """The list; the form that was refused stands where it was, with what was typed."""
    rows = file_rows(document, refused)
    is_new = isinstance(refused, FileForm) and not refused.number
    return render_template(
        "studio/files.html",
        document=document,
        title=title_of(document),
        rows=rows,
        form=refused if is_new else FileForm(formdata=None),
        refused=refused,
        message=message,
        limit=kinds.MAX_BYTES >> 20,
        most=kinds.MAX_FILES,
    )


def _row(document: Document) -> Attachment:
    wanted = select(Attachment).where(Attachment.document_id == document.id, Attachment.name == _values()["name"])
    row = db.session.scalar(wanted)
    return row if row is not None and row.name != kinds.CREDITS else abort(404)


def _values() -> dict[str, Any]:
    return request.view_args or {}
