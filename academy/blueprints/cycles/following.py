"""Follow a cycle: say what it would do, then do it in one gesture."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, url_for
from sqlalchemy.orm import joinedload

from academy.blueprints.cycles import queries
from academy.blueprints.cycles.views import bp
from academy.domain import following
from academy.domain.following import Step
from academy.extensions import db, limiter, transaction
from academy.models import Cycle, CycleSession, Enrolment, EnrolmentStatus, Person
from academy.policies import Action
from academy.web import clock, identity
from academy.web.guard import allow
from academy.web.locale import gettext as _
from academy.web.locale import ngettext
from academy.web.page_cache import no_store
from academy.web.session_cards import SessionCard, cards
from academy.web.texts import ShownText, edition_of

_per_sender = limiter.limit("30 per minute")


@dataclass(frozen=True)
class Stop:
    """A session of the cycle on the page: its card, what following does about it, which one it clashes with."""

    card: SessionCard
    step: Step
    clash: SessionCard | None


@bp.get("/<slug>/suivre")
@allow(Action.DOCUMENT_VIEW, on=queries.cycle)
def follow_form(text: ShownText):
    """Say what following does, session by session."""
    no_store()
    me = identity.me()
    edition = edition_of(text)
    sessions = list(queries.sessions_of(edition))
    stops = _stops(me, sessions) if me is not None else []
    joins = sum(stop.step.is_joined for stop in stops)
    return render_template("cycles/following.html", cycle=queries.head(edition), stops=stops, joins=joins)


@bp.post("/<slug>/suivre")
@_per_sender
@allow(Action.CYCLE_FOLLOW, on=queries.cycle)
def follow(text: ShownText):
    """Enrol in all that can be joined; the page then says what became of each."""
    me = identity.me() or abort(401)
    edition = edition_of(text)
    ids = [session.id for session in queries.sessions_of(edition)]
    cycle_id, slug = edition.document.cycle_id, queries.head(edition).slug
    with transaction():
        cycle = db.session.get_one(Cycle, cycle_id)
        wanted = db.select(CycleSession).where(CycleSession.id.in_(ids)).options(joinedload(CycleSession.document))
        found = {session.id: session for session in db.session.scalars(wanted)}
        made = following.follow(me, cycle, [found[number] for number in ids if number in found], now=clock.now())
        words = _words(made)
    flash(words, "success" if made else "info")
    return redirect(url_for(".follow_form", slug=slug), 303)


def _stops(me: Person, sessions: Sequence[CycleSession]) -> list[Stop]:
    now = clock.now()
    steps = following.plan(me, sessions, now=now)
    others = [step.clashes_with for step in steps if step.clashes_with is not None]
    shown = {card.id: card for card in cards([*sessions, *others], now=now)}
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
