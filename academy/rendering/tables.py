"""Say what heads what in a table: a header cell without words heads nothing, and under it stand headers of rows."""

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore


def tables_plugin(mdit: MarkdownIt) -> None:
    """Choose `th` or `td` for each cell, in `token.tag`."""
    mdit.core.ruler.push("tables", _tables)


def _tables(state: StateCore) -> None:
    has_corner = False  # the table that is being walked names its rows in the first column
    for before, opening, inline, closing in zip(
        state.tokens, state.tokens[1:], state.tokens[2:], state.tokens[3:], strict=False
    ):
        is_first, is_empty = before.type == "tr_open", not inline.content.strip()
        if opening.type == "th_open":
            has_corner = is_empty if is_first else has_corner
            opening.tag = closing.tag = "td" if is_empty else "th"
        elif opening.type == "td_open" and is_first and has_corner and not is_empty:
            opening.tag = closing.tag = "th"
