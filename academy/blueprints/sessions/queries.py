"""What the pages of the sessions read, in a fixed number of queries."""

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from markupsafe import Markup
from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from academy.blueprints.sessions.shown import ShownSession
from academy.domain import accounts, admission, enrolment, enrolment_questions
from academy.extensions import db
from academy.models import Access, CycleSession, Document, Edition, Kind, Person, Rendering, SessionStatus
from academy.policies import audiences_of
from academy.rendering.markdown import RENDERER
from academy.web import agendas
from academy.web.identity import Member, asker
from academy.web.labels import level_label
from academy.web.linked_data import linked_event
from academy.web.links import on_this_side
from academy.web.locale import language
from academy.web.session_cards import LOADED, SessionCard, cards, in_order
from academy.web.text_cards import cycle_titles, latest_cards
from academy.web.venue_cards import venue_card

CAME_OUT = 12  # resources of a session on its page
PAST = 60  # cards of past sessions on the page; older ones are on the pages of their cycles


def dated(*, now: datetime, loaded: Sequence[ExecutableOption] = LOADED) -> list[CycleSession]:
    """Published sessions that are not over, soonest first, those without a date last; then the past ones, latest first."""
    is_public = exists().where(
        Edition.document_id == CycleSession.document_id,
        Edition.published_id.is_not(None),
        Document.id == Edition.document_id,
        Document.audience.in_(sorted(audiences_of(asker()))),
    )
    ends_at = CycleSession.ends_at
    is_postponed = CycleSession.status == SessionStatus.POSTPONED
    ahead = select(CycleSession).where(is_public, ends_at.is_(None) | (ends_at > now) | is_postponed).options(*loaded)
    behind = select(CycleSession).where(is_public, ends_at <= now, ~is_postponed).options(*loaded)
    return [
        *db.session.scalars(ahead.order_by(CycleSession.starts_at.asc().nulls_last(), CycleSession.id)),
        *db.session.scalars(behind.order_by(ends_at.desc(), CycleSession.id.desc()).limit(PAST)),
    ]


def calendar(*, now: datetime) -> dict[str, list[SessionCard]]:
    """The same as cards: upcoming, without a date, past."""
    shelves: dict[str, list[SessionCard]] = {"upcoming": [], "unscheduled": [], "past": []}
    for card in cards(dated(now=now), now=now):
        is_past = card.ends_at is not None and card.ends_at <= now
        shelves["past" if is_past else "unscheduled" if card.starts_at is None else "upcoming"].append(card)
    return shelves | {name: in_order(shelves[name]) for name in ("upcoming", "unscheduled")}


def card_of(session: CycleSession, *, now: datetime) -> SessionCard:
    return cards([session], now=now)[0]


def enrol_box(session: CycleSession, me: Member | None, *, now: datetime) -> dict[str, object]:
    """The card, my enrolment if I have one, and what stands between me and a place."""
    card = card_of(session, now=now)
    held = enrolment.held(me.id, session.id) if me else None
    return {"session": card, "enrolment": held, "organisations": accounts.known_organisations(), **my_way(card, me)}


def my_way(card: SessionCard | ShownSession, me: Member | None) -> dict[str, bool]:
    """Whether the session is for others (`barred`), and whether to ask what my organisation is (`asks_kind`)."""
    if me is None:
        return {"barred": card.access != Access.OPEN, "asks_kind": card.has_quotas}
    if card.access == Access.OPEN and not card.has_quotas:
        return {"barred": False, "asks_kind": False}
    person, session = db.session.get_one(Person, me.id), db.session.get_one(CycleSession, card.id)
    asks_kind = card.has_quotas and person.organisation_kind is None
    return {"barred": not admission.is_admitted(person, session), "asks_kind": asks_kind}


def page_of(session: CycleSession, *, now: datetime) -> dict[str, object]:
    """Everything that a session's page shows to everybody."""
    edition = session.document.published_in(language())
    is_other = edition is not None and edition.language != language()
    card = card_of(session, now=now)
    event = agendas.event(session, card)
    return {
        "session": card,
        "organisations": accounts.known_organisations(),
        "questions": enrolment_questions.count_asked(session.id),
        "linked": linked_event(event) if event else (),
        "agenda_url": url_for("sessions.agenda_of", id=session.id, slug=session.document.slug) if event else None,
        "body": _html(edition) if edition else Markup(),
        "languages": [it.language for it in session.document.editions if it.published_id is not None],
        "fallback": edition.language if edition is not None and is_other else "",
        "modules": _modules(session),
        "people": _people(session),
        "resources": latest_cards(
            cycle_titles(), Document.session_key == session.document.key, kinds=(Kind.RESOURCE,), limit=CAME_OUT
        ),
        "venue": venue_card(session.venue) if session.venue else None,
    }


def _html(edition: Edition) -> Markup:
    """The stored rendering of what is published; never rendered on read."""
    revision = edition.published
    if revision is None:
        return Markup()
    kept = select(Rendering.html).where(
        Rendering.source_hash == revision.source_hash, Rendering.language == edition.language
    )
    newest = kept.order_by((Rendering.renderer == RENDERER).desc()).limit(1)
    return Markup(on_this_side(db.session.scalar(newest) or ""))  # noqa: S704 -- sanitised when it was rendered


def _modules(session: CycleSession) -> list[dict[str, object]]:
    """The modules to read before, in the order of the programme."""
    if not session.module_keys:
        return []
    wanted = select(Document).where(Document.key.in_(session.module_keys), Document.audience.in_(audiences_of(asker())))
    wanted = wanted.options(joinedload(Document.cycle), selectinload(Document.editions))
    by_key = {document.key: document for document in db.session.scalars(wanted)}
    ordered = [by_key[key] for key in session.module_keys if key in by_key]
    return [module for document in ordered if (module := _module(document)) is not None]


def _module(document: Document) -> dict[str, object] | None:
    edition = document.published_in(language())
    if edition is None or document.cycle is None:
        return None
    url = url_for("modules.show", cycle=document.cycle.slug, slug=document.slug)
    keys = ("title", "summary", "duration", "language")
    return {**{key: getattr(edition, key) for key in keys}, "level": level_label(edition.level), "url": url}


def _people(session: CycleSession) -> list[dict[str, str]]:
    is_english = language() == "en"
    return [{"name": s.name, "role": s.title_en if is_english else s.title_fr} for s in session.speakers]
