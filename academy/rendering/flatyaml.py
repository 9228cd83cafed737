"""Read flat YAML: mappings and lists of texts, with the place of each in the source.

YAML proper turns `no` into False, `012` into 10 and `1:30` into 90, and its aliases, tags and merge keys are
traps: here a value is what its author typed, and all of those are refused. It works on PyYAML's events, which
carry their places.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml.reader import ReaderError
from yaml.scanner import ScannerError

# `|+` makes the blank lines after a text part of it: a change further down could then change this text too.
KEEP = re.compile(r"[|>][0-9]?\+")
MAX_DEPTH = 8  # of brackets
MAX_KEYS = 64
MAX_PROBLEMS = 50  # told at once
MAX_KEY = 64  # characters
MAX_ITEMS = 200  # of one list
MAX_ROWS = 2_000  # of a list of mappings


@dataclass(frozen=True)
class Problem:
    """One thing to repair; `line` counts from 1 in the file.

    Codes: missing_fence, unclosed_fence, bad_yaml, too_large, flow_mapping, not_mapping, not_list, not_text,
    nested_mapping, nested_list, bad_key, duplicate_key, alias, anchor, tag, merge_key, kept_breaks,
    too_deep.
    """

    line: int
    key: str | None
    code: str
    detail: str = ""


class FrontMatterError(Exception):
    """Carry the problems of one source, in the order of their lines."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True)
class Span:
    """A scalar and its place in the source; `style` is YAML's: "" for plain, a quotation mark, | or >."""

    text: str
    start: int
    end: int
    style: str


@dataclass
class Entry:
    """A key with its value: one span, or the spans of a list between `start` and `end`."""

    key: Span
    value: Span | list[Span]
    start: int
    end: int
    is_flow: bool = False


def line_at(source: str, position: int) -> int:
    """Count lines as editors do (YAML also counts U+2028 and the like)."""
    return 1 + source.count("\n", 0, position)


class _TooDeepError(ScannerError):
    """Brackets in brackets: PyYAML's scanner is quadratic in their depth."""


class _Loader(yaml.BaseLoader):
    """PyYAML's parser with a bound on what makes it slow."""

    def fetch_flow_collection_start(self, TokenClass: type) -> None:  # noqa: N803 (PyYAML's name)
        if self.flow_level >= MAX_DEPTH:
            raise _TooDeepError(None, None, str(MAX_DEPTH), self.get_mark())
        super().fetch_flow_collection_start(TokenClass)


