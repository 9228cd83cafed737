"""Put a text, or one of its sections, into another: `![[id]]` or `![[id#section]]` alone on a line.

Each included text is parsed by itself: its notes, abbreviations and relative links stay its own. Its headings go
below the one that it stands under, its notes join those of the page.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from academy.rendering.crosslinks import KEY, SECTION, anchor_of, note
from academy.rendering.limits import MAX_BYTES, line_of
from academy.rendering.results import Lent, LinkKind, RenderingRefused

INCLUDE = re.compile(rf"!\[\[ *({KEY}) *(?:# *({SECTION}) *)?\]\] *")
MAX_INCLUDES = 20  # in one page, those of included texts too
MAX_DEPTH = 3  # texts in texts


def includes_plugin(mdit: MarkdownIt) -> None:
    """Read the lines, then replace them by the tokens of the texts; used before the plugin of headings."""
    mdit.block.ruler.before("reference", "include", _include, {"alt": ["paragraph", "reference"]})
    mdit.core.ruler.push("includes", _replace)


def settings_of(lent: Lent) -> dict[str, Any]:
    """What the rules read of what other texts lend."""
    return {"lent": asdict(lent), "chain": (lent.own,), "spent": {"includes": 0, "bytes": 0}}


def _include(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("![[", begin) or state.is_code_block(start):
        return False
    match = INCLUDE.fullmatch(state.src[begin : state.eMarks[start]])
    if match and not silent:
        token = state.push("include", "", 0)
        token.map, token.hidden = [start, start + 1], True
        token.meta = {"key": match[1], "anchor": anchor_of(match[2]) if match[2] else ""}
        state.line = start + 1
    return match is not None


def _replace(state: StateCore) -> None:
    if not any(token.type == "include" for token in state.tokens):
        return
    tokens: list[Token] = []
    notes: list[Token] = []
    number = len(state.env.get("footnotes", {}).get("list", {}))
    level = 1
    for token in state.tokens:
        if token.type == "heading_open" and token.level == 0:
            level = int(token.tag[1])
        if token.type != "include":
            tokens.append(token)
            continue
        body, its_notes = _cut(_tokens_of(state, token), token.meta["anchor"], level)
        number = _renumber([*body, *its_notes], number)
        for it in (*body, *its_notes):
            it.map, it.level, it.meta = token.map, it.level + token.level, {**it.meta, "borrowed": True}
        tokens += body
        notes += its_notes
    state.tokens = _with_notes(tokens, notes)


def _tokens_of(state: StateCore, token: Token) -> list[Token]:
    """Parse an included text; a text that is not there is a link to where it should be, and is noted."""
    env, key, anchor, line = state.env, token.meta["key"], token.meta["anchor"], line_of(token)
    note(env, LinkKind.INCLUDE, key, anchor, line)
    if key in env["chain"]:
        raise RenderingRefused("include_loop", line)
    if key not in env["lent"]["texts"]:
        missing = state.md.parse(f"[[{key}]]", _inner(env, key, ""))
        for it in _every(missing):
            it.meta.pop("way", None)
        return missing
    body, path = env["lent"]["texts"][key]
    _spend(env, body, line)
    inner = _inner(env, key, path)
    try:
        tokens = state.md.parse(body, inner)
    except RenderingRefused as refusal:  # its line is one of the other text
        raise RenderingRefused(refusal.code, line, refusal.limit) from None
    for kind, target, its_anchor in inner["links"]:  # its other links are noted with the tokens that are kept
        if kind == LinkKind.INCLUDE:
            note(env, kind, target, its_anchor, line)
    if anchor and not any(it.type == "heading_open" and it.meta["anchor"] == anchor for it in tokens):
        note(env, LinkKind.DEAD_SECTION, key, anchor, line)
    return tokens


def _spend(env: dict[str, Any], body: str, line: int) -> None:
    """Count an included text; refuse what is too deep, too often or too long."""
    spent = env["spent"]
    spent["includes"] += 1
    spent["bytes"] += len(body.encode())
    if len(env["chain"]) > MAX_DEPTH:
        raise RenderingRefused("includes_deep", line, MAX_DEPTH)
    if spent["includes"] > MAX_INCLUDES:
        raise RenderingRefused("includes_many", line, MAX_INCLUDES)
    if spent["bytes"] > MAX_BYTES:
        raise RenderingRefused("includes_big", line, MAX_BYTES // 1024)


def _inner(env: dict[str, Any], key: str, path: str) -> dict[str, Any]:
    kept = {name: env[name] for name in ("link_prefix", "language", "spent")}
    return {**kept, "lent": {**env["lent"], "base": path}, "chain": (*env["chain"], key), "links": {}}


def _cut(tokens: list[Token], anchor: str, level: int) -> tuple[list[Token], list[Token]]:
    """The tokens of a section (all without one), below a heading of that level; and those of its notes."""
    at = next((n for n, it in enumerate(tokens) if it.type == "footnote_block_open"), len(tokens))
    body, notes = tokens[:at], tokens[at + 1 : -1]
    top = 1
    if anchor:
        body, top = _section(body, anchor)
        used = {it.meta["id"] for it in _every(body) if it.type == "footnote_ref"}
        notes = _notes_with(notes, used)
    for token in body:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(level + int(token.tag[1]) - top, 6)}"
    return body, notes


def _section(tokens: list[Token], anchor: str) -> tuple[list[Token], int]:
    """What stands below a heading, without it, and its level."""
    kept: list[Token] = []
    level = 0
    for token in tokens:
        is_heading = token.type == "heading_open" and token.level == 0
        if is_heading and token.meta["anchor"] == anchor:
            level = int(token.tag[1])
        elif is_heading and level and int(token.tag[1]) <= level:
            break
        if level:
            kept.append(token)
    return kept[3:], level or 1  # the heading itself is its opening, its words and its closing


def _notes_with(notes: Iterable[Token], used: set[int]) -> list[Token]:
    kept: list[Token] = []
    is_used = False
    for token in notes:
        if token.type == "footnote_open":
            is_used = token.meta["id"] in used
        if is_used:
            kept.append(token)
    return kept


def _every(tokens: Iterable[Token]) -> Iterable[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _renumber(tokens: list[Token], number: int) -> int:
    """Give notes the numbers after those of the page so far; return how many there are then."""
    numbers: dict[int, int] = {}
    for token in _every(tokens):
        if token.type in ("footnote_ref", "footnote_open", "footnote_anchor"):
            new = numbers.setdefault(token.meta["id"], number + len(numbers))
            token.meta = {**token.meta, "id": new}
    return number + len(numbers)


def _with_notes(tokens: list[Token], notes: list[Token]) -> list[Token]:
    if not notes:
        return tokens
    if tokens and tokens[-1].type == "footnote_block_close":
        return [*tokens[:-1], *notes, tokens[-1]]
    return [*tokens, Token("footnote_block_open", "", 1), *notes, Token("footnote_block_close", "", -1)]
