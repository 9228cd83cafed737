"""Read and change the front matter of a document: lines of `key: value`, each a text or a list of texts."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from academy.rendering.flatyaml import Entry, FrontMatterError, Problem, Reader, Span, line_at

__all__ = ["FrontMatter", "FrontMatterError", "Problem", "load_list", "parse", "replace"]

MAX_HEADER = 16 * 1024  # characters of the front matter
MAX_LIST_FILE = 128 * 1024  # characters of a list file
FENCE = "---"
BLANKS = " \t\r\n"
# Written without quotation marks: words, dates, times, simple phrases. `\d:\d` is a time, `: ` would be a key.
PLAIN = re.compile(r"[^\W_](?:[\w ./+()’'-]|(?<=\d):(?=\d))*")
# JSON leaves these as they are; YAML refuses them or takes them for line breaks.
SPECIAL = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
LONG = 40  # characters: a new list with a longer item gets one line for each

Value = str | list[str]


@dataclass(frozen=True)
class FrontMatter:
    """A document cut in two; `lines` gives the line of each key, `body_line` that where the body starts."""

    values: dict[str, Value]
    lines: dict[str, int]
    body: str
    body_line: int


@dataclass(frozen=True)
class Edit:
    """Put `text` in place of `source[start:end]`."""

    start: int
    end: int
    text: str


def parse(source: str) -> FrontMatter:
    """Split a document into its values and its body. Raise `FrontMatterError` with all the problems found."""
    start, end, body = _header_of(source)
    entries = _entries(source, start, end)
    return FrontMatter(
        values={entry.key.text: _texts_of(entry) for entry in entries},
        lines={entry.key.text: line_at(source, entry.key.start) for entry in entries},
        body=source[body:],
        body_line=line_at(source, body),
    )


def load_list(source: str) -> list[dict[str, str]]:
    """Read a list of flat records (venues.yml and the like), every value a text."""
    if len(source) > MAX_LIST_FILE:
        raise FrontMatterError([Problem(1, None, "too_large", str(MAX_LIST_FILE))])
    reader = Reader(source, _first(source), len(source))
    rows = reader.rows()
    reader.raise_problems()
    return rows


def replace(source: str, changes: Mapping[str, Value | None]) -> str:
    """Change, add or (None) remove keys, and leave every other byte alone: comments, order, newlines, body.

    A value that does not change is not written again. Raise `FrontMatterError` as `parse` does, for the source
    and for the result.
    """
    start, end, _ = _header_of(source)
    entries = {entry.key.text: entry for entry in _entries(source, start, end)}
    newline = "\r\n" if source[:start].endswith("\r\n") else "\n"
    indent = next((_indent(source, entry.key.start) for entry in entries.values()), "")
    edits, added = [], ""
    for key, value in changes.items():
        entry = entries.get(key)
        if entry is None and value is not None:
            added += f"{indent}{_scalar(key)}:{_new_value(value, indent, newline)}{newline}"
        elif entry is not None and value is None:
            edits.append(_removal(source, entry.key.start, entry.end))
        elif entry is not None and value is not None and _texts_of(entry) != value:
            edits += _edits(source, entry, value, newline)
    edits.append(Edit(end, end, added))
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        source = source[: edit.start] + edit.text + source[edit.end :]
    parse(source)
    return source


def _first(source: str) -> int:
    return 1 if source.startswith("\ufeff") else 0


def _header_of(source: str) -> tuple[int, int, int]:
    """Find where the YAML starts and ends, and where the body starts."""
    start = _after_line(source, _first(source))
    if source[_first(source) : start].rstrip(BLANKS) != FENCE:
        raise FrontMatterError([Problem(1, None, "missing_fence")])
    position = start
    while position < len(source):
        following = _after_line(source, position)
        if source[position:following].rstrip(BLANKS) == FENCE:
            if position - start > MAX_HEADER:
                raise FrontMatterError([Problem(1, None, "too_large", str(MAX_HEADER))])
            return start, position, following
        position = following
    raise FrontMatterError([Problem(1, None, "unclosed_fence")])


def _after_line(source: str, position: int) -> int:
    end = source.find("\n", position)
    return len(source) if end < 0 else end + 1


def _entries(source: str, start: int, end: int) -> list[Entry]:
    reader = Reader(source, start, end)
    entries = reader.mapping()
    reader.raise_problems()
    return entries


def _texts_of(entry: Entry) -> Value:
    return [item.text for item in entry.value] if isinstance(entry.value, list) else entry.value.text


def _edits(source: str, entry: Entry, value: Value, newline: str) -> list[Edit]:
    """Write a value in the place and the style of the old one."""
    old = entry.value
    if isinstance(old, Span):
        return [_edit(source, old, _scalar(value, old.style) if isinstance(value, str) else _flow(value))]
    if isinstance(value, list) and len(value) == len(old):
        pairs = [(span, text) for span, text in zip(old, value, strict=True) if span.text != text]
        return [_edit(source, span, _scalar(text, span.style, is_flow=entry.is_flow)) for span, text in pairs]
    if isinstance(value, list) and value and not entry.is_flow:
        separator = newline + _indent(source, entry.start)
        return [Edit(entry.start, _end(source, entry.start, entry.end), _block(value, separator))]
    text = _scalar(value) if isinstance(value, str) else _flow(value)
    if entry.is_flow:
        return [Edit(entry.start, entry.end, text)]
    colon = source.index(":", entry.key.end) + 1
    return [Edit(colon, colon, " " + text), _removal(source, entry.start, entry.end)]


def _edit(source: str, span: Span, text: str) -> Edit:
    """Replace one scalar; an empty one lies right after its colon or dash."""
    space = "" if source[span.start - 1] in " \t\r\n[," else " "
    return Edit(span.start, _end(source, span.start, span.end), space + text)


def _removal(source: str, start: int, end: int) -> Edit:
    """Remove whole lines, with a comment at the end of the last."""
    line_start = source.rfind("\n", 0, start) + 1
    return Edit(line_start, _after_line(source, _end(source, start, end)), "")


def _end(source: str, start: int, end: int) -> int:
    """Leave out the line breaks that YAML counts to a block scalar."""
    return start + len(source[start:end].rstrip(BLANKS))


def _indent(source: str, position: int) -> str:
    return source[source.rfind("\n", 0, position) + 1 : position]


def _new_value(value: Value, indent: str, newline: str) -> str:
    if isinstance(value, str):
        return " " + _scalar(value)
    if any(len(item) > LONG for item in value):
        separator = f"{newline}{indent}  "
        return separator + _block(value, separator)
    return " " + _flow(value)


def _flow(items: list[str]) -> str:
    return "[" + ", ".join(_scalar(item, is_flow=True) for item in items) + "]"


def _block(items: list[str], separator: str) -> str:
    return separator.join("- " + _scalar(item) for item in items)


def _scalar(text: str, style: str = "", *, is_flow: bool = False) -> str:
    """Write a text, between double quotation marks unless it is safe (and was written) without."""
    is_plain = PLAIN.fullmatch(text) and not text.endswith(" ") and not (is_flow and ":" in text)
    if is_plain and style in ("", "|", ">"):
        return text
    return SPECIAL.sub(_escaped, json.dumps(text, ensure_ascii=False))


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
