"""What the page of a resource reads: its text, how to reuse it, what to read next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from academy.extensions import db
from academy.models import Document, Edition, Kind, edition_topic
from academy.web.attached import ShownFile, file_cards, file_of
from academy.web.citing import citing
from academy.web.filters import day_of
from academy.web.gone import refuse_departed
from academy.web.labels import licence_of, type_label
from academy.web.linked_data import learning_resource, topics_of
from academy.web.links import document_url
from academy.web.places import concerned
from academy.web.remembered import remembered
from academy.web.reuse import reuse_of
from academy.web.session_links import sessions_behind
from academy.web.spoken import Spoken
from academy.web.text_cards import CENTRE, TextCard, card, cycle_titles, text_query
from academy.web.texts import ShownDocument, ShownText, reading, shown_text
from academy.web.versions import history_url

RELATED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceHead:
    """The opening of the page of a resource."""

    title: str
    summary: str
    url: str
    type_label: str
    language: str
    cycle_slug: str
    cycle_title: str
    cycle_url: str | None
    published_on: date | None
    updated_on: date | None
    licence: str
    licence_url: str
    authors: Sequence[str]
    topics: Sequence[str]
    territories: Sequence[tuple[str, str]]  # names, and the ways to all texts about them
    stakeholders: Sequence[tuple[str, str]]


def resource(id: int, slug: str, **_: object) -> ShownText | None:
    """The text of a resource; its number alone finds it, so that an old address still leads here. 410 once it is gone."""
    return _resource(id) or refuse_departed(Document.kind == Kind.RESOURCE, Document.id == id)


@remembered
def _resource(id: int) -> ShownText | None:
    return shown_text(Document.kind == Kind.RESOURCE, Document.id == id)


def file(id: int, slug: str, name: str, **_: object) -> ShownFile | None:
    """A file of a resource."""
    return file_of(resource(id, slug), name)


def url_of(document: Document | ShownDocument) -> str:
    return document_url(Kind.RESOURCE, id=document.id, slug=document.slug)


def parts(edition: Edition) -> dict[str, object]:
    """The resource, its text, how to cite it, what else to read."""
    titles = cycle_titles()
    head = _head(edition, titles)
    body = reading(edition)
    return {
        **body,
        "linked": learning_resource(edition, head.url),
        "resource": head,
        "files": file_cards(edition.document_id, head.url, body=str(body["body"])),
        "reuse": reuse_of(edition, path=head.url),
        "history": history_url(edition),
        "sessions": sessions_behind(edition.document),
        "related": _related(edition, titles),
        "citing": citing(edition.document),
    }


def _head(edition: Edition, titles: Mapping[str, str]) -> ResourceHead:
    licence = licence_of(edition.licence)
    cycle = edition.document.cycle.slug if edition.document.cycle else ""
    is_public = cycle in titles
    return ResourceHead(
        title=Spoken(edition.title, edition.language),
        summary=edition.summary,
        url=url_of(edition.document),
        type_label=type_label(Kind.RESOURCE, edition.type),
        language=edition.language,
        cycle_slug=cycle if is_public else "",
        cycle_title=titles.get(cycle, ""),
        cycle_url=document_url(Kind.CYCLE, id=0, slug=cycle) if is_public else None,
        published_on=edition.published_on,
        updated_on=day_of(edition.updated_at) if edition.updated_at else None,
        licence=licence.name,
        licence_url=licence.url,
        authors=edition.authors,
        topics=topics_of(edition),
        **concerned(edition),
    )


def _related(edition: Edition, titles: Mapping[str, str]) -> list[TextCard]:
    """Texts that share a topic, those of other cycles first, then those that share most: one query."""
    mine = select(edition_topic.c.topic_id).where(edition_topic.c.edition_id == edition.id)
    shared = (
        select(func.count())
        .where(edition_topic.c.edition_id == Edition.id, edition_topic.c.topic_id.in_(mine))
        .correlate(Edition)
        .scalar_subquery()
    )
    is_same_cycle = case((Document.cycle_id == edition.document.cycle_id, 1), else_=0)
    rows = db.session.execute(
        text_query(*CENTRE)
        .where(Document.id != edition.document_id, shared > 0)
        .order_by(is_same_cycle, shared.desc(), Edition.published_on.desc(), Document.id.desc())
        .limit(RELATED)
    )
    return [card(row, cycle_title=titles.get(row.cycle_slug, "")) for row in rows]
