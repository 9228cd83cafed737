"""Render Markdown: HTML, plain text, outline, passages, links and remarks, in this process.

`academy.rendering.worker.render_safely` does the same where a hostile text cannot hold the process up.
"""

import threading

import markdown
import markdown_it
import nh3
import pygments
from markdown_it.token import Token

from academy.rendering import passages
from academy.rendering.commonmark import MarkdownItParser
from academy.rendering.dialect import new_converter
from academy.rendering.limits import check_source, line_of
from academy.rendering.results import Heading, Lint, Passage, Rendered, RenderingRefused
from academy.rendering.sanitise import sanitise

__all__ = ["RENDERER", "Heading", "Lint", "Passage", "Rendered", "RenderingRefused", "lint", "render"]

# Raise the number whenever the same source gives other HTML, text or passages.
RENDERER = "-".join(("1", markdown.__version__, markdown_it.__version__, nh3.__version__, pygments.__version__))

_local = threading.local()


def render(source: str, *, link_prefix: str = "/d/", first_line: int = 1, language: str = "fr") -> Rendered:
    """Render a Markdown body (front matter removed).

    `first_line` is the line of the file where the body starts, so that refusals and remarks count in the file;
    `language` ("fr" or "en") is that of the words that the renderer adds. Raise `RenderingRefused` on a cap.
    """
    check_source(source, first_line)
    source = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    html, parser = _convert(source, first_line, {"link_prefix": link_prefix, "language": language})
    tokens = parser.tokens
    return Rendered(
        html=sanitise(html),
        text=passages.plain_text_of(tokens),
        outline=passages.outline_of(tokens),
        passages=passages.passages_of(tokens),
        links=tuple(parser.env.get("links", ())),
        lints=tuple(_remarks(tokens, first_line)),
    )


def lint(source: str, *, first_line: int = 1) -> list[Lint]:
    """List the remarks of a body: missing_alt, skipped_heading_level, h1_in_body, empty_heading."""
    return list(render(source, first_line=first_line).lints)


def _convert(source: str, first_line: int, settings: dict[str, str]) -> tuple[str, MarkdownItParser]:
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


def _remarks(tokens: list[Token], first_line: int) -> list[Lint]:
    found, level = [], 1  # the page's own title is the h1
    for token in tokens:
        if token.type == "heading_open":
            written = int(token.meta["written"][1])
            for code in _heading_remarks(written, level, token.meta["title"]):
                found.append(Lint(line_of(token), code, token.meta["title"]))
            level = written
        for child in token.children or ():
            if child.type == "image" and not passages.words_of(child.children):
                found.append(Lint(line_of(token, child), "missing_alt", str(child.attrs.get("src", ""))))
    return [Lint(remark.line + first_line - 1, remark.code, remark.detail) for remark in found]


def _heading_remarks(written: int, level: int, title: str) -> list[str]:
    codes = []
    if written == 1:
        codes.append("h1_in_body")
    if written > level + 1:
        codes.append("skipped_heading_level")
    if not title:
        codes.append("empty_heading")
    return codes
