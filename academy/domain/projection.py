"""From the facts of a text to the rows that lists, filters and enrolment read."""

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any

from sqlalchemy import select

from academy.domain import audit, enrolment, outbox
from academy.domain.contract import Facts
from academy.extensions import db
from academy.models import (
    Audience,
    Cycle,
    CycleSession,
    Document,
    Edition,
    Enrolment,
    EnrolmentStatus,
    Kind,
    Mode,
    Person,
    SessionStatus,
    Speaker,
    Topic,
    Venue,
)
from academy.rendering.typography import typeset

TITLE_LENGTH = 300  # characters of the column
_DIRECT = ("starts_at", "ends_at", "opens_at", "closes_at")
_SESSION_FACTS = (*_DIRECT, "venue", "mode", "capacity", "waiting_list", "trainers", "modules", "example")
_WHEREABOUTS = frozenset({"starts_at", "ends_at", "mode", "venue_id"})


def project(edition: Edition, facts: Facts, *, before: Facts | None, by: Person | None, now: datetime) -> None:
    """Write what a published text states onto its rows.

    *before* is what the text stated until now: a fact of the session that the text does not change
    keeps the value that organisers gave it since.
    """
    document = edition.document
    _project_edition(edition, facts)
    if facts.audience is not None:
        document.audience = Audience(facts.audience)
    if document.kind == Kind.RESOURCE:
        document.cycle = cycle_of(facts.cycle)
        document.session_key = facts.session
    if document.kind == Kind.SESSION:
        project_session(document, facts, before=before, by=by, now=now)


def say(edition: Edition, facts: Facts) -> None:
    """Write the words that lists, searches and mails show, typeset; the source keeps what the author typed."""
    edition.title = typeset_title(facts.title, edition.language)
    edition.summary = typeset(facts.summary, edition.language)
    edition.objectives = [typeset(objective, edition.language) for objective in facts.objectives]


def typeset_title(title: str, language: str) -> str:
    """A title as it is shown; as typed when the spaces that it lacked would make it too long for its column."""
    shown = typeset(title, language)
    return shown if len(shown) <= TITLE_LENGTH else title


def _project_edition(edition: Edition, facts: Facts) -> None:
    say(edition, facts)
    edition.type, edition.licence, edition.level = facts.type, facts.licence, facts.level
    edition.duration = facts.duration
    edition.published_on = facts.published_on
    edition.expires_at, edition.successor_key = facts.expires_at, facts.successor
    edition.year = facts.published_on.year if facts.published_on else None
    edition.authors = list(facts.authors)
    edition.prerequisites = list(facts.prerequisites)
    edition.territories, edition.stakeholders = list(facts.territory), list(facts.stakeholders)
    edition.topics = list(db.session.scalars(select(Topic).where(Topic.slug.in_(facts.topics)).order_by(Topic.id)))


def project_session(
    document: Document, facts: Facts, *, before: Facts | None, by: Person | None, now: datetime
) -> CycleSession:
    """Make or update the dated meeting that a text describes; raised seats go to the head of the queue.

    Whoever holds or awaits a seat is told of another date or place.
    """
    session = db.session.scalar(select(CycleSession).where(CycleSession.document_id == document.id))
    if session is None:
        return _new_session(document, facts, by=by, now=now)
    enrolment.lock(session)
    known = _described(session)
    changed = _changed(facts, before)
    _write_session(session, facts, changed)
    session.cycle_id = document.cycle_id or session.cycle_id
    db.session.flush()
    described = _described(session)
    if "capacity" in changed and session.capacity != facts.capacity:
        enrolment.resize(session, facts.capacity, by=by, now=now)
    if anew := sorted(name for name in known if known[name] != described[name]):
        audit.record("session.describe", session, by=by, now=now, changed=anew)
    if not _WHEREABOUTS.isdisjoint(anew):
        raise_sequence(session, now=now)
        tell_enrolled(session, "session.changed", now=now, **_gone(session, known))
    return session


def raise_sequence(session: CycleSession, *, now: datetime) -> None:
    """Let calendars know that time, place or status changed (RFC 5545, 3.8.7.4)."""
    session.sequence += 1
    session.changed_at = now


def _changed(facts: Facts, before: Facts | None) -> Set[str]:
    """The facts that a text changes; the first version in a language changes what it states."""
    if before is None:
        return facts.stated.intersection(_SESSION_FACTS)
    return {name for name in _SESSION_FACTS if getattr(before, name) != getattr(facts, name)}


def _new_session(document: Document, facts: Facts, *, by: Person | None, now: datetime) -> CycleSession:
    session = CycleSession(cycle_id=document.cycle_id, document_id=document.id, status=SessionStatus.SCHEDULED)
    session.capacity = facts.capacity
    _write_session(session, facts, set(_SESSION_FACTS))
    db.session.add(session)
    audit.record("session.create", session, by=by, now=now)
    return session


def _described(session: CycleSession) -> dict[str, object]:
    columns = (*_DIRECT, "mode", "venue_id", "has_waiting_list", "is_example", "module_keys", "cycle_id")
    described: dict[str, object] = {name: getattr(session, name) for name in columns}
    return described | {"speakers": [speaker.id for speaker in session.speakers]}


def tell_enrolled(session: CycleSession, topic: str, *, now: datetime, **told: object) -> int:
    """Promise a mail to each whose enrolment is not cancelled; return how many. Nobody is told of what is past."""
    if session.is_past(now):
        return 0
    live = select(Enrolment.id).where(Enrolment.session_id == session.id, Enrolment.status != EnrolmentStatus.CANCELLED)
    enrolled = list(db.session.scalars(live.order_by(Enrolment.rank)))
    for enrolment_id in enrolled:
        outbox.promise(topic, now=now, enrolment=enrolment_id, **told)
    return len(enrolled)


def _gone(session: CycleSession, before: Mapping[str, Any]) -> dict[str, str | None]:
    """The date that was taken away, for agendas to drop it; nothing while there is another."""
    if session.starts_at is not None or before["starts_at"] is None:
        return {}
    return {name: before[name] and before[name].isoformat() for name in ("starts_at", "ends_at")}


def _write_session(session: CycleSession, facts: Facts, changed: Set[str]) -> None:
    for name in changed & set(_DIRECT):
        setattr(session, name, getattr(facts, name))
    if "mode" in changed:
        session.mode = Mode(facts.mode)
    if "waiting_list" in changed:
        session.has_waiting_list = facts.waiting_list
    if "example" in changed:
        session.is_example = facts.example
    if "modules" in changed:
        session.module_keys = list(facts.modules)
    if "venue" in changed:
        session.venue = db.session.scalar(select(Venue).where(Venue.slug == facts.venue)) if facts.venue else None
    if "trainers" in changed:
        session.speakers = list(db.session.scalars(select(Speaker).where(Speaker.slug.in_(facts.trainers))))


def cycle_of(slug: str | None) -> Cycle | None:
    """The cycle of that slug."""
    return db.session.scalar(select(Cycle).where(Cycle.slug == slug)) if slug else None
