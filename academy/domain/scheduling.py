"""Scheduling: create, change and cancel sessions, so that row and files always say the same.

`prepare_session`, `prepare_edit` and `prepare_resize` read, check and render: call them before `transaction()`.
The verbs below them write, inside it. Locks as everywhere: editions, then the session, then the change log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from academy.domain import (
    admission,
    audit,
    enrolment,
    outbox,
    preparing,
    projection,
    publishing,
    revisions,
    session_texts,
)
from academy.domain.content import names as content_names
from academy.domain.content.paths import file_of, path_for
from academy.domain.contract import Names
from academy.domain.errors import Refused
from academy.domain.preparing import Prepared
from academy.domain.session_texts import Schedule, Words, schedule_of
from academy.extensions import db
from academy.models import (
    Cycle,
    CycleSession,
    Document,
    Edition,
    Enrolment,
    EnrolmentStatus,
    Kind,
    Person,
    SessionStatus,
)
from academy.rendering.slugs import slugify

LICENCE = "cc-by-4.0"


@dataclass(frozen=True, kw_only=True)
class Rewrite:
    """What one edition becomes: a text for readers, a draft above it or instead of it, or neither."""

    language: str
    edition: Edition | None  # None: a language that the session did not have
    base_id: int | None  # the revision that the author saw
    prepared: Prepared | None = None
    draft: str | None = None


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A change of a session, checked and rendered."""

    session: CycleSession
    schedule: Schedule
    rewrites: Sequence[Rewrite]


def prepare_session(
    cycle: Cycle,
    schedule: Schedule,
    words: Mapping[str, Words],
    *,
    publish: bool,
    now: datetime,
    key: str = "",
    model: CycleSession | None = None,
) -> list[Prepared]:
    """Make the files of a new session, one for each language of *words*; raise ContentRefused.

    Topics and licence are those of the cycle; the studio changes them. With a *model* all that its files
    state and an organiser does not type here is kept.
    """
    topics, licence = _cycle_defaults(cycle)
    names, title = content_names.of_academy(), next(iter(words.values())).title
    key = key or content_names.free_key(f"session-{slugify(title)}")
    texts, files = [], {edition.language: shown(edition) for edition in model.document.editions} if model else {}
    for language, said in words.items():
        source = session_texts.new_source(schedule, said, key=key, topics=topics, licence=licence)
        if files:
            source = session_texts.copied(files.get(language) or next(iter(files.values())), source, schedule, said)
        path = file_of(path_for(Kind.SESSION, slugify(said.title), cycle=cycle.slug), language)
        texts.append(_prepared(source, language, publish=publish, path=path, names=names, now=now))
    return texts


def create_session(texts: Sequence[Prepared], *, cycle: Cycle, by: Person | None, now: datetime) -> CycleSession:
    """Add a session with its texts; those that say so are published at once."""
    editions = [publishing.create(text, kind=Kind.SESSION, cycle=cycle, owner=None, by=by, now=now) for text in texts]
    for edition, text in zip(editions, texts, strict=True):
        if text.facts.is_published:
            publishing.publish(edition, text, base_id=edition.head_id, by=by, now=now, announce=False)
    if any(text.facts.is_published for text in texts):
        revisions.announce(now=now)
    wanted = select(CycleSession).where(CycleSession.document_id == editions[0].document_id)
    return db.session.scalars(wanted).one()


def prepare_edit(
    session: CycleSession,
    schedule: Schedule,
    words: Mapping[str, Words] | None = None,
    *,
    bases: Mapping[str, int | None] | None = None,
    publish: bool = False,
    now: datetime,
) -> Edit:
    """Restate every edition with other facts, and other words where given; raise ContentRefused.

    *bases* are the revisions that the author saw (by default the present ones); *publish* sends drafts to readers.
    """
    names, words = content_names.of_academy(), dict(words or {})
    editions = {edition.language: edition for edition in session.document.editions}
    known = {language: edition.head_id for language, edition in editions.items()} | dict(bases or {})
    rewrites = [
        _rewrite(edition, schedule, words.pop(language, None), known[language], publish=publish, names=names, now=now)
        for language, edition in editions.items()
    ]
    rewrites += [
        _new_language(session.document, schedule, said, language, publish=publish, names=names, now=now)
        for language, said in words.items()
    ]
    return Edit(session=session, schedule=schedule, rewrites=rewrites)


def prepare_resize(session: CycleSession, capacity: int | None, *, now: datetime) -> Edit:
    """Change the number of seats alone (None: no limit)."""
    return prepare_edit(session, replace(schedule_of(session), capacity=capacity), now=now)


def edit_session(edit: Edit, *, by: Person | None, now: datetime) -> CycleSession:
    """Write a prepared change: files first, then the row; whoever holds or awaits a seat hears of a new date or place.

    Raise Refused("edited_meanwhile") when a text changed after the revision that the author saw.
    """
    session = edit.session
    revisions.lock(session.document.editions)
    enrolment.lock(session)
    if session.status == SessionStatus.CANCELLED:
        raise Refused("session_cancelled")
    admission.refuse_quotas_above(edit.schedule.capacity, session.quotas)
    _refuse_stale(edit)
    before = schedule_of(session)
    written = [rewrite.language for rewrite in edit.rewrites if _write(rewrite, session, by=by, now=now)]
    _settle(session, edit.schedule, by=by, now=now)
    changes = session_texts.changes_between(before, schedule_of(session))
    if changes or written:
        audit.record("session.edit", session, by=by, now=now, changes=changes, texts=written)
    if any(rewrite.prepared and rewrite.prepared.facts.is_published for rewrite in edit.rewrites):
        revisions.announce(now=now)
    return session


