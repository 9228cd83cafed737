"""What the pages of the venues read: all with their numbers on the map, one with its sessions."""

from datetime import datetime

from sqlalchemy import func, select

from academy.extensions import db
from academy.models import CycleSession, SessionState, SessionStatus, Venue
from academy.web.places import MAP, pins
from academy.web.remembered import remembered
from academy.web.session_cards import LOADED, cards, in_order, visible
from academy.web.venue_cards import VenueCard, venue_card

PAST = 20  # sessions past that the page of a venue lists


@remembered
def venue(slug: str) -> VenueCard | None:
    """The venue of an address."""
    row = db.session.scalar(select(Venue).where(Venue.slug == slug))
    return venue_card(row) if row else None


def venues(*, now: datetime) -> dict[str, object]:
    """The venues on the map with their numbers, then those elsewhere; how many sessions each awaits."""
    rows = db.session.scalars(select(Venue).order_by(Venue.is_totem.desc(), Venue.city, Venue.name, Venue.id))
    found = [venue_card(row) for row in rows]
    on_map = [card for card in found if card.map_url]
    return {
        "pins": pins([(card, card.position) for card in on_map if card.position]),
        "others": [card for card in found if not card.map_url],
        "ahead": _ahead(now=now),
        "map": MAP,
    }


def _ahead(*, now: datetime) -> dict[int, int]:
    """How many sessions are to come at each venue."""
    found = db.session.execute(
        select(CycleSession.venue_id, func.count().label("number"))
        .where(
            CycleSession.venue_id.is_not(None),
            CycleSession.document_id.in_(visible()),
            CycleSession.status == SessionStatus.SCHEDULED,
            CycleSession.ends_at > now,
        )
        .group_by(CycleSession.venue_id)
    )
    return {row.venue_id: row.number for row in found}


def parts(venue: VenueCard, *, now: datetime) -> dict[str, object]:
    """The venue, its sessions to come in order, the last ones past."""
    there = select(CycleSession).options(*LOADED)
    there = there.where(CycleSession.venue_id == venue.id, CycleSession.document_id.in_(visible()))
    is_past = (CycleSession.ends_at <= now) & (CycleSession.status != SessionStatus.POSTPONED)
    ahead = there.where(~is_past | CycleSession.ends_at.is_(None))
    rows = [
        *db.session.scalars(ahead.order_by(CycleSession.starts_at.asc().nulls_last(), CycleSession.id)),
        *db.session.scalars(there.where(is_past).order_by(CycleSession.ends_at.desc(), CycleSession.id).limit(PAST)),
    ]
    shown_cards = cards(rows, now=now)
    return {
        "venue": venue,
        "upcoming": in_order(card for card in shown_cards if card.state != SessionState.ENDED),
        "past": [card for card in shown_cards if card.state == SessionState.ENDED],
    }
