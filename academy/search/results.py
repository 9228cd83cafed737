"""What a search is asked and what it answers: plain values, whatever found them."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from academy.search.fields import Read
    from academy.search.rules import Meaning

FACETS = ("cycle", "topic", "type", "territory", "stakeholder", "language", "year", "licence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Chosen facet values: any of the values inside a facet, all facets together."""

    cycle: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    territory: tuple[str, ...] = ()  # slugs of communes and venues
    stakeholder: tuple[str, ...] = ()  # for whom
    language: tuple[str, ...] = ()
    year: tuple[int, ...] = ()
    licence: tuple[str, ...] = ()

    def values(self, facet: str) -> tuple[str, ...]:
        """Return the values chosen for a facet as text, years too."""
        return tuple(str(value) for value in getattr(self, facet))

    def __bool__(self) -> bool:
        return any(getattr(self, facet) for facet in FACETS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One document found, in its best edition, with the passage that answers."""

    edition_id: int
    key: str
    kind: str
    type: str
    language: str
    title: str
    slug: str
    cycle: str
    summary: str
    passage: Markup  # escaped, the words found inside <mark>
    anchor: str  # fragment of the passage on the page, "" for its top
    heading: str  # where the passage stands: "Part › Section", "" for the top
    score: float
    published_on: date | None
    licence: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A page of hits. `total` and the facets count documents, never their editions apart."""

    query: str
    total: int
    hits: list[Hit] = field(default_factory=list)
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    suggestion: str | None = None  # the words searched instead of `query`
    corrected: bool = False  # True when `suggestion` is what was searched
    notice: str | None = None  # "index_unavailable", "no_words", "phrase_limit"
    ignored: tuple[str, ...] = ()  # words left out: too long, or beyond the twelfth
    searched: tuple[str, ...] = ()  # the words that counted, as typed
    typed: tuple["Read", ...] = ()  # the filters that were typed among the words
    also: tuple["Meaning", ...] = ()  # synonyms that were searched too
    missing: tuple[str, ...] = ()  # words that no text has, as typed: the answer is to the others
    near: tuple[str, ...] = ()  # known words that look like those asked, when nothing was found
    page: int = 1
    per_page: int = 10

    @property
    def pages(self) -> int:
        """Return the number of pages, at least 1."""
        return max(1, -(-self.total // self.per_page))
