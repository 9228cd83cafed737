"""What the address of the finder asks, and the addresses that ask a little more or less."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from academy.search import Filters
from academy.web.finding import FACETS, filters_of, query_of
from academy.web.links import path_to

LONGEST_QUERY, LONGEST_VALUE, MOST_VALUES, LAST_PAGE = 200, 80, 20, 9999
NEWEST, BY_TITLE = "date", "titre"
SIZES = (10, 20, 50)  # hits on a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A state of the finder; all of it is in the address."""

    q: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by the words of the address
    sort: str = ""
    page: int = 1
    size: int = SIZES[0]
    is_exact: bool = False

    @property
    def filters(self) -> Filters:
        """The chosen values in the words of the search."""
        return filters_of(self.chosen)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked at all."""
        return bool(self.q or self.chosen)

    def url(self) -> str:
        """The address of this state, always written the same way."""
        return _address("resources.index", self._question() | self._order())

    def json_url(self) -> str:
        """The address of this state for programs."""
        return _address("resources.json_feed", self._question() | self._order())

    def _order(self) -> dict[str, Any]:
        return {
            "tri": self.sort or None,
            "nombre": self.size if self.size != SIZES[0] else None,
            "page": self.page if self.page > 1 else None,
        }

    def feed_url(self, page: int = 1) -> str:
        """The address of the feed that follows this question, whatever the order; of its first page, or another."""
        return _address("resources.flux", self._question() | {"page": page if page > 1 else None})

    def alert_url(self) -> str:
        """Where one asks to be told by mail of what is new for this question."""
        return _address("resources.alert", self._question())

    def followed(self) -> dict[str, Any]:
        """The question as an alert keeps it."""
        chosen = {name: sorted(self.chosen[name]) for name in FACETS if self.chosen.get(name)}
        return {"q": self.q, "chosen": chosen, "is_exact": self.is_exact}

    def canonical(self) -> "Asked":
        """The question itself, without order and page."""
        return replace(self, sort="", size=SIZES[0], page=1)

    def _question(self) -> dict[str, Any]:
        return query_of(self.q, self.chosen, is_exact=self.is_exact)

    def without(self, name: str, value: str) -> "Asked":
        """The same without one chosen value."""
        values = tuple(other for other in self.chosen[name] if other != value)
        return replace(self, chosen={**self.chosen, name: values}, page=1)

    def only(self, name: str, value: str) -> "Asked":
        """The same with this value alone of its facet."""
        return replace(self, chosen={**self.chosen, name: (value,)}, page=1)

    def without_filters(self) -> "Asked":
        return replace(self, chosen={}, page=1)

    def on_page(self, page: int) -> "Asked":
        return replace(self, page=page)

    def exactly(self) -> "Asked":
        """The very words typed, nothing repaired."""
        return replace(self, is_exact=True, page=1)


def asked_again(question: Mapping[str, Any]) -> Asked:
    """The question that an alert keeps."""
    chosen = {name: tuple(values) for name, values in question["chosen"].items()}
    return Asked(q=question["q"], chosen=chosen, is_exact=question["is_exact"])


def asked_in(args: MultiDict[str, str]) -> Asked:
    """Read an address, however it was written: what means nothing is left out."""
    chosen = {name: _values(name, args.getlist(name)) for name in FACETS}
    page = args.get("page", "")
    return Asked(
        q=_clean(args.get("q", ""))[:LONGEST_QUERY],
        chosen={name: values for name, values in chosen.items() if values},
        sort=sort if (sort := args.get("tri", "")) in {NEWEST, BY_TITLE} else "",
        size=next((size for size in SIZES if args.get("nombre") == str(size)), SIZES[0]),
        page=min(max(int(page), 1), LAST_PAGE) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
        is_exact=args.get("exact") == "1",
    )


def _address(endpoint: str, query: Mapping[str, Any]) -> str:
    """What `url_for` gives, ten times faster: a page writes the same path with many queries."""
    given = [
        (name, value if isinstance(value, list) else [value]) for name, value in query.items() if value is not None
    ]
    written = urlencode([(name, value) for name, values in given for value in values], safe="!$'()*,/:;?@")
    return f"{path_to(endpoint)}?{written}" if written else path_to(endpoint)


def _values(name: str, given: list[str]) -> tuple[str, ...]:
    kept = dict.fromkeys(_clean(value)[:LONGEST_VALUE] for value in given)
    is_year = name == "annee"
    values = (v for v in kept if v and (not is_year or (v.isascii() and v.isdigit() and len(v) == 4)))
    return tuple(values)[:MOST_VALUES]


def _clean(text: str) -> str:
    """Without control characters, which no page may hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
