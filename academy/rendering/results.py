"""Name what a rendering gives back, and how it refuses."""

from dataclasses import dataclass


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


@dataclass(frozen=True)
class Rendered:
    """All that one Markdown body gives; `links` are the keys of its `[[wiki]]` links."""

    html: str
    text: str
    outline: tuple[Heading, ...]
    passages: tuple[Passage, ...]
    links: tuple[str, ...]
    lints: tuple[Lint, ...] = ()
    lines: tuple[int, ...] = ()  # of the file, where each block of the page starts


class RenderingRefused(Exception):
    """Say why a text is not rendered, at which line (None when unknown), and the limit that it passed.

    Codes: too_long, too_deep, table_too_wide, table_too_big, heading_too_long, link_too_long,
    too_many_abbreviations, nul_character, not_text, too_slow, too_big, busy, failed.
    """

    def __init__(self, code: str, line: int | None = None, limit: int | None = None) -> None:
        super().__init__(code, line, limit)
        self.code, self.line, self.limit = code, line, limit


def to_plain(rendered: Rendered) -> dict:
    """Give the parts as lists and strings, for JSON."""
    plain = dict(vars(rendered))
    plain["outline"] = [[item.level, item.anchor, item.title] for item in rendered.outline]
    plain["passages"] = [[item.anchor, item.path, item.text] for item in rendered.passages]
    plain["lints"] = [[item.line, item.code, item.detail] for item in rendered.lints]
    return plain


def from_plain(plain: dict) -> Rendered:
    """Undo `to_plain`."""
    return Rendered(
        html=plain["html"],
        text=plain["text"],
        outline=tuple(Heading(*item) for item in plain["outline"]),
        passages=tuple(Passage(anchor, tuple(path), text) for anchor, path, text in plain["passages"]),
        links=tuple(plain["links"]),
        lints=tuple(Lint(*item) for item in plain["lints"]),
        lines=tuple(plain["lines"]),
    )
