"""How far each language of a text follows the other: what one says anew, the other has to take over.

A publication of a text that was up to date leaves the other one behind; a publication of one that was behind
brings it up to date, unless its author says that more is to come. Both are noted, never written into a file.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from academy.domain import audit, revisions
from academy.domain.errors import Refused
from academy.domain.rows import insert_once
from academy.extensions import db
from academy.models import Document, Edition, Person, Revision, Translation


@dataclass(frozen=True)
class Stale:
    """An edition that is behind: the other language was published again *since*."""

    document_id: int
    language: str
    title: str
    since: datetime


def follow(edition: Edition, *, now: datetime, catches_up: bool = True) -> None:
    """Note what a new publication of a locked edition means for both languages; nothing while one is not public."""
    twin = twin_of(edition)
    if twin is None or twin.published_id is None or edition.published_id is None:
        return
    own, other = db.session.get(Translation, edition.id), db.session.get(Translation, twin.id)
    was_behind = own is not None and own.follows_id != twin.published_id
    if own is None or (was_behind and catches_up):
        _note(edition, twin, now=now)
    if other is None or (was_behind and catches_up):
        _note(twin, edition, now=now)


def agree(edition: Edition, *, twin_revision: int | None, by: Person | None, now: datetime) -> None:
    """Say that a text is up to date as it is; Refused("twin_changed") when the other is no longer what its author saw."""
    revisions.lock([edition])
    twin = twin_of(edition)
    if twin is None or twin.published_id is None or twin.published_id != twin_revision:
        raise Refused("twin_changed")
    _note(edition, twin, now=now)
    audit.record("translation.agree", edition, by=by, now=now, follows=twin.published_id)
    revisions.log_change(edition, now=now)  # its page says no longer that it may be older
    revisions.announce(now=now)


def twin_of(edition: Edition) -> Edition | None:
    """The same document in the other language."""
    others = (Edition.document_id == edition.document_id, Edition.language != edition.language)
    return db.session.scalar(select(Edition).where(*others))


def base_of(edition: Edition) -> Revision | None:
    """The revision in the other language that this one says the same as; None when nobody has said so."""
    row = db.session.get(Translation, edition.id)
    return db.session.get(Revision, row.follows_id) if row is not None else None


def is_behind(edition: Edition) -> bool:
    """Whether a published text has something to take over from the other language."""
    row, twin = db.session.get(Translation, edition.id), twin_of(edition)
    if edition.published_id is None or row is None or twin is None or twin.published_id is None:
        return False
    return row.follows_id != twin.published_id


def stale(*where: ColumnElement[bool], limit: int = 200) -> list[Stale]:
    """The editions that are behind, the longest first: one query."""
    twin = aliased(Edition)
    columns = (Edition.document_id, Edition.language, Edition.title, twin.updated_at)
    rows = _behind(select(*columns), twin).where(*where).order_by(twin.updated_at, Edition.id).limit(limit)
    return [Stale(*row) for row in db.session.execute(rows)]


def count_stale() -> int:
    """How many editions are behind."""
    return db.session.scalar(_behind(select(func.count(Edition.id)), aliased(Edition))) or 0


def _behind(query: Select[*tuple[Any, ...]], twin: type[Edition]) -> Select[*tuple[Any, ...]]:
    """The editions that readers see, and that have something to take over from their twin."""
    return (
        query.join(Document, Document.id == Edition.document_id)
        .join(Translation, Translation.edition_id == Edition.id)
        .join(twin, and_(twin.document_id == Edition.document_id, twin.id != Edition.id))
        .where(
            Edition.published_id.is_not(None),
            twin.published_id.is_not(None),
            twin.published_id != Translation.follows_id,
        )
    )


def _note(edition: Edition, twin: Edition, *, now: datetime) -> None:
    row = db.session.get(Translation, edition.id)
    assert twin.published_id is not None
    if row is None:
        insert_once(Translation(edition_id=edition.id, follows_id=twin.published_id, noted_at=now))
    else:
        row.follows_id, row.noted_at = twin.published_id, now
        db.session.flush()
