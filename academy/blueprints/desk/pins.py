"""Pins: the documents that stand first for a question."""

from flask import flash, redirect, render_template, request, url_for

from academy import search
from academy.blueprints.desk import search_queries
from academy.blueprints.desk.area import bp, me, per_person, pin_of
from academy.domain import search_rules
from academy.domain.errors import Refused
from academy.extensions import transaction
from academy.models import Pin
from academy.policies import Action, audiences_of
from academy.web import clock
from academy.web.guard import allow
from academy.web.hits import KINDS
from academy.web.identity import asker
from academy.web.locale import gettext as _, language
from academy.web.refusals import words_of

LONGEST = 200
PIN = "/recherche/epingles/<int(max=2147483647):id>"


@bp.get("/recherche/epingles/")
@allow(Action.DESK_USE)
def pins():
    """List the pins; for a question, what visitors find now and what else could stand first."""
    return _page(clean(request.args.get("question", "")))


@bp.post("/recherche/epingles/")
@per_person
@allow(Action.SEARCH_TEACH)
def add_pin():
    """Let a document stand first for a question, behind those that already do."""
    question = clean(request.form.get("question", ""))
    folded = search_queries.folded(question)
    document = search_queries.document_of(request.form.get("document", ""))
    if not folded or len(folded) > LONGEST:
        return _page(question, _("Écrivez la question, en quelques mots.")), 422
    if document is None:
        return _page(question, _("Choisissez un texte de la liste.")), 422
    try:
        with transaction():
            search_rules.add_pin(folded, document, typed=question, by=me(), now=clock.now())
    except Refused as refusal:
        return _page(question, words_of(refusal)), 409
    flash(_("Ce texte est en tête pour « %(question)s ».", question=question), "success")
    return redirect(url_for(".pins", question=question), 303)


@bp.post(f"{PIN}/monter")
@per_person
@allow(Action.SEARCH_TEACH, on=pin_of)
def raise_pin(pin: Pin):
    """Let it stand one place higher."""
    with transaction():
        search_rules.raise_pin(pin, by=me(), now=clock.now())
    return redirect(url_for(".pins"), 303)


@bp.post(f"{PIN}/retirer")
@per_person
@allow(Action.SEARCH_TEACH, on=pin_of)
def delete_pin(pin: Pin):
    """Let the document stand where its words put it."""
    question = search_queries.typed_questions([pin])[pin.id]
    with transaction():
        search_rules.delete_pin(pin, by=me(), now=clock.now())
    flash(_("Le texte n’est plus en tête pour « %(question)s ».", question=question), "success")
    return redirect(url_for(".pins"), 303)


def clean(typed: str) -> str:
    """A question on one line, without what no page may hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in typed).split())[:LONGEST]


def candidates(words: str, *, audiences: frozenset[str]) -> list[tuple[int, str]]:
    """(document, title) of what a search finds."""
    if not words:
        return []
    hits = search.find(words, audiences=audiences, language=language(), kinds=KINDS, is_counted=False).hits
    return list(search_queries.documents_of([hit.edition_id for hit in hits]).values())


def _page(question: str, message: str = "") -> str:
    words = clean(request.args.get("q", "")) or question
    found = candidates(words, audiences=audiences_of(asker())) if question else []
    return render_template(
        "desk/pins.html",
        page=search_queries.pins(number=request.args.get("page", 1, type=int)),
        question=question,
        words=words,
        found=found,
        message=message,
    )
