"""The page of a resource, and the source to take away."""

from flask import Response, abort, redirect, request

from academy.blueprints.resources import queries
from academy.blueprints.resources.area import bp
from academy.policies import Action
from academy.web.fragments import kept_page
from academy.web.guard import allow
from academy.web.labels import licence_of
from academy.web.texts import ShownText, edition_of

_ADDRESS = "/<int(max=2147483647):id>-<slug>/"


@bp.get(_ADDRESS)
@allow(Action.DOCUMENT_VIEW, on=queries.resource)
def show(text: ShownText):
    if (request.view_args or {})["slug"] != text.document.slug:
        return redirect(queries.url_of(text.document), 301)
    return kept_page("resources/show.html", text.id, context=lambda: queries.parts(edition_of(text)))


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
