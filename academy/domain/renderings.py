"""Render again what is published, when the renderer changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from academy.domain import audit, contract, layout, lending, links, projection, revisions
from academy.domain.content.paths import file_of
from academy.domain.contract import Facts
from academy.domain.links import Way
from academy.extensions import db
from academy.models import Edition, Rendering, Revision
from academy.rendering.markdown import RENDERER
from academy.rendering.results import Rendered


def stale() -> list[int]:
    """The editions whose published revision the current renderer has not made, or with words that others no longer lend."""
    is_made = and_(
        Rendering.source_hash == Revision.source_hash,
        Rendering.language == Edition.language,
        Rendering.renderer == RENDERER,
    )
    rows = (
        select(Edition.id)
        .join(Revision, Revision.id == Edition.published_id)
        .outerjoin(Rendering, is_made)
        .where(Rendering.source_hash.is_(None))
    )
    return sorted({*db.session.scalars(rows), *links.outdated()})


@dataclass(frozen=True)
class Made:
    """A rendering that is not stored yet."""

    edition_id: int
    source_hash: str
    rendered: Rendered
    ways: tuple[Way, ...]
    facts: Facts | None


def render(edition_id: int) -> Made:
    """Render what is published, outside any transaction; raise ContentRefused when the new renderer refuses it."""
    edition = db.session.get_one(Edition, edition_id)
    revision = db.session.get_one(Revision, edition.published_id)
    path = file_of(edition.document.path, edition.language)
    front = contract.parse(path, revision.source)
    to = lending.borrower_of(edition)
    rendered, loan = layout.render_lent(front.body, to, first_line=front.body_line, path=path)
    facts = contract.read(revision.source, kind=edition.document.kind)
    return Made(edition_id, revision.source_hash, rendered, links.ways_of(rendered, loan), facts)


def keep(made: Made, *, now: datetime) -> None:
    """Store it inside the caller's transaction; readers and the index see what it changes."""
    edition = db.session.get_one(Edition, made.edition_id)
    revisions.lock([edition])
    revisions.keep_rendering(made.source_hash, edition.language, made.rendered)
    is_current = edition.published is not None and edition.published.source_hash == made.source_hash
    if is_current:
        links.keep(edition, made.ways)
    if made.facts and is_current:
        projection.say(edition, made.facts)  # its typography belongs to the renderer
    audit.record("rendering.renew", edition, by=None, now=now, renderer=RENDERER)
    revisions.log_change(edition, now=now)
    revisions.announce(now=now)
