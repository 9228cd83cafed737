"""The resource centre's search: `find` and `suggest`, always under the asker's audiences."""

from academy.search.finder import engine, find, init_app, problems, rebuild, repair, suggest, sync
from academy.search.results import FACETS, Filters, Hit, Results

__all__ = [
    "FACETS",
    "Filters",
    "Hit",
    "Results",
    "engine",
    "find",
    "init_app",
    "problems",
    "rebuild",
    "repair",
    "suggest",
    "sync",
]
