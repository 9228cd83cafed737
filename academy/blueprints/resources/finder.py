"""What the page of the finder shows of an answer: hits, facets, chips, ways on."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup

from academy import search
from academy.blueprints.resources import understood
from academy.blueprints.resources.asked import BY_TITLE, NEWEST, SIZES, Asked
from academy.models import Kind
from academy.policies import audiences_of
from academy.search import Hit, Results
from academy.web.finding import FACETS
from academy.web.hits import KINDS, hit_places, passage_url, place_rows, section_of
from academy.web.identity import asker
from academy.web.labels import licence_of, stakeholder_label, type_label
from academy.web.locale import gettext as _, language
from academy.web.places import MAP, place_names, place_pins
from academy.web.spoken import Spoken
from academy.web.text_cards import cycle_titles, topic_labels

SORTS = {NEWEST: "newest", BY_TITLE: "title"}
RARE = {"territoire", "public"}  # most texts state none: even one value narrows
OPEN = ("cycle", "theme", "type")  # unfolded when the page opens


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A hit as the component `hit` reads it."""

    url: str
    title: str
    language: str
    cycle_slug: str
    cycle_title: str
    type: str
    type_label: str
    duration: int | None  # minutes
    twin_language: str  # "" for a text in one language
    twin_url: str
    published_on: date | None
    licence: str
    passage: Markup
    passage_url: str
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value of a facet, as the component `facet` reads it."""

    value: str
    label: str
    count: int
    is_selected: bool
    slug: str = ""  # of a cycle, for its flag


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A facet; `name` is its word in the address."""

    name: str
    label: str
    is_open: bool
    values: Sequence[Value]


def found(asked: Asked) -> dict[str, object]:
    """The context of the page that answers *asked*."""
    rows: dict[int, Any] = {}  # of the hits: what may be seen and where it leads are asked at once

    def visible(editions: Sequence[int], audiences: Iterable[str]) -> Collection[int]:
        rows.update(place_rows(editions, audiences))
        return rows.keys()

    results = answer(asked, visible=visible)
    titles = cycle_titles()
    groups = _groups(asked, results, titles)
    labels = _labels(titles)
    chips = [*understood.typed_chips(asked, results, labels), *_chips(asked, groups)]
    return {
        "asked": asked,
        "q": asked.q,
        "total": results.total,
        "hits": _items(results.hits, titles, rows),
        "facets": groups,
        **_on_the_map(asked, results),
        "chips": chips,
        "clear_url": understood.plain_question(asked).url(),
        "searched": results.suggestion if results.corrected else None,
        "also": [Spoken(meaning.text, meaning.language) for meaning in results.also],
        "exact_url": asked.exactly().url() if results.corrected or results.also else None,
        "missing": ", ".join(_("« %(title)s »", title=word) for word in dict.fromkeys(results.missing)),
        "missing_count": len(set(results.missing)),
        "unknown": understood.unknown(asked, results, labels),
        "nothing": understood.nothing(asked, results, [chip["label"] for chip in chips]),
        "remarks": _remarks(results),
        "ways": _ways(asked),
        "pages": _pages(asked, results),
        "sizes": SIZES,
    }


def answer(
    asked: Asked, *, per_page: int | None = None, is_counted: bool = True, visible: search.Visible = search.visible_ids
) -> Results:
    """What the search finds for whoever asks: as many hits as the address says, or *per_page*; facets if counted."""
    return search.find(
        asked.q,
        filters=asked.filters,
        page=asked.page,
        per_page=per_page or asked.size,
        audiences=audiences_of(asker()),
        language=language(),
        sort=SORTS.get(asked.sort, "relevance"),
        kinds=KINDS,
        is_verbatim=asked.is_exact,
        is_counted=is_counted,
        labels=understood.labels() if ":" in asked.q else {},
        visible=visible,
    )


def _items(hits: Sequence[Hit], titles: Mapping[str, str], rows: Mapping[int, Any]) -> list[Item]:
    places = hit_places(hits, rows=rows)
    return [
        Item(
            url=places[hit.edition_id].url,
            title=Spoken(hit.title, hit.language),
            language=hit.language,
            cycle_slug=hit.cycle,
            cycle_title=titles.get(hit.cycle, "") if hit.kind != Kind.CYCLE else "",
            type=hit.type,
            type_label=type_label(hit.kind, hit.type),
            duration=places[hit.edition_id].duration,
            twin_language=places[hit.edition_id].twin_language,
            twin_url=places[hit.edition_id].twin_url,
            published_on=hit.published_on,
            licence=licence_of(hit.licence).name,
            passage=hit.passage,
            passage_url=passage_url(hit, places[hit.edition_id].url),
            section=section_of(hit),
        )
        for hit in hits
        if hit.edition_id in places
    ]


