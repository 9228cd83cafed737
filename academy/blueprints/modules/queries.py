"""What the page of a module reads: its text, its place in the cycle, what to read before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement

from academy.extensions import db
from academy.models import Cycle, Document, Edition, Kind
from academy.web.attached import ShownFile, file_cards, file_of
from academy.web.citing import citing
from academy.web.filters import day_of
from academy.web.gone import refuse_departed
from academy.web.labels import level_label, licence_of
from academy.web.linked_data import learning_resource
from academy.web.links import document_url
from academy.web.places import concerned
from academy.web.remembered import remembered
from academy.web.reuse import reuse_of
from academy.web.session_links import sessions_with
from academy.web.spoken import Spoken
from academy.web.text_cards import TextCard, card, cycle_titles, module_cards, text_query
from academy.web.texts import ShownText, reading, shown_text
from academy.web.versions import history_url


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleHead:
    """The opening of the page of a module."""

    title: str
    summary: str
    language: str
    duration: int | None
    level: str
    position: int  # among the modules that the reader sees, from 1
    objectives: Sequence[str]
    prerequisites: Sequence[tuple[str, str]]  # title, address
    updated_on: date | None
    licence: str
    licence_url: str
    authors: Sequence[str]
    territories: Sequence[tuple[str, str]]  # names, and the ways to all texts about them
    stakeholders: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The cycle around a module."""

    slug: str
    title: str
    url: str


def module(cycle: str, slug: str, **_: object) -> ShownText | None:
    """The text of a module of that cycle; 410 once it is gone."""
    return _module(cycle, slug) or refuse_departed(*_where(cycle, slug))


@remembered
def _module(cycle: str, slug: str) -> ShownText | None:
    return shown_text(*_where(cycle, slug))


def _where(cycle: str, slug: str) -> tuple[ColumnElement[bool], ...]:
    return Document.kind == Kind.MODULE, Document.slug == slug, Document.cycle.has(Cycle.slug == cycle)


def file(cycle: str, slug: str, name: str, **_: object) -> ShownFile | None:
    """A file of a module."""
    return file_of(module(cycle, slug), name)


def parts(edition: Edition) -> dict[str, object]:
    """The module, its text, its cycle, and its neighbours."""
    document = edition.document
    modules = module_cards(Document.cycle_id == document.cycle_id)
    at = next((i for i, it in enumerate(modules) if it.id == document.id), 0)
    slug = document.cycle.slug if document.cycle else ""
    path = document_url(Kind.MODULE, id=0, slug=document.slug, cycle=slug)
    body = reading(edition)
    return {
        **body,
        "files": file_cards(document.id, path, body=str(body["body"])),
        "linked": learning_resource(edition, path),
        "reuse": reuse_of(edition, path=path),
        "history": history_url(edition),
        "sessions": sessions_with(document),
        "citing": citing(document),
        "module": _head(edition, position=at + 1),
        "cycle": Course(
            slug=slug,
            title=cycle_titles().get(slug, slug),
            url=document_url(Kind.CYCLE, id=0, slug=slug),
        ),
        "modules": modules,
        "previous": modules[at - 1] if at else None,
        "next": modules[at + 1] if at + 1 < len(modules) else None,
    }


def _head(edition: Edition, *, position: int) -> ModuleHead:
    licence = licence_of(edition.licence)
    return ModuleHead(
        title=Spoken(edition.title, edition.language),
        summary=edition.summary,
        language=edition.language,
        duration=edition.duration,
        level=level_label(edition.level),
        position=position,
        objectives=edition.objectives,
        prerequisites=[(before.title, before.url) for before in _prerequisites(edition)],
        updated_on=day_of(edition.updated_at) if edition.updated_at else edition.published_on,
        licence=licence.name,
        licence_url=licence.url,
        authors=edition.authors,
        **concerned(edition),
    )


def _prerequisites(edition: Edition) -> list[TextCard]:
    """The modules to read before, in the author's order; those that the reader may not see are left out."""
    if not edition.prerequisites:
        return []
    rows = db.session.execute(text_query(Kind.MODULE).where(Document.key.in_(edition.prerequisites)))
    by_key = {row.key: card(row) for row in rows}
    return [by_key[key] for key in edition.prerequisites if key in by_key]
