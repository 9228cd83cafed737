"""Move a document: another address, another cycle, another place among the modules. Its id and its words stay."""

from datetime import datetime

from sqlalchemy import func, select, update

from academy.domain import addresses, audit, placement, revisions
from academy.domain.content.paths import path_for
from academy.domain.errors import Refused
from academy.extensions import db
from academy.models import Cycle, Document, Kind, Person
from academy.rendering.slugs import is_slug

MOVABLE = (Kind.MODULE, Kind.RESOURCE, Kind.PAGE)  # a cycle's and a session's address is its folder's


def move(
    document: Document, *, slug: str, cycle: Cycle | None, position: int, by: Person | None, now: datetime
) -> bool:
    """Give a document its new place; whether anything changed. Old addresses lead to it from now on.

    *cycle* and *position* (from 1, among the modules of that cycle) are those of a module. Raise Refused
    ("slug_bad", "slug_taken" or "cycle_missing").
    """
    if document.kind not in MOVABLE:
        raise ValueError(f"a {document.kind} does not move")
    if not is_slug(slug):
        raise Refused("slug_bad")
    if document.kind == Kind.MODULE and cycle is None:
        raise Refused("cycle_missing")
    revisions.lock(document.editions)
    target = cycle if document.kind == Kind.MODULE else document.cycle
    if _is_taken(document, slug, target):
        raise Refused("slug_taken")
    was = (document.slug, document.cycle_id, document.position)
    position = max(position, 1) if document.kind == Kind.MODULE else document.position
    if was == (slug, target.id if target else None, position):
        return False
    folder = {it for it in (document.cycle_id, target.id if target else None) if it and document.kind == Kind.MODULE}
    before = addresses.all_of([document.id], cycles=folder)
    document.slug = slug
    if document.kind == Kind.MODULE and target is not None:
        _reorder(document, target, position)
    else:
        document.path = placement.free_path(path_for(document.kind, slug), but=document.path)
    addresses.remember(before, cycles=folder, now=now)
    told = {"key": document.key, "was": was[0], "slug": document.slug, "path": document.path}
    audit.record("document.move", document, by=by, now=now, **told)
    for edition in [it for it in document.editions if it.published_id is not None][:1]:  # the index takes its siblings
        revisions.log_change(edition, now=now)
        revisions.announce(now=now)
    return True


def places_in(cycle_id: int) -> int:
    """How many modules a cycle has."""
    modules = (Document.cycle_id == cycle_id, Document.kind == Kind.MODULE)
    return db.session.scalar(select(func.count()).where(*modules)) or 0


def _is_taken(document: Document, slug: str, cycle: Cycle | None) -> bool:
    """Whether another document lives at that address; the numbers of resources tell them apart."""
    if document.kind == Kind.RESOURCE:
        return False
    there = [Document.kind == document.kind, Document.slug == slug, Document.id != document.id]
    if document.kind == Kind.MODULE:
        there.append(Document.cycle_id == (cycle.id if cycle else None))
    return db.session.scalar(select(Document.id).where(*there).limit(1)) is not None


def _reorder(document: Document, cycle: Cycle, position: int) -> None:
    """Put a module at a place of its cycle; those after it go one on, and the files of all follow their numbers."""
    db.session.execute(
        update(Cycle)
        .where(Cycle.id == cycle.id)
        .values(position=Cycle.position)
        .execution_options(synchronize_session=False)
    )
    others = (Document.cycle_id == cycle.id, Document.kind == Kind.MODULE, Document.id != document.id)
    modules = list(db.session.scalars(select(Document).where(*others).order_by(Document.position, Document.id)))
    modules.insert(min(position - 1, len(modules)), document)
    document.cycle_id = cycle.id
    moved = [(it, number) for number, it in enumerate(modules, 1) if it.position != number or it is document]
    for it, _ in moved:
        it.path = f"~{it.id}"
    db.session.flush()
    for it, number in moved:
        it.position = number
        it.path = placement.free_path(path_for(Kind.MODULE, it.slug, cycle=cycle.slug, position=number), but="")
        db.session.flush()
