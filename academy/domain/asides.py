"""Texts written while somebody saved another one: kept beside the line of revisions until the two are merged.

Nothing that somebody typed is lost, whatever they do next: an aside is a revision like the others, which only is not the
head. `academy.domain.merging` says what the merged text is.
"""

from datetime import datetime

from sqlalchemy import select

from academy.domain import audit, merging, preparing, publishing, revisions
from academy.domain.merging import Piece
from academy.domain.problems import ContentRefused
from academy.extensions import db
from academy.models import Edition, Person, Revision


def keep(
    edition: Edition, source: str, *, base: Revision | None, by: Person | None, now: datetime, note: str = ""
) -> Revision:
    """Keep a text beside the line; sent twice, it is kept once. Raise ContentRefused for what cannot be stored."""
    if unstorable := preparing.storable_problems("", source):
        raise ContentRefused(unstorable)
    revisions.lock([edition])
    if (kept := _kept(edition, source, by)) is not None:
        return kept
    aside = revisions.new(edition, source, base_id=base.id if base else None, by=by, now=now, note=note)
    aside.is_aside = True
    audit.record("document.keep_aside", edition, by=by, now=now, revision=aside.number)
    return aside


def pieces(aside: Revision, theirs: Revision) -> list[Piece]:
    """The merged text of an aside and of the newer revision, piece by piece."""
    base = db.session.get(Revision, aside.base_id) if aside.base_id else None
    source = base.source if base else merging.common(aside.source, theirs.source)
    return merging.merge(source, aside.source, theirs.source)


def settle(
    aside: Revision, source: str, *, theirs_id: int | None, by: Person | None, now: datetime, note: str = ""
) -> Revision:
    """Put the merged text on top, as a draft; raise Refused("edited_meanwhile") when *theirs_id* is no longer there."""
    revision = publishing.save_draft(aside.edition, source, base_id=theirs_id, by=by, now=now, note=note)
    aside.is_aside = False
    audit.record("document.merge", aside.edition, by=by, now=now, revision=revision.number, of=aside.number)
    return revision


def carry_on(
    aside: Revision, source: str, *, base: Revision | None, by: Person | None, now: datetime, note: str = ""
) -> Revision:
    """Keep a merged text that came too late in place of the aside that it was made from."""
    later = keep(aside.edition, source, base=base, by=by, now=now, note=note)
    if later is not aside:
        aside.is_aside = False
    return later


def leave(aside: Revision, *, by: Person | None, now: datetime) -> None:
    """Go on without this text; it stays in the history. One that is no aside any more is left alone."""
    revisions.lock([aside.edition])
    db.session.refresh(aside)
    if aside.is_aside:
        aside.is_aside = False
        audit.record("document.leave_aside", aside.edition, by=by, now=now, revision=aside.number)


def waiting(edition: Edition) -> list[Revision]:
    """The asides of an edition, the latest first."""
    kept = select(Revision).where(Revision.edition_id == edition.id, Revision.is_aside)
    return list(db.session.scalars(kept.order_by(Revision.number.desc())))


def _kept(edition: Edition, source: str, by: Person | None) -> Revision | None:
    theirs = Revision.author_id == by.id if by is not None else Revision.author_id.is_(None)
    same = (Revision.edition_id == edition.id, Revision.source_hash == revisions.hash_of(source))
    return db.session.scalar(select(Revision).where(*same, theirs, Revision.is_aside).limit(1))
