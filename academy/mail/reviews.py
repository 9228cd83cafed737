"""The mails of reviews: somebody is asked to read, a comment is answered, a draft is accepted or sent back."""

from typing import Any

from academy.extensions import db
from academy.mail import links, message
from academy.models import Comment, Edition, Person, Review, ReviewState


def asked(message_id: int, *, review: int, person: int) -> None:
    """Ask somebody to read a draft; silent once it was answered."""
    row, whom = db.session.get_one(Review, review), db.session.get_one(Person, person)
    if row.state == ReviewState.ASKED:
        _send(message_id, "review_asked", row.edition, whom, row.asked_by, reason=row.note)


def answered(message_id: int, *, comment: int, person: int) -> None:
    """Tell who wrote in a thread that somebody answered."""
    row, whom = db.session.get_one(Comment, comment), db.session.get_one(Person, person)
    _send(message_id, "review_answered", row.thread.edition, whom, row.author, anchor=f"#fil-{row.thread_id}")


def closed(message_id: int, *, review: int, person: int) -> None:
    """Tell who had asked for it that their draft was accepted or sent back."""
    row, whom = db.session.get_one(Review, review), db.session.get_one(Person, person)
    topic = "review_accepted" if row.state == ReviewState.ACCEPTED else "review_returned"
    _send(message_id, topic, row.edition, whom, row.closed_by, reason=row.reason)


def _send(
    message_id: int,
    topic: str,
    edition: Edition,
    whom: Person,
    by: Person | None,
    *,
    reason: str = "",
    anchor: str = "",
) -> None:
    if whom.is_disabled:
        return
    head = edition.head
    url = links.review_url(edition, language=whom.language)
    told: dict[str, Any] = {
        "name": whom.name,
        "asker": by.name if by else "",
        "title": head.title if head else edition.title,
        "title_language": edition.language,
        "reason": reason,
        "url": url + anchor,
    }
    message.send(message_id, topic, to=whom.email, language=whom.language, **told)
