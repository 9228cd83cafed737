"""Name what a rendering gives back, and how it refuses."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Heading:
    """A heading of the page; `anchor` is its id in the HTML."""

    level: int
    anchor: str
    title: str


@dataclass(frozen=True)
class Passage:
    """A unit of text for the search index; `anchor` is the id of the heading above it, or ""."""

    anchor: str
    path: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Lint:
    """A remark about accessibility; `line` counts from 1 in the file."""

    line: int
    code: str
    detail: str


class LinkKind(enum.StrEnum):
    """What a text does with another. The `DEAD_…` lead nowhere, whatever other texts exist; the last two are for the site
    to check."""

    LINK = "link"
    TITLE = "title"  # a link that shows the title of its target
    INCLUDE = "include"
    DEAD_ANCHOR = "dead_anchor"  # of the text itself
    DEAD_PATH = "dead_path"  # a relative file that is no text
    DEAD_SECTION = "dead_section"  # of an included text
    ADDRESS = "address"  # a path of the site: `target` starts with "/"
    TERM = "term"  # a word of the glossary: `target` as it is written


@dataclass(frozen=True)
class Link:
    """A way from a text to another: `target` is its id, "" for the text itself, or a path that is no text.

    `anchor` is the id of the heading in the HTML of the target, or ""; `line` counts from 1 in the file.
    """

    kind: LinkKind
    target: str
    anchor: str
    line: int


@dataclass(frozen=True)
class Lent:
    """What other texts lend to a text that is rendered, by their ids.

    `own` and `base` are the id of the text itself and its path in the folder of texts; `titles` have their
    language, `texts` (the bodies that may be included) their path; `paths` lead from a path to an id.
    """

    own: str = ""
    base: str = ""
    titles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    texts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)


NOTHING = Lent()


@dataclass(frozen=True)
class Rendered:
    """All that one Markdown body gives.

    `links` name each way to another text once, those that lead nowhere too; `notes` are what its speaker says by slide.
    """

    html: str
    text: str
    outline: tuple[Heading, ...]
    passages: tuple[Passage, ...]
    links: tuple[Link, ...]
    lints: tuple[Lint, ...] = ()
    notes: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()  # of the file, where each block of the page starts


class RenderingRefused(Exception):
    """Say why a text is not rendered, at which line (None when unknown), and the limit that it passed.

    Codes: too_long, too_deep, table_too_wide, table_too_big, heading_too_long, link_too_long,
    too_many_abbreviations, math_too_long, math_too_deep, math_command, math_unreadable, too_many_formulas,
    chart_key, chart_type, chart_title, chart_empty, chart_series, chart_rows, chart_cells, chart_label, chart_number,
    chart_negative, too_many_charts, video_address, include_loop, includes_deep, includes_many, includes_big,
    nul_character, not_text, too_slow, too_big, busy, failed.
    """

    def __init__(self, code: str, line: int | None = None, limit: int | None = None) -> None:
        super().__init__(code, line, limit)
        self.code, self.line, self.limit = code, line, limit


def to_plain(rendered: Rendered) -> dict:
    """Give the parts as lists and strings, for JSON."""
    plain = dict(vars(rendered))
    plain["outline"] = [[item.level, item.anchor, item.title] for item in rendered.outline]
    plain["passages"] = [[item.anchor, item.path, item.text] for item in rendered.passages]
    plain["links"] = [[item.kind, item.target, item.anchor, item.line] for item in rendered.links]
    plain["lints"] = [[item.line, item.code, item.detail] for item in rendered.lints]
    return plain


def from_plain(plain: dict) -> Rendered:
    """Undo `to_plain`."""
    return Rendered(
        html=plain["html"],
        text=plain["text"],
        outline=tuple(Heading(*item) for item in plain["outline"]),
        passages=tuple(Passage(anchor, tuple(path), text) for anchor, path, text in plain["passages"]),
        links=tuple(Link(LinkKind(kind), *rest) for kind, *rest in plain["links"]),
        lints=tuple(Lint(*item) for item in plain["lints"]),
        notes=tuple(plain.get("notes", ())),
        lines=tuple(plain.get("lines", ())),
    )
