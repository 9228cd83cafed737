"""The resource centre as a feed: what was published last, or what any search finds, newest first."""

from dataclasses import replace

from flask import request
from sqlalchemy import select

from academy.blueprints.resources import finder
from academy.blueprints.resources.area import bp
from academy.blueprints.resources.asked import NEWEST, Asked, asked_in
from academy.extensions import db, limiter
from academy.models import Edition
from academy.policies import Action
from academy.search import Hit
from academy.web import feeds
from academy.web.guard import allow
from academy.web.hits import hit_urls
from academy.web.labels import licence_of
from academy.web.links import absolute
from academy.web.locale import gettext as _, language
from academy.web.text_cards import latest_cards


@bp.get("/flux.atom")
@limiter.limit("240 per minute")
@allow(Action.PUBLIC_READ)
def flux():
    """Ask as the page of the finder does, in the same words of the address, 30 entries a page."""
    asked = asked_in(request.args)
    title, subtitle = _heading(asked)
    entries, is_last = _found(asked) if asked.is_narrowed else _latest(asked.page)
    return feeds.answer(
        entries,
        title=title,
        subtitle=subtitle,
        url=asked.canonical().url(),
        source=asked.feed_url(),
        page_of=asked.feed_url,
        page=asked.page,
        is_last=is_last,
    )


def _heading(asked: Asked) -> tuple[str, str]:
    if not asked.is_narrowed:
        return _("Académie One Provence : le centre de ressources"), _("Les derniers modules et ressources publiés.")
    title = _("Académie One Provence : %(title)s", title=finder.in_words(asked))
    return title, _("Les derniers textes publiés qui répondent à cette recherche.")


def _latest(page: int) -> tuple[list[feeds.Entry], bool]:
    """The newest modules and resources in the page's language, and whether these are the last of them."""
    most = feeds.LATEST
    cards = latest_cards({}, Edition.language == language(), limit=most + 1, offset=(page - 1) * most)
    return [feeds.text_entry(card) for card in cards[:most]], len(cards) <= most


def _found(asked: Asked) -> tuple[list[feeds.Entry], bool]:
    """The newest of what the page would find, each in the language in which it was found."""
    results = finder.answer(replace(asked, sort=NEWEST), per_page=feeds.LATEST, is_counted=False)
    hits = results.hits
    urls = hit_urls(hits)
    wanted = select(Edition.id, Edition.authors, Edition.updated_at).where(Edition.id.in_(list(urls)))
    rows = {row.id: row for row in db.session.execute(wanted)} if urls else {}
    entries = [_entry(hit, urls[hit.edition_id], rows[hit.edition_id]) for hit in hits if hit.edition_id in rows]
    return entries, asked.page >= results.pages


def _entry(hit: Hit, path: str, row) -> feeds.Entry:
    return feeds.Entry(
        id=feeds.stable_url(hit.key),
        url=absolute(path),
        title=hit.title,
        summary=hit.summary,
        authors=row.authors,
        rights=licence_of(hit.licence).name,
        published_on=hit.published_on,
        updated_at=row.updated_at,
    )
