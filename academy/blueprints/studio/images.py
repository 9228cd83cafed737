"""The library: every picture and file of the texts that one may edit, and where each is used."""

from flask import render_template, request

from academy.blueprints.studio import file_queries
from academy.blueprints.studio.area import bp
from academy.domain.credits import PICTURE_LICENCES
from academy.policies import Action
from academy.web import identity
from academy.web.guard import allow
from academy.web.labels import licence_of
from academy.web.navigation import may


@bp.get("/images/")
@allow(Action.STUDIO_USE)
def images():
    """Look through the pictures: the team through everybody's, a trainer through those of their own texts."""
    me = identity.me()
    owner = None if may(Action.DESK_USE) or me is None else me.id
    asked = {name: request.args.get(name, "").replace("\0", "")[:100] for name in ("q", "kind", "licence")}
    page = file_queries.library(
        owner=owner,
        words=asked["q"],
        sort=asked["kind"],
        licence=asked["licence"],
        number=request.args.get("page", 1, type=int),
    )
    return render_template(
        "studio/images.html",
        page=page,
        asked=asked,
        licences={code: licence_of(code).name for code in PICTURE_LICENCES},
        has_files=page.total > 0 or file_queries.has_files(owner),
    )
