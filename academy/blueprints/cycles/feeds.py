"""A cycle to follow: its sessions and texts as a feed, its dates as a calendar."""

from datetime import date

from flask import url_for

from academy.blueprints.cycles import queries
from academy.blueprints.cycles.views import bp
from academy.models import Document, Edition
from academy.policies import Action
from academy.web import agendas, clock, feeds
from academy.web.guard import allow
from academy.web.locale import gettext as _
from academy.web.session_cards import cards
from academy.web.text_cards import latest_cards
from academy.web.texts import ShownText, edition_of


@bp.get("/<slug>.atom")
@allow(Action.DOCUMENT_VIEW, on=queries.cycle)
def flux(text: ShownText):
    """What was announced and published last in the cycle."""
    edition = edition_of(text)
    cycle = queries.head(edition)
    return feeds.answer(
        _entries(edition),
        title=_("Académie One Provence : %(title)s", title=cycle.title),
        subtitle=cycle.summary,
        url=cycle.url,
        source=url_for("cycles.flux", slug=cycle.slug),
    )


@bp.get("/<slug>.ics")
@allow(Action.DOCUMENT_VIEW, on=queries.cycle)
def agenda(text: ShownText):
    """The dates of the cycle, past and to come; a session that was called off stays, and says so."""
    edition = edition_of(text)
    cycle = queries.head(edition)
    sessions = queries.sessions_of(edition)
    return agendas.answer(
        agendas.events(sessions, cards(sessions, now=clock.now())),
        name=_("Académie One Provence : %(title)s", title=cycle.title),
        url=cycle.url,
        source=url_for("cycles.agenda", slug=cycle.slug),
        file=cycle.slug,
    )


def _entries(edition: Edition) -> list[feeds.Entry]:
    """Texts and sessions together, the newest first."""
    texts = latest_cards({}, Document.cycle_id == edition.document.cycle_id, limit=feeds.LATEST)
    sessions = queries.sessions_of(edition)
    entries = [feeds.text_entry(card) for card in texts]
    entries += [
        feeds.session_entry(session, card)
        for session, card in zip(sessions, cards(sessions, now=clock.now()), strict=True)
    ]
    entries.sort(key=lambda entry: entry.published_on or date.min, reverse=True)
    return entries[: feeds.LATEST]
