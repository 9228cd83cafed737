"""What the studio knows of the ways between texts: wanted, closed and lonely texts, who uses a text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, exists, or_, select

from academy.domain import links, translations
from academy.domain.links import Host
from academy.domain.translations import Stale
from academy.extensions import db
from academy.models import Document, Edition, Kind, Revision, TextLink
from academy.rendering.crosslinks import KEY
from academy.search.analysis import fold
from academy.web.spoken import Spoken

MOST = 200  # of each list
_CODE = re.compile(r"^ *(```+|~~~+).*?^ *\1|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_BETWEEN = re.compile(r"\W+")  # two words
_MENTION = re.compile(rf"\[\[ *({KEY}) *[#|\]]")


@dataclass(frozen=True)
class Place:
    """A text in one language, to open in the editor."""

    document_id: int
    language: str
    title: Spoken


@dataclass
class Wanted:
    """An id that drafts or published texts name, and who names it."""

    key: str
    hosts: list[Place] = field(default_factory=list)


@dataclass(frozen=True)
class Overview:
    """The lists of the page of links."""

    wanted: Sequence[Wanted]
    closed: Sequence[Wanted]
    orphans: Sequence[Place]
    stale: Sequence[Stale]


def overview(owner: int | None, *, language: str) -> Overview:
    """All lists, of one's own texts (None: of everybody's); a fixed number of queries."""
    mine = () if owner is None else (Document.owner_id == owner,)
    return Overview(_wanted(mine), _closed(mine), _orphans(mine, language), translations.stale(*mine, limit=MOST))


def hosts(document: Document) -> list[Host]:
    """The published texts that lead to a document or include it."""
    return [host for host in links.hosts_of(document.key) if host.document_id != document.id]


def named(typed: str, *, limit: int) -> list[dict[str, str]]:
    """Published texts to link to: `key`, `title` and its `lang`. A word of the title begins with each word of *typed*.

    Case and accents do not count; one entry for each text, in its language that was found first.
    """
    if not (wanted := [word for word in _BETWEEN.split(fold(typed)) if word]):
        return []
    rows = db.session.execute(
        select(Document.key, Edition.title, Edition.language)
        .join(Document, Document.id == Edition.document_id)
        .where(Edition.published_id.is_not(None))
        .order_by(Edition.title, Edition.id)
    )
    found: dict[str, dict[str, str]] = {}
    for key, title, language in rows:
        words = _BETWEEN.split(fold(f"{title} {key}"))
        if all(any(word.startswith(start) for word in words) for start in wanted):
            found.setdefault(key, {"key": key, "title": title, "lang": language})
    return list(found.values())[:limit]


def _wanted(mine: tuple[ColumnElement[bool], ...]) -> list[Wanted]:
    """Ids that no text has, in drafts: what is published has none."""
    rows = db.session.execute(
        select(Edition.document_id, Edition.language, Revision.title, Revision.source)
        .join(Document, Document.id == Edition.document_id)
        .join(Revision, Revision.id == Edition.head_id)
        .where(or_(Edition.published_id.is_(None), Edition.published_id != Edition.head_id), *mine)
        .where(Revision.source.contains("[[", autoescape=True))
        .order_by(Revision.created_at.desc(), Edition.id)
        .limit(MOST)
    )
    named: dict[str, Wanted] = {}
    for row in rows:
        place = Place(row.document_id, row.language, Spoken(row.title, row.language))
        for key in dict.fromkeys(_MENTION.findall(_CODE.sub("", row.source))):
            named.setdefault(key, Wanted(key)).hosts.append(place)
    known = set(db.session.scalars(select(Document.key).where(Document.key.in_(named)))) if named else set()
    return [named[key] for key in sorted(named.keys() - known)]


def _closed(mine: tuple[ColumnElement[bool], ...]) -> list[Wanted]:
    """Texts that are not published, and to which published ones lead."""
    target, its_edition = Document.__table__.alias(), Edition.__table__.alias()
    is_open = exists().where(
        target.c.key == TextLink.target,
        its_edition.c.document_id == target.c.id,
        its_edition.c.published_id.is_not(None),
    )
    rows = db.session.execute(
        select(TextLink.target, Edition.document_id, Edition.language, Edition.title)
        .join(Edition, Edition.id == TextLink.edition_id)
        .join(Document, Document.id == Edition.document_id)
        .where(~is_open, *mine)
        .distinct()
        .order_by(TextLink.target, Edition.title)
        .limit(MOST)
    )
    named: dict[str, Wanted] = {}
    for row in rows:
        place = Place(row.document_id, row.language, Spoken(row.title, row.language))
        named.setdefault(row.target, Wanted(row.target)).hosts.append(place)
    return list(named.values())


def _orphans(mine: tuple[ColumnElement[bool], ...], language: str) -> list[Place]:
    """Published modules and resources to which no other text leads."""
    host = Edition.__table__.alias()
    is_cited = exists().where(
        and_(TextLink.target == Document.key, host.c.id == TextLink.edition_id, host.c.document_id != Document.id)
    )
    rows = db.session.execute(
        select(Edition.document_id, Edition.language, Edition.title)
        .join(Document, Document.id == Edition.document_id)
        .where(Document.kind.in_((Kind.MODULE, Kind.RESOURCE)), Edition.published_id.is_not(None), ~is_cited, *mine)
        .order_by(Edition.title, Edition.id)
        .limit(MOST)
    )
    found: dict[int, Place] = {}
    for row in rows:
        if row.document_id not in found or row.language == language:
            found[row.document_id] = Place(row.document_id, row.language, Spoken(row.title, row.language))
    return list(found.values())
