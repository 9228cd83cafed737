"""Reviews: ask for one, read a draft paragraph by paragraph, comment, decide."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for

from academy.blueprints.studio import review_queries
from academy.blueprints.studio.area import EDITION, asked_language, bp, by_person, document_of, edition_of
from academy.blueprints.studio.previews import described_blocks
from academy.blueprints.studio.publication import published_words
from academy.blueprints.studio.skeletons import unwritten
from academy.domain import pictures, preparing, publishing, reviews
from academy.domain.errors import Refused
from academy.domain.problems import ContentRefused, Problem
from academy.extensions import db, limiter, transaction
from academy.models import Document, Edition, Person, Review, Thread
from academy.policies import Action
from academy.web import clock, identity
from academy.web.guard import allow
from academy.web.locale import gettext as _, language
from academy.web.navigation import may
from academy.web.refusals import words_of

REVIEW = EDITION + "/relecture"


@dataclass(frozen=True)
class Reviewed:
    """A document and who may review it, as `policies` asks."""

    document: Document
    edition: Edition
    review: Review | None
    owner_id: int | None
    reviewers: frozenset[int]


def reviewed_of(id: int, language: str, **_: object) -> Reviewed | None:
    """The edition of an address, its review if it waits for one, and who may take part."""
    document = document_of(id)
    edition = edition_of(document, language) if document is not None else None
    if document is None or edition is None or edition.head is None:
        return None
    review = reviews.open_of(edition)
    asked = {review.reviewer_id} if review is not None and review.reviewer_id else set()
    return Reviewed(document, edition, review, document.owner_id, reviews.reviewers_of(document) | asked)


@bp.get("/relectures/")
@allow(Action.STUDIO_USE)
def reviews_list():
    """List the reviews that wait: those that I may do, and those that I asked for."""
    me = identity.me() or abort(401)
    rows = review_queries.waiting(None if may(Action.DESK_USE) else me.id)
    return render_template("studio/reviews.html", rows=rows, me=me, language_of_page=language())


@bp.get(REVIEW)
@allow(Action.DOCUMENT_REVIEW, on=reviewed_of)
def review(it):
    """Show the draft with what was said of each paragraph."""
    return _page(it)


@bp.post(REVIEW)
@limiter.limit("30 per minute", key_func=by_person)
@allow(Action.DOCUMENT_EDIT, on=document_of)
def ask_review(document):
    """Ask somebody, or whoever may, to read the draft."""
    it = reviewed_of(document.id, asked_language()) or abort(404)
    number, note = request.form.get("reviewer", ""), request.form.get("note", "")
    known = {str(person.id): person for person in reviews.candidates(document)}
    if number and number not in known:
        return _page(it, _("Choisissez une personne de la liste, ou personne.")), 422
    return _done(
        it,
        lambda me: reviews.ask(it.edition, reviewer=known.get(number), note=note, by=me, now=clock.now()),
        _("La relecture est demandée."),
    )


@bp.post(REVIEW + "/annuler")
@limiter.limit("30 per minute", key_func=by_person)
@allow(Action.DOCUMENT_EDIT, on=document_of)
def call_off_review(document):
    """Ask no longer."""
    it = reviewed_of(document.id, asked_language()) or abort(404)
    return _done(
        it, lambda me: reviews.call_off(_asked(it), by=me, now=clock.now()), _("La relecture n’est plus demandée.")
    )


@bp.post(REVIEW + "/commenter")
@limiter.limit("60 per minute", key_func=by_person)
@allow(Action.DOCUMENT_REVIEW, on=reviewed_of)
def comment(it):
    """Say something of a paragraph of the draft as it was shown."""
    digest = request.form.get("digest", "")
    seen = described_blocks(it.edition)
    line = request.form.get("line", 0, type=int)
    found = sorted((block for block in seen if block.digest == digest), key=lambda block: abs(block.line - line))
    if not found:
        return _page(it, _("Ce paragraphe a changé pendant que vous écriviez. Relisez-le, puis commentez-le.")), 409
    block, body = found[0], request.form.get("body", "")
    return _done(
        it,
        lambda me: reviews.comment(
            it.edition, digest=block.digest, line=block.line, excerpt=block.excerpt, body=body, by=me, now=clock.now()
        ),
        _("Votre commentaire est ajouté."),
        anchor=f"p{seen.index(block) + 1}",
    )


@bp.post(REVIEW + "/fils/<int(max=2147483647):number>")
@limiter.limit("60 per minute", key_func=by_person)
@allow(Action.DOCUMENT_REVIEW, on=reviewed_of)
def thread(it):
    """Answer, resolve or take up a thread again."""
    number = (request.view_args or {})["number"]
    row = db.session.get(Thread, number)
    if row is None or row.edition_id != it.edition.id:
        abort(404)
    action, body, now = request.form.get("action", ""), request.form.get("body", ""), clock.now()
    if action == "resolve":
        return _done(it, lambda me: reviews.resolve(row, by=me, now=now), _("Ce fil est réglé."))
    if action == "reopen":
        return _done(
            it, lambda me: reviews.reopen(row, by=me, now=now), _("Ce fil est rouvert."), anchor=f"fil-{number}"
        )
    return _done(
        it,
        lambda me: reviews.answer(row, body, by=me, now=now),
        _("Votre réponse est ajoutée."),
        anchor=f"fil-{number}",
    )


@bp.post(REVIEW + "/decision")
@limiter.limit("30 per minute", key_func=by_person)
@allow(Action.REVIEW_DECIDE, on=reviewed_of)
def decide(it):
    """Accept the draft, publish it at once or at its hour, or send it back."""
    action, base_id, now = request.form.get("action", ""), request.form.get("base", type=int), clock.now()
    if action == "return":
        reason = request.form.get("reason", "")
        return _done(
            it,
            lambda me: reviews.send_back(_asked(it), reason, base_id=base_id, by=me, now=now),
            _("Le texte est renvoyé à qui l’a écrit."),
        )
    if action != "publish":
        return _done(
            it,
            lambda me: reviews.accept(_asked(it), base_id=base_id, by=me, now=now),
            _("Le texte est accepté : qui l’a écrit peut le publier."),
        )
    try:
        prepared = _prepared(it.edition)
    except ContentRefused as refusal:
        return _page(
            it, _("Ce texte ne peut pas être publié tel quel : renvoyez-le, ou corrigez-le."), problems=refusal.problems
        ), 422

    def publish(me: Person) -> None:
        reviews.accept(_asked(it), base_id=base_id, by=me, now=now)
        publishing.publish(it.edition, prepared, base_id=base_id, by=me, now=now, note=_("Relu et accepté"))

    return _done(it, publish, lambda: published_words(it.edition))


def _prepared(edition: Edition) -> preparing.Prepared:
    source = edition.head.source if edition.head else ""
    if lines := unwritten(source):
        raise ContentRefused(Problem("", line, key, "unwritten") for key, line in lines.items())
    kind, files = edition.document.kind, pictures.credits_of(edition.document_id)
    return preparing.prepare_for_publication(source, kind=kind, language=edition.language, now=clock.now(), files=files)


def _asked(it: Reviewed) -> Review:
    if it.review is None:
        raise Refused("review_over")
    return it.review


def _done(it: Reviewed, do: Callable[[Person], object], said: str | Callable[[], str], *, anchor: str = ""):
    """Do it in a transaction and come back to the page; a refusal is told on it, with what was typed."""
    me = identity.me() or abort(401)
    try:
        with transaction():
            do(me)
    except Refused as refusal:
        status = 422 if refusal.code.startswith("comment_") or refusal.code == "review_reason" else 409
        again = reviewed_of(it.document.id, it.edition.language) or abort(404)
        return _page(again, words_of(refusal)), status
    flash(said if isinstance(said, str) else said(), "success")
    return redirect(url_for(".review", id=it.document.id, language=it.edition.language, _anchor=anchor or None), 303)


def _page(it: Reviewed, problem: str = "", *, problems: Sequence[Problem] = ()) -> str:
    blocks = described_blocks(it.edition)
    placed, earlier = review_queries.placed(it.edition, blocks)
    return render_template(
        "studio/review.html",
        document=it.document,
        edition=it.edition,
        review=it.review,
        last=review_queries.last(it.edition),
        blocks=blocks,
        placed=placed,
        earlier=earlier,
        candidates=reviews.candidates(it.document) if may(Action.DOCUMENT_EDIT, it.document) else [],
        may_edit=may(Action.DOCUMENT_EDIT, it.document),
        may_decide=may(Action.REVIEW_DECIDE, it),
        problem=problem,
        problems=problems,
        form=request.form if problem else {},
    )
