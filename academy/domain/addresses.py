"""Where documents were: an old address leads to the document, hence to where it is today."""

from collections.abc import Iterable, Set
from datetime import datetime

from sqlalchemy import delete, or_, select

from academy.extensions import db
from academy.models import Cycle, Document, Kind, OldAddress


def of_module(cycle: str, slug: str) -> str:
    """The address of a module on the site."""
    return f"module:{cycle}/{slug}"


def of_cycle(slug: str) -> str:
    """The address of a cycle on the site."""
    return f"cycle:{slug}"


def of_page(slug: str) -> str:
    """The address of a page of the site."""
    return f"page:{slug}"


def of_file(stem: str) -> str:
    """The place of a text in the folder."""
    return f"file:{stem}"


def all_of(document_ids: Iterable[int], *, cycles: Iterable[int] = ()) -> dict[str, int]:
    """Every address of these documents, and of all in these cycles, with its document."""
    columns = (Document.id, Document.kind, Document.slug, Document.path, Cycle.slug.label("cycle"))
    wanted = or_(Document.id.in_(set(document_ids)), Document.cycle_id.in_(set(cycles)))
    rows = db.session.execute(select(*columns).outerjoin(Cycle, Cycle.id == Document.cycle_id).where(wanted))
    return {address: row.id for row in rows for address in _of(row.kind, row.slug, row.cycle or "", row.path)}


def remember(before: dict[str, int], *, cycles: Iterable[int] = (), now: datetime) -> set[str]:
    """Keep the addresses that documents had *before* and have no longer; return those that are new.

    A document that lives at an old address of another takes it over.
    """
    db.session.flush()
    after = all_of(before.values(), cycles=cycles)
    db.session.execute(delete(OldAddress).where(OldAddress.address.in_(before.keys() | after.keys())))
    left = {address: number for address, number in before.items() if address not in after}
    db.session.add_all(OldAddress(address=it, document_id=number, left_at=now) for it, number in left.items())
    db.session.flush()
    return after.keys() - before.keys()


def document_once_at(address: str) -> int | None:
    """The document that was there; ask first who is there now."""
    return db.session.scalar(select(OldAddress.document_id).where(OldAddress.address == address))


def documents_once_at(stems: Set[str]) -> dict[str, str]:
    """The ids (keys) of the documents that had these places in the folder."""
    rows = select(OldAddress.address, Document.key).join(Document, Document.id == OldAddress.document_id)
    rows = rows.where(OldAddress.address.in_({of_file(stem) for stem in stems}))
    return {address.removeprefix("file:"): key for address, key in db.session.execute(rows)}


def _of(kind: Kind, slug: str, cycle: str, stem: str) -> Iterable[str]:
    """Resources and sessions have their number in their address: it finds them under any name."""
    yield of_file(stem)
    if kind == Kind.MODULE:
        yield of_module(cycle, slug)
    elif kind == Kind.CYCLE:
        yield of_cycle(cycle or slug)
    elif kind == Kind.PAGE:
        yield of_page(slug)