def _groups(asked: Asked, results: Results, titles: Mapping[str, str]) -> list[Group]:
    labels = _labels(titles)
    groups = []
    for name, facet in FACETS.items():
        chosen = asked.chosen.get(name, ())
        values = [
            Value(
                value=value,
                label=labels[name](value) or value,
                count=count,
                is_selected=value in chosen,
                slug=value if name == "cycle" and value in titles else "",
            )
            for value, count in results.facets.get(facet, ())
            if name != "cycle" or value in titles or value in chosen  # a cycle that is not public has no name here
        ]
        if len(values) > 1 or chosen or (values and name in RARE):
            is_open = bool(chosen) or name in OPEN
            groups.append(Group(name=name, label=_NAMES[name](), is_open=is_open, values=values))
    return groups


def _labels(titles: Mapping[str, str]) -> dict[str, Callable[[str], str | None]]:
    """The words for the values of each facet."""
    return {
        "cycle": titles.get,
        "theme": topic_labels().get,
        "type": lambda value: type_label(value, value),
        "territoire": lambda value: place_names().get(value),  # asked only when there is one
        "public": stakeholder_label,
        "langue": {"fr": _("Français"), "en": _("Anglais")}.get,
        "licence": lambda value: licence_of(value).name,
        "annee": str,
    }


def _on_the_map(asked: Asked, results: Results) -> dict[str, object]:
    """The places that have texts, each with the way to them: on the map with their numbers, then those off it."""
    counts = dict(results.facets.get("territory", ()))
    urls = {slug: asked.only("territoire", slug).url() for slug, count in counts.items() if count}
    on_map, others = place_pins(urls)
    return {"places": {"pins": on_map, "others": others, "counts": counts}, "map": MAP}


def in_words(asked: Asked) -> str:
    """The question and the chosen values, as one reads them: « câble », Le port, Note."""
    labels = _labels(cycle_titles())
    values = [labels[name](value) or value for name, chosen in asked.chosen.items() for value in chosen]
    return ", ".join(filter(None, (_("« %(title)s »", title=asked.q) if asked.q else "", *values)))


_NAMES = {
    "cycle": lambda: _("Cycle"),
    "theme": lambda: _("Thème"),
    "type": lambda: _("Type"),
    "territoire": lambda: _("Territoire"),
    "public": lambda: _("Public"),
    "langue": lambda: _("Langue"),
    "annee": lambda: _("Année"),
    "licence": lambda: _("Licence"),
}


def _chips(asked: Asked, groups: Sequence[Group]) -> list[dict[str, str]]:
    return [
        {"label": item.label, "slug": item.slug, "remove_url": asked.without(group.name, item.value).url()}
        for group in groups
        for item in group.values
        if item.is_selected
    ]


def _remarks(results: Results) -> list[tuple[str, str]]:
    remarks = []
    if results.notice == "no_words" and not results.ignored:
        remarks.append(("info", _("Il n’y a là aucun mot à chercher. Écrivez un mot, un nom ou une question.")))
    if results.notice == "index_unavailable":
        remarks.append(("info", _("L’index se reconstruit : en attendant, seuls les mots exacts sont cherchés.")))
    if results.notice == "phrase_limit":
        remarks.append(("info", _("Cette phrase est dans beaucoup de textes : tous n’ont pas été relus. Précisez-la.")))
    if results.ignored:
        left_out = ", ".join(results.ignored)
        remarks.append(("info", _("La question est longue : ceci n’a pas été cherché : %(words)s", words=left_out)))
    return remarks


def _ways(asked: Asked) -> list[tuple[str, str]]:
    """Where to go on from an empty answer."""
    ways = []
    if (plain := understood.plain_question(asked)) != asked.on_page(1):
        ways.append((_("La même question sans filtre"), plain.url()))
    if asked.q:
        ways.append((_("Voir toutes les ressources"), Asked().url()))
        ways.append((_("Demander cette ressource à l’équipe"), url_for("resources.wishes", q=asked.q)))
    return ways


def _pages(asked: Asked, results: Results) -> dict[str, object]:
    number = min(asked.page, results.pages)
    return {
        "number": number,
        "last": results.pages,
        "previous_url": asked.on_page(number - 1).url() if number > 1 else None,
        "next_url": asked.on_page(number + 1).url() if number < results.pages else None,
    }
