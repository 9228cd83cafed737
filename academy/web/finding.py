"""The words of the finder's address, and the facets of the search that they choose."""

from collections.abc import Mapping, Sequence
from typing import Any

from academy.search import Filters

FACETS = {
    "cycle": "cycle",
    "theme": "topic",
    "type": "type",
    "territoire": "territory",
    "public": "stakeholder",
    "langue": "language",
    "annee": "year",
    "licence": "licence",
}


def filters_of(chosen: Mapping[str, Sequence[str]]) -> Filters:
    """The chosen values, by the words of the address, in the words of the search."""
    by_facet = {FACETS[name]: tuple(values) for name, values in chosen.items()}
    years = tuple(int(year) for year in by_facet.pop("year", ()))
    return Filters(**by_facet, year=years)


def query_of(q: str, chosen: Mapping[str, Sequence[str]], *, is_exact: bool) -> dict[str, Any]:
    """What an address asks, always in the same order; None is left out."""
    query: dict[str, Any] = {"q": q or None}
    query |= {name: list(chosen[name]) for name in FACETS if chosen.get(name)}
    return query | {"exact": "1" if is_exact else None}
