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
from academy.domain.content.paths import file_of
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
    """Texts of a folder on their way to the academy, before what the academy has: all that they may borrow, read at once."""

    lenders: Mapping[tuple[str, str], Lender] = field(default_factory=dict)  # by key and language
    sources: Mapping[str, str] = field(default_factory=dict)  # by hash
    paths: Mapping[str, str] = field(default_factory=dict)  # ids by what is, or once was, a place in the folder
    audiences: Mapping[str, str] = field(default_factory=dict)  # of what the academy has, by id


@dataclass(frozen=True)
class Loan:
    """What the renderer is given, and a digest of each thing that it may put in."""

    lent: Lent
    marks: Mapping[tuple[LinkKind, str], str] = field(default_factory=dict)
    unpublished: Set[str] = frozenset()  # ids that the text names, and that no reader can open


def borrower_of(edition: Edition) -> Borrower:
    """A text as it is published, for what is rendered of it again."""
    document = edition.document
    return Borrower(document.key, document.path, edition.language, document.audience, edition.title)


def borrows(body: str) -> bool:
    """Whether a rendering may depend on other texts."""
    return "[[" in body or ".md" in body


def loan(body: str, to: Borrower, *, coming: Coming | None = None) -> Loan:
    """All that a body may borrow: no query without a link, at most three for each depth of inclusion, and two.

    From what is *coming*, it costs none at all.
    """
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


def coming_with(
    lenders: Mapping[tuple[str, str], Lender],
    sources: Mapping[str, str],
    paths: Mapping[str, str],
    files: Mapping[str, str],
) -> Coming:
    """What the texts of a folder may borrow from each other and from the academy: as many queries whatever their number.

    *lenders* and *paths* are those of the folder; *sources* and *files* (paths) are those of all its texts, by hash.
    """
    rows = db.session.execute(select(Document.path, Document.key, Document.audience)).all()
    places = {row.path: row.key for row in rows} | dict(paths)
    everything = {**published(), **lenders}
    known = _with_included(everything, sources)
    bases = {it.source_hash: file_of(it.path, it.language) for it in everything.values()} | dict(files)
    stems = {stem for digest, source in known.items() for stem in _named(_body(source), bases[digest])[2]}
    gone = stems - places.keys()
    return Coming(
        everything,
        known,
        (documents_once_at(gone) if gone else {}) | places,
        {row.key: row.audience for row in rows},
    )


def _with_included(lenders: Mapping[tuple[str, str], Lender], sources: Mapping[str, str]) -> dict[str, str]:
    """The sources, and those of the texts that they include, as deep as that goes."""
    known = dict(sources)
    bodies = list(sources.values())
    for _ in range(MAX_DEPTH):
        wanted = {key for body in bodies for key in _named(_body(body), "")[0]}
        missing = {it.source_hash for it in lenders.values() if it.key in wanted} - known.keys()
        if not missing:
            break
        found = _stored(missing)
        known, bodies = known | found, list(found.values())
    return known


def _lenders(keys: Set[str], coming: Coming | None) -> dict[tuple[str, str], Lender]:
    if not keys:
        return {}
    if coming is None:
        return published(Document.key.in_(keys))
    places = [(key, language) for key in keys for language in ("fr", "en")]
    return {place: coming.lenders[place] for place in places if place in coming.lenders}


def _sources(lenders: Iterable[Lender], coming: Coming | None) -> dict[str, str]:
    hashes = {it.source_hash for it in lenders}
    if coming is None:
        return _stored(hashes) if hashes else {}
    return {it: coming.sources[it] for it in hashes}


def _stored(hashes: Set[str]) -> dict[str, str]:
    rows = select(Revision.source_hash, Revision.source).where(Revision.source_hash.in_(hashes))
    return dict(db.session.execute(rows).all())


def _body(source: str) -> str:
    try:
        return contract.parse("", source).body
    except ContentRefused:  # a text of a folder that is itself refused
        return ""


def _keys(stems: Set[str], coming: Coming | None) -> dict[str, str]:
    """The ids of the texts that are, or once were, at these paths."""
    if not stems:
        return {}
    if coming is not None:
        return {stem: coming.paths[stem] for stem in stems & coming.paths.keys()}
    there = dict(db.session.execute(select(Document.path, Document.key).where(Document.path.in_(stems))).all())
    if gone := stems - there.keys():
        there |= documents_once_at(gone)
    return there
