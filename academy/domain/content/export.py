"""What an archive of texts holds: the files that a dump would write, read one at a time."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from academy.domain.content import lists as content_lists
from academy.domain.content.archives import VERSIONS
from academy.domain.content.paths import LISTS, file_of
from academy.domain.revisions import hash_of
from academy.extensions import db
from academy.files.store import PART, LostFile, store
from academy.models import Attachment, Cycle, Document, Edition, Revision

_AT_ONCE = 20  # sources read together
Entry = tuple[str, datetime, Iterable[bytes]]  # path, instant, bytes


@dataclass(frozen=True)
class Part:
    """What is asked for: a cycle with its resources ("": everything), the texts of one person (None: of everybody)."""

    cycle: str = ""
    owner_id: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the list files (topics, venues, people) come along."""
        return not self.cycle and self.owner_id is None


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file of the archive: its digest, since when it is so, where its bytes are."""

    path: str
    digest: str
    at: datetime
    revision_id: int | None = None  # else a file of the store
    size: int = 0


def files_of_part(part: Part) -> list[ExportedFile]:
    """The texts (published, else the draft, as a dump writes them) and the files beside them, by path: two queries."""
    texts = db.session.execute(
        select(Document.path, Edition.language, Revision.source_hash, Revision.created_at, Revision.id)
        .join(Edition, Edition.document_id == Document.id)
        .join(Revision, Revision.id == func.coalesce(Edition.published_id, Edition.head_id))
        .where(*_wanted(part))
    )
    beside = db.session.execute(
        select(Document.path, Attachment.name, Attachment.digest, Attachment.created_at, Attachment.size)
        .join(Attachment, Attachment.document_id == Document.id)
        .where(*_wanted(part))
    )
    files = [ExportedFile(file_of(path, spoken), digest, at, number) for path, spoken, digest, at, number in texts]
    files += [ExportedFile(f"{path}/{name}", digest, at, None, size) for path, name, digest, at, size in beside]
    return sorted(files, key=lambda file: file.path)


def entries(part: Part, *, now: datetime) -> Iterator[Entry]:
    """Path, instant and bytes of each file; at the end what tells a later import from which versions it was made.

    A file whose bytes the store has lost is named in `academie.json` and left out.
    """
    versions: dict[str, str] = {}
    lost: list[str] = []
    files = files_of_part(part)
    for start in range(0, len(files), _AT_ONCE):
        some = files[start : start + _AT_ONCE]
        sources = _sources([file.revision_id for file in some if file.revision_id is not None])
        for file in some:
            if file.revision_id is not None:
                yield file.path, file.at, [sources[file.revision_id].encode()]
            elif store().has(file.digest):
                yield file.path, file.at, _stored(file)
            else:
                lost.append(file.path)
                continue
            versions[file.path] = file.digest
    for path in LISTS if part.is_whole else ():
        if (source := content_lists.source_of(path)) is not None:
            versions[path] = hash_of(source)
            yield path, now, [source.encode()]
    said = {"made_at": now.isoformat(timespec="seconds"), "files": versions} | ({"lost": lost} if lost else {})
    yield VERSIONS, now, [json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"]


def _wanted(part: Part) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if part.cycle:
        slug = select(Cycle.id).where(Cycle.slug == part.cycle).scalar_subquery()
        conditions.append(Document.cycle_id == slug)
    if part.owner_id is not None:
        conditions.append(Document.owner_id == part.owner_id)
    return conditions


def _sources(ids: list[int]) -> dict[int, str]:
    rows = db.session.execute(select(Revision.id, Revision.source).where(Revision.id.in_(ids)))
    return dict(rows.all())


def _stored(file: ExportedFile) -> Iterator[bytes]:
    for at in range(0, file.size, PART):
        try:
            yield store().read(file.digest, at, min(PART, file.size - at))
        except LostFile:  # swept away this very moment: its CRC is that of what was sent
            return
