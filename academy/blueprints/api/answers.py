"""The answer of the public search, in the shape that docs/api.md promises."""

from academy import search
from academy.blueprints.api.asked import Call
from academy.search import Hit, Results
from academy.search.document import place_in_file
from academy.web.hits import KINDS, hit_urls, passage_url
from academy.web.links import absolute
from academy.web.locale import language
from academy.web.text_cards import cycle_titles


def answer(call: Call) -> dict[str, object]:
    """What is public and answers, whoever asks: a key or a cookie would change nothing."""
    results = search.find(
        call.q, filters=call.filters, page=call.page, per_page=call.limit, language=language(), kinds=KINDS
    )
    urls = hit_urls(results.hits, as_found=True)
    return {
        "query": call.q,
        "total": results.total,
        "hits": [_hit(hit, urls[hit.edition_id]) for hit in results.hits if hit.edition_id in urls],
        "facets": _facets(results),
        "suggestion": results.suggestion,
    }


def _facets(results: Results) -> dict[str, list[dict[str, object]]]:
    cycles = cycle_titles()  # a cycle that is not public has no name here
    return {
        name: [{"value": value, "count": count} for value, count in values if name != "cycle" or value in cycles]
        for name, values in results.facets.items()
    }


def _hit(hit: Hit, path: str) -> dict[str, object]:
    return {
        "id": hit.key,
        "slug": hit.slug,
        "kind": str(hit.kind),
        "type": hit.type or str(hit.kind),
        "language": hit.language,
        "title": hit.title,
        "url": absolute(path),
        "passage": str(hit.passage),
        "anchor": "" if (is_in_file := place_in_file(hit.anchor) is not None) else hit.anchor,
        "file": absolute(passage_url(hit, path)) if is_in_file else None,
        "score": round(hit.score, 4),
    }
