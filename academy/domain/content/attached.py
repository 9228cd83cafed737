"""Bring the files beside texts into the academy and back: compare, load, dump."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select

from academy.domain import attachments, picture_credits
from academy.domain.attachments import PreparedFile
from academy.domain.content import folders as content_folders, paths as content_paths
from academy.domain.content.folders import FolderFile
from academy.domain.content.states import State, file_state_of
from academy.domain.errors import Refused
from academy.domain.picture_credits import Credit
from academy.domain.problems import ContentRefused, Problem
from academy.extensions import db
from academy.files import kinds
from academy.files.words import FileWords
from academy.models import Attachment, Document, Person

_TAKEN = (State.CREATED, State.CHANGED)
_OF_ONE_FILE = frozenset(
    "file_content file_empty file_kind file_macros file_name file_nested file_svg file_too_big link_outside unreadable "
    "picture_animated picture_broken picture_failed picture_too_big picture_too_slow".split()
)


@dataclass(frozen=True)
class FileItem:
    """What a load would do with one file beside a text."""

    path: str  # in the folder
    key: str  # of the document
    name: str
    state: State
    current: str | None  # digest on the site
    file: FolderFile | None  # None: not in the folder
    document_id: int | None = None  # None: the document comes with the same load
    prepared: PreparedFile | None = None  # of what is created or changed


class _Site(NamedTuple):
    """The files of a document in the academy."""

    document_id: int
    path: str
    synced: Mapping[str, str]
    current: dict[str, str]  # name -> digest


def compare(
    files: Mapping[str, FolderFile], keys: Mapping[str, str], versions: Mapping[str, str] | None = None
) -> tuple[list[FileItem], list[str]]:
    """The state of each file, and the paths that only the academy has; *keys* are those of the folder's texts by stem.

    *versions*, of an archive, are the digests with which it left, by path: they stand for the last exchange.

    A text that the folder lacks keeps its files: only beside a text does an absent file mean a removal.
    """
    sites, items, missing = _sites(versions), [], []
    beside: dict[str, dict[str, FolderFile]] = {}
    for file in files.values():
        beside.setdefault(file.stem, {})[file.name] = file
    for stem, key in sorted(keys.items()):
        found, missed = _compare_one(stem, key, beside.get(stem, {}), sites.pop(key, None))
        items += found
        missing += missed
    for site in sites.values():
        missing += [f"{site.path}/{name}" for name in site.current]
    return items, missing


def prepare(root: Path, items: Iterable[FileItem], problems: list[Problem]) -> Iterator[FileItem]:
    """Read what will be stored; why a file has no words is a warning among the problems."""
    items = list(items)
    made = _known(it.file.digest for it in items if it.state in _TAKEN and it.file is not None)
    for item in items:
        if item.state not in _TAKEN or item.file is None:
            yield item
            continue
        data = content_folders.data_of(root, item.path)
        kind = kinds.kind_of(item.name)
        words, picture = made.get((item.file.digest, kind.media_type if kind else ""), (None, None))
        try:
            ready = attachments.prepare(item.name, data, words=words, known=picture)
        except ContentRefused as refused:  # the file was changed a moment ago
            problems.extend(problem.at(item.path) for problem in refused.problems)
            continue
        if ready.words.fault:
            problems.append(Problem(item.path, 0, "", f"lint_file_{ready.words.fault}"))
        yield replace(item, prepared=ready)


def is_of_one_file(problem: Problem) -> bool:
    """Whether it says that one file beside a text cannot be taken, and the load could go on without."""
    folder, _, name = problem.path.rpartition("/")
    return content_paths.files_of(folder) is not None and name != kinds.CREDITS and problem.code in _OF_ONE_FILE


def credits_after(root: Path, items: Iterable[FileItem]) -> dict[str, dict[str, Credit]]:
    """What will be said of the files beside texts, once they are loaded: by the stem of the text and the name."""
    known: dict[str, dict[str, Credit]] = {}
    for path, name, alt, credit, licence, is_decorative in db.session.execute(
        select(Document.path, Attachment.name, Attachment.alt, Attachment.credit, Attachment.licence)
        .add_columns(Attachment.is_decorative)
        .join(Attachment.document)
    ):
        known.setdefault(path, {})[name] = Credit(alt, credit, licence, is_decorative)
    for item in items:
        beside = known.setdefault(item.path.rpartition("/")[0], {})
        if item.state == State.REMOVED:
            beside.pop(item.name, None)
        elif item.file is not None:
            beside.setdefault(item.name, Credit())
    for item in items:
        if item.name == kinds.CREDITS and item.file is not None and item.state in _TAKEN:
            with suppress(ContentRefused):  # told when the file itself is prepared
                beside = known[item.file.stem]
                beside |= {n: it for n, it in picture_credits.read(_text_of(root, item.path)).items() if n in beside}
    return known


def _text_of(root: Path, path: str) -> str:
    return content_folders.data_of(root, path).decode(errors="replace")


def documents_of(items: Iterable[FileItem]) -> set[int]:
    """The documents whose files a load will touch: their editions are locked with the others."""
    return {it.document_id for it in items if it.document_id is not None and it.state in (*_TAKEN, State.REMOVED)}


def load(items: Iterable[FileItem], *, by: Person | None, now: datetime, is_kept: bool = True) -> int:
    """Attach and remove as planned, inside the transaction of the load; return how many files changed.

    *is_kept* is off for an archive: the folder that is kept has not seen what it brings.

    Raise Refused("edited_meanwhile") when a file of the site changed since the plan was made.
    """
    changed, documents = 0, _documents({item.key for item in items})
    for item in items:
        document = documents[item.key]
        row = db.session.scalar(
            select(Attachment).where(Attachment.document_id == document.id, Attachment.name == item.name)
        )
        if (row.digest if row is not None else None) != item.current:
            raise Refused("edited_meanwhile")
        if item.prepared is not None:
            attachments.attach(document, item.prepared, by=by, now=now, announce=False)
        elif item.state == State.REMOVED and row is not None:
            attachments.remove(row, by=by, now=now, announce=False)
        changed += item.prepared is not None or item.state == State.REMOVED
        if is_kept and item.state not in (State.KEPT, State.CONFLICTING):
            remember(document, item.name, item.file.digest if item.file else None)
    return changed


def remember(document: Document, name: str, digest: str | None) -> None:
    """Note what both sides have of a file from now on; None: neither has it."""
    if document.synced_files.get(name) != digest:
        rest = {other: kept for other, kept in document.synced_files.items() if other != name}
        document.synced_files = rest | ({name: digest} if digest else {})


def _compare_one(
    stem: str, key: str, files: Mapping[str, FolderFile], site: _Site | None
) -> tuple[list[FileItem], list[str]]:
    items, missing = [], []
    current, synced = (site.current, site.synced) if site else ({}, {})
    for name in sorted({*files, *current, *synced}):
        file = files.get(name)
        digest = file.digest if file else None
        state = file_state_of(digest, current=current.get(name), synced=synced.get(name))
        document_id = site.document_id if site else None
        if state == State.KEPT and file is None:
            missing.append(f"{stem}/{name}")  # added on the site
        else:
            items.append(FileItem(f"{stem}/{name}", key, name, state, current.get(name), file, document_id))
    return items, missing


def _sites(versions: Mapping[str, str] | None) -> dict[str, _Site]:
    """The documents that have or had files, by their keys: two queries."""
    rows = db.session.execute(select(Attachment.document_id, Attachment.name, Attachment.digest)).all()
    current: dict[int, dict[str, str]] = {}
    for document_id, name, digest in rows:
        current.setdefault(document_id, {})[name] = digest
    documents = db.session.execute(select(Document.id, Document.key, Document.path, Document.synced_files))
    return {
        row.key: _Site(row.id, row.path, _synced(row.path, row.synced_files, versions), current.get(row.id, {}))
        for row in documents
        if row.synced_files or row.id in current
    }


def _synced(path: str, kept: Mapping[str, str], versions: Mapping[str, str] | None) -> Mapping[str, str]:
    """What both sides had of the files of a document."""
    if versions is None:
        return kept
    return {file.removeprefix(f"{path}/"): digest for file, digest in versions.items() if file.startswith(f"{path}/")}


def _documents(keys: set[str]) -> dict[str, Document]:
    return {row.key: row for row in db.session.scalars(select(Document).where(Document.key.in_(keys)))}


def _known(digests: Iterable[str]) -> dict[tuple[str, str], tuple[FileWords, dict[str, Any] | None]]:
    """What was read in the very same bytes before, and what was made of them, by digest and media type: one query."""
    wanted = set(digests)
    if not wanted:
        return {}
    columns = (Attachment.digest, Attachment.media_type, Attachment.title, Attachment.passages, Attachment.fault)
    rows = db.session.execute(
        select(*columns, Attachment.picture).where(Attachment.digest.in_(wanted)).order_by(Attachment.id)
    )
    return {(row.digest, row.media_type): (FileWords(row.title, row.passages, row.fault), row.picture) for row in rows}
