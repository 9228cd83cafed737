"""Follow a cycle: say what it would do, then do it in one gesture."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload

from academy.blueprints.cycles import queries
from academy.blueprints.cycles.views import bp
from academy.domain import following
from academy.domain.errors import Refused
from academy.domain.following import Step
from academy.extensions import db, limiter, transaction
from academy.models import Cycle, CycleSession, Enrolment, EnrolmentStatus
from academy.policies import Action
from academy.web import asked, clock, identity
from academy.web.asked import Filled
from academy.web.guard import allow
from academy.web.locale import gettext as _, language, ngettext
from academy.web.page_cache import no_store
from academy.web.refusals import words_of
from academy.web.session_cards import SessionCard, cards
from academy.web.spoken import Spoken
from academy.web.texts import ShownText, edition_of

_per_sender = limiter.limit("30 per minute")


@dataclass(frozen=True)
class Stop:
    """A session of the cycle on the page: its card, what following does about it, which one it clashes with."""

    card: SessionCard
    step: Step
    clash: SessionCard | None


@dataclass(frozen=True)
class Part:
    """Questions of the cycle (no title) or of one session."""

    title: str
    filled: Filled


@bp.get("/<slug>/suivre")
@allow(Action.DOCUMENT_VIEW, on=queries.cycle)
def follow_form(text: ShownText):
    """Say what following does, session by session."""
    return _page(text)


@bp.post("/<slug>/suivre")
@_per_sender
@allow(Action.CYCLE_FOLLOW, on=queries.cycle)
def follow(text: ShownText):
    """Enrol in all that can be joined; the page then says what became of each."""
    me = identity.me() or abort(401)
    edition = edition_of(text)
    sessions = list(queries.sessions_of(edition))
    ids, parts = (
        [session.id for session in sessions],
        _parts(following.plan(me, sessions, now=clock.now()), is_sent=True),
    )
    if any(part.filled.has_errors for part in parts):
        return _page(text, is_sent=True), 422
    said = {name: it for part in parts for name, it in part.filled.said.items()}
    cycle_id, slug = edition.document.cycle_id, queries.head(edition).slug
    try:
        with transaction():
            cycle = db.session.get_one(Cycle, cycle_id)
            wanted = db.select(CycleSession).where(CycleSession.id.in_(ids)).options(joinedload(CycleSession.document))
            found = {session.id: session for session in db.session.scalars(wanted)}
            rows = [found[number] for number in ids if number in found]
            made = following.follow(me, cycle, rows, now=clock.now(), said=said)
            words = _words(made)
    except Refused as refusal:
        return _page(text, words_of(refusal), is_sent=True), 409
    flash(words, "success" if made else "info")
    return redirect(url_for(".follow_form", slug=slug), 303)


def _page(text: ShownText, refusal: str = "", *, is_sent: bool = False) -> str:
    no_store()
    me, edition = identity.me(), edition_of(text)
    sessions = list(queries.sessions_of(edition))
    steps = following.plan(me, sessions, now=clock.now()) if me is not None else []
    return render_template(
        "cycles/following.html",
        cycle=queries.head(edition),
        stops=_stops(steps),
        joins=sum(step.is_joined for step in steps),
        parts=_parts(steps, is_sent=is_sent),
        refusal=refusal,
    )


def _parts(steps: Sequence[Step], *, is_sent: bool) -> list[Part]:
    """What is asked: once for the cycle, then for each session, with what was sent."""
    parts = []
    for session, questions in following.questions(steps):
        filled = asked.filled(questions, request.form) if is_sent else Filled(asked.shown(questions))
        edition = session.document.published_in(language()) if session is not None else None
        parts.append(Part(Spoken(edition.title, edition.language) if edition else "", filled))
    return parts


def _stops(steps: Sequence[Step]) -> list[Stop]:
    sessions = [step.session for step in steps]
    others = [step.clashes_with for step in steps if step.clashes_with is not None]
    shown = {card.id: card for card in cards([*sessions, *others], now=clock.now())}
    return [
        Stop(shown[step.session.id], step, shown[step.clashes_with.id] if step.clashes_with else None) for step in steps
    ]


def _words(made: Sequence[Enrolment]) -> str:
    if not made:
        return _("Il n’y avait aucune session à rejoindre : voyez pourquoi, session par session.")
    seated = sum(one.status == EnrolmentStatus.CONFIRMED for one in made)
    words = ngettext("%(num)s place est à vous.", "%(num)s places sont à vous.", seated) if seated else ""
    waiting = len(made) - seated
    more = ngettext("%(num)s session est en attente.", "%(num)s sessions sont en attente.", waiting) if waiting else ""
    return " ".join(filter(None, (words, more)))
