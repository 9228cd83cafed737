"""The page of a module, how to cite it, its slides, its files, and those to take away."""

from typing import Any

from flask import Blueprint, request

from academy.blueprints.modules import queries
from academy.extensions import limiter
from academy.policies import Action
from academy.web import attached, papers, reuse, slides as web_slides, versions as web_versions
from academy.web.attached import ShownFile
from academy.web.fragments import kept_page
from academy.web.guard import allow
from academy.web.links import path_to
from academy.web.locale import gettext as _
from academy.web.texts import ShownText, edition_of

bp = Blueprint("modules", __name__)
ADDRESS = "/cycles/<cycle>/<slug>/"


@bp.get(ADDRESS)
@allow(Action.DOCUMENT_VIEW, on=queries.module)
def show(text: ShownText):
    return kept_page("modules/show.html", text.id, context=lambda: queries.parts(edition_of(text)))


@bp.get(f"{ADDRESS}fichiers/<name>")
@allow(Action.DOCUMENT_VIEW, on=queries.file)
def file(file: ShownFile):
    return attached.send(file)


@bp.get(f"{ADDRESS}fichiers/<name>/<int(max=99999):width>.<any(webp, avif):type>")
@allow(Action.DOCUMENT_VIEW, on=queries.file)
def picture(file: ShownFile):
    values: dict[str, Any] = request.view_args or {}
    return attached.send_width(file.name, file.picture, values["width"], values["type"])


@bp.get(f"{ADDRESS}fichiers/<name>/texte")
@allow(Action.DOCUMENT_VIEW, on=queries.file)
def file_text(file: ShownFile):
    return attached.text_page(file)


@bp.get(f"{ADDRESS}source.md")
@allow(Action.DOCUMENT_VIEW, on=queries.module)
def source(text: ShownText):
    return reuse.source(text)


@bp.get(f"{ADDRESS}telecharger.pdf")
@limiter.limit("30 per minute")
@allow(Action.DOCUMENT_VIEW, on=queries.module)
def paper(text: ShownText):
    return papers.paper(text)


@bp.get(f"{ADDRESS}diapos")
@allow(Action.DOCUMENT_VIEW, on=queries.module)
def slides(text: ShownText):
    return web_slides.page(text)


@bp.get(f"{ADDRESS}citer")
@allow(Action.DOCUMENT_VIEW, on=queries.module)
def cite(text: ShownText):
    return reuse.citing_page(text, trail=_trail())


@bp.get(f"{ADDRESS}citer.<any(bib, ris, json):form>")
@allow(Action.DOCUMENT_VIEW, on=queries.module)
def citation(text: ShownText):
    return reuse.citation(text, (request.view_args or {})["form"])


@bp.get(f"{ADDRESS}versions/")
@allow(Action.DOCUMENT_VIEW, on=queries.module)
def versions(text: ShownText):
    return web_versions.history_page(text, trail=_trail())


@bp.get(f"{ADDRESS}versions/<int(max=2147483647):number>")
@allow(Action.DOCUMENT_VIEW, on=queries.module)
def version(text: ShownText):
    return web_versions.version_page(text, (request.view_args or {})["number"], trail=_trail())


def _trail() -> list[tuple[str, str]]:
    return [(_("Cycles"), path_to("cycles.index"))]
