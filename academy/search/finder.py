"""The door of the search: what views ask, and what keeps the index in step with the database."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from flask import Flask, current_app

from academy.search import rules, sql
from academy.search.document import (
    changes_after,
    documents,
    every_document,
    last_change,
    published_revisions,
    visible_ids,
    with_siblings,
)
from academy.search.engine import Engine, UnavailableError
from academy.search.engines import open_engine
from academy.search.fields import NO_LABELS, Labels
from academy.search.query import parse
from academy.search.ranking import Request
from academy.search.results import Filters, Results
from academy.search.storage import CorruptError

PUBLIC = frozenset({"public"})
NO_FILTERS = Filters()
MAX_PER_PAGE = 100
DEEPEST = 10_000  # hits

# Of editions, those that these audiences may see now.
Visible = Callable[[Sequence[int], frozenset[str]], Collection[int]]


def init_app(app: Flask) -> None:
    """Bind the search to the index of this node."""
    app.extensions["search"] = open_engine(app.config["SETTINGS"])
    app.extensions["search_rules"] = rules.RuleBook()


def engine() -> Engine:
    """Return the index of the application."""
    return current_app.extensions["search"]


def find(
    q: str,
    *,
    filters: Filters = NO_FILTERS,
    page: int = 1,
    per_page: int = 10,
    audiences: frozenset[str] = PUBLIC,
    language: str = "fr",
    sort: str = "relevance",
    kinds: tuple[str, ...] = (),
    is_verbatim: bool = False,
    is_counted: bool = True,
    labels: Labels = NO_LABELS,
    only: frozenset[int] | None = None,
    visible: Visible = visible_ids,
) -> Results:
    """Return one page of what answers `q`: everything, newest first, when it is empty; nothing when no word is in it.

    `audiences` are the asker's, `language` that of their interface, `kinds` narrows to kinds of documents,
    `sort` is "relevance", "newest" or "title" (those in the asker's language first), `is_verbatim` searches the very
    words typed, without repairs and synonyms, `is_counted` is False where nobody reads the facets, `labels` are the words by which values may be typed, as
    `theme:"économie bleue"`, `only` are the editions among which to look,
    `visible` says which of the editions found may be shown now. Never raises on a query.
    """
    per_page = min(max(1, per_page), MAX_PER_PAGE)
    typed = parse(q)
    request = Request(
        typed=typed,
        filters=filters,
        kinds=tuple(map(str, kinds)),
        audiences=frozenset(map(str, audiences)),
        language=language,
        sort=sort,
        page=min(max(1, page), DEEPEST // per_page),
        per_page=per_page,
        is_verbatim=is_verbatim,
        is_counted=is_counted,
        labels=labels,
        rules=rules.current(),
        only=frozenset() if typed.is_void else only,
    )
    try:
        return _without_hidden(engine().search(request), request, visible)
    except UnavailableError:
        return sql.answer(request)


def _without_hidden(results: Results, request: Request, visible: Visible) -> Results:
    """Drop what was withdrawn after the index last looked: never late by a job."""
    found = [hit.edition_id for hit in results.hits]
    shown = visible(found, request.audiences) if found else ()
    hits = [hit for hit in results.hits if hit.edition_id in shown]
    return replace(results, hits=hits, total=results.total - (len(results.hits) - len(hits)))


def suggest(prefix: str, *, audiences: frozenset[str] = PUBLIC, language: str = "fr", limit: int = 8) -> list[str]:
    """Return titles and words of published documents that begin so; nothing while there is no index."""
    try:
        return engine().suggest(prefix, audiences=audiences, language=language, limit=limit)
    except UnavailableError:
        return []


def sync() -> int:
    """Bring the index up to the change log; return how many editions were written.

    Cheap when nothing changed. Builds the index when it is missing, broken, of another version, or ahead of
    the database (a restored backup). Call it in an application context, outside any transaction; may run twice.
    """
    index = engine()
    if not index.is_ready() or index.cursor() > last_change():
        return rebuild()
    written, cursor = 0, index.cursor()
    while changes := changes_after(cursor):
        cursor = changes[-1][0]
        ids = with_siblings(edition_id for _, edition_id in changes if edition_id is not None)
        found = {document.id: document for document in documents(ids)}
        written += index.apply([(edition_id, found.get(edition_id)) for edition_id in ids], cursor=cursor)
    if written:
        index.warm()
    else:
        index.tidy()  # a quiet moment
    return written


def problems() -> list[str]:
    """Compare the index with the database, edition by edition; return what differs, in English."""
    try:
        snapshot = engine().snapshot(is_fresh=True)
        engine().verify(snapshot.generation)
    except (UnavailableError, CorruptError, OSError) as problem:
        return [f"search index: {problem}"]
    behind = last_change() - snapshot.cursor
    if behind:
        return [f"search index: {behind} changes behind"]
    held, published = snapshot.revisions(), published_revisions()
    return [
        f"search index: edition {edition_id} is revision {held.get(edition_id)}, published is {published.get(edition_id)}"
        for edition_id in sorted(held.keys() | published.keys())
        if held.get(edition_id) != published.get(edition_id)
    ]


def repair() -> bool:
    """Rebuild beside, then swap, an index that is missing or broken; True when it was needed."""
    if engine().is_ready():
        return False
    rebuild()
    return True


def rebuild() -> int:
    """Build the whole index anew beside the one in use, then swap; return the number of editions."""
    index = engine()
    replacing, cursor = index.generation(), last_change()
    written = index.rebuild(every_document(), cursor=cursor, replacing=replacing)
    index.warm()
    return written
