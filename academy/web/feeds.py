"""Texts and sessions as entries of a feed; a feed as an answer."""

from collections.abc import Callable, Sequence

from flask import Response, url_for

from academy.formats import atom
from academy.formats.atom import Entry
from academy.models import CycleSession, SessionState
from academy.web.agendas import changed_at, marked
from academy.web.filters import long_date, time_range
from academy.web.links import absolute
from academy.web.locale import gettext as _, language
from academy.web.session_cards import SessionCard
from academy.web.text_cards import TextCard

LATEST = 30


def text_entry(card: TextCard) -> Entry:
    """A module or a resource."""
    return Entry(
        id=stable_url(card.key),
        url=absolute(card.url),
        title=card.title,
        summary=card.summary,
        authors=card.authors,
        rights=card.licence,
        published_on=card.published_on,
        updated_at=card.updated_at,
    )


def session_entry(session: CycleSession, card: SessionCard) -> Entry:
    """A session that was announced; its date is in the words, for a feed has no other place for it."""
    edition = session.document.published_in(language())
    title = marked(card)
    is_off = card.state == SessionState.CANCELLED
    return Entry(
        id=stable_url(session.document.key),
        url=absolute(card.url),
        title=_("Session annulée : %(title)s", title=title) if is_off else _("Session : %(title)s", title=title),
        summary=f"{_when(card)}. {card.summary}".strip(),
        authors=(),
        rights="",
        published_on=edition.published_on if edition else None,
        updated_at=changed_at(session),
    )


def _when(card: SessionCard) -> str:
    if card.starts_at is None:
        return _("Reportée, date à fixer") if card.state == SessionState.POSTPONED else _("Date à fixer")
    words = f"{long_date(card.starts_at)}, {time_range(card.starts_at, card.ends_at)}"
    return words[0].upper() + words[1:]


def stable_url(key: str) -> str:
    """The id of an entry: the address that stays when a text is renamed."""
    return absolute(url_for("home.stable", key=key))


def answer(
    entries: Sequence[Entry],
    *,
    title: str,
    subtitle: str,
    url: str,
    source: str,
    page_of: Callable[[int], str] | None = None,
    page: int = 1,
    is_last: bool = True,
) -> Response:
    """A feed to subscribe to; *url* is the path of the page that it follows, *source* its own.

    A long feed comes in pages: *page_of* gives the path of one by its number.
    """

    def at(number: int) -> str:
        return absolute(page_of(number)) if page_of else ""

    feed = atom.Feed(
        title=title,
        subtitle=subtitle,
        url=absolute(url),
        feed_url=absolute(source),
        language=language(),
        page_url=at(page) if page > 1 else "",
        previous_url=at(page - 1) if page > 1 else "",
        next_url="" if is_last else at(page + 1),
    )
    return Response(atom.write(feed, entries), content_type=atom.CONTENT_TYPE)
