"""The headings of a page by the anchors that other tools give them, and the ones that they have here."""

import re
from collections import Counter
from collections.abc import Mapping

from academy.rendering.crosslinks import MAX_ANCHOR
from academy.rendering.slugs import slugify

_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"\s{0,3}#{1,6}[ \t]+(?P<words>.+?)(?:[ \t]+#+)?[ \t]*\r?$")
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|-{2,})[ \t]*\r?$")
_PLAIN = re.compile(r"[^\s#>*+|`~-]")  # begins a line that may be underlined
_GIVEN = re.compile(r"\s*\{[^{}]*#(?P<id>[\w-]+)[^{}]*\}\s*$")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_MARKS = re.compile(r"[*`]|(?<!\w)_|_(?!\w)")


def sections_of(title: str, body: str) -> dict[str, str]:
    """Our anchors (without `s-`) by how other tools write theirs; the title leads to the top: ""."""
    found = {_folded(title): ""}
    seen: Counter[str] = Counter()
    used: Counter[str] = Counter()
    for words in _headings(body):
        given = _GIVEN.search(words)
        said = given["id"] if given else _MARKS.sub("", _LINK.sub(r"\1", words))
        ours, theirs = slugify(said, MAX_ANCHOR), _folded(said)
        used[ours] += 1
        own = ours if used[ours] == 1 else f"{ours}-{used[ours]}"
        found.setdefault(f"{theirs}{seen[theirs] or ''}", own)
        seen[theirs] += 1
    return found


def section_in(sections: Mapping[str, str], anchor: str) -> str | None:
    """Where an anchor of another tool leads: ours, "" for the top of the page, None for nowhere."""
    return "" if not anchor else sections.get(_folded(anchor))


def _folded(anchor: str) -> str:
    """What is the same in all tools: some drop an apostrophe that others make a hyphen."""
    return slugify(anchor, 1_000).replace("-", "")


def _headings(body: str) -> list[str]:
    found, fence, before = [], "", ""
    for line in body.split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence and len(line) <= 1_000:
            if heading := _HEADING.match(line):
                found.append(heading["words"])
            elif _UNDERLINE.match(line) and _PLAIN.match(before):
                found.append(before.strip())
            before = line
            continue
        before = ""
    return found
