"""Rows behind publishing: locks, revisions, renderings, the change log.

Order of the locks, the same everywhere, so that no two transactions wait for each other: cycle, then editions by
id, then sessions by id, then the head of the change log, just before the end.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, select, update

from academy.domain import contract, outbox
from academy.domain.errors import Refused
from academy.domain.rows import insert_once
from academy.extensions import db
from academy.models import Audience, Change, ContentHead, Document, Edition, Person, Rendering, Revision
from academy.rendering.markdown import RENDERER
from academy.rendering.results import Rendered
from academy.rendering.typography import typeset

UNTITLED = 300  # characters of a title that fit the column


def hash_of(source: str) -> str:
    """SHA-256 of the bytes of a source."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


def lock(editions: Iterable[Edition]) -> None:
    """Take the locks of editions by writing their rows, in the order of their ids; read them afresh."""
    for edition in sorted(editions, key=lambda edition: edition.id):
        db.session.execute(
            update(Edition)
            .where(Edition.id == edition.id)
            .values(seq=Edition.seq + 1)
            .execution_options(synchronize_session=False)
        )
        db.session.refresh(edition)


def lock_at(edition: Edition, base_id: int | None) -> None:
    """Lock an edition; refuse when somebody saved after the revision *base_id*, whose text the author saw."""
    lock([edition])
    if edition.head_id != base_id:
        raise Refused("edited_meanwhile", head=edition.head_id)


def add(edition: Edition, source: str, *, by: Person | None, now: datetime, note: str = "") -> Revision:
    """Put a source on top of a locked edition; the very same source adds nothing."""
    if edition.head is not None and edition.head.source == source:
        return edition.head
    revision = new(edition, source, base_id=edition.head_id, by=by, now=now, note=note)
    edition.head = revision
    db.session.flush()
    return revision


def new(
    edition: Edition, source: str, *, base_id: int | None, by: Person | None, now: datetime, note: str = ""
) -> Revision:
    """Add a revision to a locked edition and leave its head alone."""
    highest = select(func.max(Revision.number)).where(Revision.edition_id == edition.id)
    revision = Revision(
        edition_id=edition.id,
        number=(db.session.scalar(highest) or 0) + 1,
        base_id=base_id,
        source=source,
        source_hash=hash_of(source),
        title=typeset(contract.title_of(source) or edition.title, edition.language)[:UNTITLED],
        note=note[:200],
        author_id=by.id if by is not None else None,
        created_at=now,
    )
    db.session.add(revision)
    db.session.flush()
    return revision


def rendered_among(hashes: Iterable[str]) -> set[tuple[str, str]]:
    """The hashes and languages of the sources that the current renderer already made: one query."""
    made = select(Rendering.source_hash, Rendering.language).where(Rendering.renderer == RENDERER)
    return {(row[0], row[1]) for row in db.session.execute(made.where(Rendering.source_hash.in_(list(hashes))))}


def keep_rendering(source_hash: str, language: str, rendered: Rendered) -> None:
    """Store what the current renderer made, over what it made of the same source when others lent it other words."""
    made = {
        "html": rendered.html,
        "text": rendered.text,
        "outline": [asdict(heading) for heading in rendered.outline],
        "passages": [{**asdict(passage), "path": list(passage.path)} for passage in rendered.passages],
    }
    row = db.session.get(Rendering, (source_hash, language, RENDERER))
    if row is None:
        insert_once(Rendering(source_hash=source_hash, language=language, renderer=RENDERER, **made))
    elif (row.html, row.text) != (rendered.html, rendered.text):
        for name, value in made.items():
            setattr(row, name, value)


def log_change(edition: Edition | None, *, now: datetime) -> None:
    """Write a line of the change log: readers see something else (None: in lists) from this commit on."""
    db.session.flush()
    seq = _next_change()
    if seq is None:
        insert_once(ContentHead(id=1, seq=0))
        seq = _next_change()
    is_public = edition is not None and _is_public(edition.document_id)
    db.session.add(Change(seq=seq, edition_id=edition.id if edition is not None else None, at=now, is_public=is_public))


def _is_public(document_id: int) -> bool:
    """Whether everybody may read the document, in one language at least."""
    published = Edition.published_id.is_not(None)
    audience = select(Document.audience).join(Edition, Edition.document_id == Document.id)
    return db.session.scalar(audience.where(Document.id == document_id, published).limit(1)) == Audience.PUBLIC


def announce(*, now: datetime) -> None:
    """Promise that the index will follow the change log."""
    outbox.promise("content.changed", now=now)


def _next_change() -> int | None:
    return db.session.scalar(
        update(ContentHead)
        .where(ContentHead.id == 1)
        .values(seq=ContentHead.seq + 1)
        .returning(ContentHead.seq)
        .execution_options(synchronize_session=False)
    )
