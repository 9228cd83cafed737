"""What goes into the offline pack of a cycle: its public texts in the page's language, their files, where each stands."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urljoin

from flask import current_app
from sqlalchemy import case, select
from sqlalchemy.orm import contains_eager, joinedload

from academy.extensions import db
from academy.files.kinds import CREDITS, language_of
from academy.formats.pack.html import Section, packed
from academy.models import Attachment, Document, Edition, Kind, Rendering, Revision
from academy.rendering.markdown import RENDERER
from academy.search.document import FILES
from academy.web.attached import FileCard
from academy.web.attached_words import kind_label, size_label
from academy.web.glossary import Term, terms_in
from academy.web.links import absolute
from academy.web.locale import gettext as _, language
from academy.web.reuse import page_of
from academy.web.shown_pictures import with_credits
from academy.web.spoken import Spoken
from academy.web.text_cards import EVERYBODY, TextCard, card, public_query
from academy.web.texts import shown_to

CONTENTS = "index.html"
MOST_TEXTS = 300  # of one pack: the newest resources come before the others
MOST_BYTES = 60_000_000  # of all its files
_RESOURCE = {"fr": "ressource", "en": "resource"}
GLOSSARY = {"fr": "glossaire.html", "en": "glossary.html"}
_TERM = re.compile(r'href="(?:/en)?/glossaire/#([^"]+)"')
_STABLE = re.compile(r"(?:/en)?/d/([^#?/]+)(#.*)?")  # what `[[id]]` is rendered to


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedFile:
    """A file that comes with a text; `name` is its path in the pack, "" when there is no room for it."""

    name: str
    row: Any  # name, digest, size, media_type, passages
    card: FileCard


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedText:
    """A text on its page of the pack, `name`; `card` leads there, `url` to the site."""

    name: str
    url: str  # absolute
    edition: Edition
    card: TextCard
    html: str
    sections: Sequence[Section]
    files: Sequence[PackedFile]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """All of a pack: the presentation, then modules in order, then resources, the newest first."""

    cycle: PackedText
    modules: Sequence[PackedText]
    resources: Sequence[PackedText]
    left_out: Sequence[TextCard]  # texts for which there was no room; their `url` is the site's
    terms: Sequence[Term] = ()  # of the glossary, to which its texts lead

    @property
    def texts(self) -> list[PackedText]:
        return [self.cycle, *self.modules, *self.resources]


def public_rows(cycle_id: int) -> Sequence[Any]:
    """The cards of the public texts of a cycle: its presentation, modules in order, resources; nothing when it is not for everybody."""
    rows = db.session.execute(
        public_query(Kind.CYCLE, Kind.MODULE, Kind.RESOURCE)
        .where(Document.cycle_id == cycle_id)
        .order_by(
            case({Kind.CYCLE: 0, Kind.MODULE: 1}, value=Document.kind, else_=2),
            case((Document.kind == Kind.MODULE, Document.position), else_=0),
            Edition.published_on.desc().nulls_last(),
            Document.id,
        )
    ).all()
    return rows if rows and rows[0].kind == Kind.CYCLE else ()


def packed_cycle(cycle_id: int) -> Packed | None:
    """Collect the pack: five queries whatever its size, one more for each language of a glossary that it leads to.

    None when the cycle is not for everybody.
    """
    rows = public_rows(cycle_id)
    if not rows:
        return None
    kept, beyond = rows[:MOST_TEXTS], rows[MOST_TEXTS:]
    editions = editions_by_document([row.id for row in kept])
    kept = [row for row in kept if row.id in editions]
    files = _files(kept)
    bodies = bodies_by_revision(edition.published_id for edition in editions.values())
    places = _places(kept, editions, files)
    terms = _terms(editions.values(), bodies)
    places |= {f"/glossaire/#{anchor}": f"{GLOSSARY[language()]}#{anchor}" for anchor in terms}
    for term in terms.values():
        term.definitions = [replace(it, url=_place(it.url, absolute("/"), places)) for it in term.definitions]
    title = Spoken(rows[0].title, rows[0].language)
    texts = [_text(row, editions[row.id], bodies, files.get(row.id, ()), places, title=title) for row in kept]
    return Packed(
        cycle=texts[0],
        modules=[text for text in texts if text.edition.document.kind == Kind.MODULE],
        resources=[text for text in texts if text.edition.document.kind == Kind.RESOURCE],
        left_out=[card(row) for row in beyond],
        terms=list(terms.values()),
    )


def _terms(editions: Iterable[Edition], bodies: Mapping[int, str]) -> dict[str, Term]:
    """The terms to which these texts lead, of the page's language first, as far as everybody may read them."""
    led: dict[str, set[str]] = {}
    for edition in editions:
        anchors = {unescape(it) for it in _TERM.findall(bodies.get(edition.published_id or 0, ""))}
        led.setdefault(edition.language, set()).update(anchors)
    found: dict[str, Term] = {}
    for spoken in sorted(led, key=lambda it: it != language()):
        known = terms_in(spoken, EVERYBODY) if led[spoken] else {}
        found = {anchor: known[anchor] for anchor in sorted(led[spoken] & known.keys())} | found
    return found


def editions_by_document(document_ids: Sequence[int]) -> dict[int, Edition]:
    """The edition that is shown of each document."""
    options = contains_eager(Edition.document).options(joinedload(Document.cycle))
    found = select(Edition).join(Edition.document).options(options)
    of = (Edition.document_id.in_(document_ids), *shown_to(language(), EVERYBODY))
    return {edition.document_id: edition for edition in db.session.scalars(found.where(*of))}


