"""Texts that appear and disappear at an hour: `publish_at` and `expires_at`, on the clocks of Paris.

The worker looks every minute. Whatever is due is done under the lock of its edition, one edition to a transaction: two
workers do it once, one that was killed did it whole or not at all, one that was away does it when it is back.
"""

from datetime import datetime

from sqlalchemy import Select, func, or_, select

from academy.domain import contract, preparing, publishing, revisions, visibility
from academy.domain.links import Way
from academy.domain.problems import ContentRefused
from academy.extensions import db
from academy.models import Edition, Person, Revision


def has_due(*, now: datetime) -> bool:
    """Whether a text is to appear or to disappear: a plain read."""
    return db.session.scalar(_due(now).limit(1)) is not None


def do_next(*, now: datetime) -> int:
    """Show or hide the text that is due first; return how many."""
    edition_id = db.session.scalar(_due(now).limit(1))
    if edition_id is None:
        return 0
    edition = db.session.get_one(Edition, edition_id)
    revisions.lock([edition])
    if edition.publish_at is not None and edition.publish_at <= now:
        _show(edition, now=now)
    elif edition.published_id is not None and edition.expires_at is not None and edition.expires_at <= now:
        visibility.hide(edition, "document.expire", since=edition.expires_at, by=None, now=now)
    else:  # another worker was quicker
        return 0
    return 1


def call_off(edition: Edition, *, base_id: int | None, by: Person | None, now: datetime) -> None:
    """Let nothing be published by the clock; the text that was to be is a draft again."""
    revisions.lock_at(edition, base_id)
    was = edition.scheduled_id
    visibility.unschedule(edition, by=by, now=now)
    if was is not None and edition.head is not None and edition.head_id == was:
        revisions.add(edition, publishing.as_draft(edition.head.source), by=by, now=now)


def _due(now: datetime) -> Select[int]:
    to_show = Edition.scheduled_id.is_not(None) & (Edition.publish_at <= now)
    to_hide = Edition.published_id.is_not(None) & (Edition.expires_at <= now)
    order = func.coalesce(Edition.publish_at, Edition.expires_at)
    return select(Edition.id).where(or_(to_show, to_hide)).order_by(order, Edition.id)


def _show(edition: Edition, *, now: datetime) -> None:
    revision = edition.scheduled
    facts = contract.read(revision.source, kind=edition.document.kind) if revision is not None else None
    if revision is None or facts is None:  # the contract became stricter since it was scheduled
        visibility.unschedule(edition, by=None, now=now)
        return
    visibility.show(edition, revision, facts, _ways_now(edition, revision), by=None, now=now)


def _ways_now(edition: Edition, revision: Revision) -> tuple[Way, ...]:
    """Where the text leads today, its rendering made anew: titles and included texts may have changed since it was checked.

    What has died since then does not keep it back: it appears as it was checked, and leads nowhere that is counted.
    """
    try:
        prepared = preparing.prepare(revision.source, kind=edition.document.kind, language=edition.language)
    except ContentRefused:
        return ()
    if prepared.rendered is not None:
        revisions.keep_rendering(prepared.source_hash, edition.language, prepared.rendered)
    return prepared.ways
