"""The page of a resource, its files, and the source to take away."""

from typing import Any

from flask import Response, abort, redirect, request, url_for

from academy.blueprints.resources import queries
from academy.blueprints.resources.area import bp
from academy.policies import Action
from academy.web import attached
from academy.web.attached import ShownFile
from academy.web.fragments import kept_page
from academy.web.guard import allow
from academy.web.labels import licence_of
from academy.web.texts import ShownDocument, ShownText, edition_of

_ADDRESS = "/<int(max=2147483647):id>-<slug>/"


@bp.get(_ADDRESS)
@allow(Action.DOCUMENT_VIEW, on=queries.resource)
def show(text: ShownText):
    return _moved(text.document) or kept_page(
        "resources/show.html", text.id, context=lambda: queries.parts(edition_of(text))
    )


@bp.get(f"{_ADDRESS}source.md")
@allow(Action.DOCUMENT_VIEW, on=queries.resource)
def source(text: ShownText):
    """The published Markdown, byte for byte, of what may be reused."""
    edition = edition_of(text)
    if edition.published is None or not licence_of(edition.licence).is_open:
        abort(404)
    name = f"{text.document.slug}.{edition.language}.md"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(edition.published.source.encode(), headers=headers, content_type="text/markdown; charset=utf-8")


@bp.get(f"{_ADDRESS}fichiers/<name>")
@allow(Action.DOCUMENT_VIEW, on=queries.file)
def file(file: ShownFile):
    return _moved(file.document) or attached.send(file)


@bp.get(f"{_ADDRESS}fichiers/<name>/texte")
@allow(Action.DOCUMENT_VIEW, on=queries.file)
def file_text(file: ShownFile):
    return _moved(file.document) or attached.text_page(file)


def _moved(document: ShownDocument):
    """The way to the address of today, when an old one was asked for."""
    values: dict[str, Any] = request.view_args or {}
    if values["slug"] == document.slug:
        return None
    return redirect(url_for(str(request.endpoint), **{**values, "slug": document.slug}), 301)
