"""The page of a resource, how to cite it, its slides, its files, and those to take away."""

from typing import Any

from flask import redirect, request, url_for

from academy.blueprints.resources import queries
from academy.blueprints.resources.area import ADDRESS, bp
from academy.extensions import limiter
from academy.policies import Action
from academy.web import attached, papers, reuse, slides as web_slides
from academy.web.attached import ShownFile
from academy.web.fragments import kept_page
from academy.web.guard import allow
from academy.web.links import path_to
from academy.web.locale import gettext as _
from academy.web.texts import ShownDocument, ShownText, edition_of


@bp.get(ADDRESS)
@allow(Action.DOCUMENT_VIEW, on=queries.resource)
def show(text: ShownText):
    return _moved(text.document) or kept_page(
        "resources/show.html", text.id, context=lambda: queries.parts(edition_of(text))
    )


@bp.get(f"{ADDRESS}source.md")
@allow(Action.DOCUMENT_VIEW, on=queries.resource)
def source(text: ShownText):
    return reuse.source(text)


@bp.get(f"{ADDRESS}fichiers/<name>")
@allow(Action.DOCUMENT_VIEW, on=queries.file)
def file(file: ShownFile):
    return _moved(file.document) or attached.send(file)


@bp.get(f"{ADDRESS}fichiers/<name>/<int(max=99999):width>.<any(webp, avif):type>")
@allow(Action.DOCUMENT_VIEW, on=queries.file)
def picture(file: ShownFile):
    values: dict[str, Any] = request.view_args or {}
    return _moved(file.document) or attached.send_width(file.name, file.picture, values["width"], values["type"])


@bp.get(f"{ADDRESS}fichiers/<name>/texte")
@allow(Action.DOCUMENT_VIEW, on=queries.file)
def file_text(file: ShownFile):
    return _moved(file.document) or attached.text_page(file)


@bp.get(f"{ADDRESS}telecharger.pdf")
@limiter.limit("30 per minute")
@allow(Action.DOCUMENT_VIEW, on=queries.resource)
def paper(text: ShownText):
    return papers.paper(text)


@bp.get(f"{ADDRESS}diapos")
@allow(Action.DOCUMENT_VIEW, on=queries.resource)
def slides(text: ShownText):
    return web_slides.page(text)


@bp.get(f"{ADDRESS}citer")
@allow(Action.DOCUMENT_VIEW, on=queries.resource)
def cite(text: ShownText):
    return reuse.citing_page(text, trail=[(_("Centre de ressources"), path_to("resources.index"))])


@bp.get(f"{ADDRESS}citer.<any(bib, ris, json):form>")
@allow(Action.DOCUMENT_VIEW, on=queries.resource)
def citation(text: ShownText):
    return reuse.citation(text, (request.view_args or {})["form"])


def _moved(document: ShownDocument):
    """The way to the address of today, when an old one was asked for."""
    values: dict[str, Any] = request.view_args or {}
    if values["slug"] == document.slug:
        return None
    return redirect(url_for(str(request.endpoint), **{**values, "slug": document.slug}), 301)
