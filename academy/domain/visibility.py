"""What readers see of an edition: a revision, nothing any more, or something from an hour on. Its lock is the caller's."""

from collections.abc import Iterable
from datetime import datetime

from academy.domain import audit, contract, links, projection, revisions, translations
from academy.domain.contract import Facts
from academy.domain.links import Way
from academy.extensions import db
from academy.models import Edition, Person, Revision


def show(
    edition: Edition,
    revision: Revision,
    facts: Facts,
    ways: Iterable[Way],
    *,
    by: Person | None,
    now: datetime,
    announce: bool = True,
    catches_up: bool = True,
) -> None:
    """Point readers to a revision of a locked edition, whose *ways* lead to other texts."""
    before = contract.read(edition.published.source, kind=edition.document.kind) if edition.published else None
    is_new = edition.published_id != revision.id
    if is_new:
        edition.updated_at = now
    edition.published = revision
    edition.scheduled, edition.publish_at, edition.gone_at = None, None, None  # it replaces what was to come
    revision.published_at = revision.published_at or now
    revision.hidden_at, revision.hidden_reason = None, ""  # whoever publishes it shows it
    edition.first_published_at = edition.first_published_at or now
    links.keep(edition, ways)
    projection.project(edition, facts, before=before, by=by, now=now)
    if is_new:
        db.session.flush()
        translations.follow(edition, now=now, catches_up=catches_up)
    _seen(edition, "document.publish", by=by, now=now, announce=announce, revision=revision.number)


def hide(
    edition: Edition, action: str, *, since: datetime, by: Person | None, now: datetime, announce: bool = True
) -> None:
    """Point readers of a locked edition to nothing: its address says that it is gone, and what to read instead."""
    was_published = edition.published_id is not None
    edition.published = None
    links.forget(edition)
    if was_published or action == "document.expire":
        edition.gone_at = since
        _seen(edition, action, by=by, now=now, announce=announce)


def schedule(edition: Edition, revision: Revision, at: datetime, *, by: Person | None, now: datetime) -> None:
    """Let readers see a revision from an hour on; what they see until then stays."""
    if (edition.scheduled_id, edition.publish_at) == (revision.id, at):
        return
    edition.scheduled, edition.publish_at = revision, at
    if edition.published_id is None:
        edition.title = revision.title
    audit.record("document.schedule", edition, by=by, now=now, revision=revision.number, until=at.isoformat())


def unschedule(edition: Edition, *, by: Person | None, now: datetime) -> None:
    """Forget what was to be published, of a locked edition; its words stay."""
    if edition.scheduled_id is not None:
        edition.scheduled, edition.publish_at = None, None
        audit.record("document.unschedule", edition, by=by, now=now)


def _seen(edition: Edition, action: str, *, by: Person | None, now: datetime, announce: bool, **detail: object) -> None:
    audit.record(action, edition, by=by, now=now, key=edition.document.key, **detail)
    revisions.log_change(edition, now=now)
    if announce:
        revisions.announce(now=now)
