"""What is said of pictures, where they are used, and what keeps a text with pictures from being published."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from academy.domain import attachments, audit, credits
from academy.domain.attachments import PreparedFile
from academy.domain.credits import Credit
from academy.domain.errors import Refused
from academy.domain.problems import Problem
from academy.extensions import db
from academy.files import kinds
from academy.files.store import store
from academy.files.words import FileWords
from academy.models import Attachment, Document, Edition, Person, Revision
from academy.rendering.results import Lint
from academy.rendering.shown import pictures_of

# As a text names a file beside it; in another text the name of the text's page stands before it.
_USED = re.compile(r"(?:([a-z0-9-]+)/)?fichiers/([a-z0-9][a-z0-9._-]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A version of a text in which a file is used."""

    document_id: int
    language: str
    title: str
    is_published: bool  # readers see it; else it is in the draft alone


def describe(attachment: Attachment, credit: Credit, *, by: Person | None, now: datetime) -> None:
    """Say what a picture shows, whose it is and how it may be reused; the file `credits.yml` beside it says so too.

    Raise Refused("picture_words") for a value that cannot be kept.
    """
    if attachment.picture is None:
        raise ValueError("only pictures have credits")
    if credits.problems_of(credit):
        raise Refused("picture_words")
    if credit_of(attachment) != credit:
        _say(attachment.document, {attachment.name: credit}, by=by, now=now)
        audit.record("attachment.describe", attachment, by=by, now=now, name=attachment.name)


def remove(attachment: Attachment, *, by: Person | None, now: datetime) -> None:
    """Take a file that no text uses away, with what was said of it; raise Refused("file_used")."""
    document, name = attachment.document, attachment.name
    if uses_of(document.id)[document.id, name]:
        raise Refused("file_used")
    attachments.remove(attachment, by=by, now=now)
    db.session.flush()
    _say(document, {name: Credit()}, by=by, now=now)


def credit_of(attachment: Attachment) -> Credit:
    """What is said of a picture."""
    return Credit(attachment.alt, attachment.credit, attachment.licence, attachment.is_decorative)


def credits_of(document_id: int) -> dict[str, Credit]:
    """The files beside a text, by name, with what is said of those that are pictures."""
    return {row.name: credit_of(row) for row in attachments.attached_to(document_id) if row.name != kinds.CREDITS}


def problems(
    source: str, html: str, lints: Iterable[Lint], files: Mapping[str, Credit], *, path: str = ""
) -> list[Problem]:
    """What is wrong with the pictures of a rendered text, given the files beside it.

    A picture without words, unless it is said to be decorative, and one that is missing keep a text from being
    published; a picture without a licence is a remark.
    """
    found = []
    for lint in lints:
        name = lint.detail.removeprefix("fichiers/")
        if lint.code == "missing_alt" and not (name in files and files[name].is_decorative):
            found.append(Problem(path, lint.line, "", "picture_without_alt", {"value": lint.detail}))
    for shown in {shown.name: shown for shown in pictures_of(html) if shown.name}.values():
        name, line = shown.name, _line_of(source, shown.name)
        if name not in files:
            found.append(Problem(path, line, "", "picture_missing", {"value": name}))
        elif not (files[name].licence or files[name].is_decorative or shown.is_credited):
            found.append(Problem(path, line, "", "lint_picture_licence", {"value": name}))
    return found


def uses_of(*document_ids: int) -> defaultdict[tuple[int, str], list[Use]]:
    """Where the files of documents are used, by document and name: in these and in other texts, two queries."""
    slugs: defaultdict[str, set[int]] = defaultdict(set)
    for slug, document_id in db.session.execute(
        select(Document.slug, Document.id).where(Document.id.in_(document_ids))
    ):
        slugs[slug].add(document_id)
    head, seen = aliased(Revision), aliased(Revision)
    rows = db.session.execute(
        select(Edition.document_id, Edition.language, head.title, head.source, seen.source.label("published"))
        .join(head, head.id == Edition.head_id)
        .outerjoin(seen, seen.id == Edition.published_id)
        .where(or_(head.source.contains("fichiers/"), seen.source.contains("fichiers/")))
        .order_by(Edition.document_id, Edition.language)
    )
    found: defaultdict[tuple[int, str], list[Use]] = defaultdict(list)
    for row in rows:
        published = _named(row.published or "", row.document_id, slugs, document_ids)
        for key in sorted(published | _named(row.source, row.document_id, slugs, document_ids)):
            use = Use(
                document_id=row.document_id, language=row.language, title=row.title, is_published=key in published
            )
            found[key].append(use)
    return found


def _named(source: str, own: int, slugs: Mapping[str, set[int]], wanted: Collection[int]) -> set[tuple[int, str]]:
    """The files that a source names: those of its own text, and those of another by the address of its page."""
    found = set()
    for slug, name in _USED.findall(source):
        bare = re.sub(r"^\d+-", "", slug)  # the page of a resource begins with its number
        ids = slugs.get(slug, set()) | slugs.get(bare, set()) if slug else {own}
        found |= {(document_id, name.rstrip(".")) for document_id in ids if document_id in wanted}
    return found


def _say(document: Document, changes: Mapping[str, Credit], *, by: Person | None, now: datetime) -> None:
    """Write `credits.yml` anew where it does not say this yet."""
    kept = next((row for row in attachments.attached_to(document.id) if row.name == kinds.CREDITS), None)
    said = credits.read(store().read(kept.digest, 0, kept.size).decode()) if kept is not None else {}
    wanted = {name: credit for name, credit in (said | changes).items() if credit != Credit()}
    if wanted == said:
        return
    if text := credits.written(wanted):
        file = PreparedFile(kinds.CREDITS, "application/yaml", text.encode(), FileWords())
        attachments.attach(document, file, by=by, now=now)
    elif kept is not None:
        attachments.remove(kept, by=by, now=now)


def _line_of(source: str, name: str) -> int:
    at = source.find(f"fichiers/{name}")
    return source.count("\n", 0, at) + 1 if at >= 0 else 0
