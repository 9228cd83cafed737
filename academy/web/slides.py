"""Slides of a text: the same rendering, cut where its author says, one part at a time on a wall."""

from collections.abc import Sequence
from dataclasses import dataclass

from academy.rendering.slides import Slide, slides_of
from academy.web.fragments import kept_page
from academy.web.links import on_this_side
from academy.web.reuse import attribution, page_of
from academy.web.spoken import Spoken
from academy.web.text_cards import cycle_titles
from academy.web.texts import ShownText, body_of, edition_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Deck:
    """What `slides/_deck.html` shows; `channel` names what a window of the speaker leads."""

    title: Spoken
    summary: str
    kicker: str  # the title of its cycle, or ""
    byline: str
    credit: str
    back_url: str
    channel: str
    slides: Sequence[Slide]


def page(text: ShownText) -> str:
    """The slides of a published text."""
    return kept_page("slides/show.html", text.id, context=lambda: {"deck": _deck(text)}, frame="layouts/slides.html")


def _deck(text: ShownText) -> Deck:
    edition = edition_of(text)
    path, cycle = page_of(edition), edition.document.cycle
    return Deck(
        title=Spoken(edition.title, edition.language),
        summary=edition.summary,
        kicker=cycle_titles().get(cycle.slug, "") if cycle else "",
        byline=", ".join(edition.authors),
        credit=attribution(edition, path=path),
        back_url=path,
        channel=f"{text.id}",
        slides=slides_of(on_this_side(body_of(edition).html)),
    )
