"""Where the hits of a search lead, and what their rows add: the one mapping from what was found to an address."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, bindparam, select

from academy.domain.rows import table_of
from academy.extensions import db
from academy.models import Audience, CycleSession, Document, Edition, Kind
from academy.search import Hit
from academy.search.document import place_in_file
from academy.web.attached_words import place_in_words
from academy.web.links import document_url
from academy.web.locale import language

KINDS = (Kind.CYCLE, Kind.MODULE, Kind.RESOURCE, Kind.SESSION)  # what is searched; the site's own pages are not


@dataclass(frozen=True, slots=True, kw_only=True)
class HitPlace:
    """The page of a hit, and the same text in the other language."""

    url: str
    duration: int | None  # minutes
    twin_language: str  # "" for a text in one language
    twin_url: str


def _places() -> Select[*tuple[Any, ...]]:
    """Select from the tables: through the mapped classes the same question costs more than twice as much."""
    edition, document, session = (table_of(model).c for model in (Edition, Document, CycleSession))
    other = table_of(Edition).alias()
    is_twin = and_(
        other.c.document_id == edition.document_id, other.c.id != edition.id, other.c.published_id.is_not(None)
    )  # of two languages, there is one at most
    return (
        select(
            edition.id,
            edition.duration,
            document.id.label("document"),
            session.id.label("session"),
            other.c.language.label("twin"),
        )
        .join_from(table_of(Edition), table_of(Document), document.id == edition.document_id)
        .outerjoin(table_of(CycleSession), session.document_id == document.id)
        .outerjoin(other, is_twin)
        .where(
            edition.id.in_(bindparam("editions", expanding=True)),
            edition.published_id.is_not(None),
            document.audience.in_(bindparam("audiences", expanding=True)),
        )
    )


_PLACES = _places()  # built once: writing the statement costs more than asking it


def place_rows(editions: Sequence[int], audiences: Iterable[str]) -> dict[int, Any]:
    """What the database says now of those of the editions that these audiences may see: one query."""
    rows = db.session.execute(_PLACES, {"editions": list(editions), "audiences": list(audiences)})
    return {row.id: row for row in rows}


def hit_urls(hits: Sequence[Hit], *, as_found: bool = False) -> dict[int, str]:
    """The path of each hit by its edition: see `hit_places`."""
    return {edition: place.url for edition, place in hit_places(hits, as_found=as_found).items()}


def hit_places(
    hits: Sequence[Hit], *, as_found: bool = False, rows: Mapping[int, Any] | None = None
) -> dict[int, HitPlace]:
    """The page of each hit by its edition: one query, or none with its *rows*. What was withdrawn meanwhile has none.

    A hit in the other language stays on this side of the site, under its notice, unless the text
    exists in the page's language too: then the anchor of its passage only holds on the other side.
    With *as_found*, each hit is on the side of its own language.
    """
    if not hits:
        return {}
    sought = {hit.edition_id: hit for hit in hits}
    places = {}
    for row in (rows or place_rows(list(sought), Audience)).values():
        if not (hit := sought.get(row.id)):
            continue
        side = hit.language if as_found or row.twin == language() else language()
        address = {"id": row.session or row.document, "slug": hit.slug, "cycle": hit.cycle}
        places[row.id] = HitPlace(
            url=document_url(hit.kind, **address, language=side),
            duration=row.duration,
            twin_language=row.twin or "",
            twin_url=document_url(hit.kind, **address, language=row.twin) if row.twin else "",
        )
    return places


def passage_url(hit: Hit, page_url: str) -> str:
    """Where the passage that was found stands: on the page of its text, or in a file that comes with it."""
    if place_in_file(hit.anchor):
        return f"{page_url}{hit.anchor}"
    return f"{page_url}#{hit.anchor}" if hit.anchor else page_url


def section_of(hit: Hit) -> str:
    """The place of the passage in words: its headings, or the file and the page, slide or time in it."""
    place = place_in_file(hit.anchor)
    return place_in_words(place.name, place.anchor, hit.heading) if place else hit.heading
