"""What the form of the front matter offers: topics and audiences to tick, ids that exist to complete."""

from collections.abc import Iterable

from sqlalchemy import func, select

from academy.blueprints.studio import queries
from academy.domain import contract
from academy.extensions import db
from academy.models import Document, Edition, Kind, Venue
from academy.web.labels import stakeholder_label
from academy.web.locale import language

TICKED = frozenset({"topics", "stakeholders"})
_KINDS = {"session": Kind.SESSION, "successor": None}


def to_tick(key: str, chosen: Iterable[str]) -> list[tuple[str, str]]:
    """Value and words of each box; what the text says and nobody knows has a box too, so that it stays."""
    known = (
        queries.topics(language()) if key == "topics" else [(it, stakeholder_label(it)) for it in contract.STAKEHOLDERS]
    )
    names = dict(known)
    return known + [(it, it) for it in dict.fromkeys(chosen) if it not in names]


def to_complete(keys: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """For each key whose value is an id: the ids that exist, with their names."""
    found: dict[str, list[tuple[str, str]]] = {}
    for key in keys:
        if key == "cycle":
            found[key] = list(queries.cycle_titles(language()).items())
        elif key == "venue":
            found[key] = [
                (slug, name) for slug, name in db.session.execute(select(Venue.slug, Venue.name).order_by(Venue.name))
            ]
        elif key in _KINDS:
            found[key] = _texts(_KINDS[key])
    return found


def _texts(kind: Kind | None) -> list[tuple[str, str]]:
    title = func.min(Edition.title)
    rows = select(Document.key, title).join(Edition, Edition.document_id == Document.id).group_by(Document.key)
    if kind is not None:
        rows = rows.where(Document.kind == kind)
    return [(key, words) for key, words in db.session.execute(rows.order_by(title))]
