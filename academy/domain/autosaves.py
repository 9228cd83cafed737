"""Drafts that save themselves: those of one person within an hour, with nothing between them, are one run.

Each is a revision like any other, so that who writes from an older one still meets a conflict. The history shows the last
of a run; the others open by their number for thirty days, then they are deleted. What somebody saved, or what readers
have seen, is never in a run that goes on.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update
from sqlalchemy.orm import aliased

from academy.domain import forgetting, publishing
from academy.extensions import db
from academy.models import Edition, Person, Revision, Translation

RUN = timedelta(hours=1)
KEPT = timedelta(days=30)


def save(
    edition: Edition, source: str, *, base_id: int | None, by: Person | None, now: datetime, note: str = ""
) -> Revision:
    """Save a draft that nobody asked to save; raise what `publishing.save_draft` raises."""
    revision = publishing.save_draft(edition, source, base_id=base_id, by=by, now=now, note=note)
    if revision.id != base_id:
        before = db.session.get(Revision, base_id) if base_id else None
        goes_on = before is not None and before.id != edition.scheduled_id and _is_open(before, by, now)
        revision.run_at = before.run_at if before is not None and goes_on else now
    return revision


def superseded() -> ColumnElement[bool]:
    """Whether a revision saved itself, and a later one of its run says more."""
    later = aliased(Revision)
    in_run = (later.edition_id == Revision.edition_id, later.author_id == Revision.author_id)
    return exists().where(*in_run, later.run_at == Revision.run_at, later.number > Revision.number)


def due(now: datetime) -> Select[int]:
    """The superseded ones that are thirty days old, and that nothing leads to."""
    other = aliased(Revision)
    is_elsewhere = or_(other.run_at.is_(None), other.run_at != Revision.run_at, other.is_aside)
    is_base = exists().where(other.base_id == Revision.id, is_elsewhere)
    pointers = (Edition.head_id, Edition.published_id, Edition.scheduled_id)
    is_pointed_at = or_(*(pointer == Revision.id for pointer in pointers))
    is_synced = and_(Edition.id == Revision.edition_id, Edition.synced_hash == Revision.source_hash)
    return select(Revision.id).where(
        Revision.run_at < now - KEPT,
        Revision.created_at < now - KEPT,
        Revision.published_at.is_(None),
        superseded(),
        ~is_base,
        ~exists().where(or_(is_pointed_at, is_synced)),
        ~exists().where(Translation.follows_id == Revision.id),
    )


def purge(*, now: datetime) -> int:
    """Delete them; what was written from them was written from what came before. Return how many."""
    columns = (Revision.id, Revision.base_id)
    chosen = select(*columns).where(Revision.id.in_(due(now))).order_by(Revision.id).limit(forgetting.AT_ONCE)
    bases = dict(db.session.execute(chosen).all())
    after = select(*columns).where(Revision.base_id.in_(bases), Revision.id.not_in(bases))
    moved = [{"id": row.id, "base_id": _first_kept(row.base_id, bases)} for row in db.session.execute(after)]
    if moved:
        db.session.execute(update(Revision), moved)
    return forgetting.delete_due(Revision, select(Revision.id).where(Revision.id.in_(bases)), "revision.purge", now=now)


def _is_open(before: Revision, by: Person | None, now: datetime) -> bool:
    is_theirs = by is not None and before.author_id == by.id
    return is_theirs and before.run_at is not None and before.run_at > now - RUN and before.published_at is None


def _first_kept(base_id: int | None, bases: dict[int, int | None]) -> int | None:
    while base_id in bases:
        base_id = bases[base_id]
    return base_id
