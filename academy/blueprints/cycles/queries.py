"""What the page of a cycle reads: its text, sessions, modules and resources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from academy.extensions import db
from academy.formats import jsonld
from academy.formats.events import Event
from academy.formats.jsonld import Node
from academy.models import Cycle, CycleSession, Document, Edition, Kind, SessionState
from academy.web import agendas
from academy.web.gone import refuse_departed
from academy.web.labels import licence_of
from academy.web.linked_data import home_url, topics_of
from academy.web.links import absolute, document_url
from academy.web.remembered import remembered
from academy.web.session_cards import SPOKEN, SessionCard, cards, in_order, visible
from academy.web.spoken import Spoken
from academy.web.text_cards import latest_cards, module_cards
from academy.web.texts import ShownText, reading, shown_text

LATEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleHead:
    """The opening of the page of a cycle."""

    slug: str
    url: str
    title: str
    summary: str
    language: str


def cycle(slug: str) -> ShownText | None:
    """The text that presents a cycle; 410 once it is gone."""
    return _cycle(slug) or refuse_departed(Document.kind == Kind.CYCLE, Document.cycle.has(Cycle.slug == slug))


@remembered
def _cycle(slug: str) -> ShownText | None:
    return shown_text(Document.kind == Kind.CYCLE, Document.cycle.has(Cycle.slug == slug))


def head(edition: Edition) -> CycleHead:
    """The cycle as its page opens."""
    slug = edition.document.cycle.slug if edition.document.cycle else edition.document.slug
    return CycleHead(
        slug=slug,
        url=document_url(Kind.CYCLE, id=edition.document_id, slug=slug),
        title=Spoken(edition.title, edition.language),
        summary=edition.summary,
        language=edition.language,
    )


def parts(edition: Edition, *, now: datetime) -> dict[str, object]:
    """The text, sessions past and to come, modules in order, the last resources."""
    belongs = Document.cycle_id == edition.document.cycle_id
    cycle = head(edition)
    titles = {cycle.slug: cycle.title}
    rows = sessions_of(edition)
    shown_cards = cards(rows, now=now)
    return {
        **reading(edition),
        "cycle": cycle,
        "linked": _course(edition, cycle, agendas.events(rows, [card for card in shown_cards if is_ahead(card)])),
        "sessions": in_order(shown_cards),
        "modules": module_cards(belongs),
        "resources": latest_cards(titles, belongs, kinds=(Kind.RESOURCE,), limit=LATEST),
    }


def sessions_of(edition: Edition) -> Sequence[CycleSession]:
    """The published sessions of the cycle, in the order of their dates."""
    return db.session.scalars(
        select(CycleSession)
        .options(*SPOKEN)
        .where(CycleSession.cycle_id == edition.document.cycle_id, CycleSession.document_id.in_(visible()))
        .order_by(CycleSession.starts_at.asc().nulls_last(), CycleSession.id)
    ).all()


def is_ahead(card: SessionCard) -> bool:
    return card.state != SessionState.ENDED


def _course(edition: Edition, cycle: CycleHead, events: Sequence[Event]) -> Node:
    """The cycle and its sessions to come, for search engines."""
    return jsonld.course(
        edition,
        url=absolute(cycle.url),
        home=home_url(),
        licence_url=licence_of(edition.licence).url,
        about=topics_of(edition),
        events=events,
    )
