"""The page of a resource, and the source to take away."""

from flask import Response, abort, redirect, render_template, request

from academy.blueprints.resources import queries
from academy.blueprints.resources.area import bp
from academy.models import Edition
from academy.policies import Action
from academy.web.guard import allow
from academy.web.labels import licence_of
from academy.web.texts import body_of, is_fallback

_ADDRESS = "/<int(max=2147483647):id>-<slug>/"


@bp.get(_ADDRESS)
@allow(Action.DOCUMENT_VIEW, on=queries.resource)
def show(edition: Edition):
    if (request.view_args or {})["slug"] != edition.document.slug:
        return redirect(queries.url_of(edition), 301)
    body = body_of(edition)
    context = queries.parts(edition)
    return render_template(
        "resources/show.html", body=body.html, outline=body.outline, is_fallback=is_fallback(edition), **context
    )


@bp.get(f"{_ADDRESS}source.md")
@allow(Action.DOCUMENT_VIEW, on=queries.resource)
def source(edition: Edition):
    """The published Markdown, byte for byte, of what may be reused."""
    if edition.published is None or not licence_of(edition.licence).is_open:
        abort(404)
    name = f"{edition.document.slug}.{edition.language}.md"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(edition.published.source.encode(), headers=headers, content_type="text/markdown; charset=utf-8")
