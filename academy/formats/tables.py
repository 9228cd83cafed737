"""Tables that people send, CSV or XLSX: bytes in, rows of texts out. Nothing is written to disk, nothing is computed."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

MOST_BYTES = 500_000  # below this Werkzeug keeps an upload in memory
MOST_ROWS = 2_000  # below the header
MOST_COLUMNS = 60
LONGEST = 300  # characters of a cell
_MOST_PARTS = 60
_MOST_UNPACKED = 8_000_000  # bytes of a workbook's parts together
_MOST_BESIDE = 400_000  # of a part that is neither a sheet nor its texts
_ZIP, _OLD_OR_LOCKED = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SEPARATORS = ";,\t"


class BadTable(ValueError):
    """A file that is not taken; `code` says why, `line` where (0: nowhere in particular)."""

    def __init__(self, code: str, line: int = 0):
        super().__init__(code)
        self.code = code
        self.line = line


@dataclass(frozen=True)
class Table:
    """The rows that hold something, each with its line in the file, and how the file was read."""

    rows: list[tuple[int, list[str]]]
    encoding: str  # utf-8, utf-16, windows-1252 or xlsx


def read(data: bytes) -> Table:
    """Read a table, whatever its kind; raise BadTable."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise BadTable("empty")
    if len(data) > MOST_BYTES:
        raise BadTable("heavy")
    if data.startswith(_OLD_OR_LOCKED):
        raise BadTable("old_excel")
    if data.startswith(_ZIP):
        return Table(_within_limits(_workbook(data)), "xlsx")
    text, encoding = _decoded(data)
    return Table(_within_limits(_lines(text)), encoding)


def _within_limits(rows: Iterator[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    kept: list[tuple[int, list[str]]] = []
    for line, cells in rows:
        if not any(cells):
            continue
        if len(kept) > MOST_ROWS:
            raise BadTable("many_rows", line)
        if len(cells) > MOST_COLUMNS:
            raise BadTable("many_columns", line)
        if any(len(cell) > LONGEST for cell in cells):
            raise BadTable("long_cell", line)
        kept.append((line, cells))
    return kept


def _decoded(data: bytes) -> tuple[str, str]:
    """The text, by its byte order mark, as UTF-8, or as what Excel for Windows calls CSV."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return _printable(data.decode("utf-16")), "utf-16"
        except UnicodeDecodeError:
            raise BadTable("encoding") from None
    if b"\0" in data:
        raise BadTable("kind", data[: data.index(b"\0")].count(b"\n") + 1)
    try:
        return _printable(data.decode("utf-8-sig")), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        return _printable(data.decode("cp1252")), "windows-1252"
    except UnicodeDecodeError as error:
        raise BadTable("encoding", data[: error.start].count(b"\n") + 1) from None


def _printable(text: str) -> str:
    """Refuse what no text holds: a picture, a program, an archive."""
    for number, line in enumerate(text.splitlines(), start=1):
        if any(c < " " and c != "\t" for c in line):
            raise BadTable("kind", number)
    return text


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV text with the line where each starts; the separator is the one that its header uses."""
    first, _, rest = text.lstrip("\r\n").partition("\n")
    skipped = text[: len(text) - len(text.lstrip("\r\n"))].count("\n")
    if first.lower().startswith("sep="):  # Excel's own word on the separator
        separator, text, skipped = first.strip()[4:] or "\t", rest, skipped + 1
    else:
        separator, text = max(_SEPARATORS, key=first.count), text.lstrip("\r\n")
    if separator not in _SEPARATORS:
        raise BadTable("broken", 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = skipped + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise BadTable("broken", line) from None
        yield line, [cell.strip() for cell in cells]


def _workbook(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet; a formula is shown as it is written, never computed."""
    _refuse_bomb(data)
    # openpyxl takes 0.3 s and 15 MB: only who sends a workbook pays for it.
    from openpyxl import load_workbook

    line = 0
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        if not book.worksheets:
            raise BadTable("empty")
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size is not believed
        rows = sheet.iter_rows(max_row=MOST_ROWS * 5, max_col=MOST_COLUMNS + 1)
        for line, cells in enumerate(rows, start=1):
            texts = [_text(cell.value, is_formula=cell.data_type == "f") for cell in cells]
            while texts and not texts[-1]:
                texts.pop()
            yield line, texts
    except BadTable:
        raise
    except Exception:  # openpyxl raises whatever a broken part makes its parsers raise
        raise BadTable("broken", line + 1 if line else 0) from None


def _text(value: object, *, is_formula: bool) -> str:
    if value is None:
        return ""
    if is_formula:
        return f"={value}" if not str(value).startswith("=") else str(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _refuse_bomb(data: bytes) -> None:
    """Refuse a workbook that unpacks to more than a list of people needs, or that declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise BadTable("bomb")
            for part in parts:
                is_table = part.filename.startswith("xl/worksheets/") or part.filename == "xl/sharedStrings.xml"
                if part.flag_bits & 1 or (not is_table and part.file_size > _MOST_BESIDE):
                    raise BadTable("bomb")
                if b"<!DOCTYPE" in archive.read(part):  # reads no more than was declared
                    raise BadTable("bomb")
            if "xl/workbook.xml" not in archive.namelist():
                raise BadTable("kind")
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, BadTable):
            raise
        raise BadTable("broken") from None
