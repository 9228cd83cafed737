"""The blueprint of the studio, and how its views find the document that they work on."""

from flask import Blueprint, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from academy.domain.problems import Problem
from academy.extensions import db
from academy.models import CycleSession, Document, Edition, Kind
from academy.web import identity
from academy.web.labels import type_label
from academy.web.links import document_url
from academy.web.locale import gettext as _, language, typeset
from academy.web.problems import what

bp = Blueprint("studio", __name__, url_prefix="/atelier")

# The converters answer 404 to a number that no column holds and to a language that is none.
DOCUMENT = "/documents/<int(max=2147483647):id>"
EDITION = DOCUMENT + "/<any(fr, en):language>"


def document_of(id: int, **_: object) -> Document | None:
    """Load the document of an address of the studio, with its editions."""
    return db.session.scalar(
        select(Document)
        .where(Document.id == id)
        .options(
            joinedload(Document.cycle),
            selectinload(Document.editions).joinedload(Edition.head),
        )
    )


def by_person() -> str:
    """Count the posts of one person: a class shares an address."""
    me = identity.me()
    return f"person:{me.id}" if me else request.remote_addr or ""


def asked_language() -> str:
    """The language of the edition that the address names (not that of the page)."""
    return (request.view_args or {})["language"]


def edition_of(document: Document, language: str) -> Edition | None:
    """The document's edition in a language, if it was ever written."""
    return next((edition for edition in document.editions if edition.language == language), None)


def readers_url(document: Document, language: str) -> str:
    """Where readers find the document in that language."""
    page = document.id
    if document.kind == Kind.SESSION:
        page = db.session.scalar(select(CycleSession.id).where(CycleSession.document_id == document.id)) or page
    cycle = document.cycle.slug if document.cycle is not None else ""
    return document_url(document.kind, id=page, slug=document.slug, cycle=cycle, language=language)


def described(problem: Problem) -> str:
    """What is wrong and how to repair it; the line stands beside it."""
    if problem.code == "unwritten":
        said = _("ces mots sont encore ceux du modèle. Remplacez-les par les vôtres.")
    else:
        said = what(problem, language())
    keyed = _("« %(key)s » : %(said)s", key=problem.key, said=said)
    said = keyed if problem.key else said[:1].upper() + said[1:]
    return typeset(said) if language() == "fr" else said


@bp.context_processor
def _words() -> dict[str, object]:
    """What the templates of the studio call."""
    return {"readers_url": readers_url, "kind_word": type_label, "described": described}
