"""Write the files of documents into a content folder, never over an edit made there."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from academy.domain import attachments
from academy.domain.content import attached as content_attached, folders as content_folders
from academy.domain.content.files import Folder, write
from academy.extensions import db
from academy.files.store import LostFile, store
from academy.models import Attachment, Document

if TYPE_CHECKING:
    from academy.domain.content.dump import Dumped


def dump_files(folder: Folder, dumped: "Dumped") -> None:
    """Write each file beside its text, and take away those that the site has removed since the last exchange."""
    documents = _documents()
    there = content_folders.read_files(folder.root, {document.path for document in documents}, [])
    for document in documents:
        rows = {row.name: row for row in attachments.attached_to(document.id)}
        for name in sorted({*rows, *document.synced_files}):
            path = f"{document.path}/{name}"
            file = there.get(path)
            _dump_one(folder, document, path, name, rows.get(name), file.digest if file else None, dumped)


def _dump_one(
    folder: Folder,
    document: Document,
    path: str,
    name: str,
    row: Attachment | None,
    there: str | None,
    dumped: "Dumped",
) -> None:
    current, synced = row.digest if row is not None else None, document.synced_files.get(name)
    is_refused = there is None and (folder.root / path).exists()  # a file of that name that is not what it says
    if there == current and not is_refused:
        dumped.unchanged.extend([path] if current else [])
    elif is_refused or there not in (None, synced):
        (dumped.kept if synced == current else dumped.conflicting).append(path)
        return
    elif row is None:
        (folder.root / path).unlink()
        dumped.removed.append(path)
    else:
        try:
            data = store().read(row.digest, 0, row.size)
        except LostFile:
            dumped.lost.append(path)
            return
        write(folder.root, path, data)
        dumped.written.append(path)
    content_attached.remember(document, name, current)


def _documents() -> list[Document]:
    has_files = select(Attachment.document_id).distinct()
    rows = db.session.scalars(select(Document).order_by(Document.id))
    ids = set(db.session.scalars(has_files))
    return [row for row in rows if row.id in ids or row.synced_files]
