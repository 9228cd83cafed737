"""What the pages about files read: each file with its small picture, its uses and its forms; the library of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from academy.blueprints.studio.forms import FileForm, ReplaceForm
from academy.blueprints.studio.queries import PER_PAGE, Page
from academy.domain import attachments, pictures
from academy.domain.pictures import Use
from academy.extensions import db
from academy.files.kinds import CREDITS
from academy.files.pictures import PICTURES
from academy.models import Attachment, Document, Edition
from academy.rendering.slugs import slugify
from academy.web.attached_words import kind_label, size_label
from academy.web.labels import licence_of
from academy.web.locale import language
from academy.web.spoken import Spoken


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """A file as the studio shows it; `small` is the address of its picture in its smallest width, "" without one."""

    name: str
    kind: str
    size: str
    url: str
    small: str
    width: int  # pixels of the whole picture
    height: int
    alt: str
    is_decorative: bool
    credit: str
    licence: str
    markdown: str
    uses: Sequence[Use]
    document_id: int
    title: str  # of its text
    form: FileForm | None = None  # None: no picture, nothing to say of it
    replacing: ReplaceForm | None = None


def title_of(document: Document) -> str:
    """The title of a text in the page's language where it has one."""
    titles = {edition.language: edition.title for edition in document.editions if edition.title}
    first = language() if language() in titles else next(iter(sorted(titles, reverse=True)), "")
    return Spoken(titles[first], first) if first else document.key


def file_rows(document: Document, refused: FileForm | ReplaceForm | None) -> list[FileRow]:
    """The files of a text by name, each with its forms; *refused* is the form that stays as it was sent."""
    uses, title = pictures.uses_of(document.id), title_of(document)
    rows = []
    for row in attachments.attached_to(document.id):
        if row.name == CREDITS:
            continue
        forms: dict[str, Any] = {"replacing": ReplaceForm(formdata=None, prefix=f"r{row.id}-")}
        if row.picture is not None:
            forms["form"] = FileForm(formdata=None, prefix=f"f{row.id}-", data=FileForm.said_of(row))
        for name, form in forms.items():
            if refused is not None and refused._prefix == form._prefix:
                forms[name] = refused
        rows.append(_row(row, title, uses[document.id, row.name], **forms))
    return rows


def library(*, owner: int | None, words: str, sort: str, licence: str, number: int) -> Page:
    """The files of the texts of a person (None: of everybody), the newest first: four queries."""
    wanted = (
        select(Attachment.id, Attachment.name, Attachment.alt, Attachment.credit)
        .join(Attachment.document)
        .where(Attachment.name != CREDITS)
        .order_by(Attachment.created_at.desc(), Attachment.id.desc())
    )
    if owner is not None:
        wanted = wanted.where(Document.owner_id == owner)
    if sort in PICTURES:
        wanted = wanted.where(Attachment.media_type == PICTURES[sort])
    elif sort == "files":
        wanted = wanted.where(Attachment.picture.is_(None))
    elif sort != "all":
        wanted = wanted.where(Attachment.picture.is_not(None))
    if licence:
        wanted = wanted.where(Attachment.licence == ("" if licence == "none" else licence))
    asked = slugify(words).split("-") if slugify(words) else []
    found = [
        row.id
        for row in db.session.execute(wanted)
        if all(word in slugify(f"{row.name} {row.alt} {row.credit}") for word in asked)
    ]
    number = min(max(number, 1), max(-(-len(found) // PER_PAGE), 1))
    shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Page(_library_rows(shown), len(found), number)


def has_files(owner: int | None) -> bool:
    """Whether there is anything to look through."""
    wanted = select(func.count(Attachment.id)).join(Attachment.document).where(Attachment.name != CREDITS)
    return bool(db.session.scalar(wanted.where(Document.owner_id == owner) if owner is not None else wanted))


def _library_rows(ids: Sequence[int]) -> list[FileRow]:
    rows = {row.id: row for row in db.session.scalars(select(Attachment).where(Attachment.id.in_(ids)))}
    documents = {row.document_id for row in rows.values()}
    uses = pictures.uses_of(*sorted(documents))
    titles: dict[int, str] = {}
    of = select(Edition.document_id, Edition.language, Edition.title).where(Edition.document_id.in_(documents))
    for document_id, spoken, title in db.session.execute(of.order_by(Edition.language.desc())):
        if title and (document_id not in titles or spoken == language()):
            titles[document_id] = Spoken(title, spoken)
    return [
        _row(rows[id], titles.get(rows[id].document_id, ""), uses[rows[id].document_id, rows[id].name])
        for id in ids
        if id in rows
    ]


def markdown_of(row: Attachment) -> str:
    """What an author writes to show a picture, or to lead to another file."""
    words = row.alt if row.picture is not None else row.name
    for sign in "\\[]":
        words = words.replace(sign, f"\\{sign}")
    return f"{'!' if row.picture is not None else ''}[{words}](fichiers/{row.name})"


def _row(row: Attachment, title: str, uses: Sequence[Use], **forms: Any) -> FileRow:
    url = url_for("studio.file", id=row.document_id, name=row.name)
    picture = row.picture or {}
    made = [it["width"] for it in picture.get("made", ()) if it["type"] == "webp"]
    return FileRow(
        name=row.name,
        kind=kind_label(row.name),
        size=size_label(picture["clean"]["size"] if picture else row.size),
        url=url,
        small=f"{url}/{min(made)}.webp" if made else "",
        width=picture.get("width", 0),
        height=picture.get("height", 0),
        alt=row.alt,
        is_decorative=row.is_decorative,
        credit=row.credit,
        licence=licence_of(row.licence).name,
        markdown=markdown_of(row),
        uses=uses,
        document_id=row.document_id,
        title=title,
        **forms,
    )
