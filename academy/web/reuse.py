"""What others may do with a module or a resource: its licence, the line that credits it, its files, how it is cited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response, abort

from academy.formats import citations
from academy.formats.citations import Work
from academy.models import Edition, Kind
from academy.web.filters import day_of, short_date
from academy.web.fragments import kept_page
from academy.web.labels import Licence, licence_of, type_label
from academy.web.linked_data import topics_of
from academy.web.links import absolute, area_of, document_url, path_to
from academy.web.locale import gettext as _, language
from academy.web.spoken import Spoken
from academy.web.texts import ShownText, edition_of

CITED = {  # by what stands after the dot of the address: who writes it, its media type
    "bib": (citations.bibtex, citations.BIBTEX),
    "ris": (citations.ris, citations.RIS),
    "json": (citations.csl_json, citations.CSL_JSON),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reuse:
    """The box "Réutiliser", as the component `reuse` reads it."""

    licence: Licence
    attribution: str  # "" when nothing may be reused unasked
    source_url: str | None
    paper_url: str
    slides_url: str
    cite_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One way to cite; `file_url` is None for what is only copied."""

    id: str
    name: str
    use: str
    text: str
    file_url: str | None
    file_name: str = ""


def reuse_of(edition: Edition, *, path: str) -> Reuse:
    """The box under a text whose page is at *path*."""
    licence = licence_of(edition.licence)
    return Reuse(
        licence=licence,
        attribution=attribution(edition, path=path) if licence.is_open else "",
        source_url=beside(edition, "source") if licence.is_open else None,
        paper_url=beside(edition, "paper"),
        slides_url=beside(edition, "slides"),
        cite_url=beside(edition, "cite"),
    )


def attribution(edition: Edition, *, path: str) -> str:
    """The credit line that the licences ask for: title, authors, producer, date, licence, address."""
    title = _("« %(title)s »", title=edition.title)
    day = version_day(edition)
    parts = [title, *edition.authors, _("Académie One Provence"), short_date(day) if day else ""]
    parts.append(licence_of(edition.licence).name)
    return f"{', '.join(filter(None, parts))}. {absolute(path)}"


def version_day(edition: Edition) -> date | None:
    """The day in Paris of what is published now, else that of the first publication."""
    return day_of(edition.updated_at) if edition.updated_at else edition.published_on


def page_of(edition: Edition, *, language: str | None = None) -> str:
    """The path of its page, on this side of the site unless *language* says which."""
    document = edition.document
    cycle = document.cycle.slug if document.cycle else ""
    return document_url(document.kind, id=document.id, slug=document.slug, cycle=cycle, language=language)


def work_of(edition: Edition) -> Work:
    """The text as others cite it."""
    return Work(
        key=edition.document.key,
        title=edition.title,
        publisher=_("Académie One Provence"),
        authors=edition.authors,
        issued_on=version_day(edition),
        url=absolute(page_of(edition, language=edition.language)),
        language=edition.language,
        summary=edition.summary,
        topics=topics_of(edition),
        genre=type_label(edition.document.kind, edition.type),
        licence=licence_of(edition.licence).name,
    )


def citing_page(text: ShownText, *, trail: Sequence[tuple[str, str]] = ()) -> str:
    """The page with every way to cite, to copy or to take away."""

    def context() -> dict[str, object]:
        edition = edition_of(text)
        title = Spoken(edition.title, edition.language)
        page = page_of(edition)
        ways = _citations(edition)
        return {
            "title": title,
            "page_url": page,
            "trail": [*trail, (title, page)],
            "area": area_of(edition.document.kind),
            "citations": ways,
        }

    return kept_page("resources/cite.html", text.id, context=context)


def _citations(edition: Edition) -> list[Citation]:
    work, files = work_of(edition), {form: write for form, (write, _type) in CITED.items()}
    named = {
        "bib": ("BibTeX", _("Pour LaTeX, JabRef, Zotero.")),
        "ris": ("RIS", _("Pour Zotero, EndNote, Mendeley.")),
        "json": ("CSL-JSON", _("Pour Zotero, Pandoc et les outils qui suivent le Citation Style Language.")),
    }
    plain = Citation(
        id="apa",
        name=_("Bibliographie (APA)"),
        use=_("À coller dans un texte, une présentation ou une page."),
        text=citations.apa(work, language=language()),
        file_url=None,
    )
    return [
        plain,
        *(
            Citation(
                id=form,
                name=name,
                use=use,
                text=files[form](work),
                file_url=beside(edition, "citation", form=form),
                file_name=f"{edition.document.slug}.{form}",
            )
            for form, (name, use) in named.items()
        ),
    ]


def citation(text: ShownText, form: str) -> Response:
    """One citation as a file."""
    edition = edition_of(text)
    write, media_type = CITED[form]
    headers = {"Content-Disposition": f'attachment; filename="{edition.document.slug}.{form}"'}
    return Response(write(work_of(edition)), headers=headers, content_type=media_type)


def source(text: ShownText) -> Response:
    """The published Markdown, byte for byte, of what may be reused."""
    edition = edition_of(text)
    if edition.published is None or not licence_of(edition.licence).is_open:
        abort(404)
    headers = {"Content-Disposition": f'attachment; filename="{edition.document.slug}.{edition.language}.md"'}
    return Response(edition.published.source.encode(), headers=headers, content_type="text/markdown; charset=utf-8")


def beside(edition: Edition, name: str, **values: str | int) -> str:
    """An address under the page of a text: `resources.cite`, `modules.cite`…"""
    document = edition.document
    if document.kind == Kind.MODULE and document.cycle:
        return path_to(f"modules.{name}", cycle=document.cycle.slug, slug=document.slug, **values)
    return path_to(f"resources.{name}", id=document.id, slug=document.slug, **values)
