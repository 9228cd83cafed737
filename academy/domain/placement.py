"""Give a new document its place: cycle, slug, position, path."""

from datetime import datetime
from itertools import count

from sqlalchemy import func, select, update

from academy.domain import projection
from academy.domain.content.paths import path_for
from academy.domain.contract import Facts
from academy.domain.typed_values import PARIS
from academy.extensions import db
from academy.models import Audience, Cycle, Document, Kind
from academy.rendering.slugs import slugify


def new_document(
    facts: Facts,
    *,
    kind: Kind,
    cycle: Cycle | None,
    slug: str | None,
    path: str | None,
    position: int | None,
    now: datetime,
) -> Document:
    """Make the row, not yet added; slug from the title, last position and a free path unless given."""
    slug = slug or slugify(facts.title)
    if kind == Kind.CYCLE and cycle is None:
        cycle = cycle_named(slug, now=now)
    if kind == Kind.RESOURCE:
        cycle = projection.cycle_of(facts.cycle)
    if kind == Kind.MODULE and position is None and cycle is not None:
        position = _next_position(cycle)
    if kind == Kind.MODULE and path is None and cycle is not None:
        slug = _free_slug(slug, cycle)
    if path is None:
        starts_on = facts.starts_at.astimezone(PARIS).date() if facts.starts_at else None
        path = free_path(path_for(kind, slug, cycle=cycle.slug if cycle else "", position=position or 0, day=starts_on))
    return Document(
        key=facts.id,
        path=path,
        kind=kind,
        slug=slug,
        position=position or 0,
        audience=Audience(facts.audience or Audience.PUBLIC),
        cycle_id=cycle.id if cycle is not None else None,
    )


def cycle_named(slug: str, *, now: datetime) -> Cycle:
    """The cycle of that slug, made after the others when it is new."""
    if (cycle := projection.cycle_of(slug)) is None:
        last = db.session.scalar(select(func.max(Cycle.position))) or 0
        cycle = Cycle(slug=slug, position=last + 1, created_at=now)
        db.session.add(cycle)
        db.session.flush()
    return cycle


def _next_position(cycle: Cycle) -> int:
    """One after the last module; writing the cycle's row is the lock of its order."""
    db.session.execute(
        update(Cycle)
        .where(Cycle.id == cycle.id)
        .values(position=Cycle.position)
        .execution_options(synchronize_session=False)
    )
    last = select(func.max(Document.position)).where(Document.cycle_id == cycle.id, Document.kind == Kind.MODULE)
    return (db.session.scalar(last) or 0) + 1


def _free_slug(slug: str, cycle: Cycle) -> str:
    """The slug, or the same with a number: the address of a module is its cycle and its slug."""
    modules = select(Document.slug).where(Document.cycle_id == cycle.id, Document.kind == Kind.MODULE)
    taken = set(db.session.scalars(modules))
    return slug if slug not in taken else next(s for n in count(2) if (s := f"{slug[:76]}-{n}") not in taken)


def free_path(path: str, *, but: str = "") -> str:
    """The path, or the same with a number when another document has it; *but* is one's own."""
    taken = set(db.session.scalars(select(Document.path).where(Document.path.startswith(path, autoescape=True)))) - {
        but
    }
    if path not in taken:
        return path
    return next(other for n in count(2) if (other := f"{path}-{n}") not in taken)
