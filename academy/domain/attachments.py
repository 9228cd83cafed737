"""Attach files to documents and take them away: the bytes in the store, a row beside the document."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, cast, literal, select

from academy.domain import audit, credits, revisions
from academy.domain.problems import ContentRefused, Problem
from academy.extensions import db
from academy.files import kinds
from academy.files.pictures import Picture, picture_of
from academy.files.store import LostFile, store
from academy.files.words import FileWords, words_of
from academy.models import Attachment, AuditEntry, Document, Kind, Person, SheetScan

WITH_FILES = (Kind.RESOURCE, Kind.MODULE)  # whose pages list files
ORPHAN_AGE = timedelta(days=1)  # younger bytes may belong to a transaction under way


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A file that may be attached: checked, its words read, its picture made fit for the web.

    Made outside the transaction, for all this takes time.
    """

    name: str
    media_type: str
    data: bytes
    words: FileWords
    picture: Picture | None = None
    known: dict[str, Any] | None = None  # `Attachment.picture` of the same bytes


def prepare(
    name: str, data: bytes, *, words: FileWords | None = None, known: dict[str, Any] | None = None
) -> PreparedFile:
    """Check a file, read its words and make its picture, unless they are known.

    Raise ContentRefused with the code file_name, one of `kinds.WrongFile`, or what is wrong in a `credits.yml`.
    """
    if not kinds.is_name(name):
        raise ContentRefused([Problem(name, 0, "", "file_name")])
    try:
        kind = kinds.check(name, data)
        picture = None if known else picture_of(kind, data)
    except kinds.WrongFile as wrong:
        raise ContentRefused([Problem(name, 0, "", wrong.code, {"limit": kinds.MAX_BYTES >> 20})]) from None
    if name == kinds.CREDITS:
        credits.read(data.decode())
    return PreparedFile(name, kind.media_type, data, words or words_of(kind, data), picture, known)


def prepare_upload(name: str, data: bytes) -> PreparedFile:
    """As `prepare`, of what a person sends: of a picture only the clean bytes are kept, without where it was taken."""
    file = prepare(name, data)
    if file.picture is None:
        return file
    if len(file.picture.clean) > kinds.MAX_BYTES:
        raise ContentRefused([Problem(name, 0, "", "file_too_big", {"limit": kinds.MAX_BYTES >> 20})])
    return replace(file, data=file.picture.clean)


def attach(
    document: Document, file: PreparedFile, *, by: Person | None, now: datetime, announce: bool = True
) -> Attachment:
    """Put a file beside a document, in the place of the one of that name; the same bytes again change nothing.

    The bytes are on the disk before the row is committed. Raise ContentRefused (file_too_many) beyond the cap.
    """
    if document.kind not in WITH_FILES:
        raise ValueError(f"a {document.kind} has no files")
    _lock(document)
    rows = {row.name: row for row in attached_to(document.id)}
    row = rows.get(file.name)
    digest = store().put(file.data)
    if row is not None and row.digest == digest:
        return row
    if row is None and file.name != kinds.CREDITS and len(rows.keys() - {kinds.CREDITS}) >= kinds.MAX_FILES:
        raise ContentRefused([Problem(file.name, 0, "", "file_too_many", {"limit": kinds.MAX_FILES})])
    replaced = {"replaced": row.digest, "made": _made(row.picture)} if row is not None else {}
    if row is None:
        row = Attachment(document_id=document.id, name=file.name, created_at=now)
        db.session.add(row)
    row.media_type, row.digest, row.size, row.created_at = file.media_type, digest, len(file.data), now
    row.title, row.passages, row.fault = file.words.title, file.words.passages, file.words.fault
    row.picture = file.known or (_kept(file.picture) if file.picture else None)
    db.session.flush()
    _take_credits(document.id)
    told = {"document": document.key, "name": file.name, "digest": digest, **replaced}
    audit.record("attachment.attach", row, by=by, now=now, **told)
    _tell(document, now=now, announce=announce)
    return row


def add(document: Document, file: PreparedFile, *, by: Person | None, now: datetime) -> Attachment:
    """Put a file beside a document, under a name that no other file of it has; the same bytes are there once."""
    _lock(document)
    rows = {row.name: row for row in attached_to(document.id)}
    digest = hashlib.sha256(file.data).hexdigest()
    stem, _dot, suffix = file.name.rpartition(".")
    same = (row for row in rows.values() if row.digest == digest and row.name.endswith(f".{suffix}"))
    if (row := next(same, None)) is not None:
        return row
    name, number = file.name, 1
    while name in rows:
        number += 1
        name = f"{stem[: kinds.MAX_NAME - 10]}-{number}.{suffix}"
    return attach(document, replace(file, name=name), by=by, now=now)


def remove(attachment: Attachment, *, by: Person | None, now: datetime, announce: bool = True) -> None:
    """Take a file away from its document; its bytes stay in the store until they are swept."""
    document, name, digest = attachment.document, attachment.name, attachment.digest
    _lock(document)
    told = {"document": document.key, "name": name, "digest": digest, "made": _made(attachment.picture)}
    audit.record("attachment.remove", attachment, by=by, now=now, **told)
    db.session.delete(attachment)
    if name == kinds.CREDITS:
        db.session.flush()
        _take_credits(document.id)
    _tell(document, now=now, announce=announce)


def attached_to(document_id: int) -> list[Attachment]:
    """The files of a document by name."""
    query = select(Attachment).where(Attachment.document_id == document_id).order_by(Attachment.name)
    return list(db.session.scalars(query))


