"""Where the hits of a search lead: the one mapping from what was found to an address."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from academy.extensions import db
from academy.models import CycleSession, Document, Edition, Kind
from academy.search import Hit
from academy.search.document import place_in_file
from academy.web.attached_words import place_in_words
from academy.web.links import document_url
from academy.web.locale import language

KINDS = (Kind.CYCLE, Kind.MODULE, Kind.RESOURCE, Kind.SESSION)  # what is searched; the site's own pages are not


def hit_urls(hits: Sequence[Hit], *, as_found: bool = False) -> dict[int, str]:
    """The path of each hit by its edition: one query. What was withdrawn meanwhile has none.

    A hit in the other language stays on this side of the site, under its notice, unless the text
    exists in the page's language too: then the anchor of its passage only holds on the other side.
    With *as_found*, each hit is on the side of its own language.
    """
    if not hits:
        return {}
    sought = {hit.edition_id: hit for hit in hits}
    own = aliased(Edition)
    has_own = exists().where(
        own.document_id == Edition.document_id, own.language == language(), own.published_id.is_not(None)
    )
    rows = db.session.execute(
        select(Edition.id, Document.id.label("document"), CycleSession.id.label("session"), has_own.label("has_own"))
        .join(Document, Document.id == Edition.document_id)
        .outerjoin(CycleSession, CycleSession.document_id == Document.id)
        .where(Edition.id.in_(list(sought)), Edition.published_id.is_not(None))
    )
    urls = {}
    for row in rows:
        hit = sought[row.id]
        side = hit.language if as_found or row.has_own else language()
        number = row.session or row.document
        urls[row.id] = document_url(hit.kind, id=number, slug=hit.slug, cycle=hit.cycle, language=side)
    return urls


def passage_url(hit: Hit, page_url: str) -> str:
    """Where the passage that was found stands: on the page of its text, or in a file that comes with it."""
    if place_in_file(hit.anchor):
        return f"{page_url}{hit.anchor}"
    return f"{page_url}#{hit.anchor}" if hit.anchor else page_url


def section_of(hit: Hit) -> str:
    """The place of the passage in words: its headings, or the file and the page, slide or time in it."""
    place = place_in_file(hit.anchor)
    return place_in_words(place.name, place.anchor, hit.heading) if place else hit.heading
