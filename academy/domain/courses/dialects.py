"""Bring the boxes of other tools to ours; what we have no word for stays as it is, and is told with its line."""

import re
from collections.abc import Iterator

from academy.domain.courses.makers import Maker
from academy.domain.problems import Problem
from academy.rendering.callouts import ALIASES, KINDS

MOST_CHARACTERS = 10_000  # of a line that is looked at: longer ones are data
_FENCE = re.compile(r"^\s{0,12}(?P<mark>`{3,}|~{3,})\s*(?P<info>.{0,200})$")
_OTHERS = {
    **dict.fromkeys(("success", "check", "done", "hint"), "tip"),
    **dict.fromkeys(("failure", "fail", "missing", "bug", "error"), "danger"),
    **dict.fromkeys(("secondary", "seealso", "todo"), "note"),
    **dict.fromkeys(("help", "faq"), "question"),
    "abstract": "summary",
    "tldr": "summary",
    "cite": "quote",
}
_ADMONITION = re.compile(
    r'^(?P<head>\s*(?:!!!|\?\?\?\+?)\s+)(?P<kind>[\w-]+)(?P<classes>(?: +[\w-]+)*)(?P<title> +".*")?\s*$'
)
_COLONS = re.compile(r"^(?P<head>\s*:{3,})\s*(?P<rest>\S.{0,300})$")
_DIRECTIVE = re.compile(r"^(?P<kind>[a-z]+)(?:\[(?P<bracket>[^\]]*)\])?(?:\{[^}]*\})?\s*(?P<title>.*)$")
_CALLOUT = re.compile(r"^\{[^}]*\.callout-(?P<kind>[a-z]+)(?P<rest>[^}]*)\}\s*$")
_TITLE = re.compile(r"""title=(?:"([^"]*)"|'([^']*)')""")
_HINT = re.compile(r"""^(?P<head>\s*)\{%-?\s*hint(?:\s+style=["'](?P<kind>[a-z]+)["'])?\s*-?%\}\s*$""")
_END_OF_HINT = re.compile(r"^(\s*)\{%-?\s*endhint\s*-?%\}\s*$")
_HEADING = re.compile(r"^\s{0,3}#{2,6}\s+(?P<title>.+?)\s*#*\s*$")
# What no tool but its own understands. The first that a line has is told.
_UNKNOWN = (
    ("course_tabs", re.compile(r"^\s*===\+?\s+\"|^\s*\{%\s*tabs?\b|^:{3,}.*panel-tabset|<Tab(?:s|Item)\b")),
    ("course_include", re.compile(r"--8<--|^\s*\{!|\{\{#include|\{\{<\s*include|\{%\s*(?:include|embed|file)\b")),
    (
        "course_jsx",
        re.compile(r"^(?:import\s.+\sfrom\s|import\s+['\"]|export\s+(?:const|default|function))|</?[A-Z][\w.]*[\s/>]"),
    ),
    ("course_shortcode", re.compile(r"\{\{[<%]?.*?[>%]?\}\}|\{%.*?%\}")),
    ("course_toc", re.compile(r"^\s*(?:\[TOC\]|\[\[_TOC_\]\])\s*$")),
    ("course_html", re.compile(r"<!--|</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>")),
    ("course_citation", re.compile(r"\[@[\w:-]+[^\]]*\]|(?:^|\s)@(?:fig|tbl|sec|eq)-[\w-]+")),
    ("course_attributes", re.compile(r"(?<=\S)\s*\{:?\s*[#.][\w-][^{}]*\}|\)\{[^{}]+\}")),
)
_AUTOLINK = re.compile(r"<(?:https?://|mailto:)[^<>\s]+>")
_CODE = re.compile(r"(`+)(?:(?!\1).)+?\1")


