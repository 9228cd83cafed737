"""The sheet on an editor's desk: one text in one language, and the revision that it starts from."""

from dataclasses import dataclass

from flask import request, url_for

from academy.blueprints.studio.area import asked_language, edition_of
from academy.blueprints.studio.queries import state_word
from academy.blueprints.studio.skeletons import twin_of
from academy.domain import preparing, publishing, translations
from academy.domain.newlines import with_newlines_of
from academy.domain.preparing import Prepared
from academy.extensions import db
from academy.models import Document, Edition, Person, Revision
from academy.web import clock

OTHER = {"fr": "en", "en": "fr"}


@dataclass
class Sheet:
    """What the editor shows, or was sent. `edition` is None until the language is first saved."""

    document: Document
    language: str
    edition: Edition | None
    twin: Edition | None
    source: str
    base_id: int | None
    note: str = ""
    is_saved: bool = True

    @property
    def url(self) -> str:
        return url_for("studio.edit", id=self.document.id, language=self.language)

    @property
    def is_behind(self) -> bool:
        """Whether the other language says more."""
        return self.edition is not None and translations.is_behind(self.edition)

    @property
    def state(self) -> str:
        """The word of `queries.EditionState` for the saved text."""
        return state_word(self.edition) if self.edition is not None else "missing"


def kept_sheet(document: Document) -> Sheet:
    """The last saved text; for a language without one, a copy of the other to translate."""
    language = asked_language()
    edition, twin = edition_of(document, language), edition_of(document, OTHER[language])
    head = edition.head if edition is not None else None
    if head is not None:
        return Sheet(document, language, edition, twin, head.source, head.id)
    source = twin_of(twin) if twin is not None else ""
    return Sheet(document, language, edition, twin, source, None, is_saved=False)


def posted_sheet(document: Document) -> Sheet:
    """What the browser sent, with the line ends of the text that its author started from."""
    sheet = kept_sheet(document)
    base = _base(sheet)
    started_from = base.source if base is not None else sheet.source
    sheet.base_id = base.id if base is not None else None
    source = with_newlines_of(started_from, request.form.get("source", ""))
    sheet.is_saved = sheet.is_saved and source == sheet.source
    sheet.source = source
    sheet.note = " ".join(request.form.get("note", "").replace("\0", "").split())[:200]
    return sheet


def _base(sheet: Sheet) -> Revision | None:
    """The revision that the author saw; anything else in the field is a conflict to settle, not an error."""
    number = request.form.get("base", "")
    if sheet.edition is None or not (number.isascii() and number.isdigit()) or len(number) > 9:
        return None
    revision = db.session.get(Revision, int(number))
    return revision if revision is not None and revision.edition_id == sheet.edition.id else None


def prepared_copy(sheet: Sheet) -> Prepared | None:
    """The text that a new language starts from, checked; None when the language exists."""
    if sheet.edition is not None or sheet.twin is None:
        return None
    return preparing.prepare(twin_of(sheet.twin), kind=sheet.document.kind, language=sheet.language)


def edition_for(sheet: Sheet, copy: Prepared | None, *, by: Person | None) -> tuple[Edition, int | None]:
    """The edition to write on, made from *copy* if need be, and the revision to build on (in a transaction)."""
    if copy is None:
        assert sheet.edition is not None
        return sheet.edition, sheet.base_id
    document = sheet.document
    edition = publishing.create(copy, kind=document.kind, cycle=document.cycle, owner=None, by=by, now=clock.now())
    return edition, edition.head_id
