"""Write the academy's texts into a content folder, byte for byte, never over an edit made there."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from academy.domain import audit, revisions
from academy.domain.content import (
    attached_dump as content_attached_dump,
    lists as content_lists,
    moves as content_moves,
)
from academy.domain.content.files import Folder, read_folder, write
from academy.domain.content.paths import file_of
from academy.domain.revisions import hash_of
from academy.extensions import db
from academy.models import ContentFile, Edition, Person


@dataclass(frozen=True)
class Dumped:
    """What a dump did with each file."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # newer in the folder: load it
    conflicting: list[str] = field(default_factory=list)  # edited on both sides, or unknown to the academy
    moved: list[str] = field(default_factory=list)  # files that followed their text to its new place
    removed: list[str] = field(default_factory=list)  # files beside texts that the site has removed
    lost: list[str] = field(default_factory=list)  # files whose bytes the store does not have


def dump(root: Path, *, by: Person | None, now: datetime) -> Dumped:
    """Write each text's scheduled revision, else the published one, else its head, and the list files.

    Inside the caller's transaction: what was written is remembered as synced.
    """
    root.mkdir(parents=True, exist_ok=True)
    dumped = Dumped(moved=content_moves.follow(root))
    folder = read_folder(root)
    query = select(Edition).join(Edition.document).options(selectinload(Edition.document)).order_by(Edition.id)
    editions = list(db.session.scalars(query))
    revisions.lock(editions)
    for edition in editions:
        revision = edition.scheduled or edition.published or edition.head
        if revision is None:
            continue
        path = file_of(edition.document.path, edition.language)
        if _dump_one(folder, path, revision.source, edition.synced_hash, dumped):
            edition.synced_hash = revision.source_hash
            edition.document.synced_path = edition.document.path
    for path in content_lists.LIST_FILES:
        _dump_list(folder, path, dumped)
    content_attached_dump.dump_files(folder, dumped)
    audit.record("content.dump", by=by, now=now, written=len(dumped.written))
    return dumped


def _dump_list(folder: Folder, path: str, dumped: Dumped) -> None:
    source = content_lists.source_of(path)
    kept = db.session.get(ContentFile, path)
    if source is not None and _dump_one(folder, path, source, kept.source_hash if kept else None, dumped):
        content_lists.keep(path, source)


def _dump_one(folder: Folder, path: str, source: str, synced: str | None, dumped: Dumped) -> bool:
    """Write a file unless the folder's was edited; whether both sides are now the same."""
    there = folder.lists.get(path)
    if (text := folder.texts.get(path)) is not None:
        there = text.source
    if there == source:
        dumped.unchanged.append(path)
        return True
    is_refused = any(problem.path == path for problem in folder.problems)
    if (there is None and not is_refused) or (there is not None and hash_of(there) == synced):
        write(folder.root, path, source.encode())
        dumped.written.append(path)
        return True
    (dumped.kept if synced == hash_of(source) else dumped.conflicting).append(path)
    return False
