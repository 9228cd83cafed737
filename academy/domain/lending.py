"""What a text borrows from others when it is rendered: titles, texts to include, the ids behind paths.

A text lends its words only where all readers of the borrower may read it: a title never tells more than its page.
"""

import hashlib
import posixpath
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, select

from academy.domain import contract
from academy.domain.addresses import documents_once_at
from academy.domain.content_paths import file_of
from academy.domain.problems import ContentRefused
from academy.extensions import db
from academy.models import Audience, Document, Edition, Revision
from academy.rendering.crosslinks import KEY
from academy.rendering.includes import MAX_DEPTH
from academy.rendering.results import Lent, LinkKind

# Looser than the renderer, which alone knows code from text: what is looked up too much is not used.
_MENTIONS = re.compile(rf"(!?)\[\[ *({KEY})")
_FILES = re.compile(r"([^\s()<>\[\]\"'|]+)\.(?:fr|en)\.md")
_READERS = {Audience.PUBLIC: 0, Audience.MEMBERS: 1, Audience.ENROLLED: 2, Audience.TEAM: 3}


@dataclass(frozen=True)
class Lender:
    """A published text, as far as others may borrow from it; `path` has no language."""

    key: str
    language: str
    path: str
    audience: str
    title: str
    source_hash: str


@dataclass(frozen=True)
class Borrower:
    """The text that is rendered; its title is shown as it will be once this is published."""

    key: str
    path: str  # without the language; "" before it has a place
    language: str
    audience: str
    title: str = ""


@dataclass(frozen=True)
class Coming:
    """Texts of a folder on their way to the academy; they come before what the academy has."""

    lenders: Mapping[tuple[str, str], Lender] = field(default_factory=dict)  # by key and language
    sources: Mapping[str, str] = field(default_factory=dict)  # by hash
    paths: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Loan:
    """What the renderer is given, and a digest of each thing that it may put in."""

    lent: Lent
    marks: Mapping[tuple[LinkKind, str], str] = field(default_factory=dict)
    unpublished: Set[str] = frozenset()  # ids that the text names, and that no reader can open


NO_TEXTS = Coming()


def borrower_of(edition: Edition) -> Borrower:
    """A text as it is published, for what is rendered of it again."""
    document = edition.document
    return Borrower(document.key, document.path, edition.language, document.audience, edition.title)


def borrows(body: str) -> bool:
    """Whether a rendering may depend on other texts."""
    return "[[" in body or ".md" in body


def loan(body: str, to: Borrower, *, coming: Coming = NO_TEXTS) -> Loan:
    """All that a body may borrow: no query without a link, at most three for each depth of inclusion, and two."""
    base = file_of(to.path, to.language) if to.path else ""
    if not borrows(body):
        return Loan(Lent(own=to.key, base=base))
    texts: dict[str, tuple[str, str]] = {}
    marks: dict[tuple[LinkKind, str], str] = {}
    included, mentioned, stems = _named(body, base)
    for _ in range(MAX_DEPTH):
        found = _lenders(included - texts.keys() - {to.key}, coming)
        new = {key: it for (key, language), it in found.items() if language == to.language and _is_open(it, to)}
        sources = _sources(new.values(), coming)
        for key, it in new.items():
            path = file_of(it.path, it.language)
            texts[key] = (_body(sources[it.source_hash]), path)
            marks[LinkKind.INCLUDE, key] = mark(LinkKind.INCLUDE, it)
            more, others, files = _named(texts[key][0], path)
            included, mentioned, stems = included | more, mentioned | others, stems | files
        if not new:
            break
    titles: dict[str, tuple[str, str]] = {}
    lenders = _lenders(mentioned - {to.key}, coming)
    if to.title:
        lenders[to.key, to.language] = Lender(to.key, to.language, to.path, to.audience, to.title, "")
    for key in mentioned:
        if lender := _titled(key, to, lenders):
            titles[key] = (lender.title, lender.language)
            marks[LinkKind.TITLE, key] = mark(LinkKind.TITLE, lender)
    lent = Lent(own=to.key, base=base, titles=titles, texts=texts, paths=_keys(stems, coming))
    return Loan(lent, marks, mentioned - {it.key for it in lenders.values()} - {to.key})


