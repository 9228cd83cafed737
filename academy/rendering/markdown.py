"""Render Markdown: HTML, plain text, outline, passages, links and remarks, in this process.

`academy.rendering.worker.render_safely` does the same where a hostile text cannot hold the process up.
"""

import threading
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from markdown_it.token import Token

from academy.rendering import crosslinks, drawn, includes, passages
from academy.rendering.attributes import UNREAD
from academy.rendering.commonmark import MarkdownItParser
from academy.rendering.dialect import new_converter
from academy.rendering.elements import WORDS as LANGUAGES
from academy.rendering.limits import check_source, line_of
from academy.rendering.results import NOTHING, Heading, Lent, Link, LinkKind, Lint, Passage, Rendered, RenderingRefused
from academy.rendering.sanitise import sanitise
from academy.rendering.slides import notes_of

__all__ = [
    "RENDERER",
    "Heading",
    "Lent",
    "Link",
    "LinkKind",
    "Lint",
    "Passage",
    "Rendered",
    "RenderingRefused",
    "lint",
    "render",
]

LIBRARIES = ("markdown", "markdown-it-py", "mdit-py-plugins", "nh3", "pygments", "latex2mathml")
# Raise the number whenever the same source gives other HTML, text or passages; 40 characters at most.
RENDERER = "4-" + sha256(" ".join(map(version, LIBRARIES)).encode()).hexdigest()[:16]

MOST_COLUMNS, WIDEST_CELL = 8, 300  # of a table that can be read: columns, characters of a cell

_local = threading.local()


def render(
    source: str,
    *,
    link_prefix: str = "/d/",
    glossary: str = "/glossaire/",
    first_line: int = 1,
    language: str = "fr",
    lent: Lent = NOTHING,
) -> Rendered:
    """Render a Markdown body (front matter removed).

    `first_line` is the line of the file where the body starts, so that refusals and remarks count in the file;
    `language` ("fr" or "en") is that of the text: of its typography, and of the words that the renderer adds;
    `lent` is what other texts lend to it. Raise `RenderingRefused` on a cap.
    """
    check_source(source, first_line)
    source = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    language = language if language in LANGUAGES else "fr"
    html, parser = _convert(
        source,
        first_line,
        {"link_prefix": link_prefix, "glossary": glossary, "language": language, **includes.settings_of(lent)},
    )
    safe = sanitise(html)
    tokens, blocks = parser.tokens, passages.blocks_of(parser.tokens)
    return Rendered(
        html=drawn.of(parser.env).put_into(safe),
        text=passages.plain_text_of(blocks),
        outline=passages.outline_of(tokens),
        passages=passages.passages_of(blocks),
        links=tuple(crosslinks.links_of(parser.env, safe, first_line)),
        lints=tuple(sorted([*_remarks(tokens, first_line), *_of_tables(tokens, first_line)], key=lambda it: it.line)),
        notes=notes_of(sanitise(html, has_comments=True)) if "<!--" in html else (),
        lines=tuple(_lines(tokens, first_line)),
    )


def lint(source: str, *, first_line: int = 1) -> list[Lint]:
    """List the remarks of a body: missing_alt, skipped_heading_level, h1_in_body, empty_heading, missing_transcript,
    unread_attributes, wide_table, long_cell.
    """
    return list(render(source, first_line=first_line).lints)


def _convert(source: str, first_line: int, settings: dict[str, Any]) -> tuple[str, MarkdownItParser]:
    if not hasattr(_local, "converter"):
        _local.converter = new_converter()
    converter, parser = _local.converter
    converter.reset()
    parser.settings, parser.tokens, parser.env = settings, [], {}  # `convert("")` returns before it parses
    try:
        return converter.convert(source), parser
    except RenderingRefused as refusal:
        if refusal.line is not None:
            refusal.line += first_line - 1
        raise


def _lines(tokens: list[Token], first_line: int) -> Iterator[int]:
    """Where each outermost block starts; footnotes, which end the page, have no line."""
    depth = 0
    for token in tokens:
        if depth == 0 and token.nesting >= 0 and token.map:
            yield token.map[0] + first_line
        depth += token.nesting


def _remarks(tokens: list[Token], first_line: int) -> Iterator[Lint]:
    level = 1  # the page's own title is the h1
    for token in tokens:
        if token.meta.get("borrowed"):  # for the text that lends it to repair
            continue
        if token.type == "heading_open":
            written, title = int(token.meta["written"][1]), token.meta["title"]
            wrong = {
                "h1_in_body": written == 1,
                "skipped_heading_level": written > level + 1,
                "empty_heading": not title,
            }
            yield from (Lint(line_of(token) + first_line - 1, code, title) for code, found in wrong.items() if found)
            level = written
        if token.type == "video_open" and not token.meta["transcript"]:
            yield Lint(line_of(token) + first_line - 1, "missing_transcript", token.meta["address"])
        for child in token.children or ():
            if child.type == "text" and "{" in child.content and (unread := UNREAD.search(child.content)):
                yield Lint(line_of(token) + first_line - 1, "unread_attributes", unread[0])
            if child.type == "image" and not passages.words_of(child.children):
                address = str(child.attrs.get("src", ""))
                yield Lint(line_of(token, child) + first_line - 1, "missing_alt", address)


def _of_tables(tokens: list[Token], first_line: int) -> Iterator[Lint]:
    """Tables that neither a sheet of paper nor a telephone can hold."""
    columns = start = row = 0
    for token in tokens:
        if token.meta.get("borrowed"):
            continue
        if token.type == "table_open":
            columns, start = 0, line_of(token) + first_line - 1
        elif token.type == "tr_open":
            row = line_of(token) + first_line - 1
        elif token.type == "th_open":
            columns += 1
        elif token.type == "thead_close" and columns > MOST_COLUMNS:
            yield Lint(start, "wide_table", str(columns))
        elif token.type == "table_close":
            row = 0
        elif token.type == "inline" and row and len(token.content) > WIDEST_CELL:
            yield Lint(row, "long_cell", token.content)
