"""Refuse what would cost too much, with the line to repair.

The parser is linear for nearly all shapes, but slow per character on hostile ones; some rules of the
libraries expand their input (tables, references). Each cap below answers one shape that was measured.
"""

import re
from collections.abc import Callable
from functools import wraps

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_ref

from academy.rendering.results import RenderingRefused

MAX_BYTES = 128 * 1024  # the 99th percentile of real course files is 50 kB
MAX_LEVEL = 28  # of nested blocks (a list counts for two): beyond its own limit the parser drops text
MAX_COLUMNS = 64
MAX_CELLS = 10_000
MAX_HEADING = 300  # characters
MAX_ADDRESS = 2_000  # characters of a link or of its title
MAX_ATTRIBUTES = 512 * 1024  # characters of all links together: references repeat what they point to
FOOTNOTE = re.compile(r"\[\^[^\s\[\]]{1,80}\]")
UNWRITABLE = re.compile("[\ud800-\udfff]")


def check_source(source: str, first_line: int = 1) -> None:
    """Refuse a text that is too long, or that is no text."""
    if (nul := source.find("\0")) >= 0:
        raise RenderingRefused("nul_character", _line_at(source, nul, first_line))
    if half := UNWRITABLE.search(source):
        raise RenderingRefused("not_text", _line_at(source, half.start(), first_line))
    if len(source) > MAX_BYTES or len(source.encode()) > MAX_BYTES:
        kept = source[:MAX_BYTES].encode()[:MAX_BYTES]
        raise RenderingRefused("too_long", first_line + kept.count(b"\n"), MAX_BYTES)


def _line_at(source: str, position: int, first_line: int) -> int:
    return first_line + source.count("\n", 0, position)


def limits_plugin(mdit: MarkdownIt) -> None:
    """Bound the rules that are not linear; used after all other plugins."""
    mdit.block.ruler.before("table", "depth", _refuse_depth)
    mdit.block.ruler.at("table", _bounded_table, {"alt": ["paragraph", "reference"]})
    mdit.inline.ruler.at("footnote_ref", _bounded_footnote)
    mdit.core.ruler.after("block", "block_limits", _check_blocks)
    mdit.core.ruler.after("inline", "inline_limits", _check_inlines)


def _refuse_depth(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.level > MAX_LEVEL:
        raise RenderingRefused("too_deep", start + 1, MAX_LEVEL // 2)
    return False


def _bounded_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if start + 1 < end and state.src.count("|", state.bMarks[start + 1], state.eMarks[start + 1]) > MAX_COLUMNS + 1:
        if table(state, start, end, True):
            raise RenderingRefused("table_too_wide", start + 1, MAX_COLUMNS)
        return False
    return table(state, start, end, silent)


def _bounded_footnote(state: StateInline, silent: bool) -> bool:
    """Look for a label of at most 80 characters: the plugin's own search goes to the end of the paragraph."""
    return FOOTNOTE.match(state.src, state.pos) is not None and footnote_ref(state, silent)


def _check_blocks(state: StateCore) -> None:
    cells, table_line, before = 0, 1, None
    for token in state.tokens:
        if token.type == "table_open":
            cells, table_line = 0, line_of(token)
        elif token.type == "td_open":
            cells += 1
            if cells > MAX_CELLS:
                raise RenderingRefused("table_too_big", table_line, MAX_CELLS)
        elif before is not None and before.type == "heading_open" and len(token.content) > MAX_HEADING:
            raise RenderingRefused("heading_too_long", line_of(before), MAX_HEADING)
        before = token


def _check_inlines(state: StateCore) -> None:
    total = 0
    for block in state.tokens:
        for token in block.children or ():
            if token.attrs:
                sizes = [len(str(value)) for value in token.attrs.values()]
                total += sum(sizes)
                if max(sizes) > MAX_ADDRESS:
                    raise RenderingRefused("link_too_long", line_of(block, token), MAX_ADDRESS)
                if total > MAX_ATTRIBUTES:
                    raise RenderingRefused("too_big", line_of(block, token), MAX_ATTRIBUTES)


def line_of(block: Token, child: Token | None = None) -> int:
    """Give the line (from 1, in the body) of a block, or of a child that knows its place in it."""
    return (block.map[0] if block.map else 0) + 1 + (child.meta.get("newlines", 0) if child else 0)


def with_line(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """Make an inline rule note how many lines of its block come before what it finds."""

    @wraps(rule)
    def noting(state: StateInline, silent: bool) -> bool:
        before, start = len(state.tokens), state.pos
        found = rule(state, silent)
        if found and not silent:
            for token in state.tokens[before:]:
                token.meta.setdefault("newlines", state.src.count("\n", 0, start))
        return found

    return noting
