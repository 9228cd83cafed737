"""Read `$x^2$` in a sentence and `$$…$$` as a block: mathematics, never the price of a thing."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from academy.rendering.formulas import MAX_FORMULAS, Unreadable, mathml
from academy.rendering.limits import line_of, with_line
from academy.rendering.results import RenderingRefused

# No blank inside the dollars, no figure outside them: `5 $ et 10 $`, `$5 and $10`, `3$US` are sums of money.
INLINE = re.compile(r"\$(?![\s$])((?:[^\\$]|\\.)++)(?<!\s)\$(?![0-9A-Z$])", re.DOTALL)


def mathematics_plugin(mdit: MarkdownIt) -> None:
    """Read formulas, and turn them into MathML where the line is known."""
    mdit.block.ruler.before("fence", "math_block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    mdit.inline.ruler.before("escape", "math_inline", with_line(_inline))
    mdit.core.ruler.after("inline", "mathematics", _convert)


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take the lines from one that starts with `$$` to the first that has `$$` again, which must end with it."""
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("$$", begin) or state.is_code_block(start):
        return False
    line, text = start, state.src[begin + 2 : state.eMarks[start]].strip()
    while "$$" not in text:
        line += 1
        if line >= end or state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            return False
        text = state.getLines(line, line + 1, state.blkIndent, False).strip()
    if text.index("$$") != len(text) - 2:
        return False
    if not silent:
        lines = state.getLines(start, line + 1, state.blkIndent, False).strip()
        token = state.push("math_block", "math", 0)
        token.block, token.map, token.content = True, [start, line + 1], lines[2:-2].strip()
        state.line = line + 1
    return True


def _inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "$" or (state.pos and state.src[state.pos - 1].isalnum()):
        return False
    match = INLINE.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        state.push("math_inline", "math", 0).content = match[1]
    state.pos = match.end()
    return True


def _convert(state: StateCore) -> None:
    spent = 0
    for block in state.tokens:
        found = [(block, None)] if block.type == "math_block" else _inside(block)
        for token, child in found:
            formula = child or token
            spent += len(formula.content)
            if spent > MAX_FORMULAS:
                raise RenderingRefused("too_many_formulas", line_of(block, child), MAX_FORMULAS)
            _draw(formula, line_of(block, child))


def _inside(block: Token) -> list[tuple[Token, Token | None]]:
    return [(block, child) for child in block.children or () if child.type == "math_inline"]


def _draw(formula: Token, line: int) -> None:
    """Keep the tree in `meta`; from now on the content is what a reader reads."""
    try:
        drawing = mathml(formula.content, block=formula.type == "math_block")
    except Unreadable as reason:
        code, limit = reason.args
        raise RenderingRefused(code, line, limit) from reason
    formula.meta["drawing"], formula.content = drawing, drawing.get("alttext", "")
