"""What the pages of reviews read, in a fixed number of queries."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from academy.extensions import db
from academy.models import Comment, Document, Edition, Person, Review, ReviewState, Revision, Thread
from academy.web.blocks import Block

SHOWN = 100


class Waiting(NamedTuple):
    """A review that waits."""

    document_id: int
    language: str
    title: str
    asked_at: datetime
    asked_by: str | None
    asked_by_id: int | None
    reviewer: str | None
    note: str


def waiting(person_id: int | None) -> list[Waiting]:
    """The reviews that somebody may do or asked for (None: all), the oldest first."""
    asker, named = aliased(Person), aliased(Person)
    wanted = (
        select(Edition.document_id, Edition.language, Revision.title, Review.asked_at)
        .add_columns(asker.name, Review.asked_by_id, named.name, Review.note)
        .select_from(Review)
        .join(Edition, Edition.id == Review.edition_id)
        .join(Document, Document.id == Edition.document_id)
        .join(Revision, Revision.id == Edition.head_id)
        .outerjoin(asker, asker.id == Review.asked_by_id)
        .outerjoin(named, named.id == Review.reviewer_id)
        .where(Review.state == ReviewState.ASKED)
        .order_by(Review.asked_at, Review.id)
        .limit(SHOWN)
    )
    if person_id is not None:
        mine = select(Document.cycle_id).where(Document.owner_id == person_id, Document.cycle_id.is_not(None))
        wanted = wanted.where(
            or_(
                Review.reviewer_id == person_id,
                Review.asked_by_id == person_id,
                Document.owner_id == person_id,
                Document.cycle_id.in_(mine),
            )
        )
    return [Waiting(*row) for row in db.session.execute(wanted)]


def last(edition: Edition) -> Review | None:
    """The review that was decided last."""
    closed = (Review.edition_id == edition.id, Review.state.in_((ReviewState.ACCEPTED, ReviewState.RETURNED)))
    people = joinedload(Review.closed_by)
    return db.session.scalar(select(Review).where(*closed).options(people).order_by(Review.closed_at.desc()).limit(1))


def placed(edition: Edition, blocks: Sequence[Block]) -> tuple[dict[int, list[Thread]], list[Thread]]:
    """The threads of each block by its number, and those about an earlier wording.

    A thread belongs to the block of the same words; of several, to the one whose line is nearest.
    """
    authors = selectinload(Thread.comments).joinedload(Comment.author)
    found = db.session.scalars(
        select(Thread).where(Thread.edition_id == edition.id).options(authors).order_by(Thread.id)
    )
    by_digest: dict[str, list[int]] = {}
    for number, block in enumerate(blocks):
        by_digest.setdefault(block.digest, []).append(number)
    there: dict[int, list[Thread]] = {}
    earlier: list[Thread] = []
    for thread in found:
        numbers = by_digest.get(thread.digest)
        if numbers is None:
            earlier.append(thread)
        else:
            nearest = min(numbers, key=lambda number: abs(blocks[number].line - thread.line))
            there.setdefault(nearest, []).append(thread)
    return there, earlier
