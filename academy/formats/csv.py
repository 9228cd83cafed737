"""Rows as CSV for spreadsheets: cells in, text out."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

# Excel opens a double-clicked file with the separator of the machine's language; in France that is `;`. Without a
# byte order mark it takes UTF-8 for Windows-1252. LibreOffice and data tools cope with both.
SEPARATOR = ";"
BYTE_ORDER_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A header and its rows (RFC 4180 quoting and line ends); None is an empty cell."""
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, delimiter=SEPARATOR, lineterminator="\r\n")
    writer.writerow([safe(column) for column in columns])
    writer.writerows([safe(_written(cell)) for cell in row] for row in rows)
    return out.getvalue()


def _written(cell: object) -> object:
    """A date in the one spelling that every spreadsheet sorts."""
    return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else cell


def safe(cell: object) -> object:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before a leading sign.

    Full-width signs count too: some spreadsheets read ＝ as =.
    """
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\0", "")
    return f"'{text}" if unicodedata.normalize("NFKC", text[:1]).startswith(_FORMULA) else text
