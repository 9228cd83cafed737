"""Two people on one text: what was written meanwhile is kept aside, then merged passage by passage."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from academy.blueprints.studio.area import bp, by_person, document_of
from academy.blueprints.studio.differences import differences
from academy.blueprints.studio.sheets import Sheet
from academy.blueprints.studio.versions import REVISION, asked_revision
from academy.domain import asides, merging
from academy.domain.errors import Refused
from academy.domain.newlines import with_newlines_of
from academy.domain.problems import ContentRefused
from academy.extensions import db, limiter, transaction
from academy.models import Edition, Revision
from academy.policies import Action
from academy.web import clock, identity
from academy.web.guard import allow
from academy.web.locale import gettext as _
from academy.web.refusals import words_of

MERGE = REVISION + "/reunir"


@bp.get(MERGE)
@allow(Action.DOCUMENT_EDIT, on=document_of)
def merge(document):
    """Show the two texts as one, with what somebody has to choose."""
    aside = asked_revision(document)
    if not aside.is_aside:
        return redirect(url_for(".revision", **_address(aside)))
    return _page(aside)


@bp.post(MERGE)
@limiter.limit("60 per minute", key_func=by_person)
@allow(Action.DOCUMENT_EDIT, on=document_of)
def merge_post(document):
    """Keep the merged text as a draft, or go on without the one kept aside."""
    aside = asked_revision(document)
    if not aside.is_aside:  # somebody else was quicker: both texts are in the history
        return redirect(url_for(".revision", **_address(aside)), 303)
    if request.form.get("action") == "leave":
        return _leave(aside)
    theirs = _theirs(aside.edition)
    pieces = asides.pieces(aside, theirs)
    chosen = {number: words for number in merging.conflicts(pieces) if (words := _chosen(number, pieces)) is not None}
    if len(chosen) < len(merging.conflicts(pieces)):
        return _page(
            aside, theirs, problem=_("Choisissez pour chaque passage. Rien de ce que vous avez écrit n’est perdu.")
        ), 422
    return _settle(aside, theirs, merging.merged(pieces, chosen))


def conflict(sheet: Sheet, message: str):
    """Keep what was sent beside the newer text, and show the two."""
    me = identity.me()
    with transaction():
        assert sheet.edition is not None
        base = db.session.get(Revision, sheet.base_id) if sheet.base_id else None
        edition = db.session.get_one(Edition, sheet.edition.id)
        aside = asides.keep(edition, sheet.source, base=base, by=me, now=clock.now(), note=sheet.note)
    return _page(aside, message=message), 409


def _settle(aside: Revision, theirs: Revision, source: str):
    me, now, note = identity.me(), clock.now(), _("Réunion avec la version %(number)s", number=aside.number)
    try:
        with transaction():
            asides.settle(aside, source, theirs_id=theirs.id, by=me, now=now, note=note)
    except ContentRefused:
        return _page(
            aside, theirs, problem=_("Le texte réuni dépasse la taille permise : raccourcissez un passage.")
        ), 422
    except Refused as refusal:
        with transaction():
            later = asides.carry_on(aside, source, base=theirs, by=me, now=now, note=note)
        return _page(later, message=words_of(refusal)), 409
    flash(_("Les deux textes sont réunis dans ce brouillon : relisez-le, puis publiez-le."), "success")
    return redirect(url_for(".edit", id=aside.edition.document_id, language=aside.edition.language), 303)


def _leave(aside: Revision):
    with transaction():
        asides.leave(aside, by=identity.me(), now=clock.now())
    flash(_("La version la plus récente reste seule. L’autre texte est toujours dans l’historique."), "success")
    return redirect(url_for(".history", id=aside.edition.document_id, language=aside.edition.language), 303)


def _theirs(edition: Edition) -> Revision:
    """The revision that the page showed; today's when the field says something else."""
    number = request.form.get("theirs", type=int)
    shown = db.session.get(Revision, number) if number and number <= 2**31 - 1 else None
    return shown if shown is not None and shown.edition_id == edition.id else edition.head or abort(404)


def _chosen(number: int, pieces: list[merging.Piece]) -> str | None:
    """The words chosen for a passage; None while nobody chose."""
    piece = pieces[number]
    typed = request.form.get(f"text-{number}", "")
    if typed and not typed.endswith("\n") and number < len(pieces) - 1:
        typed += "\n"
    written = with_newlines_of(piece.both, typed)
    ways: Mapping[str, str] = {"mine": piece.mine, "theirs": piece.theirs, "written": written}
    return ways.get(request.form.get(f"way-{number}", ""))


def _page(aside: Revision, theirs: Revision | None = None, *, message: str = "", problem: str = "") -> str:
    edition = aside.edition
    theirs = theirs or edition.head or abort(404)
    pieces = asides.pieces(aside, theirs)
    return render_template(
        "studio/merge.html",
        document=edition.document,
        edition=edition,
        aside=aside,
        theirs=theirs,
        pieces=pieces,
        conflicts=merging.conflicts(pieces),
        differences=differences,
        form=request.form if problem else {},
        message=message,
        problem=problem,
    )


def _address(revision: Revision) -> dict[str, Any]:
    edition = revision.edition
    return {"id": edition.document_id, "language": edition.language, "number": revision.number}
