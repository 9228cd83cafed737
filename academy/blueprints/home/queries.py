"""What the front door reads: the next session, the cycles, the latest resources, pages, the whole map."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from academy.extensions import db
from academy.formats.sitemap import Place
from academy.models import Audience, Cycle, CycleSession, Document, Edition, Kind, SessionStatus, Venue
from academy.web.gone import refuse_departed
from academy.web.linked_data import front_page
from academy.web.links import document_url, in_language, path_to
from academy.web.locale import LANGUAGES, language
from academy.web.remembered import remembered
from academy.web.session_cards import LOADED, SessionCard, cards, visible
from academy.web.text_cards import cycle_cards, latest_cards
from academy.web.texts import ShownText, shown_text, shown_to

LATEST = 6
PART = 10_000  # documents of one sitemap: in every language, fewer than the 50,000 addresses that it may hold
_MAPPED = Edition.published_id.is_not(None), Document.audience == Audience.PUBLIC


def front(*, now: datetime) -> dict[str, object]:
    """What is next, the cycles, what came last."""
    cycles = cycle_cards()
    titles = {cycle.slug: cycle.title for cycle in cycles}
    return {
        "next_session": next_session(now=now),
        "cycles": cycles,
        "linked": front_page(),
        "latest": latest_cards(titles, kinds=(Kind.RESOURCE,), limit=LATEST),
    }


def next_session(*, now: datetime) -> SessionCard | None:
    """The first session that is neither over nor called off."""
    session = db.session.scalar(
        select(CycleSession)
        .options(*LOADED)
        .where(
            CycleSession.status == SessionStatus.SCHEDULED,
            func.coalesce(CycleSession.ends_at, CycleSession.starts_at) > now,
            CycleSession.document_id.in_(visible()),
        )
        .order_by(CycleSession.starts_at, CycleSession.id)
        .limit(1)
    )
    return cards([session], now=now)[0] if session else None


def page(slug: str) -> ShownText | None:
    """The site's own page of that address; 410 once it is gone."""
    return _page(slug) or refuse_departed(Document.kind == Kind.PAGE, Document.slug == slug)


@remembered
def _page(slug: str) -> ShownText | None:
    return shown_text(Document.kind == Kind.PAGE, Document.slug == slug)


def text_with_key(key: str) -> ShownText | None:
    """The text whose front matter has this id; 410 once it is gone."""
    return shown_text(Document.key == key) or refuse_departed(Document.key == key)


def present_url(text: ShownText) -> str:
    """Where a text is read now."""
    document = text.document
    session_id = None
    if document.kind == Kind.SESSION:
        session_id = db.session.scalar(select(CycleSession.id).where(CycleSession.document_id == document.id))
    return document_url(document.kind, id=session_id or document.id, slug=document.slug, cycle=document.cycle)


@remembered
def drawn_cycles() -> dict[str, str]:
    """The cycles that have drawings, those with something published; each with its title if that is public, else ""."""
    something = (
        select(Cycle.slug)
        .join(Document, Document.cycle_id == Cycle.id)
        .join(Edition, Edition.document_id == Document.id)
        .where(Edition.published_id.is_not(None))
        .distinct()
    )
    titles = (
        select(Cycle.slug, Edition.title)
        .join(Document, Document.cycle_id == Cycle.id)
        .join(Edition, Edition.document_id == Document.id)
        .where(Document.kind == Kind.CYCLE, *shown_to(language(), frozenset({Audience.PUBLIC})))
    )
    drawn = dict.fromkeys(db.session.scalars(something), "")
    return drawn | {row.slug: row.title for row in db.session.execute(titles)}


def parts_of_map() -> dict[int, datetime | None]:
    """The parts of the sitemap that have pages, with their last change; the first always."""
    part, changed = (Document.id // PART).label("part"), func.max(Edition.updated_at)
    rows = db.session.execute(
        select(part, changed).join(Edition.document).where(*_MAPPED).group_by("part").order_by("part")
    )
    return {0: None} | dict(rows.all())


def places(part: int) -> Iterator[Place]:
    """Every public text of a part with the languages in which it is published, whoever asks."""
    rows = db.session.execute(
        select(
            Document.id,
            Document.kind,
            Document.slug,
            Cycle.slug.label("cycle"),
            CycleSession.id.label("session"),
            Edition.language,
            Edition.updated_at,
        )
        .join(Edition, Edition.document_id == Document.id)
        .outerjoin(Cycle, Cycle.id == Document.cycle_id)
        .outerjoin(CycleSession, CycleSession.document_id == Document.id)
        .where(*_MAPPED, Document.id >= part * PART, Document.id < (part + 1) * PART)
        .order_by(Document.id, Edition.language.desc())
    )
    for row in rows:
        number, cycle = row.session or row.id, row.cycle or ""
        path = document_url(row.kind, id=number, slug=row.slug, cycle=cycle, language=row.language)
        yield Place(group=row.id, language=row.language, path=path, updated_at=row.updated_at)


def venue_places() -> Iterator[Place]:
    """The page of every venue, in both languages."""
    for slug in db.session.scalars(select(Venue.slug).order_by(Venue.id)):
        for code in LANGUAGES:
            path = in_language(path_to("venues.show", slug=slug), code)
            yield Place(group=("venue", slug), language=code, path=path)
