"""What the API says of sessions: their words, their date and place, their seats now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_

from academy.blueprints.api import texts
from academy.domain import enrolment
from academy.models import CycleSession, Edition, Kind, Venue
from academy.web.locale import language


def public(asked: Mapping[str, Any]) -> Select[*tuple[Any, ...]]:
    """Public sessions that answer what was asked."""
    narrowed = texts.narrowed({name: value for name, value in asked.items() if name == "cycle"})
    found = (
        texts.public(Kind.SESSION)
        .join(CycleSession, CycleSession.document_id == Edition.document_id)
        .outerjoin(Venue, Venue.id == CycleSession.venue_id)
        .add_columns(CycleSession, Venue.slug.label("venue"))
        .where(*narrowed)
    )
    if after := asked.get("starts_after"):
        found = found.where(CycleSession.starts_at > after)
    if since := asked.get("updated_since"):
        found = found.where(or_(Edition.updated_at >= since, CycleSession.changed_at >= since))
    return found


def told(rows: Sequence[Any], *, now: datetime) -> list[dict[str, Any]]:
    """Sessions as lists tell them: the same number of queries, however many they are."""
    topics, languages = texts.topics_of([row.edition for row in rows]), texts.languages_of([row.id for row in rows])
    seats = enrolment.seats([row.CycleSession for row in rows]) if rows else {}
    keys = texts.cycle_keys()
    found = []
    for row in rows:
        session: CycleSession = row.CycleSession
        said = texts.told(row, topics=topics.get(row.edition, []), languages=languages[row.id], number=session.id)
        said |= {name: getattr(session, name) for name in ("starts_at", "ends_at", "capacity", "is_example")}
        said |= {
            "cycle": keys.get(row.cycle_slug),
            "status": str(session.status),
            "state": str(enrolment.state_of(session, seats[session.id], now=now)),
            "mode": str(session.mode),
            "venue": row.venue,
            "seats_left": seats[session.id].left,
            "updated_at": max(filter(None, (row.updated_at, session.changed_at)), default=None),
        }
        found.append(said)
    return found


def more(row: Any) -> dict[str, Any]:
    """What only the answer about one session says."""
    session: CycleSession = row.CycleSession
    is_english = language() == "en"
    return {
        **texts.content(row),
        "modules": texts.public_keys(session.module_keys),
        "speakers": [
            {"name": who.name, "title": who.title_en if is_english else who.title_fr} for who in session.speakers
        ],
    }
