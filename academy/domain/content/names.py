"""The names that texts may refer to: what the academy's rows hold."""

from collections.abc import Set
from itertools import count

from sqlalchemy import select

from academy.domain.contract import Names
from academy.extensions import db
from academy.models import Cycle, Document, Kind, Speaker, Topic, Venue

ROOM = 74  # an id has 80 characters at most: six are left for a number


def of_academy() -> Names:
    """Every slug and id that exists now."""
    kinds = dict(db.session.execute(select(Document.key, Document.kind)).all())
    return Names(
        topics=frozenset(db.session.scalars(select(Topic.slug))),
        venues=frozenset(db.session.scalars(select(Venue.slug))),
        speakers=frozenset(db.session.scalars(select(Speaker.slug))),
        cycles=frozenset(db.session.scalars(select(Cycle.slug))),
        modules=frozenset(key for key, kind in kinds.items() if kind == Kind.MODULE),
        sessions=frozenset(key for key, kind in kinds.items() if kind == Kind.SESSION),
        documents=frozenset(kinds),
    )


def free_key(wanted: str, *, but: Set[str] = frozenset()) -> str:
    """The id of a new document: what is wanted, or the same with a number when another document has it or *but* does."""
    room = wanted[:ROOM].rstrip("-")
    taken = set(db.session.scalars(select(Document.key).where(Document.key.startswith(room, autoescape=True)))) | but
    return room if room not in taken else next(key for n in count(2) if (key := f"{room}-{n}") not in taken)
