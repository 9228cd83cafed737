"""The names that texts may refer to: what the academy's rows hold."""

from sqlalchemy import select

from academy.domain.contract import Names
from academy.extensions import db
from academy.models import Cycle, Document, Kind, Speaker, Topic, Venue


def of_academy() -> Names:
    """Every slug and id that exists now."""
    kinds = dict(db.session.execute(select(Document.key, Document.kind)).all())
    return Names(
        topics=frozenset(db.session.scalars(select(Topic.slug))),
        venues=frozenset(db.session.scalars(select(Venue.slug))),
        speakers=frozenset(db.session.scalars(select(Speaker.slug))),
        cycles=frozenset(db.session.scalars(select(Cycle.slug))),
        modules=frozenset(key for key, kind in kinds.items() if kind == Kind.MODULE),
        documents=frozenset(kinds),
    )
