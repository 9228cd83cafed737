"""Attach files to documents and take them away: the bytes in the store, a row beside the document."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, cast, literal, select

from academy.domain import audit, revisions
from academy.domain.problems import ContentRefused, Problem
from academy.extensions import db
from academy.files import kinds
from academy.files.store import store
from academy.files.words import FileWords, words_of
from academy.models import Attachment, AuditEntry, Document, Kind, Person, SheetScan

WITH_FILES = (Kind.RESOURCE, Kind.MODULE)  # whose pages list files
ORPHAN_AGE = timedelta(days=1)  # younger bytes may belong to a transaction under way


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A file that may be attached: checked, its words read. Made outside the transaction, for reading takes time."""

    name: str
    media_type: str
    data: bytes
    words: FileWords


def prepare(name: str, data: bytes, *, words: FileWords | None = None) -> PreparedFile:
    """Check a file and read its words, unless they are known.

    Raise ContentRefused with the code file_name, file_empty, file_too_big, file_kind, file_content or file_macros.
    """
    if not kinds.is_name(name):
        raise ContentRefused([Problem(name, 0, "", "file_name")])
    try:
        kind = kinds.check(name, data)
    except kinds.WrongFile as wrong:
        raise ContentRefused([Problem(name, 0, "", wrong.code, {"limit": kinds.MAX_BYTES >> 20})]) from None
    return PreparedFile(name, kind.media_type, data, words or words_of(kind, data))


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
    if row is None and len(rows) >= kinds.MAX_FILES:
        raise ContentRefused([Problem(file.name, 0, "", "file_too_many", {"limit": kinds.MAX_FILES})])
    replaced = {"replaced": row.digest} if row is not None else {}
    if row is None:
        row = Attachment(document_id=document.id, name=file.name, created_at=now)
        db.session.add(row)
    row.media_type, row.digest, row.size, row.created_at = file.media_type, digest, len(file.data), now
    row.title, row.passages, row.fault = file.words.title, file.words.passages, file.words.fault
    told = {"document": document.key, "name": file.name, "digest": digest, **replaced}
    audit.record("attachment.attach", row, by=by, now=now, **told)
    _tell(document, now=now, announce=announce)
    return row


def remove(attachment: Attachment, *, by: Person | None, now: datetime, announce: bool = True) -> None:
    """Take a file away from its document; its bytes stay in the store until they are swept."""
    document, name, digest = attachment.document, attachment.name, attachment.digest
    _lock(document)
    audit.record("attachment.remove", attachment, by=by, now=now, document=document.key, name=name, digest=digest)
    db.session.delete(attachment)
    _tell(document, now=now, announce=announce)


def attached_to(document_id: int) -> list[Attachment]:
    """The files of a document by name."""
    query = select(Attachment).where(Attachment.document_id == document_id).order_by(Attachment.name)
    return list(db.session.scalars(query))


def reread(attachment: Attachment, words: FileWords, *, by: Person | None, now: datetime) -> bool:
    """Replace the words of a file by what today's readers find; whether anything changed."""
    found = (words.title, words.passages, words.fault)
    if found == (attachment.title, attachment.passages, attachment.fault):
        return False
    _lock(attachment.document)
    attachment.title, attachment.passages, attachment.fault = found
    audit.record("attachment.reread", attachment, by=by, now=now, name=attachment.name)
    _tell(attachment.document, now=now, announce=True)
    return True


def orphans(*, now: datetime) -> list[str]:
    """Digests of bytes that no file has needed for a day: a backup that takes less misses nothing."""
    needed = set(db.session.scalars(select(Attachment.digest).union(select(SheetScan.digest)))) | _needed_lately(now)
    return sorted(digest for digest, since in store().digests() if digest not in needed and now - since > ORPHAN_AGE)


def _needed_lately(now: datetime) -> set[str]:
    """Digests of bytes that a file had, and lost less than a day ago: the audit trail knows."""
    actions = ("attachment.attach", "attachment.remove", "scan.add", "scan.remove")
    told = select(AuditEntry.detail).where(AuditEntry.action.in_(actions), AuditEntry.at > now - ORPHAN_AGE)
    return {detail[name] for detail in db.session.scalars(told) for name in ("digest", "replaced") if name in detail}


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
    """Path of the document and name of each file whose bytes are not in the store; scans of sheets by their number."""
    scans = select(literal("emargement"), cast(SheetScan.id, String), SheetScan.digest)
    files = select(Document.path.label("path"), Attachment.name.label("name"), Attachment.digest.label("digest"))
    files = files.join(Document, Document.id == Attachment.document_id).union_all(scans)
    rows = db.session.execute(files.order_by("path", "name")).all()
    kept = {digest for digest, _ in store().digests()} if rows else set()
    yield from ((row.path, row.name) for row in rows if row.digest not in kept)


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