class Reader:
    """Walk over the events of one YAML text, collecting values and problems."""

    def __init__(self, source: str, start: int, end: int) -> None:
        self.source, self.offset = source, start
        self.problems: list[Problem] = []
        self.events = self._events(source[start:end])

    def _events(self, text: str) -> Iterator[yaml.Event]:
        loader = None
        try:
            loader = _Loader(text)
            while loader.check_event():
                yield loader.get_event()
        except ReaderError as error:
            self.problem(error.position, None, "bad_yaml", f"U+{ord(text[error.position]):04X}")
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            code = "too_deep" if isinstance(error, _TooDeepError) else "bad_yaml"
            self.problem(mark.index if mark else 0, None, code, error.problem or "")
        except (ValueError, OverflowError) as error:  # "\U99999999" is beyond Unicode
            self.problem(loader.index if loader else 0, None, "bad_yaml", str(error))

    def problem(self, index: int, key: str | None, code: str, detail: str = "") -> None:
        position = min(self.offset + index, len(self.source))
        self.problems.append(Problem(line_at(self.source, position), key, code, detail))

    def raise_problems(self) -> None:
        if self.problems:
            raise FrontMatterError(sorted(self.problems, key=lambda problem: problem.line)[:MAX_PROBLEMS])

    def next(self, key: str | None = None) -> yaml.Event | None:
        """Give the next event; note what no value may carry. None at the end, or after a syntax error."""
        event = next(self.events, None)
        if isinstance(event, yaml.AliasEvent):
            self.problem(event.start_mark.index, key, "alias", event.anchor)
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            if event.anchor is not None:
                self.problem(event.start_mark.index, key, "anchor", event.anchor)
            if event.tag is not None:
                self.problem(event.start_mark.index, key, "tag", event.tag)
            if KEEP.match(self.source, self.offset + event.start_mark.index):
                self.problem(event.start_mark.index, key, "kept_breaks")
        elif isinstance(event, yaml.DocumentStartEvent | yaml.DocumentEndEvent) and event.explicit:
            self.problem(event.start_mark.index, None, "bad_yaml", "document marker")
        return event

    def root(self) -> yaml.Event | None:
        """Give the first node of the only document."""
        event = self.next()
        while isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            event = self.next()
        return event if isinstance(event, yaml.NodeEvent) else None

    def close(self) -> None:
        """Read to the end, for what comes after the root is a problem too."""
        while self.next() is not None:
            pass

    def skip(self, event: yaml.Event) -> None:
        """Pass over the rest of a collection."""
        depth = 1 if isinstance(event, yaml.CollectionStartEvent) else 0
        while depth and (inner := self.next()) is not None:
            depth += isinstance(inner, yaml.CollectionStartEvent) - isinstance(inner, yaml.CollectionEndEvent)

    def mapping(self) -> list[Entry]:
        event = self.root()
        if event is None:
            return []
        if not isinstance(event, yaml.MappingStartEvent):
            self.problem(event.start_mark.index, None, "not_mapping")
            self.skip(event)
        elif event.flow_style:
            self.problem(event.start_mark.index, None, "flow_mapping")
            self.skip(event)
        else:
            entries = self.entries()
            self.close()
            return entries
        self.close()
        return []

    def entries(self) -> list[Entry]:
        """Read keys and values up to the end of the mapping."""
        entries: dict[str, Entry] = {}
        while (event := self.next()) is not None and not isinstance(event, yaml.MappingEndEvent):
            key = self.key(event, entries)
            value = self.next(key.text)
            entry = self.value(key, value) if value is not None else None
            if entry is not None and key.text not in entries:
                entries[key.text] = entry
        if len(entries) > MAX_KEYS:
            self.problem(0, None, "too_large", str(MAX_KEYS))
        return list(entries.values())

    def key(self, event: yaml.Event, known: dict[str, Entry]) -> Span:
        """Read a key, and note what is wrong with it."""
        index = event.start_mark.index
        if not isinstance(event, yaml.ScalarEvent):
            self.skip(event)
            self.problem(index, None, "bad_key")
            return Span("", 0, 0, "")
        key = self.span(event)
        line_start = self.source.rfind("\n", 0, key.start) + 1
        if key.text == "<<":
            self.problem(index, None, "merge_key")
        elif not key.text or len(key.text) > MAX_KEY or self.source[line_start : key.start].strip(" \ufeff-"):
            self.problem(index, key.text[:MAX_KEY] or None, "bad_key")
        elif key.text in known:
            self.problem(index, key.text, "duplicate_key", str(line_at(self.source, known[key.text].key.start)))
        return key

    def value(self, key: Span, event: yaml.Event) -> Entry | None:
        """Read a text or a list of texts."""
        if isinstance(event, yaml.ScalarEvent):
            span = self.span(event)
            return Entry(key, span, span.start, span.end)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.items(key, event)
        if isinstance(event, yaml.MappingStartEvent):
            self.problem(event.start_mark.index, key.text, "nested_mapping")
            self.skip(event)
        return None

    def items(self, key: Span, event: yaml.SequenceStartEvent) -> Entry:
        items: list[Span] = []
        end = event.end_mark.index
        while (item := self.next(key.text)) is not None and not isinstance(item, yaml.SequenceEndEvent):
            if isinstance(item, yaml.ScalarEvent):
                items.append(self.span(item))
                end = item.end_mark.index
            elif isinstance(item, yaml.CollectionStartEvent):
                is_mapping = isinstance(item, yaml.MappingStartEvent)
                self.problem(item.start_mark.index, key.text, "nested_mapping" if is_mapping else "nested_list")
                self.skip(item)
        if len(items) > MAX_ITEMS:
            self.problem(event.start_mark.index, key.text, "too_large", str(MAX_ITEMS))
        if event.flow_style and item is not None:
            end = item.end_mark.index  # that of a block list lies after the comments that follow it
        return Entry(key, items, self.offset + event.start_mark.index, self.offset + end, bool(event.flow_style))

    def span(self, event: yaml.ScalarEvent) -> Span:
        start, end = self.offset + event.start_mark.index, self.offset + event.end_mark.index
        return Span(event.value, start, end, event.style or "")

    def rows(self) -> list[dict[str, str]]:
        """Read a list of flat mappings."""
        event = self.root()
        rows: list[dict[str, str]] = []
        if event is not None and not isinstance(event, yaml.SequenceStartEvent):
            self.problem(event.start_mark.index, None, "not_list")
            self.skip(event)
        elif event is not None:
            while (item := self.next()) is not None and not isinstance(item, yaml.SequenceEndEvent):
                rows.append(self.row(item))
        self.close()
        if len(rows) > MAX_ROWS:
            self.problem(0, None, "too_large", str(MAX_ROWS))
        return rows

    def row(self, event: yaml.Event) -> dict[str, str]:
        if not isinstance(event, yaml.MappingStartEvent):
            self.problem(event.start_mark.index, None, "not_mapping")
            self.skip(event)
            return {}
        if event.flow_style:
            self.problem(event.start_mark.index, None, "flow_mapping")
            self.skip(event)
            return {}
        row: dict[str, str] = {}
        for entry in self.entries():
            if isinstance(entry.value, list):
                self.problem(entry.start - self.offset, entry.key.text, "not_text")
            else:
                row[entry.key.text] = entry.value.text
        return row