class Lines:
    """The lines of a body as they are rewritten: as many come out as went in, so that line numbers hold."""

    def __init__(self, source: str, *, path: str, first: int, maker: Maker | None):
        self.path, self.first, self.maker = path, first, maker
        self.problems: list[Problem] = []
        self.lines = source.split("\n")
        self.is_code = [False] * len(self.lines)

    def blame(self, number: int, code: str, **details: object) -> None:
        """Tell that something on the line of that index (from 0) did not come along."""
        self.problems.append(Problem(self.path, self.first + number, "", code, details))

    def text_lines(self) -> Iterator[tuple[int, str]]:
        """Index and words of each line outside code that is short enough to be looked at."""
        for number, line in enumerate(self.lines):
            if not self.is_code[number] and len(line) <= MOST_CHARACTERS:
                yield number, line


def translate(lines: Lines) -> None:
    """Mark the code, rewrite the boxes, tell the rest."""
    _mark_code(lines)
    for number, line in lines.text_lines():
        lines.lines[number] = _box(lines, number, line.rstrip("\r")) + ("\r" if line.endswith("\r") else "")
    _titles_inside(lines)
    for number, line in enumerate(lines.lines):
        if not lines.is_code[number]:
            _tell(lines, number, line)


def masked(line: str) -> str:
    """The line with blanks for its inline code: what looks like a link there is none."""
    return _CODE.sub(lambda code: " " * len(code[0]), line)


def _mark_code(lines: Lines) -> None:
    opened = ""
    for number, line in enumerate(lines.lines):
        fence = _FENCE.match(line)
        lines.is_code[number] = bool(opened or fence)
        if not fence:
            continue
        if not opened:
            opened = fence["mark"]
            if run := re.match(r"\{(\w+)[^}]*\}", fence["info"]):
                lines.lines[number] = line.replace(fence["info"].rstrip("\r"), run[1], 1)
                lines.blame(number, "course_run", detail=run[1])
        elif fence["mark"].startswith(opened) and not fence["info"].strip():
            opened = ""


def _box(lines: Lines, number: int, line: str) -> str:
    if found := _ADMONITION.match(line):
        kind = _kind(found["kind"])
        if kind is None:
            lines.blame(number, "course_box", detail=found["kind"])
            kind = "note"
        return f"{found['head']}{kind}{(found['title'] or '').rstrip()}"
    if found := _HINT.match(line):
        return f"{found['head']}::: {_kind(found['kind'] or 'info') or 'note'}"
    if found := _END_OF_HINT.match(line):
        return f"{found[1]}:::"
    if found := _COLONS.match(line):
        return _container(lines, number, line, found)
    return line


def _container(lines: Lines, number: int, line: str, found: re.Match[str]) -> str:
    if quarto := _CALLOUT.match(found["rest"]):
        said = _TITLE.search(quarto["rest"])
        title = (said[1] or said[2] or "") if said else ""
        kind = _kind(quarto["kind"])
    elif directive := _DIRECTIVE.match(found["rest"]):
        title = (directive["bracket"] or directive["title"] or "").strip()
        kind = _kind(directive["kind"])
    else:
        kind, title = None, ""
    if kind is None:
        if not _UNKNOWN[0][1].search(line):  # tabs are told as such
            lines.blame(number, "course_box", detail=found["rest"].strip())
        return line
    return f"{found['head']} {kind}{f' {title}' if title else ''}"


def _kind(word: str) -> str | None:
    word = word.casefold()
    word = _OTHERS.get(word, ALIASES.get(word, word))
    return word if word in KINDS else None


def _titles_inside(lines: Lines) -> None:
    """A heading that opens a box of Quarto is its title."""
    if lines.maker != Maker.QUARTO:
        return
    for number, line in enumerate(lines.lines[:-1]):
        opened = re.fullmatch(r"\s*:{3,} (\w+)\r?", line)
        heading = _HEADING.match(lines.lines[number + 1].rstrip("\r"))
        if not lines.is_code[number] and opened and opened[1] in KINDS and heading:
            lines.lines[number] = f"{line.rstrip()} {heading['title']}"
            lines.lines[number + 1] = ""


def _tell(lines: Lines, number: int, line: str) -> None:
    if len(line) > MOST_CHARACTERS:
        lines.blame(number, "course_long_line")
        return
    bare = _AUTOLINK.sub(" ", masked(line))
    for code, shape in _UNKNOWN:
        if found := shape.search(bare):
            lines.blame(number, code, detail=found[0].strip())
            return
