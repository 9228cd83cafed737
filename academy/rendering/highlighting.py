"""Colour code with Pygments: classes only, a chosen set of languages, a bounded amount of text."""

from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

# Every lexer is a set of regular expressions that must not be slow: those that courses need, no more.
LANGUAGES = frozenset(
    "bash c c++ cpp console cs csharp css csv diff docker dockerfile go html ini java javascript js json "
    "make makefile nginx php powershell py python python3 r rb rs ruby rust sh shell sql toml ts "
    "typescript xml yaml yml".split()
)
MAX_CODE = 20_000  # characters of one block: longer ones are shown without colour
MAX_CODE_OF_PAGE = 40_000
FORMATTER = HtmlFormatter(nowrap=True)


def coloured(code: str, language: str, *, spent: int) -> str | None:
    """Give the code as HTML spans, or None when it must stay plain; `spent` counts earlier blocks."""
    if language not in LANGUAGES or len(code) > MAX_CODE or spent + len(code) > MAX_CODE_OF_PAGE:
        return None
    return highlight(code, get_lexer_by_name(language, stripnl=False, ensurenl=False), FORMATTER)


def plain(code: str) -> str:
    """Give the code as HTML without colour."""
    return escape(code, quote=False)