def bodies_by_revision(revision_ids: Iterable[int | None]) -> dict[int, str]:
    """The stored HTML of revisions: by the present renderer, else by the last one before it."""
    best_last = case((Rendering.renderer == RENDERER, 1), else_=0), Rendering.renderer
    rows = db.session.execute(
        select(Revision.id, Rendering.html)
        .join(Edition, Edition.id == Revision.edition_id)
        .join(Rendering, (Rendering.source_hash == Revision.source_hash) & (Rendering.language == Edition.language))
        .where(Revision.id.in_([number for number in revision_ids if number]))
        .order_by(Revision.id, *best_last)
    )
    return {row.id: row.html for row in rows}


def _files(rows: Sequence[Any]) -> dict[int, list[PackedFile]]:
    """The files of texts, in the order of the pack, as long as there is room."""
    order = {row.id: number for number, row in enumerate(rows)}
    columns = (Attachment.document_id, Attachment.name, Attachment.digest, Attachment.size, Attachment.media_type)
    is_wanted = (Attachment.document_id.in_(order), Attachment.name != CREDITS)
    found = [
        _clean(row)
        for row in db.session.execute(
            select(*columns, Attachment.passages, Attachment.picture, Attachment.credit, Attachment.licence)
            .where(*is_wanted)
            .order_by(Attachment.name)
        )
    ]
    names, room = {row.id: page_name(row).removesuffix(".html") for row in rows}, MOST_BYTES
    files: defaultdict[int, list[PackedFile]] = defaultdict(list)
    for row in sorted(found, key=lambda it: (order[it.document_id], it.name)):
        is_in = row.size <= room
        room -= row.size if is_in else 0
        name = f"{FILES}/{names[row.document_id]}/{row.name}" if is_in else ""
        url = name or absolute(f"{card(rows[order[row.document_id]]).url}{FILES}/{row.name}")
        files[row.document_id].append(PackedFile(name=name, row=row, card=_file_card(row, url, is_in=is_in)))
    return files


def _clean(row: Any) -> Any:
    """The row of a file; of a picture with its clean bytes, which do not say where it was taken."""
    said = SimpleNamespace(**row._mapping)
    if said.picture is not None:
        said.digest, said.size = said.picture["clean"]["digest"], said.picture["clean"]["size"]
    return said


def _file_card(row: Any, url: str, *, is_in: bool) -> FileCard:
    kind = kind_label(row.name)
    return FileCard(
        name=row.name,
        url=url,
        text_url="",
        kind=kind if is_in else _("%(kind)s, seulement sur le site", kind=kind),
        size=size_label(row.size),
        language=language_of(row.name),
        is_opened=not is_in or row.media_type == "application/pdf",
    )


def page_name(row: Any) -> str:
    """The page of a text in the pack, by the columns of its card."""
    if row.kind == Kind.CYCLE:
        return CONTENTS
    return f"module-{row.slug}.html" if row.kind == Kind.MODULE else f"{_RESOURCE[language()]}-{row.id}-{row.slug}.html"


def _places(
    rows: Sequence[Any], editions: Mapping[int, Edition], files: Mapping[int, Sequence[PackedFile]]
) -> dict[str, str]:
    """What each address of the site is in the pack: paths below the site, without the side of the language."""
    places: dict[str, str] = {}
    for row in rows:
        path = _below(absolute(page_of(editions[row.id])))
        places |= {path: page_name(row), f"/d/{row.key}": page_name(row)}
        places |= {f"{path}{FILES}/{file.row.name}": file.name for file in files.get(row.id, ()) if file.name}
    return places


def _text(
    row: Any,
    edition: Edition,
    bodies: Mapping[int, str],
    files: Sequence[PackedFile],
    places: Mapping[str, str],
    *,
    title: Spoken,
) -> PackedText:
    url = absolute(page_of(edition))

    def place(address: str) -> str:
        return _place(address, url, places)

    body = with_credits(bodies.get(edition.published_id or 0, ""), {file.row.name: file.row for file in files})
    html, sections = packed(body, place=place, picture=_("Image :"))
    return PackedText(
        name=page_name(row),
        url=url,
        edition=edition,
        card=replace(card(row, cycle_title=title), url=page_name(row)),
        html=html,
        sections=sections,
        files=files,
    )


def _place(address: str, page: str, places: Mapping[str, str]) -> str:
    """Where an address of a text leads from the pack."""
    if not address or address.startswith("#"):
        return address
    try:
        if stable := _STABLE.fullmatch(address):
            side = "/en" if language() == "en" else ""
            whole = f"{_site()}{side}/d/{stable[1]}{stable[2] or ''}"
        else:
            whole = urljoin(page, address)
        below = _below(whole)
        path, mark, fragment = below.partition("#")
    except ValueError:  # an address that is none
        return ""
    if place := places.get(unquote(below)):
        return place
    name = places.get(unquote(path)) or places.get(f"{unquote(path)}/")
    return f"{name}{mark}{fragment}" if name else whole


def _below(address: str) -> str:
    """The path of an address below the site, on its French side; "" for an address elsewhere."""
    site = _site()
    if not address.startswith(f"{site}/"):
        return ""
    path = address.removeprefix(site)
    return path.removeprefix("/en") if path.startswith("/en/") else path


def _site() -> str:
    return current_app.config["SETTINGS"].public_url.rstrip("/")
