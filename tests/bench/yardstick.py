"""What searches are measured against: the full-text table of SQLite, unicode61 and bm25, on the same editions."""

import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from academy.search.document import IndexDocument, values_of
from academy.search.results import FACETS


class Yardstick:
    """An FTS5 table and a table of facet values, in a file of their own."""

    def __init__(self, path: Path, documents: Iterable[IndexDocument]):
        self._path = path
        self.reopen()
        self._db.execute("CREATE VIRTUAL TABLE texts USING fts5(title, body, tokenize='unicode61')")
        self._db.execute("CREATE TABLE value (facet TEXT, edition INTEGER, value TEXT)")
        for document in documents:
            body = f"{document.summary}\n{document.text}"
            self._db.execute(
                "INSERT INTO texts(rowid, title, body) VALUES (?, ?, ?)", (document.id, document.title, body)
            )
            values = [(facet, document.id, value) for facet in FACETS for value in values_of(document, facet)]
            self._db.executemany("INSERT INTO value VALUES (?, ?, ?)", values)
        self._db.execute("CREATE INDEX value_edition ON value (edition, facet, value)")
        self._db.commit()

    def reopen(self) -> None:
        """Forget every page in memory."""
        self._db = sqlite3.connect(self._path)

    def top(self, q: str, *, has_all: bool = False) -> list[int]:
        """Return the ten best rows."""
        query = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY bm25(texts) LIMIT 10"
        return [row[0] for row in self._db.execute(query, (_match(q, has_all=has_all),))]

    def facets(self, q: str) -> dict[str, dict[str, int]]:
        """Return the counts of every facet over all that matches."""
        query = """WITH found AS MATERIALIZED (SELECT rowid FROM texts WHERE texts MATCH ?)
            SELECT facet, value, count(*) FROM found JOIN value ON edition = found.rowid GROUP BY facet, value"""
        counts: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
        for facet, value, count in self._db.execute(query, (_match(q),)):
            counts[facet][value] = count
        return counts

    def page(self, q: str) -> tuple[list, dict[str, dict[str, int]]]:
        """Return ten results with their snippets, and the facets."""
        query = """SELECT rowid, title, snippet(texts, 1, '<mark>', '</mark>', '…', 32)
            FROM texts WHERE texts MATCH ? ORDER BY bm25(texts) LIMIT 10"""
        return self._db.execute(query, (_match(q),)).fetchall(), self.facets(q)


def _match(q: str, *, has_all: bool = False) -> str:
    return (" AND " if has_all else " OR ").join(f'"{word}"' for word in re.findall(r"\w+", q))
