"""The ways between texts: what is wanted, what nobody leads to, where a text is used, both languages side by side."""

import re
from dataclasses import dataclass

from flask import flash, jsonify, redirect, render_template, request, url_for

from academy.blueprints.studio import link_queries
from academy.blueprints.studio.area import DOCUMENT, EDITION, asked_language, bp, document_of, edition_of
from academy.blueprints.studio.differences import Part, differences
from academy.blueprints.studio.editing import by_person
from academy.blueprints.studio.queries import LANGUAGES, state_word
from academy.domain import translations
from academy.domain.errors import Refused
from academy.extensions import limiter, transaction
from academy.models import Document, Edition, Revision
from academy.policies import Action
from academy.web import clock, identity
from academy.web.guard import allow
from academy.web.links import on_this_side
from academy.web.locale import gettext as _, language
from academy.web.navigation import may
from academy.web.refusals import words_of
from academy.web.texts import body_of_revision

CONTEXT = 3  # lines around a change
_PLACE = re.compile(r'( id="| href="#)')  # two texts on a page must not share their places


@bp.get("/liens/")
@allow(Action.STUDIO_USE)
def links():
    """List what is wanted, closed, lonely or behind: among my texts, for the team among all."""
    me, sees_all = identity.me(), may(Action.DESK_USE)
    found = link_queries.overview(None if sees_all or me is None else me.id, language=language())
    return render_template("studio/links.html", found=found, sees_all=sees_all)


@bp.get("/textes")
@allow(Action.STUDIO_USE)
def texts():
    """Name the published texts whose title is being typed, for the script of the editor."""
    typed = request.args.get("q", "").replace("\0", "")[:100]
    return jsonify(link_queries.named(typed, limit=8))


@bp.get(DOCUMENT + "/liens")
@allow(Action.DOCUMENT_EDIT, on=document_of)
def uses(document):
    """Show where a text is used."""
    return render_template(
        "studio/uses.html", document=document, hosts=link_queries.hosts(document), **_around(document)
    )


@bp.get(DOCUMENT + "/langues")
@allow(Action.DOCUMENT_EDIT, on=document_of)
def pair(document):
    """Show both languages side by side, and what each has to take over from the other."""
    return _pair(document)


@bp.post(EDITION + "/a-jour")
@limiter.limit("30 per minute", key_func=by_person)
@allow(Action.DOCUMENT_EDIT, on=document_of)
def agree(document):
    """Say that a language is up to date without a change."""
    edition = edition_of(document, asked_language())
    if edition is None:
        return _pair(document, _("Cette langue n’existe pas encore : il n’y a rien à confirmer.")), 409
    seen = request.form.get("twin", type=int)
    try:
        with transaction():
            translations.agree(edition, twin_revision=seen, by=identity.me(), now=clock.now())
    except Refused as refusal:
        return _pair(document, words_of(refusal)), 409
    flash(_("C’est noté : les deux langues disent la même chose."), "success")
    return redirect(url_for(".pair", id=document.id), 303)


@dataclass(frozen=True)
class Side:
    """A language of a text: what readers see of it (else its draft), and what it has still to take over."""

    language: str
    edition: Edition | None
    state: str
    revision: Revision | None
    html: str
    missed: list[Part]  # of the other language, since this one last followed it
    twin_revision: int | None


def _pair(document: Document, problem: str = "") -> str:
    editions = {code: edition_of(document, code) for code in LANGUAGES}
    sides = [_side(code, editions[code], editions["en" if code == "fr" else "fr"]) for code in LANGUAGES]
    return render_template("studio/pair.html", document=document, sides=sides, problem=problem, **_around(document))


def _side(code: str, edition: Edition | None, twin: Edition | None) -> Side:
    if edition is None:
        return Side(code, None, "missing", None, "", [], None)
    revision = edition.published or edition.head
    body = body_of_revision(edition.published_id, code)
    html = _PLACE.sub(rf"\1{code}-", on_this_side(body.html)) if body else ""
    missed, seen = [], twin.published_id if twin is not None else None
    base = translations.base_of(edition) if edition.published_id and seen else None
    if twin is not None and twin.published is not None and base is not None and base.id != seen:
        missed = _near(differences(base.source, twin.published.source))
    return Side(code, edition, state_word(edition), revision, html, missed, seen)


def _near(parts: list[Part]) -> list[Part]:
    """The changes with a few lines around each; what lies further from any is left out."""
    near = []
    for number, part in enumerate(parts):
        lines = part.text.splitlines(keepends=True)
        if part.kind == "same" and len(lines) > 2 * CONTEXT + 1:
            before = lines[:CONTEXT] if number else []
            after = lines[-CONTEXT:] if number + 1 < len(parts) else []
            near.append(Part("same", "".join([*before, "[…]\n", *after])))
        else:
            near.append(part)
    return near


def _around(document: Document) -> dict[str, object]:
    """What the way between the pages of a text needs: the language that they lead back to."""
    spoken = language() if edition_of(document, language()) else document.editions[0].language
    return {"text_language": spoken, "edition": edition_of(document, spoken)}
