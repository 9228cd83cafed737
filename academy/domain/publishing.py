"""Publishing: check and render a text outside the transaction, then move pointers inside it.

`prepare` and `prepare_for_publication` cost CPU and take no lock: call them before `transaction()`. The verbs below
them are called inside it and never commit. Nothing is overwritten: every saved text is a revision.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from academy.domain import (
    audit,
    content_names,
    contract,
    layout,
    lending,
    links,
    pictures,
    placement,
    projection,
    revisions,
    typed_values,
    visibility,
)
from academy.domain.contract import DRAFT, PUBLISHED, Facts, Names
from academy.domain.errors import Refused
from academy.domain.lending import Borrower, Coming
from academy.domain.links import Way
from academy.domain.picture_credits import Credit
from academy.domain.problems import ContentRefused, Problem
from academy.domain.revisions import hash_of
from academy.domain.rows import insert_once
from academy.domain.typed_values import PARIS
from academy.extensions import db
from academy.models import Cycle, Document, Edition, Kind, Person, Revision
from academy.rendering import frontmatter
from academy.rendering.limits import MAX_BYTES
from academy.rendering.results import LinkKind, Rendered


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A text that may be published: checked and, unless its rendering is already stored, rendered."""

    kind: Kind
    language: str
    path: str
    source: str
    source_hash: str
    facts: Facts
    rendered: Rendered | None
    ways: tuple[Way, ...] = ()
    warnings: tuple[Problem, ...] = ()


def prepare(
    source: str,
    *,
    kind: Kind,
    language: str,
    path: str = "",
    names: Names | None = None,
    files: Mapping[str, Credit] | None = None,
    reuse: bool = False,
    coming: Coming | None = None,
) -> Prepared:
    """Parse, check and render a text; raise ContentRefused with every problem, lines counted in the whole file.

    *names* is what exists (by default the rows of the academy); *files* what lies beside the text, for what will be
    published (None: its pictures are not looked at); *path* is said in problems, and where relative links start (by
    default where the document is). With *reuse* a text whose rendering is stored, and depends on no other, is not
    rendered again: `rendered` is then None. With *coming* the caller compares sections itself.
    """
    if unstorable := storable_problems(path, source):
        raise ContentRefused(unstorable)
    names = content_names.of_academy() if names is None else names
    checked = contract.check(path, source, kind=kind, names=names)
    source_hash = hash_of(source)
    facts, is_alone = checked.facts, not lending.borrows(checked.body)
    rendered, ways, remarks = None, (), []
    if not (reuse and is_alone and revisions.is_rendered(source_hash, language)):
        to = Borrower(
            facts.id, *layout.place_of_text(facts, language, path), projection.typeset_title(facts.title, language)
        )
        rendered, loan = layout.render_lent(checked.body, to, first_line=checked.body_line, path=path, coming=coming)
        ways = links.ways_of(rendered, loan)
        known = replace(names, documents=names.documents | {facts.id})
        remarks = layout.remarks(
            rendered,
            loan,
            path=path,
            language=language,
            audience=to.audience,
            names=known,
            is_whole=coming is None,
        )
        remarks += remarks_of(source, rendered, files, path=path)
    if wrong := [remark for remark in remarks if not remark.is_warning]:
        raise ContentRefused([*wrong, *checked.warnings, *(it for it in remarks if it.is_warning)])
    return Prepared(
        kind=kind,
        language=language,
        path=path,
        source=source,
        source_hash=source_hash,
        facts=checked.facts,
        rendered=rendered,
        ways=ways,
        warnings=(*checked.warnings, *remarks),
    )


def remarks_of(source: str, rendered: Rendered, files: Mapping[str, Credit] | None, *, path: str = "") -> list[Problem]:
    """What is to be said of a rendered text; of its pictures, once the *files* beside it are known."""
    lints = [lint for lint in rendered.lints if files is None or lint.code != "missing_alt"]
    remarks = [Problem(path, lint.line, "", f"lint_{lint.code}", {"detail": lint.detail}) for lint in lints]
    if files is not None:
        remarks += pictures.problems(source, rendered.html, rendered.lints, files, path=path)
    return remarks


def prepare_for_publication(
    source: str,
    *,
    kind: Kind,
    language: str,
    now: datetime,
    path: str = "",
    names: Names | None = None,
    files: Mapping[str, Credit] | None = None,
) -> Prepared:
    """As `prepare`, once the front matter says `status: published` and since when.

    If it did not, that is the day in Paris of `publish_at`, or today. What has expired already is refused.
    """
    front = contract.parse(path, source)
    changes: dict[str, str | list[str] | None] = {"status": PUBLISHED}
    if not front.values.get("published_on"):
        changes["published_on"] = _first_day(front.values.get("publish_at"), now).isoformat()
    try:
        stated = frontmatter.replace(source, changes)
    except frontmatter.FrontMatterError as error:
        raise ContentRefused(contract.front_problems(path, error)) from None
    prepared = prepare(stated, kind=kind, language=language, path=path, names=names, files=files)
    if prepared.facts.expires_at is not None and prepared.facts.expires_at <= now:
        line = contract.parse(path, stated).lines.get("expires_at", 0)
        raise ContentRefused([Problem(path, line, "expires_at", "expiry_past")])
    return prepared


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


def storable_problems(path: str, source: str) -> list[Problem]:
    """Why a text cannot even be kept: too long, or not text."""
    problems = []
    if (nul := source.find("\0")) >= 0:
        problems.append(Problem(path, source.count("\n", 0, nul) + 1, "", "body_nul_character"))
    if any("\ud800" <= character <= "\udfff" for character in source):
        problems.append(Problem(path, 0, "", "not_utf8"))
    elif len(source.encode()) > MAX_BYTES:
        problems.append(Problem(path, 0, "", "body_too_long", {"limit": MAX_BYTES // 1024}))
    return problems


def _first_words(facts: Facts) -> dict[str, object]:
    return {"title": facts.title, "summary": facts.summary, "type": facts.type}


def _first_day(publish_at: object, now: datetime) -> date:
    try:
        at = typed_values.hour(publish_at) if publish_at else now
    except typed_values.BadValueError:  # told by the contract
        at = now
    return max(at, now).astimezone(PARIS).date()


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
