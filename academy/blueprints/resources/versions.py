"""The public history of a resource: each version that readers have seen, as they saw it."""

from flask import request

from academy.blueprints.resources import queries
from academy.blueprints.resources.area import ADDRESS, bp
from academy.policies import Action
from academy.web import versions as web_versions
from academy.web.guard import allow
from academy.web.links import path_to
from academy.web.locale import gettext as _
from academy.web.texts import ShownText


@bp.get(f"{ADDRESS}versions/")
@allow(Action.DOCUMENT_VIEW, on=queries.resource)
def versions(text: ShownText):
    return web_versions.history_page(text, trail=_trail())


@bp.get(f"{ADDRESS}versions/<int(max=2147483647):number>")
@allow(Action.DOCUMENT_VIEW, on=queries.resource)
def version(text: ShownText):
    return web_versions.version_page(text, (request.view_args or {})["number"], trail=_trail())


def _trail() -> list[tuple[str, str]]:
    return [(_("Centre de ressources"), path_to("resources.index"))]
