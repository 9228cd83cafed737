"""The public history of a resource: each version that readers have seen, as they saw it."""

from flask import abort, redirect, request

from academy.blueprints.resources import queries, version_queries
from academy.blueprints.resources.area import ADDRESS, bp
from academy.policies import Action
from academy.web.fragments import kept_page
from academy.web.guard import allow
from academy.web.texts import ShownText, edition_of


@bp.get(f"{ADDRESS}versions/")
@allow(Action.DOCUMENT_VIEW, on=queries.resource)
def versions(text: ShownText):
    return kept_page("resources/versions.html", text.id, context=lambda: version_queries.history(edition_of(text)))


@bp.get(f"{ADDRESS}versions/<int(max=2147483647):number>")
@allow(Action.DOCUMENT_VIEW, on=queries.resource)
def version(text: ShownText):
    number = (request.view_args or {})["number"]
    found = version_queries.published_version(text.id, number) or abort(404)
    if found.id == text.published_id:
        return redirect(queries.url_of(text.document))  # for now: the next publication makes it an old one
    return kept_page(
        "resources/version.html", text.id, number, context=lambda: version_queries.old(edition_of(text), found)
    )
