"""Publishing: what `preparing` has checked and rendered is kept, shown, withdrawn by moving pointers.

These verbs are called inside a transaction and never commit. Nothing is overwritten: every saved text is a revision.
"""

from datetime import datetime

from sqlalchemy import select

from academy.domain import (
    audit,
    contract,
    links,
    placement,
    projection,
    revisions,
    visibility,
)
from academy.domain.contract import DRAFT, Facts
from academy.domain.errors import Refused
from academy.domain.preparing import Prepared, storable_problems
from academy.domain.problems import ContentRefused, Problem
from academy.domain.rows import insert_once
from academy.extensions import db
from academy.models import Cycle, Document, Edition, Kind, Person, Revision
from academy.rendering import frontmatter
from academy.rendering.results import LinkKind


def create(
    prepared: Prepared,
    *,
    kind: Kind,
    cycle: Cycle | None,
    slug: str | None = None,
    owner: Person | None,
    by: Person | None,
    now: datetime,
    path: str | None = None,
    position: int | None = None,
    note: str = "",
) -> Edition:
    """Add a document, or the other language of the one with the same id, with its first revision as a draft.

    Modules come last in their cycle unless *position* says otherwise; *path* is computed unless given. A cycle's
    text makes its Cycle, a session's text its CycleSession.
    """
    document = db.session.scalar(select(Document).where(Document.key == prepared.facts.id))
    if document is None:
        document = placement.new_document(
            prepared.facts, kind=kind, cycle=cycle, slug=slug, path=path, position=position, now=now
        )
        document.owner_id = owner.id if owner is not None else None
        if not insert_once(document):
            raise _id_taken(prepared)
    elif document.kind != kind or any(edition.language == prepared.language for edition in document.editions):
        raise _id_taken(prepared)
    edition = Edition(document_id=document.id, language=prepared.language, **_first_words(prepared.facts))
    if not insert_once(edition):
        raise _id_taken(prepared)
    db.session.expire(document, ["editions"])
    revisions.add(edition, prepared.source, by=by, now=now, note=note)
    if kind == Kind.SESSION:
        projection.project_session(document, prepared.facts, before=prepared.facts, by=by, now=now)
    audit.record("document.create", edition, by=by, now=now, key=document.key, language=edition.language)
    return edition


def save_draft(
    edition: Edition, source: str, *, base_id: int | None, by: Person | None, now: datetime, note: str = ""
) -> Revision:
    """Keep the author's words on top, unpublished, however unfinished they are; raise ContentRefused only for a
    text that cannot be stored, Refused("edited_meanwhile") when somebody saved after *base_id*."""
    if unstorable := storable_problems("", source):
        raise ContentRefused(unstorable)
    revisions.lock_at(edition, base_id)
    before = edition.head_id
    revision = revisions.add(edition, source, by=by, now=now, note=note)
    if edition.published_id is None:
        edition.title = revision.title
    if revision.id != before:
        audit.record("document.save_draft", edition, by=by, now=now, revision=revision.number)
    return revision


def publish(
    edition: Edition,
    prepared: Prepared,
    *,
    base_id: int | None,
    by: Person | None,
    now: datetime,
    note: str = "",
    announce: bool = True,
    catches_up: bool = True,
) -> Revision:
    """Make a prepared text what readers see; *announce* False when the caller announces many changes once.

    One with a `publish_at` to come is kept until then (see `dated_texts`); one that has expired, in a file, is not shown.
    *catches_up* False leaves a translation that was behind the other language there.
    """
    if not prepared.facts.is_published:
        raise ValueError("publish takes what prepare_for_publication made")
    document, facts = edition.document, prepared.facts
    if facts.id != document.key:
        raise ContentRefused([Problem(prepared.path, 0, "id", "id_changed", {"value": document.key})])
    revisions.lock_at(edition, base_id)
    revision = revisions.add(edition, prepared.source, by=by, now=now, note=note)
    if prepared.rendered is not None:
        revisions.keep_rendering(prepared.source_hash, edition.language, prepared.rendered)
    if facts.publish_at is not None and facts.publish_at > now:
        visibility.schedule(edition, revision, facts.publish_at, by=by, now=now)
    elif facts.expires_at is not None and facts.expires_at <= now:
        projection.say(edition, facts)
        edition.successor_key = facts.successor
        visibility.hide(edition, "document.expire", since=facts.expires_at, by=by, now=now, announce=announce)
    else:
        ways = prepared.ways
        visibility.show(edition, revision, facts, ways, by=by, now=now, announce=announce, catches_up=catches_up)
    return revision


def withdraw(
    edition: Edition,
    *,
    base_id: int | None,
    by: Person | None,
    now: datetime,
    note: str = "",
    source: str | None = None,
    successor: str | None = None,
    announce: bool = True,
    check: bool = True,
) -> Revision | None:
    """Take a text away from readers; its head becomes a draft that says so. Withdrawing twice is harmless.

    *source* is the text that replaces the head (a file that became a draft); by default the head, restated, with the
    key of its *successor* if one is given ("": none). Raise Refused("text_included") while published texts include it,
    unless the caller did the *check*.
    """
    revisions.lock_at(edition, base_id)
    hosts = links.hosts_of(edition.document.key, language=edition.language, kind=LinkKind.INCLUDE) if check else ()
    if hosts:
        raise Refused("text_included", hosts=", ".join(dict.fromkeys(host.title for host in hosts)))
    visibility.unschedule(edition, by=by, now=now)
    if edition.head is not None:
        revisions.add(edition, source or as_draft(edition.head.source, successor), by=by, now=now, note=note)
        facts = contract.read(edition.head.source, kind=edition.document.kind)
        edition.successor_key = facts.successor if facts else successor or ""
    visibility.hide(edition, "document.withdraw", since=now, by=by, now=now, announce=announce)
    return edition.head


def restore(
    edition: Edition, revision: Revision, *, base_id: int | None, by: Person | None, now: datetime, note: str = ""
) -> Revision:
    """Put an old text back on top, as a new revision and a draft; publishing it is another step."""
    if revision.edition_id != edition.id:
        raise ValueError("a revision of another text")
    revisions.lock_at(edition, base_id)
    restored = revisions.add(edition, revision.source, by=by, now=now, note=note or f"↺ {revision.number}")
    audit.record("document.restore", edition, by=by, now=now, revision=restored.number, of=revision.number)
    return restored


def _first_words(facts: Facts) -> dict[str, object]:
    return {"title": facts.title, "summary": facts.summary, "type": facts.type}


def as_draft(source: str, successor: str | None = None) -> str:
    """A source that says that it is a draft, with the key of its *successor* if one is given ("": none)."""
    changes: dict[str, str | list[str] | None] = {"status": DRAFT, "publish_at": None}
    if successor is not None:
        changes["successor"] = successor or None
    try:
        return frontmatter.replace(source, changes)
    except frontmatter.FrontMatterError:  # an unfinished draft on top says nothing that could be wrong
        return source


def _id_taken(prepared: Prepared) -> ContentRefused:
    return ContentRefused([Problem(prepared.path, 0, "id", "id_taken", {"value": prepared.facts.id})])
