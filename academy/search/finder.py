"""The door of the search: binds an index to this process and answers views."""

from pathlib import Path

from academy.search.results import Filters, Results

PUBLIC = frozenset({"public"})


def init_app(app) -> None:
    """Bind the search to `<instance>/index`."""
    configure(app.config["SETTINGS"].instance / "index")


def configure(path: Path) -> None:
    """Bind the search to an index folder."""


def find(
    q: str,
    *,
    filters: Filters = Filters(),
    page: int = 1,
    per_page: int = 10,
    audiences: frozenset[str] = PUBLIC,
    language: str = "fr",
    sort: str = "relevance",
) -> Results:
    """Return one page of what answers `q`; everything, newest first, when it is empty."""
    return Results(query=q, total=0)


def suggest(prefix: str, *, audiences: frozenset[str] = PUBLIC, language: str = "fr", limit: int = 8) -> list[str]:
    """Return words and titles of published documents that begin so."""
    return []


def sync() -> int:
    """Apply what was published since the index last looked; return the number of editions."""
    return 0


def repair() -> bool:
    """Rebuild a missing or broken index beside, then swap; True when it was needed."""
    return False
