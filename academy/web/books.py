"""A whole cycle on paper: its presentation, its modules in order, its resources, as everybody may read them."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import abort

from academy.formats import pdf
from academy.formats.pdf import Book, Part
from academy.models import Audience, Edition
from academy.rendering.shown import BESIDE
from academy.web import papers
from academy.web.labels import licence_of
from academy.web.linked_data import topics_of
from academy.web.links import absolute, on_this_side
from academy.web.locale import gettext as _, language, ngettext
from academy.web.pack_texts import MOST_TEXTS, bodies_by_revision, editions_by_document, public_rows
from academy.web.reuse import attribution, page_of
from academy.web.shown_pictures import pictures_by_document, printed, with_credits
from academy.web.texts import ShownText, edition_of

PRINT_WIDTH = 960  # pixels of a picture: a book has many


def book(text: ShownText):
    """The PDF of a cycle that everybody may read; 404 for another."""
    if text.document.audience != Audience.PUBLIC:
        abort(404)
    wanted = _book_of(text) or abort(404)
    name = f"{text.document.cycle}.{language()}.pdf"
    return papers.answer(wanted, partial(pdf.write_book, wanted), name=name)


def _book_of(text: ShownText) -> Book | None:
    rows = public_rows(edition_of(text).document.cycle_id or 0)[:MOST_TEXTS]
    known = editions_by_document([row.id for row in rows])
    editions = [known[row.id] for row in rows if row.id in known]
    if not editions:
        return None
    bodies = bodies_by_revision(edition.published_id for edition in editions)
    files = pictures_by_document([row.id for row in rows])
    first, modules = editions[0], sum(row.kind == "module" for row in rows)
    count = ngettext("%(num)s module", "%(num)s modules", modules)
    licences = list(dict.fromkeys(licence_of(edition.licence).name for edition in editions if edition.licence))
    return Book(
        title=first.title,
        summary=first.summary,
        authors=list(dict.fromkeys(name for edition in editions for name in edition.authors)),
        publisher=_("Académie One Provence"),
        language=language(),
        licence=", ".join(licences),
        url=absolute(page_of(first)),
        topics=topics_of(first),
        facts=[(_("Contenu"), count), *papers.facts_of(first)],
        words=papers.words() | {"credits": _("Crédits et licences")},
        changed_at=max(papers.changed_at(edition) for edition in editions),
        parts=[
            _part(edition, bodies.get(edition.published_id or 0, ""), files.get(edition.document_id, {}))
            for edition in editions
        ],
    )


def _part(edition: Edition, html: str, rows: Mapping[str, Any]) -> Part:
    path = page_of(edition)
    shown = {name: row for name, row in rows.items() if f"{BESIDE}{name}" in html}
    return Part(
        title=edition.title,
        summary=edition.summary,
        language=edition.language,
        url=absolute(path),
        facts=papers.facts_of(edition),
        objectives=edition.objectives,
        credit=attribution(edition, path=path),
        html=on_this_side(with_credits(html, rows)),
        pictures=printed(shown, PRINT_WIDTH),
    )
