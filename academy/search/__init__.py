"""The resource centre's search: `find` and `suggest`, always under the asker's audiences."""

from academy.search.document import visible_ids
from academy.search.finder import Visible, engine, find, init_app, problems, rebuild, repair, suggest, sync
from academy.search.results import FACETS, Filters, Hit, Results

__all__ = [
    "FACETS",
    "Filters",
    "Hit",
    "Results",
    "Visible",
    "engine",
    "find",
    "init_app",
    "problems",
    "rebuild",
    "repair",
    "suggest",
    "sync",
    "visible_ids",
]
