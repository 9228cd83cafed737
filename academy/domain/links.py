"""Ways between texts: what is dead in a text, the rows of what is published, who leads to whom."""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from sqlalchemy import and_, case, delete, select

from academy.domain import lending
from academy.domain.contract import Names, close_to
from academy.domain.lending import Borrower, Loan
from academy.domain.problems import Problem
from academy.extensions import db
from academy.models import Audience, Document, Edition, Rendering, Revision, TextLink
from academy.rendering.markdown import RENDERER
from academy.rendering.results import Link, LinkKind, Rendered

_IDS = re.compile(r' id="([^"]+)"')
_OTHERS = {"fr": "en", "en": "fr"}
_KEPT = (LinkKind.LINK, LinkKind.TITLE, LinkKind.INCLUDE)


@dataclass(frozen=True)
class Way:
    """A way as it is kept with a publication."""

    kind: str
    target: str
    anchor: str
    lent: str


@dataclass(frozen=True)
class Host:
    """An edition that leads to a text."""

    key: str
    document_id: int
    language: str
    title: str
    kind: str
    anchor: str
    audience: str


@dataclass(frozen=True)
class Hosts:
    """The editions that lead to some texts, read at once, and the languages in which those are published; both by id."""

    leading: Mapping[str, list[Host]]
    languages: Mapping[str, Set[str]]


def ways_of(rendered: Rendered, loan: Loan) -> tuple[Way, ...]:
    """What a publication of this rendering keeps."""
    return tuple(
        Way(link.kind, link.target, link.anchor, loan.marks.get((link.kind, link.target), ""))
        for link in rendered.links
        if link.kind in _KEPT
    )


def dead(path: str, links: Iterable[Link], *, names: Names, loan: Loan) -> list[Problem]:
    """A problem for each way that leads nowhere, with its line; sections of other texts are for `dead_anchors`,
    addresses and terms for the site."""
    problems = []

    def blame(link: Link, code: str, **details: object) -> None:
        problems.append(Problem(path, link.line, "", code, {"value": link.target, **details}))

    for link in links:
        if link.kind in (LinkKind.ADDRESS, LinkKind.TERM):
            continue
        section = link.anchor.removeprefix("s-")
        if link.kind == LinkKind.DEAD_ANCHOR:
            blame(link, "dead_anchor", value=f"#{section}")
        elif link.kind == LinkKind.DEAD_PATH:
            blame(link, "dead_path")
        elif link.kind == LinkKind.DEAD_SECTION:
            blame(link, "dead_section", section=section)
        elif link.target not in names.documents:
            blame(link, "dead_link", close=close_to(link.target, names.documents))
        elif link.kind == LinkKind.INCLUDE and link.target not in loan.lent.texts:
            blame(link, "include_unavailable")
        elif link.target in loan.unpublished:
            blame(link, "lint_link_unpublished")
    return problems


def aimed_at(links: Iterable[Link]) -> set[str]:
    """The texts to whose sections these ways lead."""
    return {link.target for link in links if link.anchor and link.kind in (LinkKind.LINK, LinkKind.TITLE)}


def dead_anchors(
    path: str, links: Iterable[Link], *, language: str, ids: Mapping[tuple[str, str], Set[str]] | None = None
) -> list[Problem]:
    """A problem for each way to a section that its text does not have.

    *ids* are the places in all texts that they may lead to. A text that is not published says nothing.
    """
    links = list(links)
    aimed = [link for link in links if link.anchor and link.kind in (LinkKind.LINK, LinkKind.TITLE)]
    if not aimed:
        return []
    ids = published_ids(aimed_at(links)) if ids is None else ids
    problems = []
    for link in aimed:
        there = ids.get((link.target, language), ids.get((link.target, _OTHERS[language])))
        if there is not None and link.anchor not in there:
            section = link.anchor.removeprefix("s-")
            details: dict[str, object] = {
                "value": link.target,
                "section": section,
                "close": close_to(link.anchor, there)[2:],
            }
            problems.append(Problem(path, link.line, "", "dead_section", details))
    return problems


def ids_in(html: str) -> frozenset[str]:
    """The places of a page that a link can lead to."""
    return frozenset(_IDS.findall(html))


def lost_headings(
    path: str, key: str, language: str, there: Set[str], *, but: Set[str] = frozenset(), among: Hosts | None = None
) -> list[Problem]:
    """What others lose when a text has these places only: a remark for links, a refusal for included sections.

    The texts *but* are about to be published themselves.
    """
    lost: dict[tuple[bool, str], dict[str, None]] = {}
    for host in hosts_of(key, language=language, among=among):
        if host.anchor and host.anchor not in there and host.key not in (key, *but):
            lost.setdefault((host.kind == LinkKind.INCLUDE, host.anchor.removeprefix("s-")), {})[host.title] = None
    return [
        Problem(
            path,
            0,
            "",
            "section_included" if is_included else "lint_section_linked",
            {"section": section, "hosts": ", ".join(titles)},
        )
        for (is_included, section), titles in lost.items()
    ]


