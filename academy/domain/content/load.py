"""Bring a planned content folder into the academy: all of it, or nothing."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from academy.domain import addresses, audit, contract, enrolment, placement, projection, publishing, revisions
from academy.domain.content import attached as content_attached, lists as content_lists
from academy.domain.content.bases import MERGED
from academy.domain.content.plan import Item, Plan
from academy.domain.content.states import State
from academy.domain.errors import Refused
from academy.domain.problems import ContentRefused, Problem
from academy.extensions import db
from academy.models import CycleSession, Document, Edition, Kind, Person

_ORDER = (Kind.CYCLE, Kind.PAGE, Kind.RESOURCE, Kind.MODULE, Kind.SESSION)
_WRITTEN = (State.CREATED, State.CHANGED)
_TOUCHED = (*_WRITTEN, State.MERGED, State.DRAFTED)


def load(plan: Plan, *, by: Person | None, now: datetime, skip_conflicts: bool = False) -> None:
    """Write a plan inside the caller's one transaction.

    Raise ContentRefused for its problems and (unless they are skipped) its conflicts; Refused("edited_meanwhile")
    when the academy moved since the plan was made: plan again.
    """
    refuse(plan, skip_conflicts=skip_conflicts)
    items = sorted(plan.items, key=lambda item: (_ORDER.index(item.file.place.kind), item.file.path))
    editions = _lock(items, content_attached.documents_of(plan.files))
    lists = [item for item in plan.lists if item.state in (*_WRITTEN, State.UNCHANGED)]
    for item in lists:
        if item.state != State.UNCHANGED:
            content_lists.apply(item.path, item.entries)
        if item.state != State.UNCHANGED or plan.exchange is None:
            content_lists.keep(item.path, item.source)
    _move(items, now=now)
    is_kept = plan.exchange is None
    loaded = [_load_item(item, editions, by=by, now=now, is_kept=is_kept) for item in items]
    touched = [edition for edition in loaded if edition is not None]
    changed_lists = [item for item in lists if item.state != State.UNCHANGED]
    for item in changed_lists:
        content_lists.remove_absent(item.path, item.entries)
    if changed_lists:
        revisions.log_change(None, now=now)
    changed_files = content_attached.load(plan.files, by=by, now=now, is_kept=is_kept)
    if touched or changed_lists or changed_files:
        revisions.announce(now=now)
        paths = [item.path for item in changed_lists]
        audit.record("content.load", by=by, now=now, texts=len(touched), lists=paths, files=changed_files)


def refuse(plan: Plan, *, skip_conflicts: bool) -> None:
    """Raise what keeps a plan from being loaded."""
    problems = list(plan.problems)
    if not skip_conflicts:
        problems += [Problem(path, 0, "", "conflict") for path in plan.paths(State.CONFLICTING)]
    if problems:
        raise ContentRefused(problems)


def _lock(items: Iterable[Item], with_files: set[int]) -> dict[int, Edition]:
    """Take every lock at the start, in the order that `revisions` sets; refuse what changed since the plan."""
    sites = {item.site.edition_id: item.site for item in items if item.site and _is_touched(item)}
    wanted = Edition.id.in_(sites) | Edition.document_id.in_(with_files)
    editions = {edition.id: edition for edition in db.session.scalars(select(Edition).where(wanted))}
    revisions.lock(editions.values())
    for edition_id, site in sites.items():
        if editions[edition_id].head_id != site.head_id:
            raise Refused("edited_meanwhile", head=editions[edition_id].head_id)
    documents = {site.document_id for site in sites.values()}
    sessions = select(CycleSession).where(CycleSession.document_id.in_(documents)).order_by(CycleSession.id)
    for session in db.session.scalars(sessions).all():
        enrolment.lock(session)
    return editions


def _is_touched(item: Item) -> bool:
    is_synced = item.site is not None and item.site.synced == item.file.source_hash
    is_new_to_both = item.state == State.UNCHANGED and not is_synced
    return item.state in _TOUCHED or item.is_moved or item.is_settled or is_new_to_both


def _move(items: Iterable[Item], *, now: datetime) -> None:
    """Follow files that were renamed: all paths are let go first, so that two texts may swap theirs."""
    moves = {item.site.document_id: item.file.place for item in items if item.site and item.is_moved}
    documents = {row.id: row for row in db.session.scalars(select(Document).where(Document.id.in_(moves)))}
    cycles = {row.cycle_id for row in documents.values() if row.kind == Kind.CYCLE and row.cycle_id is not None}
    before = addresses.all_of(documents, cycles=cycles) if documents else {}
    for document in documents.values():
        document.path = f"~{document.id}"
    db.session.flush()
    for document_id, place in moves.items():  # cycles first: `items` are in that order
        document = documents[document_id]
        document.path, document.slug, document.position = place.stem, place.slug, place.position
        if document.kind == Kind.CYCLE and document.cycle is not None:
            document.cycle.slug = place.slug
        elif place.cycle:
            document.cycle = placement.cycle_named(place.cycle, now=now)
        db.session.flush()
    if documents:
        addresses.remember(before, cycles=cycles, now=now)


def _load_item(
    item: Item, editions: dict[int, Edition], *, by: Person | None, now: datetime, is_kept: bool
) -> Edition | None:
    """Write one file; return its edition when readers or authors may see a difference."""
    edition = editions.get(item.site.edition_id) if item.site else None
    if item.state == State.CREATED:
        edition = _create(item, by=by, now=now)
    elif edition is None or not _is_touched(item):
        return None
    elif item.state in (State.CHANGED, State.MERGED):
        _change(item, edition, by=by, now=now)
    elif item.state == State.DRAFTED:
        base_id, note = _bring(item, edition, by=by, now=now), f"{MERGED}{item.file.path}"
        publishing.save_draft(edition, item.source, base_id=base_id, by=by, now=now, note=note)
    # A draft with both texts settles nothing yet: the file stays in conflict until its author has.
    if is_kept and (item.is_settled or item.state in (*_WRITTEN, State.MERGED, State.UNCHANGED)):
        edition.synced_hash = item.file.source_hash
        edition.document.synced_path = item.file.place.stem
    if item.is_moved and edition.published_id is not None and item.state not in _WRITTEN:
        revisions.log_change(edition, now=now)
    return edition if item.state in _TOUCHED or item.is_moved else None


def _create(item: Item, *, by: Person | None, now: datetime) -> Edition:
    assert item.prepared is not None
    place, prepared = item.file.place, item.prepared
    edition = publishing.create(
        prepared,
        kind=place.kind,
        cycle=placement.cycle_named(place.cycle, now=now) if place.cycle else None,
        slug=place.slug,
        owner=by,
        by=by,
        now=now,
        path=place.stem,
        position=place.position,
        note=item.file.path,
    )
    if prepared.facts.is_published:
        publishing.publish(edition, prepared, base_id=edition.head_id, by=by, now=now, announce=False)
    return edition


def _change(item: Item, edition: Edition, *, by: Person | None, now: datetime) -> None:
    assert item.prepared is not None
    prepared, note, base_id = item.prepared, item.file.path, edition.head_id
    if item.state == State.MERGED:
        if edition.head is not None and edition.head.source == prepared.source:
            return  # the site has all that the file says
        base_id, note = _bring(item, edition, by=by, now=now), f"{MERGED}{note}"
    if prepared.facts.is_published:
        publishing.publish(edition, prepared, base_id=base_id, by=by, now=now, note=note, announce=False)
    elif edition.published_id is not None or edition.scheduled_id is not None:
        publishing.withdraw(
            edition, base_id=base_id, by=by, now=now, note=note, source=prepared.source, announce=False, check=False
        )
    else:
        before = contract.read(edition.head.source, kind=item.file.place.kind) if edition.head else None
        publishing.save_draft(edition, prepared.source, base_id=base_id, by=by, now=now, note=note)
        if item.file.place.kind == Kind.SESSION:
            projection.project_session(edition.document, prepared.facts, before=before, by=by, now=now)


def _bring(item: Item, edition: Edition, *, by: Person | None, now: datetime) -> int | None:
    """Keep the file's own words below what is made of both: the next merge starts from them, and nothing is lost."""
    note, base_id = item.file.path, edition.head_id
    return publishing.save_draft(edition, item.file.source, base_id=base_id, by=by, now=now, note=note).id