def mark(kind: LinkKind, lender: Lender) -> str:
    """A digest of what is put in: another one, and the borrower must be rendered again."""
    said = lender.title if kind == LinkKind.TITLE else lender.source_hash
    return hashlib.sha256(f"{kind}\0{lender.language}\0{said}".encode()).hexdigest()


def mark_now(kind: LinkKind, key: str, to: Borrower, lenders: Mapping[tuple[str, str], Lender]) -> str:
    """The digest of what would be put in now; "" of nothing."""
    if kind == LinkKind.TITLE:
        lender = _titled(key, to, lenders)
    else:
        own = lenders.get((key, to.language))
        lender = own if own and _is_open(own, to) else None
    return mark(kind, lender) if lender else ""


def published(*where: ColumnElement[bool]) -> dict[tuple[str, str], Lender]:
    """Published texts by key and language, in one query."""
    columns = (Document.key, Edition.language, Document.path, Document.audience, Edition.title, Revision.source_hash)
    rows = select(*columns).join(Edition, Edition.document_id == Document.id)
    rows = rows.join(Revision, Revision.id == Edition.published_id).where(*where)
    return {(row.key, row.language): Lender(*row) for row in db.session.execute(rows)}


def is_narrower(audience: str, than: str) -> bool:
    """Whether fewer people belong to an audience than to another."""
    return _READERS[Audience(audience)] > _READERS[Audience(than)]


def _titled(key: str, to: Borrower, lenders: Mapping[tuple[str, str], Lender]) -> Lender | None:
    """The edition whose title a reader of that language is shown."""
    both = (lenders.get((key, language)) for language in sorted(("fr", "en"), key=lambda it: it != to.language))
    return next((it for it in both if it and _is_open(it, to)), None)


def _is_open(lender: Lender, to: Borrower) -> bool:
    return not is_narrower(lender.audience, than=to.audience)


def _named(body: str, base: str) -> tuple[set[str], set[str], set[str]]:
    """The ids that a body includes, all that it mentions, and the stems of the files that it names."""
    found = _MENTIONS.findall(body)
    files = (posixpath.normpath(posixpath.join(posixpath.dirname(base), it)) for it in _FILES.findall(body))
    return {key for sign, key in found if sign}, {key for _, key in found}, set(files)


def _lenders(keys: Set[str], coming: Coming) -> dict[tuple[str, str], Lender]:
    if not keys:
        return {}
    folder = {place: it for place, it in coming.lenders.items() if it.key in keys}
    return {**published(Document.key.in_(keys)), **folder}


def _sources(lenders: Iterable[Lender], coming: Coming) -> dict[str, str]:
    hashes = {it.source_hash for it in lenders}
    sources = {it: coming.sources[it] for it in hashes & coming.sources.keys()}
    if others := hashes - sources.keys():
        rows = select(Revision.source_hash, Revision.source).where(Revision.source_hash.in_(others))
        sources |= dict(db.session.execute(rows).all())
    return sources


def _body(source: str) -> str:
    try:
        return contract.parse("", source).body
    except ContentRefused:  # a text of a folder that is itself refused
        return ""


def _keys(stems: Set[str], coming: Coming) -> dict[str, str]:
    """The ids of the texts that are, or once were, at these paths."""
    if not stems:
        return {}
    there = dict(db.session.execute(select(Document.path, Document.key).where(Document.path.in_(stems))).all())
    there |= {stem: key for stem, key in coming.paths.items() if stem in stems}
    if gone := stems - there.keys():
        there |= documents_once_at(gone)
    return there