def cancel_session(session: CycleSession, *, by: Person | None, now: datetime) -> int:
    """Call the session off and tell everybody who holds or awaits a seat, once; return how many. Twice is harmless.

    Their enrolments are cancelled with it, so that "my space" is right; they stay as history and free no seat.
    """
    enrolment.lock(session)
    if session.status == SessionStatus.CANCELLED:
        return 0
    is_postponed = session.status == SessionStatus.POSTPONED
    if not is_postponed and (end := session.ends_at or session.starts_at) and end <= now:
        raise Refused("session_ended")
    live = list(
        db.session.scalars(
            select(Enrolment)
            .where(Enrolment.session_id == session.id, Enrolment.status != EnrolmentStatus.CANCELLED)
            .order_by(Enrolment.rank)
        )
    )
    before, session.status = session.status, SessionStatus.CANCELLED
    projection.raise_sequence(session, now=now)
    for held in live:
        held.status, held.cancelled_at = EnrolmentStatus.CANCELLED, now
        audit.record("enrolment.cancel", held, by=by, now=now, session=session.id, because="session.cancel")
        outbox.promise("session.cancelled", now=now, enrolment=held.id)
    audit.record("session.cancel", session, by=by, now=now, before=before, after=session.status, told=len(live))
    return len(live)


def _rewrite(
    edition: Edition,
    schedule: Schedule,
    words: Words | None,
    base_id: int | None,
    *,
    publish: bool,
    names: Names,
    now: datetime,
) -> Rewrite:
    """What an edition becomes; a draft above the published text follows the facts and keeps its own words."""
    language, path = edition.language, file_of(edition.document.path, edition.language)
    source, head = session_texts.restated(shown(edition), schedule, words), edition.head
    prepared = draft = None
    if edition.published is None:
        prepared = _prepared(source, language, publish=publish, path=path, names=names, now=now)
    elif source != edition.published.source:
        prepared = preparing.prepare(source, kind=Kind.SESSION, language=language, path=path, names=names)
    if edition.published is not None and head is not None and head.id != edition.published_id:
        draft = session_texts.draft_restated(head.source, schedule)
    return Rewrite(language=language, edition=edition, base_id=base_id, prepared=prepared, draft=draft)


def _new_language(
    document: Document,
    schedule: Schedule,
    words: Words,
    language: str,
    *,
    publish: bool,
    names: Names,
    now: datetime,
) -> Rewrite:
    """A language that the session did not have, from the file of the other; as public as that one."""
    twin = document.published_in("fr") or document.editions[0]
    source, path = session_texts.restated(shown(twin), schedule, words), file_of(document.path, language)
    is_public = publish or twin.published_id is not None
    prepared = _prepared(source, language, publish=is_public, path=path, names=names, now=now)
    return Rewrite(language=language, edition=None, base_id=None, prepared=prepared)


def _prepared(source: str, language: str, *, publish: bool, path: str, names: Names, now: datetime) -> Prepared:
    if publish:
        return preparing.prepare_for_publication(
            source, kind=Kind.SESSION, language=language, now=now, path=path, names=names
        )
    return preparing.prepare(source, kind=Kind.SESSION, language=language, path=path, names=names)


def shown(edition: Edition) -> str:
    """The text that readers see, or the draft of what they do not see yet."""
    revision = edition.published or edition.head
    return revision.source if revision else ""


def _refuse_stale(edit: Edit) -> None:
    """Refuse when a text was saved after the one that the author saw, or a language was added meanwhile."""
    heads = {edition.language: edition.head_id for edition in edit.session.document.editions}
    if heads != {rewrite.language: rewrite.base_id for rewrite in edit.rewrites if rewrite.edition is not None}:
        raise Refused("edited_meanwhile")


def _write(rewrite: Rewrite, session: CycleSession, *, by: Person | None, now: datetime) -> bool:
    """Put the texts on top of an edition; say whether anything changed."""
    prepared, edition, document = rewrite.prepared, rewrite.edition, session.document
    if edition is None and prepared is not None:
        edition = publishing.create(prepared, kind=Kind.SESSION, cycle=session.cycle, owner=None, by=by, now=now)
    assert edition is not None, document.key
    before = edition.head_id if rewrite.edition is not None else None
    if prepared is not None and prepared.facts.is_published:
        publishing.publish(edition, prepared, base_id=edition.head_id, by=by, now=now, announce=False)
    elif prepared is not None:
        publishing.save_draft(edition, prepared.source, base_id=edition.head_id, by=by, now=now)
    if rewrite.draft is not None:
        publishing.save_draft(edition, rewrite.draft, base_id=edition.head_id, by=by, now=now)
    return edition.head_id != before


def _settle(session: CycleSession, schedule: Schedule, *, by: Person | None, now: datetime) -> None:
    """Let the row say what was decided, also where the texts are drafts: publishing did the rest."""
    before = schedule_of(session)
    kept = {key: value for key, value in vars(before).items() if session_texts.is_same(value, vars(schedule)[key])}
    wanted = session_texts.facts_of(replace(schedule, **kept), session)
    facts = session_texts.facts_of(before, session)
    projection.project_session(session.document, wanted, before=facts, by=by, now=now)


def _cycle_defaults(cycle: Cycle) -> tuple[list[str], str]:
    """The topics and the licence of a cycle's text; a cycle without one is not ready for sessions."""
    document = db.session.scalar(select(Document).where(Document.kind == Kind.CYCLE, Document.cycle_id == cycle.id))
    edition = document.published_in("fr") if document is not None else None
    if edition is None or not edition.topics:
        raise Refused("cycle_unpublished")
    return [topic.slug for topic in edition.topics], edition.licence or LICENCE
