"""What the page of a cycle reads: its text, sessions, modules and resources."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from academy.extensions import db
from academy.models import Cycle, CycleSession, Document, Edition, Kind
from academy.web.links import document_url
from academy.web.remembered import remembered
from academy.web.session_cards import LOADED, SessionCard, cards
from academy.web.text_cards import latest_cards, module_cards
from academy.web.texts import ShownText, reading, shown, shown_text

LATEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleHead:
    """The opening of the page of a cycle."""

    slug: str
    url: str
    title: str
    summary: str
    language: str


@remembered
def cycle(slug: str) -> ShownText | None:
    """The text that presents a cycle."""
    return shown_text(Document.kind == Kind.CYCLE, Document.cycle.has(Cycle.slug == slug))


def head(edition: Edition) -> CycleHead:
    """The cycle as its page opens."""
    slug = edition.document.cycle.slug if edition.document.cycle else edition.document.slug
    return CycleHead(
        slug=slug,
        url=document_url(Kind.CYCLE, id=edition.document_id, slug=slug),
        title=edition.title,
        summary=edition.summary,
        language=edition.language,
    )


def parts(edition: Edition, *, now: datetime) -> dict[str, object]:
    """The text, sessions past and to come, modules in order, the last resources."""
    belongs = Document.cycle_id == edition.document.cycle_id
    cycle = head(edition)
    titles = {cycle.slug: edition.title}
    return {
        **reading(edition),
        "cycle": cycle,
        "sessions": _sessions(edition, now=now),
        "modules": module_cards(belongs),
        "resources": latest_cards(titles, belongs, kinds=(Kind.RESOURCE,), limit=LATEST),
    }


def _sessions(edition: Edition, *, now: datetime) -> list[SessionCard]:
    visible = select(Edition.document_id).join(Edition.document).where(Document.kind == Kind.SESSION, *shown())
    rows = db.session.scalars(
        select(CycleSession)
        .options(*LOADED)
        .where(CycleSession.cycle_id == edition.document.cycle_id, CycleSession.document_id.in_(visible))
        .order_by(CycleSession.starts_at.asc().nulls_last(), CycleSession.id)
    ).all()
    return cards(rows, now=now)
