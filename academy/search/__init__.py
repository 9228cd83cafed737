"""The resource centre's search: `find` and `suggest`, always under the asker's audiences."""

from academy.search.finder import configure, find, init_app, repair, suggest, sync
from academy.search.results import FACETS, Filters, Hit, Results

__all__ = [
    "FACETS",
    "Filters",
    "Hit",
    "Results",
    "configure",
    "find",
    "init_app",
    "repair",
    "suggest",
    "sync",
]
