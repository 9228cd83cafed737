"""Hide one earlier public version of a text from readers, for a reason that they are told; show it again."""

from datetime import datetime

from academy.domain import audit, revisions
from academy.domain.errors import Refused
from academy.extensions import db
from academy.models import HidingReason, Kind, Person, Revision

WITH_VERSIONS = (Kind.MODULE, Kind.RESOURCE)  # whose earlier versions have public pages


def hide(revision: Revision, reason: HidingReason, *, by: Person | None, now: datetime) -> None:
    """Take an earlier version off every public page; hiding twice changes the reason.

    Raise Refused: version_current (what readers see now), version_not_public (on no page anyway).
    """
    _lock(revision)
    if revision.published_at is None or revision.edition.document.kind not in WITH_VERSIONS:
        raise Refused("version_not_public")
    if revision.edition.published_id == revision.id:
        raise Refused("version_current")
    if revision.hidden_at is not None and revision.hidden_reason == reason:
        return
    revision.hidden_at, revision.hidden_reason = now, str(reason)
    _tell(revision, "revision.hide", by=by, now=now, reason=str(reason))


def unhide(revision: Revision, *, by: Person | None, now: datetime) -> None:
    """Let readers see a version again; one that is not hidden stays as it is."""
    _lock(revision)
    if revision.hidden_at is None:
        return
    revision.hidden_at, revision.hidden_reason = None, ""
    _tell(revision, "revision.unhide", by=by, now=now)


def _lock(revision: Revision) -> None:
    """Nobody publishes this version meanwhile."""
    revisions.lock([revision.edition])
    db.session.refresh(revision)


def _tell(revision: Revision, action: str, *, by: Person | None, now: datetime, **detail: str) -> None:
    edition = revision.edition
    told = {"key": edition.document.key, "language": edition.language, "revision": revision.number, **detail}
    audit.record(action, revision, by=by, now=now, **told)
    revisions.log_change(edition, now=now)
    revisions.announce(now=now)
