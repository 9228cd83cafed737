"""Put the dialect of the academy together: GitHub's Markdown and the constructs that courses need."""

import re
from collections.abc import Iterator
from typing import Any

from markdown import Markdown
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from academy.rendering.attributes import attributes_plugin
from academy.rendering.autolinks import autolinks_plugin
from academy.rendering.callouts import callouts_plugin
from academy.rendering.charts import charts_plugin
from academy.rendering.commonmark import CommonMark, MarkdownItParser
from academy.rendering.containers import containers_plugin
from academy.rendering.crosslinks import MAX_ANCHOR, crosslinks_plugin
from academy.rendering.elements import AcademyWriter
from academy.rendering.figures import figures_plugin
from academy.rendering.includes import includes_plugin
from academy.rendering.limits import limits_plugin
from academy.rendering.mathematics import mathematics_plugin
from academy.rendering.passages import words_of
from academy.rendering.results import RenderingRefused
from academy.rendering.slugs import slugify
from academy.rendering.tables import tables_plugin
from academy.rendering.transcripts import transcripts_plugin
from academy.rendering.typography import typography_plugin

ABBREVIATION = re.compile(r"\*\[([^\]\n]{1,80})\]: *(\S.{0,299})$")
MAX_ABBREVIATIONS = 200


class Academy(CommonMark):
    """The dialect as an extension of Python-Markdown."""

    writer = AcademyWriter

    def configure(self, mdit: MarkdownIt) -> None:
        mdit.enable(["table", "strikethrough"])
        mdit.options["tasklists"] = True
        mdit.use(footnote_plugin, inline=False).use(deflist_plugin).use(callouts_plugin).use(containers_plugin)
        mdit.use(abbreviations_plugin).use(autolinks_plugin).use(mathematics_plugin).use(charts_plugin)
        mdit.use(transcripts_plugin).use(attributes_plugin)
        mdit.use(figures_plugin).use(tables_plugin).use(typography_plugin).use(includes_plugin).use(headings_plugin)
        mdit.use(crosslinks_plugin).use(limits_plugin)


def new_converter() -> tuple[Markdown, MarkdownItParser]:
    """Give a converter (for one thread) and its parser."""
    converter = Markdown(extensions=[Academy()], output_format="html")
    return converter, converter.parser  # type: ignore[return-value]


def abbreviations_plugin(mdit: MarkdownIt) -> None:
    """Read `*[ABE]: definition` lines, and explain each use of the abbreviation."""
    mdit.block.ruler.before("reference", "abbreviation", _abbreviation, {"alt": ["paragraph", "reference"]})
    mdit.core.ruler.after("text_join", "abbreviations", _explain)


def _abbreviation(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("*[", begin) or state.is_code_block(start):
        return False
    match = ABBREVIATION.match(state.src[begin : state.eMarks[start]].rstrip())
    if match and not silent:
        known = state.env.setdefault("abbreviations", {})
        known.setdefault(match[1].strip(), match[2])
        if len(known) > MAX_ABBREVIATIONS:
            raise RenderingRefused("too_many_abbreviations", start + 1, MAX_ABBREVIATIONS)
        state.line = start + 1
    return match is not None


def _explain(state: StateCore) -> None:
    known = state.env.get("abbreviations")
    if not known:
        return
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    for block in state.tokens:
        if block.children and pattern.search(block.content):
            block.children = [new for token in block.children for new in _explained(token, pattern, known)]


def _explained(token: Token, pattern: re.Pattern[str], known: dict[str, str]) -> Iterator[Token]:
    if token.type != "text":
        yield token
        return
    done = 0
    for match in pattern.finditer(token.content):
        yield Token("text", "", 0, content=token.content[done : match.start()])
        yield Token("abbr_open", "abbr", 1, {"title": known[match[0]]})
        yield Token("text", "", 0, content=match[0])
        yield Token("abbr_close", "abbr", -1)
        done = match.end()
    yield Token("text", "", 0, content=token.content[done:])


def headings_plugin(mdit: MarkdownIt) -> None:
    """Give each heading and each defined term a unique id; to headings, a level that leaves the h1 to the page."""
    mdit.core.ruler.push("headings", _headings)


def _headings(state: StateCore) -> None:
    pairs = [
        (token, block)
        for token, block in zip(state.tokens, state.tokens[1:], strict=False)
        if token.type == "heading_open"
    ]
    shift = any(token.tag == "h1" for token, _ in pairs)
    closings = iter([token for token in state.tokens if token.type == "heading_close"])
    used: dict[str, int] = {}
    for opening, block in pairs:
        closing = next(closings)
        title = words_of(block.children)
        opening.meta = closing.meta = {
            "anchor": _unique("s-" + slugify(opening.meta.get("id", title), MAX_ANCHOR), used),
            "title": title,
            "written": opening.tag,
            "borrowed": opening.meta.get("borrowed", False),
        }
        opening.tag = closing.tag = f"h{min(int(opening.tag[1]) + shift, 6)}"
    for opening, block in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type == "dt_open":
            opening.attrs["id"] = _unique("s-" + slugify(words_of(block.children), MAX_ANCHOR), used)
    if used:
        _aim_at_headings(state, used)


def _unique(anchor: str, used: dict[str, int]) -> str:
    """Add a number to an id that is taken; `used` remembers where to go on, so that this stays linear."""
    candidate = anchor
    while candidate in used:
        used[anchor] += 1
        candidate = f"{anchor}-{used[anchor]}"
    used[candidate] = 1
    return candidate


def _aim_at_headings(state: StateCore, used: dict[str, Any]) -> None:
    """Let `[text](#title)` point to the heading whose id is `s-title`."""
    for block in state.tokens:
        for token in block.children or ():
            href = str(token.attrs.get("href", ""))
            if href.startswith("#") and "s-" + href[1:] in used:
                token.attrs["href"] = "#s-" + href[1:]
