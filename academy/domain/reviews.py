"""Reviews of drafts: asked for, answered paragraph by paragraph, accepted or sent back. Who may is for `policies`."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select

from academy.domain import audit, outbox, revisions
from academy.domain.errors import Refused
from academy.domain.forgetting import delete_due
from academy.domain.typed_values import BadValueError, prose
from academy.extensions import db
from academy.models import Comment, Document, Edition, Person, Review, ReviewState, Role, Thread

NOTE_LENGTH, COMMENT_LENGTH, EXCERPT_LENGTH = 1000, 4000, 300
KEPT = timedelta(days=365)
_TEAM = (Role.ORGANISER, Role.ADMIN)


def ask(edition: Edition, *, reviewer: Person | None, note: str, by: Person, now: datetime) -> Review:
    """Ask somebody (None: whoever of the team may) to read a draft; raise Refused("review_asked") when one is asked for."""
    revisions.lock([edition])
    if open_of(edition) is not None:
        raise Refused("review_asked")
    review = Review(
        edition_id=edition.id,
        asked_by_id=by.id,
        asked_at=now,
        reviewer_id=reviewer.id if reviewer else None,
        note=_words(note, NOTE_LENGTH, needed=False),
    )
    db.session.add(review)
    audit.record("review.ask", review, by=by, now=now, key=edition.document.key, reviewer=review.reviewer_id)
    for person in [reviewer] if reviewer else _team():
        if person.id != by.id:
            outbox.promise("review.asked", now=now, review=review.id, person=person.id)
    return review


def open_of(edition: Edition) -> Review | None:
    """The review that an edition waits for."""
    asked = (Review.edition_id == edition.id, Review.state == ReviewState.ASKED)
    return db.session.scalar(select(Review).where(*asked))


def comment(edition: Edition, *, digest: str, line: int, excerpt: str, body: str, by: Person, now: datetime) -> Thread:
    """Begin a thread about a paragraph. Raise Refused: comment_empty, comment_long."""
    words = _words(body, COMMENT_LENGTH)
    thread = Thread(edition_id=edition.id, digest=digest, line=line, excerpt=excerpt[:EXCERPT_LENGTH])
    thread.comments.append(Comment(author_id=by.id, body=words, at=now))
    db.session.add(thread)
    audit.record("review.comment", thread, by=by, now=now, line=line)
    return thread


def answer(thread: Thread, body: str, *, by: Person, now: datetime) -> Comment:
    """Add to a thread; whoever wrote in it before, and the author of the text, are told by mail."""
    words = _words(body, COMMENT_LENGTH)
    told = {comment.author_id for comment in thread.comments} | {thread.edition.document.owner_id}
    made = Comment(thread_id=thread.id, author_id=by.id, body=words, at=now)
    db.session.add(made)
    audit.record("review.answer", made, by=by, now=now, thread=thread.id)
    for person_id in sorted(number for number in told if number is not None and number != by.id):
        outbox.promise("review.answered", now=now, comment=made.id, person=person_id)
    return made


def resolve(thread: Thread, *, by: Person, now: datetime) -> None:
    """Say that there is nothing more to do about it."""
    if thread.resolved_at is None:
        thread.resolved_at, thread.resolved_by_id = now, by.id
        audit.record("review.resolve", thread, by=by, now=now)


def reopen(thread: Thread, *, by: Person, now: datetime) -> None:
    """Take it up again."""
    if thread.resolved_at is not None:
        thread.resolved_at, thread.resolved_by_id = None, None
        audit.record("review.reopen", thread, by=by, now=now)


def accept(review: Review, *, base_id: int | None, by: Person, now: datetime) -> None:
    """Find a draft good; raise Refused: review_over, review_changed (somebody saved after *base_id*)."""
    _close(review, ReviewState.ACCEPTED, base_id=base_id, by=by, now=now)


def send_back(review: Review, reason: str, *, base_id: int | None, by: Person, now: datetime) -> None:
    """Ask the author for more work, and say why; raise Refused as `accept`, and review_reason."""
    words = _words(reason, NOTE_LENGTH, needed=False)
    if not words:
        raise Refused("review_reason")
    _close(review, ReviewState.RETURNED, base_id=base_id, by=by, now=now, reason=words)


def call_off(review: Review, *, by: Person, now: datetime) -> None:
    """Ask no longer; raise Refused("review_over")."""
    _close(review, ReviewState.WITHDRAWN, base_id=review.edition.head_id, by=by, now=now)


def _close(
    review: Review, state: ReviewState, *, base_id: int | None, by: Person, now: datetime, reason: str = ""
) -> None:
    edition = review.edition
    revisions.lock([edition])
    db.session.refresh(review)
    if review.state != ReviewState.ASKED:
        raise Refused("review_over")
    if edition.head_id != base_id:
        raise Refused("review_changed")
    review.state, review.closed_at, review.closed_by_id, review.reason = state, now, by.id, reason
    audit.record(f"review.{state}", review, by=by, now=now, key=edition.document.key)
    if state != ReviewState.WITHDRAWN and review.asked_by_id not in {None, by.id}:
        outbox.promise("review.closed", now=now, review=review.id, person=review.asked_by_id)


def reviewers_of(document: Document) -> frozenset[int]:
    """The trainers who write in the same cycle, but for the author of the text."""
    if document.cycle_id is None:
        return frozenset()
    others = (
        select(Person.id)
        .join(Document, Document.owner_id == Person.id)
        .where(Document.cycle_id == document.cycle_id, Person.role == Role.TRAINER, Person.is_disabled.is_(False))
    )
    return frozenset(db.session.scalars(others)) - {document.owner_id}


def candidates(document: Document) -> list[Person]:
    """Whom one may ask: the team and the trainers, by name."""
    roles = (*_TEAM, Role.TRAINER)
    wanted = select(Person).where(Person.role.in_(roles), Person.is_disabled.is_(False), Person.id != document.owner_id)
    return list(db.session.scalars(wanted.order_by(Person.name, Person.id)))


def old_reviews(now: datetime) -> Select[int]:
    """The reviews that ended long ago, with what was asked and why it was sent back."""
    return select(Review.id).where(Review.closed_at < now - KEPT)


def purge_reviews(*, now: datetime) -> int:
    """Delete the reviews; return how many."""
    return delete_due(Review, old_reviews(now), "review.purge", now=now)


def old_threads(now: datetime) -> Select[int]:
    """The threads in which nobody said or settled anything for long."""
    spoken = select(Comment.id).where(Comment.thread_id == Thread.id, Comment.at >= now - KEPT)
    settled = Thread.resolved_at.is_not(None) & (Thread.resolved_at >= now - KEPT)
    return select(Thread.id).where(~spoken.exists(), ~settled)


def purge_threads(*, now: datetime) -> int:
    """Delete the threads with their comments; return how many."""
    return delete_due(Thread, old_threads(now), "thread.purge", now=now)


def _team() -> list[Person]:
    wanted = select(Person).where(Person.role.in_(_TEAM), Person.is_disabled.is_(False))
    return list(db.session.scalars(wanted.order_by(Person.id)))


def _words(typed: str, most: int, *, needed: bool = True) -> str:
    """Plain words, composed, without invisible characters."""
    if not typed.strip():
        if needed:
            raise Refused("comment_empty")
        return ""
    try:
        words = prose(most)(typed)
    except BadValueError as bad:
        raise Refused("comment_long" if bad.code == "text_too_long" else "comment_hidden", most=most) from None
    if len(words) > most:
        raise Refused("comment_long", most=most)
    return words