def shut_out(path: str, key: str, audience: str, *, among: Hosts | None = None) -> list[Problem]:
    """A refusal for a text that would be for fewer readers than a text which includes it."""
    if audience == Audience.PUBLIC:
        return []
    others = (host for host in hosts_of(key, kind=LinkKind.INCLUDE, among=among) if host.key != key)
    hosts = [host.title for host in others if lending.is_narrower(audience, than=host.audience)]
    if not hosts:
        return []
    return [Problem(path, 0, "audience", "audience_included", {"hosts": ", ".join(dict.fromkeys(hosts))})]


def keep(edition: Edition, ways: Iterable[Way]) -> None:
    """Replace the ways of a locked edition by those of the text that is published; the same ones cost a read."""
    wanted = {(way.kind, way.target, way.anchor): way for way in ways}
    rows = db.session.scalars(select(TextLink).where(TextLink.edition_id == edition.id)).all()
    for row in rows:
        way = wanted.pop((row.kind, row.target, row.anchor), None)
        if way is None:
            db.session.delete(row)
        else:
            row.lent = way.lent
    db.session.add_all(
        TextLink(edition_id=edition.id, kind=way.kind, target=way.target, anchor=way.anchor, lent=way.lent)
        for way in wanted.values()
    )
    db.session.flush()


def forget(edition: Edition) -> None:
    """An edition that nobody reads leads nowhere."""
    db.session.execute(delete(TextLink).where(TextLink.edition_id == edition.id))


def hosts_of(key: str, *, language: str = "", kind: LinkKind | None = None, among: Hosts | None = None) -> list[Host]:
    """The published editions that lead to a text, by title; each as often as it names another section.

    With *language* only those whose readers come to that edition of it: their own, or the only one there is. *among*
    spares the queries.
    """
    leading = (_leading({key}) if among is None else among.leading).get(key, [])
    found = [host for host in leading if kind is None or host.kind == kind]
    if not language or all(host.language == language for host in found):
        return found
    known = (_languages({key}) if among is None else among.languages).get(key, set())
    return [host for host in found if host.language == language or known <= {language}]


def hosts_among(keys: Set[str]) -> Hosts:
    """Who leads to these texts: two queries."""
    return Hosts(_leading(keys), _languages(keys))


def _leading(keys: Set[str]) -> dict[str, list[Host]]:
    columns = (Document.key, Document.id, Edition.language, Edition.title, TextLink.kind, TextLink.anchor)
    rows = select(TextLink.target, *columns, Document.audience)
    rows = rows.join(Edition, Edition.id == TextLink.edition_id).join(Document).where(TextLink.target.in_(keys))
    found: dict[str, list[Host]] = {}
    for row in db.session.execute(rows.order_by(Edition.title, Edition.id, TextLink.id)):
        found.setdefault(row[0], []).append(Host(*row[1:]))
    return found


def outdated() -> list[int]:
    """The editions that show a title or a text which has changed since they were rendered: two queries."""
    columns = (TextLink.edition_id, TextLink.kind, TextLink.target, TextLink.lent)
    rows = db.session.execute(
        select(*columns, Edition.language, Edition.title, Document.key, Document.path, Document.audience)
        .join(Edition, and_(Edition.id == TextLink.edition_id, Edition.published_id.is_not(None)))
        .join(Document, Document.id == Edition.document_id)
        .where(TextLink.kind != LinkKind.LINK)
        .order_by(TextLink.edition_id)
    ).all()
    if not rows:
        return []
    lenders = lending.published(Document.key.in_(select(TextLink.target).where(TextLink.kind != LinkKind.LINK)))
    stale = {
        row.edition_id: None
        for row in rows
        if row.lent
        != lending.mark_now(
            LinkKind(row.kind), row.target, Borrower(row.key, row.path, row.language, row.audience), lenders
        )
    }
    return list(stale)


def _languages(keys: Set[str]) -> dict[str, set[str]]:
    published = select(Document.key, Edition.language).join(Edition, Edition.document_id == Document.id)
    found: dict[str, set[str]] = {}
    for key, language in db.session.execute(published.where(Document.key.in_(keys), Edition.published_id.is_not(None))):
        found.setdefault(key, set()).add(language)
    return found


def published_ids(keys: Set[str]) -> dict[tuple[str, str], Set[str]]:
    """The places in published texts, by key and language: by the present renderer, else by one before it."""
    best_last = case((Rendering.renderer == RENDERER, 1), else_=0), Rendering.renderer
    rows = db.session.execute(
        select(Document.key, Edition.language, Rendering.html)
        .join(Edition, Edition.document_id == Document.id)
        .join(Revision, Revision.id == Edition.published_id)
        .join(Rendering, and_(Rendering.source_hash == Revision.source_hash, Rendering.language == Edition.language))
        .where(Document.key.in_(keys))
        .order_by(*best_last)
    )
    return {(row.key, row.language): ids_in(row.html) for row in rows}
