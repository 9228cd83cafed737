"""Colour code with Pygments: classes only, a chosen set of languages, a bounded amount of text."""

import re

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

# Every lexer is a set of regular expressions, many of them quadratic in the length of a line or (C, C++, C#, Java:
# left out) of the text: hence few languages, and the limits below.
LANGUAGES = frozenset(
    "bash console css diff docker dockerfile go html ini javascript js json nginx php powershell py "
    "python python3 r rb rs ruby rust sh shell sql toml ts typescript xml yaml yml".split()
)
MAX_CODE = 6_000  # characters of one block: longer ones are shown without colour
MAX_CODE_OF_PAGE = 30_000
LONG_LINE = re.compile(r"[^\n]{201}")
FORMATTER = HtmlFormatter(nowrap=True)


def coloured(code: str, language: str, *, spent: int) -> str | None:
    """Give the code as HTML spans, or None when it must stay plain; `spent` counts the blocks before."""
    if (
        language not in LANGUAGES
        or len(code) > MAX_CODE
        or spent + len(code) > MAX_CODE_OF_PAGE
        or LONG_LINE.search(code)
    ):
        return None
    return highlight(code, get_lexer_by_name(language, stripnl=False, ensurenl=False), FORMATTER)
