"""Any state of the finder for programs: the hits, counts and order of its page, as JSON Feed 1.1."""

from flask import Response, request
from sqlalchemy import select

from academy.blueprints.resources import finder
from academy.blueprints.resources.area import bp
from academy.blueprints.resources.asked import Asked, asked_in
from academy.extensions import db, limiter
from academy.formats import jsonfeed
from academy.formats.jsonfeed import Feed, Item
from academy.models import Edition
from academy.policies import Action
from academy.search import Hit, Results
from academy.web import feeds
from academy.web.finding import FACETS
from academy.web.guard import allow
from academy.web.hits import HitPlace, hit_places
from academy.web.labels import licence_of
from academy.web.links import absolute
from academy.web.locale import gettext as _, language
from academy.web.text_cards import cycle_titles, topic_labels


@bp.get("/recherche.json")
@limiter.limit("240 per minute")
@allow(Action.PUBLIC_READ)
def json_feed():
    """Ask as the page of the finder does, in the same words of the address."""
    asked = asked_in(request.args)
    results = finder.answer(asked)
    feed = Feed(
        title=_title(asked),
        url=absolute(asked.url()),
        feed_url=absolute(asked.json_url()),
        language=language(),
        next_url=absolute(asked.on_page(asked.page + 1).json_url()) if asked.page < results.pages else "",
        more={
            "total": results.total,
            "page": asked.page,
            "pages": results.pages,
            "facets": _facets(results),
            "suggestion": results.suggestion,
        },
    )
    response = Response(jsonfeed.write(feed, _items(results.hits)), content_type=jsonfeed.CONTENT_TYPE)
    response.headers["Access-Control-Allow-Origin"] = "*"  # sent without cookies, hence what is public
    return response


def _title(asked: Asked) -> str:
    if not asked.is_narrowed:
        return _("Académie One Provence : le centre de ressources")
    return _("Académie One Provence : %(title)s", title=finder.in_words(asked))


def _facets(results: Results) -> dict[str, list[dict[str, object]]]:
    """The counts in the words of the address; a cycle that the asker may not see has no name here."""
    cycles = cycle_titles()
    return {
        name: [
            {"value": value, "count": count}
            for value, count in results.facets.get(facet, ())
            if name != "cycle" or value in cycles
        ]
        for name, facet in FACETS.items()
    }


def _items(hits: list[Hit]) -> list[Item]:
    places = hit_places(hits)
    wanted = select(Edition.id, Edition.authors, Edition.updated_at).where(Edition.id.in_(list(places)))
    rows = {row.id: row for row in db.session.execute(wanted)} if places else {}
    return [_item(hit, places[hit.edition_id], rows[hit.edition_id]) for hit in hits if hit.edition_id in rows]


def _item(hit: Hit, place: HitPlace, row) -> Item:
    labels = topic_labels()
    return Item(
        id=feeds.stable_url(hit.key),
        url=absolute(place.url),
        title=hit.title,
        summary=hit.summary,
        content=hit.passage.striptags(),
        language=hit.language,
        authors=row.authors,
        tags=[labels.get(slug, slug) for slug in hit.topics],
        published_on=hit.published_on,
        updated_at=row.updated_at,
        more={
            "kind": str(hit.kind),
            "type": hit.type or str(hit.kind),
            "licence": licence_of(hit.licence).name,
            "minutes": place.duration,
            "anchor": hit.anchor,
            "twin": absolute(place.twin_url) if place.twin_url else None,
        },
    )
