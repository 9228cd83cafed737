"""The head of a public page for machines: its addresses in each language, and what it is about."""

from collections.abc import Sequence

from flask import Flask, request, url_for
from markupsafe import Markup

from academy.formats import jsonld
from academy.formats.events import Event, Place
from academy.formats.jsonld import Node
from academy.models import Edition
from academy.web.labels import level_label, licence_of, stakeholder_label, type_label
from academy.web.links import absolute, in_language
from academy.web.locale import LANGUAGES, gettext, here, language
from academy.web.places import place_of
from academy.web.text_cards import cycle_titles


def page_urls(path: str = "") -> dict[str, str]:
    """The canonical address of a page in each language: *path*, else the path that was asked for without its query.

    A text in one language alone is shown on both sides of the site, on the other one under a notice that says so.
    That page is no translation: it names the first one as canonical, and neither its head nor the sitemap names a
    twin, because search engines take `hreflang` between pages that are each canonical, and drop the pair otherwise.
    """
    own = path or f"{request.script_root}{here().partition('?')[0]}"
    return {code: absolute(in_language(own, code)) for code in LANGUAGES}


def home_url() -> str:
    """The front page, the same address from both sides: what the academy is known by."""
    return absolute(in_language(url_for("home.index"), "fr"))


def linked_data(*nodes: Node | None, trail: Sequence[tuple[str, str]] = (), at: str = "") -> Markup:
    """The script element that says what a page is about and where it stands: `trail` and `at` are given to `crumbs` too."""
    steps = [(gettext("Accueil"), url_for("home.index")), *trail]
    way = [*((str(name), absolute(path)) for name, path in steps), (str(at), None)]
    graph = [*filter(None, nodes), *([jsonld.breadcrumbs(way)] if at else [])]
    # Safe: `write` escapes what could end the element.
    return Markup(f'<script type="application/ld+json">{jsonld.write(graph)}</script>\n')  # noqa: S704


def front_page() -> list[Node]:
    """The academy and its site."""
    home, search = home_url(), absolute(url_for("resources.index"))
    site = jsonld.website(home, url=absolute(url_for("home.index")), search_url=f"{search}?q=", language=language())
    return [jsonld.organisation(home), site]


def linked_event(event: Event) -> list[Node]:
    """A session and the cycle that it belongs to, when that is public."""
    home = home_url()
    course = [jsonld.course_of(event, home=home)] if event.cycle_title else []
    return [jsonld.session(event, home=home), *course]


def learning_resource(edition: Edition, path: str) -> Node:
    """A module or a resource, in its cycle when that is public."""
    slug = edition.document.cycle.slug if edition.document.cycle else ""
    title = cycle_titles().get(slug)
    cycle = absolute(url_for("cycles.show", slug=slug)) if title else ""
    return jsonld.learning_resource(
        edition,
        url=absolute(path),
        home=home_url(),
        kind=type_label(edition.document.kind, edition.type),
        level=level_label(edition.level),
        licence_url=licence_of(edition.licence).url,
        about=topics_of(edition),
        places=[_covered(slug) for slug in edition.territories],
        readers=[stakeholder_label(code) for code in edition.stakeholders],
        whole=jsonld.part_of(title, cycle) if title else None,
    )


def _covered(slug: str) -> Place:
    """A place that a text is about."""
    place = place_of(slug)
    longitude, latitude = place.position or (None, None)
    return Place(name=place.name, latitude=latitude, longitude=longitude)


def topics_of(edition: Edition) -> list[str]:
    """The words of its topics in the page's language."""
    return [topic.label_en if language() == "en" else topic.label_fr for topic in edition.topics]


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(page_urls=page_urls, linked_data=linked_data, public_url=absolute)
