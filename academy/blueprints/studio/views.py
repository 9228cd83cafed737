"""The studio's front door: my texts, a new one."""

from flask import flash, redirect, render_template, request, url_for

from academy.blueprints.studio import queries, skeletons
from academy.blueprints.studio.area import bp, by_person
from academy.blueprints.studio.forms import TITLE_LENGTH, NewForm
from academy.domain import preparing, publishing
from academy.domain.problems import ContentRefused
from academy.domain.projection import cycle_of
from academy.extensions import limiter, transaction
from academy.models import Edition, Kind
from academy.policies import Action
from academy.web import clock, identity
from academy.web.guard import allow
from academy.web.locale import gettext as _, language
from academy.web.navigation import may


@bp.get("/")
@allow(Action.STUDIO_USE)
def index():
    """List my texts; the team's everybody's, to filter."""
    me, sees_all = identity.me(), may(Action.DESK_USE)
    kind, cycle = (
        (request.args.get("kind", ""), request.args.get("cycle", "").replace("\0", "")) if sees_all else ("", "")
    )
    number = request.args.get("page", 1, type=int)
    page = queries.documents(
        owner=None if sees_all or me is None else me.id, kind=kind, cycle=cycle, number=number, language=language()
    )
    cycles = queries.cycle_titles(language()) if sees_all else {}
    return render_template("studio/index.html", page=page, sees_all=sees_all, cycles=cycles, kind=kind, cycle=cycle)


@bp.get("/nouveau")
@allow(Action.DOCUMENT_CREATE)
def create():
    """Ask what a new text is."""
    return render_template("studio/create.html", form=_form(request.args))


@bp.post("/nouveau")
@limiter.limit("20 per minute", key_func=by_person)
@allow(Action.DOCUMENT_CREATE)
def create_post():
    """Make the draft and open it in the editor."""
    form = _form()
    if not form.validate():
        return render_template("studio/create.html", form=form), 422
    try:
        edition = _made(form)
    except ContentRefused:  # the id was taken, or the topic withdrawn, between two reads
        form.title.errors = [_("Ce texte n’a pas pu être créé : réessayez, ou changez son titre.")]
        return render_template("studio/create.html", form=form), 409
    flash(_("Votre brouillon est prêt : complétez-le, seul vous et l’équipe le voyez."), "success")
    return redirect(url_for(".edit", id=edition.document_id, language=edition.language), 303)


def _form(defaults=None) -> NewForm:
    here = language()
    given = {"kind": Kind.MODULE, "language": here} | {
        key: value for key in ("kind", "cycle", "language") if (value := (defaults or {}).get(key))
    }
    if given["kind"] != Kind.RESOURCE:
        given["kind"] = Kind.MODULE
    typed = (defaults or {}).get("title", "")  # a question that visitors asked, on the desk's board
    given["title"] = "".join(character for character in typed if character.isprintable())[:TITLE_LENGTH]
    return NewForm(cycles=queries.cycle_titles(here), topics=queries.topics(here), data=given)


def _made(form: NewForm) -> Edition:
    me, kind = identity.me(), Kind(form.kind.data)
    source = skeletons.skeleton(
        kind,
        form.title.data or "",
        language=form.language.data,
        topic=form.topic.data,
        author=me.name if me else "",
        cycle=form.cycle.data,
    )
    prepared = preparing.prepare(source, kind=kind, language=form.language.data)
    with transaction():
        cycle = cycle_of(form.cycle.data) if kind == Kind.MODULE else None
        return publishing.create(prepared, kind=kind, cycle=cycle, owner=me, by=me, now=clock.now())
