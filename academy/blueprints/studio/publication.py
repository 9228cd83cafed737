"""When readers see a text: from an hour, until an hour, no longer; and what they read instead."""

from contextlib import suppress
from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for

from academy.blueprints.studio import link_queries
from academy.blueprints.studio.area import EDITION, asked_language, bp, by_person, document_of, edition_of
from academy.blueprints.studio.forms import DatesForm, WithdrawalForm
from academy.blueprints.studio.queries import state_word
from academy.blueprints.studio.skeletons import unwritten
from academy.domain import contract, dated_texts, pictures, preparing, publishing, typed_values
from academy.domain.errors import Refused
from academy.domain.problems import ContentRefused, Problem
from academy.extensions import limiter, transaction
from academy.models import Document, Edition
from academy.policies import Action
from academy.rendering import frontmatter
from academy.web import clock, identity
from academy.web.filters import long_date, time_of
from academy.web.guard import allow
from academy.web.locale import gettext as _
from academy.web.refusals import words_of

PUBLICATION = EDITION + "/publication"


@bp.get(PUBLICATION)
@allow(Action.DOCUMENT_EDIT, on=document_of)
def publication(document):
    """Show where the text stands, and what changes that."""
    return _page(document)


@bp.post(PUBLICATION)
@limiter.limit("30 per minute", key_func=by_person)
@allow(Action.DOCUMENT_EDIT, on=document_of)
def set_dates(document):
    """Publish the last saved text, at once or at the hour that was given."""
    if not has_dates(document):
        abort(404)
    edition, form = _edition(document), DatesForm()
    if not form.validate():
        return _page(document, form), 422
    try:
        _publish(edition, form)
    except (ContentRefused, frontmatter.FrontMatterError) as refusal:
        return _page(document, form, problems=_problems(refusal)), 422
    except Refused as refusal:
        return _page(document, form, words_of(refusal)), 409
    flash(published_words(edition), "success")
    return redirect(url_for(".publication", id=document.id, language=edition.language), 303)


@bp.post(PUBLICATION + "/annuler")
@limiter.limit("30 per minute", key_func=by_person)
@allow(Action.DOCUMENT_EDIT, on=document_of)
def unschedule(document):
    """Let nothing be published by the clock: what was to come is a draft again."""
    edition = _edition(document)
    try:
        with transaction():
            dated_texts.call_off(edition, base_id=_base(), by=identity.me(), now=clock.now())
    except Refused as refusal:
        return _page(document, message=words_of(refusal)), 409
    flash(_("Rien n’est plus programmé : ce texte est un brouillon."), "success")
    return redirect(url_for(".publication", id=document.id, language=edition.language), 303)


@bp.post(EDITION + "/retirer")
@limiter.limit("30 per minute", key_func=by_person)
@allow(Action.DOCUMENT_EDIT, on=document_of)
def withdraw(document):
    """Take the text away from readers; its address says so, and what to read instead."""
    edition, form = _edition(document), WithdrawalForm(document.key)
    if not form.validate():
        return _page(document, withdrawal=form), 422
    successor = form.successor.data or "" if has_dates(document) else None
    note = form.note.data or _("Retiré de la publication")
    try:
        with transaction():
            publishing.withdraw(
                edition, base_id=_base(), by=identity.me(), now=clock.now(), note=note, successor=successor
            )
    except Refused as refusal:
        return _page(document, message=words_of(refusal), withdrawal=form), 409
    flash(_("Le texte n’est plus public. Il reste ici comme brouillon."), "success")
    return redirect(url_for(".history", id=document.id, language=edition.language), 303)


def published_words(edition: Edition) -> str:
    """What to say after a publication: readers see it now, or from an hour on."""
    if edition.publish_at is None:
        return _("Publié : les lecteurs voient ce texte dès maintenant.")
    day, hour = long_date(edition.publish_at), time_of(edition.publish_at)
    return _("Programmé : les lecteurs verront ce texte le %(day)s à %(hour)s, heure de Paris.", day=day, hour=hour)


def has_dates(document: Document) -> bool:
    """Whether texts of this kind may appear and disappear at an hour."""
    return document.kind in contract.KEYS["publish_at"].kinds


def _publish(edition: Edition, form: DatesForm) -> None:
    now, me, document, head = clock.now(), identity.me(), edition.document, edition.head or abort(404)
    wanted = {"publish_at": _wall(form.publish_at.data), "expires_at": _wall(form.expires_at.data)}
    source = frontmatter.replace(head.source, {**wanted, "successor": form.successor.data or None})
    if lines := unwritten(source):
        raise ContentRefused(Problem("", line, key, "unwritten") for key, line in lines.items())
    files = pictures.credits_of(document.id)
    prepared = preparing.prepare_for_publication(
        source, kind=document.kind, language=edition.language, now=now, files=files
    )
    with transaction():
        publishing.publish(edition, prepared, base_id=_base(), by=me, now=now, note=form.note.data or "")


def _stated(edition: Edition) -> dict[str, object]:
    """The dates that the last saved text states, as far as they can be read."""
    try:
        values = contract.parse("", edition.head.source if edition.head else "").values
    except ContentRefused:
        return {}
    stated: dict[str, object] = {}
    for name in ("publish_at", "expires_at", "successor"):
        with suppress(typed_values.BadValueError):
            stated |= {name: contract.KEYS[name].read(values[name])} if name in values else {}
    return stated


def _problems(refusal: ContentRefused | frontmatter.FrontMatterError) -> tuple[Problem, ...]:
    return tuple(refusal.problems if isinstance(refusal, ContentRefused) else contract.front_problems("", refusal))


def _wall(instant: datetime | None) -> str | None:
    """An hour as the front matter has it: on the clocks of Paris."""
    return f"{instant.astimezone(clock.PARIS):%Y-%m-%d %H:%M}" if instant is not None else None


def _base() -> int | None:
    """The newest revision that the page showed; anything else is refused as outdated."""
    return request.form.get("base", type=int)


def _edition(document: Document) -> Edition:
    return edition_of(document, asked_language()) or abort(404)


def _page(
    document: Document,
    form: DatesForm | None = None,
    message: str = "",
    *,
    problems: tuple[Problem, ...] = (),
    withdrawal: WithdrawalForm | None = None,
) -> str:
    edition = _edition(document)
    return render_template(
        "studio/publication.html",
        document=document,
        edition=edition,
        state=state_word(edition),
        form=form or DatesForm(formdata=None, data=_stated(edition)),
        withdrawal=withdrawal or WithdrawalForm(document.key, formdata=None, successor=edition.successor_key),
        has_dates=has_dates(document),
        problems=problems,
        hosts=link_queries.hosts(document) if edition.published_id else (),
        message=message,
    )
