"""Lead from a text to another: `[[id]]`, and relative links to files that a forge follows too.

Both become `<a class="wiki" href="/d/id#s-heading">`: the address that finds a text wherever it has moved. The
titles, and which text a path is, are lent by the caller (`results.Lent`, as a dictionary in `env["lent"]`).
"""

import posixpath
import re
from collections.abc import Iterator, MutableMapping
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, link
from markdown_it.token import Token

from academy.rendering.limits import line_of, with_line
from academy.rendering.results import Link, LinkKind
from academy.rendering.slugs import is_slug, slugify

KEY = r"[a-z0-9][a-z0-9-]{0,79}"
SECTION = r"[^\[\]|\n]{1,120}?"
WIKI = re.compile(rf"\[\[ *({KEY}) *(?:# *({SECTION}) *)?(?:\| *([^\[\]\n]{{1,200}}?) *)?\]\]")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\?]", re.IGNORECASE)
FILE = re.compile(r"(.+)\.(?:fr|en)\.md", re.DOTALL)
MAX_ANCHOR = 60
OWN = frozenset(  # what is repaired in the text that has it, not where it is included
    (LinkKind.DEAD_ANCHOR, LinkKind.DEAD_PATH, LinkKind.DEAD_SECTION, LinkKind.ADDRESS, LinkKind.TERM)
)
Way = tuple[LinkKind, str, str]  # kind, target and anchor, as in `Link`


def crosslinks_plugin(mdit: MarkdownIt) -> None:
    """Read `[[id]]`, `[[id#section]]` and `[[id|text]]`; aim relative links. `env["links"]` collects all of them."""
    mdit.inline.ruler.before("link", "wiki", _wiki)
    mdit.inline.ruler.at("link", with_line(link))
    mdit.core.ruler.push("crosslinks", _follow)


def anchor_of(words: str) -> str:
    """The id of a heading from how an author names it: its words, its slug, or the id itself."""
    bare = words.removeprefix("s-")
    return "s-" + (bare if is_slug(bare) else slugify(words, MAX_ANCHOR))


def note(env: MutableMapping[str, Any], kind: LinkKind, target: str, anchor: str, line: int) -> None:
    """Remember a way to another text, at the first line that has it."""
    env.setdefault("links", {}).setdefault((kind, target, anchor), line)


def links_of(env: MutableMapping[str, Any], html: str, first_line: int) -> Iterator[Link]:
    """The ways that were noted, by line; anchors of the text itself only when *html* has no such id."""
    ids = {""} | set(re.findall(r' id="([^"]+)"', html))
    noted = env.get("links", {})
    for (kind, target, anchor), line in sorted(noted.items(), key=lambda it: it[1]):
        if kind != LinkKind.DEAD_ANCHOR or anchor not in ids:
            yield Link(kind, target, anchor, line + first_line - 1)


def _wiki(state: StateInline, silent: bool) -> bool:
    match = WIKI.match(state.src, state.pos) if state.src.startswith("[[", state.pos) else None
    if not match or state.linkLevel:
        return False
    if not silent:
        key, section = match[1], match[2]
        anchor = anchor_of(section) if section else ""
        lent = None if match[3] else state.env["lent"]["titles"].get(key)
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": _address(state.env, key, anchor), "class": "wiki"}
        kind = LinkKind.LINK if match[3] else LinkKind.TITLE
        opening.meta = {"way": (kind, key, anchor), "newlines": state.src.count("\n", 0, state.pos)}
        if match[3]:
            _tokenize(state, *match.span(3))
        else:
            title, language = lent or (key, "")
            if language not in ("", state.env["language"]):
                opening.attrs["lang"] = language
            state.push("text", "", 0).content = title
        state.push("link_close", "a", -1)
    state.pos = match.end()
    return True


def _tokenize(state: StateInline, start: int, end: int) -> None:
    """Read the text of a link, in which no other link may start."""
    outer_end = state.posMax
    state.pos, state.posMax = start, end
    state.linkLevel += 1
    state.md.inline.tokenize(state)
    state.linkLevel -= 1
    state.posMax = outer_end


def _address(env: MutableMapping[str, Any], key: str, anchor: str) -> str:
    return f"{env['link_prefix']}{key}" + (f"#{anchor}" if anchor else "")


def _follow(state: StateCore) -> None:
    """Note each link with its line; lead those to files of texts, and to headings, where they mean to go."""
    for block in state.tokens:
        for token in block.children or ():
            if token.type not in ("link_open", "term_open") or token.info == "auto":
                continue
            is_lent = block.meta.get("borrowed", False)
            way = token.meta.get("way") or (LinkKind.LINK, "", "") if is_lent else _way_of(state, token)
            kind, target, anchor = token.meta["way"] = way
            if (target or anchor) and not (is_lent and kind in OWN):
                note(state.env, kind, target, anchor, line_of(block, token))


def _way_of(state: StateCore, token: Token) -> Way:
    """Where a link leads: ("", "") when it is not for us to say."""
    if way := token.meta.get("way"):
        return way
    href, lent = str(token.attrs.get("href", "")), state.env["lent"]
    if href.startswith("#"):
        return LinkKind.DEAD_ANCHOR, "", unquote(href[1:])
    path, _, section = href.partition("#")
    if href.startswith("/") and not href.startswith("//"):
        return LinkKind.ADDRESS, unquote(path), unquote(section)
    if ELSEWHERE.match(href) or not path.lower().endswith(".md"):
        return LinkKind.LINK, "", ""
    file = FILE.fullmatch(posixpath.normpath(posixpath.join(posixpath.dirname(lent["base"]), unquote(path))))
    key = lent["paths"].get(file[1]) if file else None
    if key is None:
        return LinkKind.DEAD_PATH, unquote(path), ""
    anchor = anchor_of(unquote(section)) if section else ""
    token.attrs |= {"href": _address(state.env, key, anchor), "class": "wiki"}
    return LinkKind.LINK, key, anchor
