"""The glossary: the terms that the published glossaries of the resource centre define, in one alphabet.

In a text, `[term]{.glossaire}` leads here. A glossary is a resource of that type: its terms are its headings below the
second level, each defined by what follows, and the terms of its definition lists.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby

from sqlalchemy import select

from academy.extensions import db
from academy.models import Audience, Document, Edition, Kind, Rendering, Revision
from academy.policies import audiences_of
from academy.rendering.markdown import RENDERER
from academy.web.identity import asker
from academy.web.links import document_url
from academy.web.locale import language
from academy.web.texts import shown_to

TERMS = re.compile(r"h[3-6]|dt")
ENDS = re.compile(r"h[2-6]|dt|section|dl")  # what starts or ends them ends a definition
MAX_WORDS = 80  # of a definition shown here; its glossary has the rest


@dataclass(slots=True)
class Definition:
    """What one glossary says of a term, and where."""

    text: str
    url: str


@dataclass(slots=True)
class Term:
    """A term; `anchor` is the id that `[term]{.glossaire}` leads to."""

    anchor: str
    name: str
    language: str
    definitions: list[Definition] = field(default_factory=list)


def alphabet() -> dict[str, object]:
    """The terms in the language of the page that the asker may read, by their first letter."""
    return {"letters": by_letter(terms_in(language(), audiences_of(asker())).values())}


def anchors_defined(spoken: str, audiences: Iterable[Audience]) -> frozenset[str]:
    """Where `[term]{.glossaire}` can lead a reader of all texts for these audiences, in a language."""
    return frozenset(terms_in(spoken, frozenset(audiences)))


def by_letter(terms: Iterable[Term]) -> list[tuple[str, list[Term]]]:
    """Terms in the order of the alphabet, by their first letter."""
    ordered = sorted(terms, key=lambda term: (_folded(term.name), term.anchor))
    return [(letter, list(group)) for letter, group in groupby(ordered, key=_letter)]


def terms_in(spoken: str, audiences: frozenset[Audience]) -> dict[str, Term]:
    """The terms of a language by their anchors, in the glossaries that these audiences may read: one query."""
    rows = db.session.execute(
        select(Document.id, Document.slug, Rendering.html)
        .join(Edition, Edition.document_id == Document.id)
        .join(Revision, Revision.id == Edition.published_id)
        .join(Rendering, (Rendering.source_hash == Revision.source_hash) & (Rendering.language == Edition.language))
        .where(
            Document.kind == Kind.RESOURCE,
            Edition.type == "glossary",
            Edition.language == spoken,
            Rendering.renderer == RENDERER,
            *shown_to(spoken, audiences),
        )
        .order_by(Document.id)
    )
    terms: dict[str, Term] = {}
    for row in rows:
        url = document_url(Kind.RESOURCE, id=row.id, slug=row.slug)
        for anchor, name, text in defined_in(row.html):
            term = terms.setdefault(anchor, Term(anchor, name, spoken))
            term.definitions.append(Definition(text, f"{url}#{anchor}"))
    return terms


def defined_in(html: str) -> Iterable[tuple[str, str, str]]:
    """The anchor, the name and the definition (plain text) of each term that a rendered glossary defines."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    for anchor, name, text in reader.found:
        words = [word for word in re.split(r"[ \n]+", "".join(text)) if word]  # the no-break spaces stay
        if words and anchor:
            yield anchor, "".join(name).strip(), " ".join(words[:MAX_WORDS]) + (" …" if len(words) > MAX_WORDS else "")


class _Reader(HTMLParser):
    """Reads the stored HTML of a glossary, which nh3 has closed and ordered."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, list[str], list[str]]] = []  # anchor, pieces of the name, of the definition
        self._into: list[str] | None = None
        self._skipped = False  # the sign after a heading

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if TERMS.fullmatch(tag):
            self.found.append((known.get("id") or "", [], []))
            self._into = self.found[-1][1]
        elif ENDS.fullmatch(tag) and tag != "dl":
            self._into = None
        elif tag == "a" and known.get("class") in ("heading-anchor", "footnote-ref"):
            self._skipped = True
        elif self._into is not None:
            self._into.append(" " if tag in ("p", "li", "dd", "br", "td", "th") else "")

    def handle_endtag(self, tag: str) -> None:
        if TERMS.fullmatch(tag):
            self._into = self.found[-1][2]
        elif ENDS.fullmatch(tag):
            self._into = None
        elif tag == "a":
            self._skipped = False

    def handle_data(self, data: str) -> None:
        if self._into is not None and not self._skipped:
            self._into.append(data)


def _folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _letter(term: Term) -> str:
    first = _folded(term.name)[:1].upper()
    return first if first.isalpha() else "0–9"