def reread(
    attachment: Attachment, words: FileWords, *, picture: Picture | None = None, by: Person | None, now: datetime
) -> bool:
    """Replace the words and the picture of a file by what today's readers find; whether anything changed."""
    found = (words.title, words.passages, words.fault, _kept(picture) if picture else None)
    if found == (attachment.title, attachment.passages, attachment.fault, attachment.picture):
        return False
    _lock(attachment.document)
    attachment.title, attachment.passages, attachment.fault, attachment.picture = found
    db.session.flush()
    _take_credits(attachment.document_id)
    audit.record("attachment.reread", attachment, by=by, now=now, name=attachment.name)
    _tell(attachment.document, now=now, announce=True)
    return True


def orphans(*, now: datetime) -> list[str]:
    """Digests of bytes that no file has needed for a day: a backup that takes less misses nothing."""
    needed = set(db.session.scalars(select(Attachment.digest).union(select(SheetScan.digest)))) | _needed_lately(now)
    needed |= {digest for picture in _pictures() for digest in _made(picture)}
    return sorted(digest for digest, since in store().digests() if digest not in needed and now - since > ORPHAN_AGE)


def _needed_lately(now: datetime) -> set[str]:
    """Digests of bytes that a file had, and lost less than a day ago: the audit trail knows."""
    actions = ("attachment.attach", "attachment.remove", "scan.add", "scan.remove")
    told = select(AuditEntry.detail).where(AuditEntry.action.in_(actions), AuditEntry.at > now - ORPHAN_AGE)
    found = set()
    for detail in db.session.scalars(told):
        found |= {detail[name] for name in ("digest", "replaced") if name in detail} | set(detail.get("made", ()))
    return found


def sweep(*, now: datetime) -> int:
    """Remove from the store what no file has needed for a day; return how many.

    Each is looked at once more just before: whoever uploads the same bytes again meanwhile has made them young.
    """
    swept = 0
    for digest in orphans(now=now):
        since = store().since(digest)
        if since is not None and now - since > ORPHAN_AGE:
            store().delete(digest)
            swept += 1
    return swept


def lost() -> Iterator[tuple[str, str]]:
    """Path of the document and name of each file whose bytes, or one of whose widths, are not in the store.

    Scans of sheets are named by their number.
    """
    scans = select(literal("emargement"), cast(SheetScan.id, String), SheetScan.digest)
    files = select(Document.path.label("path"), Attachment.name.label("name"), Attachment.digest.label("digest"))
    files = files.join(Document, Document.id == Attachment.document_id).union_all(scans)
    rows = db.session.execute(files.order_by("path", "name")).all()
    pictures = select(Document.path, Attachment.name, Attachment.picture).join(Attachment.document)
    made: dict[tuple[str, str], list[str]] = {}
    for path, name, picture in db.session.execute(pictures.where(Attachment.picture.is_not(None))):
        made[path, name] = _made(picture)
    kept = {digest for digest, _ in store().digests()} if rows else set()
    for row in rows:
        if not {row.digest, *made.get((row.path, row.name), ())} <= kept:
            yield row.path, row.name


def faulty() -> Iterator[tuple[str, str, str]]:
    """Path of the document, name and fault of each file whose words the search does not have, or not all."""
    rows = db.session.execute(
        select(Document.path, Attachment.name, Attachment.fault)
        .join(Document, Document.id == Attachment.document_id)
        .where(Attachment.fault != "")
        .order_by(Document.path, Attachment.name)
    )
    yield from ((row.path, row.name, row.fault) for row in rows)


def _lock(document: Document) -> None:
    revisions.lock(document.editions)


def _tell(document: Document, *, now: datetime, announce: bool) -> None:
    """Log that readers of a published document see something else; the index follows the log."""
    published = [edition for edition in document.editions if edition.published_id is not None]
    for edition in published[:1]:  # the index takes its siblings along
        revisions.log_change(edition, now=now)
    if published and announce:
        revisions.announce(now=now)


def _kept(picture: Picture) -> dict[str, Any]:
    """Put what is shown of a picture into the store; give `Attachment.picture`."""
    made = [
        {"width": it.width, "height": it.height, "type": it.type, "digest": store().put(it.data), "size": len(it.data)}
        for it in picture.made
    ]
    clean = {"digest": store().put(picture.clean), "size": len(picture.clean)}
    return {"width": picture.width, "height": picture.height, "clean": clean, "made": made}


def _made(picture: dict[str, Any] | None) -> list[str]:
    """The digests of what is shown of a picture."""
    return [picture["clean"]["digest"], *(it["digest"] for it in picture["made"])] if picture else []


def _pictures() -> Iterable[dict[str, Any]]:
    return db.session.scalars(select(Attachment.picture).where(Attachment.picture.is_not(None)))


def _take_credits(document_id: int) -> None:
    """Read into the rows what `credits.yml` says of the pictures."""
    rows = attached_to(document_id)
    kept = next((row for row in rows if row.name == kinds.CREDITS), None)
    try:
        said = credits.read(store().read(kept.digest, 0, kept.size).decode()) if kept is not None else {}
    except LostFile:  # `flask check` names it; what was read of it stays true
        return
    for row in rows:
        if row.picture is not None:
            it = said.get(row.name, credits.Credit())
            row.alt, row.credit, row.licence, row.is_decorative = it.alt, it.credit, it.licence, it.is_decorative
