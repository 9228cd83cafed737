"""What a certificate states, frozen as plain JSON: nothing that is changed later changes a paper that was given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from academy.domain.attended import Attended, Evidence
from academy.domain.half_days import HalfDay
from academy.extensions import db
from academy.models import CycleSession, Document, Edition, Mode

MOST_OBJECTIVES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues, from the settings. The last four are those of training evidence, where it is on."""

    name: str  # of the body behind the academy; "" while no setting says
    is_training: bool = False
    address: str = ""
    number: str = ""  # of its declaration of activity
    signatory: str = ""  # name and quality
    place: str = ""  # where it is signed


def of_session(session: CycleSession, evidence: Evidence, found: Sequence[HalfDay], issuer: Issuer) -> dict[str, Any]:
    """What is the same on every certificate of a session."""
    venue = session.venue
    place = ", ".join(filter(None, (venue.name, venue.city))) if venue and session.mode != Mode.ONLINE else ""
    return {
        "titles": _titles(session),
        "mode": str(session.mode),
        "place": place,
        "from": found[0].day.isoformat(),
        "to": found[-1].day.isoformat(),
        "planned": sum(it.minutes for it in found),
        "evidence": str(evidence),
        "nature": "training" if issuer.is_training else "meeting",
        "objectives": _objectives(session) if issuer.is_training else {},
        "issuer": {
            "name": issuer.name,
            "address": issuer.address,
            "number": issuer.number,
            "signatory": issuer.signatory,
            "place": issuer.place,
        },
    }


def of_person(common: Mapping[str, Any], it: Attended, result: str = "") -> dict[str, Any]:
    """All that one certificate states; *result* is that of an assessment, in the team's words."""
    return {
        **common,
        "name": it.person.name,
        "organisation": it.person.organisation,
        "half_days": [[half.day.isoformat(), str(half.half), half.minutes] for half in it.half_days],
        "minutes": it.minutes,
        "result": result,
    }


def in_language(words: Mapping[str, Any], language: str) -> tuple[Any, str]:
    """Frozen words in a language, else in French, else in the one there is; with that language."""
    spoken = next((code for code in (language, "fr", *words) if code in words), language)
    return words.get(spoken, ""), spoken


def initials(name: str) -> str:
    """C. E. for Camille Exemple: at most four, of the words that begin with a letter."""
    first = [word[0].upper() for word in name.replace("-", " ").split() if word[0].isalpha()]
    return " ".join(f"{letter}." for letter in first[:4]) or "–"


def _titles(session: CycleSession) -> dict[str, str]:
    """The published titles by language; those of drafts while nothing is published."""
    editions = [it for it in session.document.editions if it.published_id is not None] or session.document.editions
    return {it.language: it.title for it in editions if it.title} or {"fr": session.document.key}


def _objectives(session: CycleSession) -> dict[str, list[str]]:
    """Those of the session's own text and of its modules, in the order of the programme, by language."""
    keys = [session.document.key, *session.module_keys]
    wanted = (
        select(Document.key, Edition.language, Edition.objectives)
        .join(Edition, Edition.document_id == Document.id)
        .where(Document.key.in_(keys), Edition.published_id.is_not(None))
    )
    rows = sorted(db.session.execute(wanted), key=lambda row: keys.index(row.key))
    said: dict[str, list[str]] = {}
    for row in rows:
        said.setdefault(row.language, []).extend(row.objectives)
    return {language: list(dict.fromkeys(lines))[:MOST_OBJECTIVES] for language, lines in said.items() if lines}
