"""What both sides had when they last met, for a folder that is kept and for an archive that came back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from academy.extensions import db
from academy.models import Person, Revision

MERGED = "⇄ "  # begins the note of a revision that a load made of two texts: no file holds its words


@dataclass(frozen=True)
class Exchange:
    """An archive: what it was made from, and who brings it. A folder has none: the academy remembers it itself."""

    versions: Mapping[str, str]  # path -> digest when it left
    by: Person | None = None  # None: the command line


def bases(
    exchange: Exchange, editions: Mapping[int, tuple[str, str]], synced: Mapping[int, str | None]
) -> dict[int, str | None]:
    """The digest of the text from which the archive's was written, for each edition; *editions* gives its path now
    and the path of its file.

    The newest of: the revision that the archive says it was made from, the last one that this person brought. Only
    revisions of the very edition count, whatever an archive claims. Else what the folder had (*synced*).
    """
    wanted = {digest for paths in editions.values() for path in paths if (digest := exchange.versions.get(path))}
    notes = {path for paths in editions.values() for path in paths}
    told = Revision.source_hash.in_(wanted)
    mine = Revision.author_id == exchange.by.id if exchange.by is not None else Revision.author_id.is_(None)
    told |= mine & Revision.note.in_(notes)
    rows = db.session.execute(
        select(Revision.edition_id, Revision.source_hash, Revision.note)
        .where(Revision.edition_id.in_(editions), told)
        .order_by(Revision.id)
    )
    found = dict(synced)
    for edition_id, digest, note in rows:
        paths = editions[edition_id]
        if note in paths or digest in {exchange.versions.get(path) for path in paths}:
            found[edition_id] = digest
    return found


def sources(wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """The sources of revisions by (edition, digest): one query."""
    wanted = set(wanted)
    rows = db.session.execute(
        select(Revision.edition_id, Revision.source_hash, Revision.source).where(
            Revision.edition_id.in_({edition for edition, _ in wanted}),
            Revision.source_hash.in_({digest for _, digest in wanted}),
        )
    )
    return {(edition, digest): source for edition, digest, source in rows}
