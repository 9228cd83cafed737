"""Take texts away as a ZIP: the files of a dump, those that this person may edit."""

from flask import Response, abort, render_template, request, stream_with_context

from academy.blueprints.studio import queries
from academy.blueprints.studio.area import bp
from academy.blueprints.studio.editing import by_person
from academy.domain.content import export as content_export
from academy.domain.content.export import Part
from academy.extensions import limiter
from academy.formats import zips
from academy.policies import Action
from academy.web import clock, identity
from academy.web.guard import allow
from academy.web.locale import language
from academy.web.navigation import may


@bp.get("/exporter")
@allow(Action.STUDIO_USE)
def exports():
    """Ask which part."""
    owner = _owner()
    cycles = queries.exportable_cycles(language(), owner=owner)
    return render_template("studio/exports.html", cycles=cycles, sees_all=owner is None)


@bp.get("/exporter/archive.zip")
@limiter.limit("20 per minute", key_func=by_person)
@allow(Action.STUDIO_USE)
def export():
    """Send the archive while it is made."""
    part = Part(cycle=request.args.get("cycle", "").replace("\0", ""), owner_id=_owner())
    if part.cycle and not content_export.files_of_part(part):
        abort(404)
    now = clock.now()
    body = stream_with_context(zips.stream(content_export.entries(part, now=now)))
    response = Response(body, content_type=zips.CONTENT_TYPE)
    name = f"{part.cycle or 'academie'}-{now.astimezone(clock.PARIS):%Y-%m-%d}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _owner() -> int | None:
    """Whose texts are sent: a trainer's own; everybody's for the team."""
    me = identity.me()
    return None if may(Action.DESK_USE) or me is None else me.id
