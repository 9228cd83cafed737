"""The blueprint of the studio, and how its views find the document that they work on."""

from flask import Blueprint, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from academy.extensions import db
from academy.models import Document, Edition

bp = Blueprint("studio", __name__, url_prefix="/atelier")

# The converters answer 404 to a number that no column holds and to a language that is none.
DOCUMENT = "/documents/<int(max=2147483647):id>"
EDITION = DOCUMENT + "/<any(fr, en):language>"


def document_of(id: int, language: str = "", number: int = 0) -> Document | None:
    """Load the document of an address of the studio, with its editions."""
    return db.session.scalar(
        select(Document)
        .where(Document.id == id)
        .options(
            joinedload(Document.cycle),
            selectinload(Document.editions).joinedload(Edition.head),
        )
    )


def asked_language() -> str:
    """The language of the edition that the address names (not that of the page)."""
    return (request.view_args or {})["language"]


def edition_of(document: Document, language: str) -> Edition | None:
    """The document's edition in a language, if it was ever written."""
    return next((edition for edition in document.editions if edition.language == language), None)
