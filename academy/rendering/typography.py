"""Set texts as a French or an English printer would: spaces, quotation marks, apostrophes, ellipses.

French follows the Imprimerie nationale: a narrow no-break space (U+202F) before `; ! ?` and inside « », a full one
(U+00A0) before the colon and between a figure and its unit (narrow before %), never a plain space. English gets “ ” ‘ ’ and … only.
Each rule changes single characters and looks at the untouched text around them, so that one pass is enough, is
linear, and changes nothing the second time.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from operator import itemgetter

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

NARROW, WIDE = "\u202f", "\u00a0"
ATOM = "\ufffc"  # stands for what is no text: code, a picture, an address
SP = " \u00a0\u202f\u2009\n"
LETTER = r"[^\W\d_]"
BEFORE = rf"[\w.…%€°)\]»”’'\"{ATOM}]"  # what a sign may follow without its space
AFTER = rf"(?=[{SP})\]»”\"]|\Z)"
MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
UNITS = (
    r"€|\$|£|°C?|h|min|s|ms|mm|cm|m|km|m²|m³|km²|ha|g|kg|t|l|L|ml|cl|k?W|[MGT]W|[kMGT]Wh|k?V|A|[kMG]?Hz|"
    r"o|[kMGT]o|[KMGT]io|[kMGT]?B|px|dB|milliers?|millions?|milliards?|euros?|dollars?|tonnes?|kilomètres?|mètres?|"
    r"hectares?|nœuds|milles|heures?|minutes?|secondes?|jours?|semaines?|mois|ans?|années?|mots?|caractères?|pages?|"
    r"places?|personnes?|points?"
)

Edit = tuple[int, str]  # position of one character, what takes its place

# Runs of spaces are possessive and start where no space stands before: a failing run is read once.
_BEFORE_SIGN = re.compile(rf"(?<![{SP}])[{SP}]++(?:(?=[;!?»])|(?=(:)(?:[{SP})\]»”\"]|\Z)))")
_BARE_SIGN = re.compile(rf"[;!?](?<={BEFORE}.)(?=[;!?]*+(?:[{SP})\]»”\"]|\Z))")
_BARE_COLON = re.compile(rf":(?<={BEFORE}.){AFTER}")
_OPENING = re.compile(rf"«([{SP}]*+)(?=[^»])")
_BARE_CLOSING = re.compile(rf"»(?<=[^«{SP}].)")
_FIGURE = re.compile(r"[0-9§]|M[.Mlr]|[DP]r|\bMe")  # without one of these no rule about figures applies
_SPACES_AFTER = (
    (re.compile(rf"[0-9]([{SP}]++)(?=(?:{UNITS})(?!\w))"), WIDE),
    (re.compile(rf"[0-9]([{SP}]++)(?=[%‰])"), NARROW),
    (re.compile(rf"[0-9][{SP}]?h([{SP}]++)(?=[0-5][0-9](?![0-9]))"), WIDE),
    (re.compile(rf"[0-9](?:er)?([{SP}]++)(?=(?:{MONTHS})\b)"), WIDE),
    (re.compile(rf"\b(?:n[°º]|pp?\.|art\.)([{SP}]++)(?=[0-9])"), WIDE),
    (re.compile(rf"\b(?:MM?\.|Mmes?|Mlles?|Dr|Pr|Me)([{SP}]++)(?=[A-ZÀ-Þ])"), WIDE),
    (re.compile(rf"§([{SP}]++)(?=\w)"), WIDE),
)
_TELEPHONE = re.compile(rf"\b0[1-9](?:[{SP}][0-9]{{2}}){{4}}(?![0-9])")
_THOUSANDS = re.compile(r"(?<![\w,.])[1-9][0-9]{0,2}(?:[ \u00a0\u202f][0-9]{3}){1,5}(?![0-9])")
_ELISION = re.compile(rf"'(?<={LETTER}.)(?=[\w«\"“{ATOM}])")
_ELLIPSIS = re.compile(r"(?<![./\\…])\.\.\.(?![./\\…])")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>«»]+(?<![?!.,:;'\"’])")
_ENTITY = re.compile(r"&#?\w{1,10}\Z")
_MARKS = re.compile('[«»"]')
_POSITION = itemgetter(0)
_OPENS = frozenset(SP + "([{«“‘—–-/’'" + ATOM)
_NOT_QUOTED = frozenset(SP + '"«»')  # a quotation that starts so is none, or is quoted already
_CLOSES = frozenset(SP + ")]}»”’'—–-/.,;:!?…" + ATOM)
_VERBATIM = re.compile(r"<(/?)(?:code|kbd|pre|samp|tt|var)\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def typeset(text: str, language: str, *, quotes: bool = True) -> str:
    """Set a plain text (a title, a message) that is in French or English; `quotes=False` leaves straight " alone."""
    return _changed(text, 0, _edits(text, language, quotes=quotes))


def typography_plugin(mdit: MarkdownIt) -> None:
    """Set the words of a Markdown text; never code, addresses, attributes or raw HTML."""
    mdit.core.ruler.push("typography", _typeset_blocks)


def _typeset_blocks(state: StateCore) -> None:
    for block in state.tokens:
        if block.type == "inline" and block.children:
            _typeset_inline(block.children, state.env.get("language", "fr"))


def _typeset_inline(children: list[Token], language: str) -> None:
    """Read a block as one text, for a sign and its space may stand on the two sides of emphasis."""
    stretches = list(_stretches(children))
    edits = _edits("".join(text for _, text in stretches), language)
    at = 0
    for token, text in stretches if edits else ():
        if token is not None and (new := _changed(text, at, edits)) != text:
            token.type, token.tag, token.content = "text", "", new  # a break before a sign is a space from now on
        at += len(text)


def _stretches(children: list[Token]) -> Iterator[tuple[Token | None, str]]:
    """Give each stretch of text with the token that may change; None for what only stands in its place."""
    verbatim = 0
    for token in children:
        if token.type == "html_inline":
            if tag := _VERBATIM.match(token.content):
                verbatim += -1 if tag[1] else 1
        elif token.nesting:
            verbatim += token.nesting if token.info == "auto" else 0  # the text of this link is its address
        elif verbatim > 0 or token.type not in {"text", "softbreak"}:
            yield None, ATOM
        else:
            yield token, token.content if token.type == "text" else "\n"


def _changed(text: str, start: int, edits: list[Edit]) -> str:
    """Apply those of the sorted edits that lie in a text that begins at `start`."""
    parts, done = [], 0
    first = bisect_left(edits, start, key=_POSITION)
    for at, new in edits[first : bisect_left(edits, start + len(text), lo=first, key=_POSITION)]:
        parts += (text[done : at - start], new)
        done = at - start + 1
    return "".join(parts) + text[done:] if parts else text


def _edits(text: str, language: str, *, quotes: bool = True) -> list[Edit]:
    """List what to change, in order; where two rules meet, the later one wins."""
    edits: dict[int, str] = {}
    if "..." in text:
        for match in _ELLIPSIS.finditer(text):
            edits |= {match.start(): "…", match.start() + 1: "", match.start() + 2: ""}
    if "'" in text:
        edits.update(_elisions(text) if language == "fr" else _english_apostrophes(text))
    if quotes and '"' in text:
        edits.update(_quotation_marks(text, language))
    if language == "fr":
        edits.update(_french_spaces(text))
    if "://" in text or "www." in text:
        for match in _ADDRESS.finditer(text):
            for at in range(*match.span()):
                edits.pop(at, None)
    return sorted(edits.items())


def _elisions(text: str) -> Iterator[Edit]:
    return ((match.start(), "’") for match in _ELISION.finditer(text))


def _english_apostrophes(text: str) -> Iterator[Edit]:
    """Turn elisions, genitives and pairs of single marks; a foot or a minute after a figure stays."""
    opened: list[int] = []
    for match in re.finditer("'", text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if before.isalnum() and after.isalnum():
            if not (before.isdigit() and after.isdigit()):
                yield match.start(), "’"
        elif after.isalnum() and (not before or before in _OPENS):
            opened.append(match.start())
        elif before and not before.isspace() and (before.isalpha() or opened):
            yield from ((at, "‘") for at in opened)
            yield match.start(), "’"
            opened.clear()
    yield from ((at, "’") for at in opened)  # ’tis, the ’90s


def _quotation_marks(text: str, language: str) -> Iterator[Edit]:
    """Turn straight quotation marks if all of a block pair up: an inch, a piece of code leave all as they are."""
    pairs, depth, opened = [], 0, None
    for match in _MARKS.finditer(text):
        at, sign = match.start(), match[0]
        if sign != '"':
            depth += 1 if sign == "«" else -1
        elif opened is None:
            if not _may_open(text, at):
                return
            opened = at
        elif not _may_close(text, at):
            return
        else:
            pairs.append((opened, at, depth))
            opened = None
    if opened is None:
        for start, end, depth in pairs:
            is_inner = depth > 0 or language != "fr"
            yield start, "“" if is_inner else f"«{NARROW}"
            yield end, "”" if is_inner else f"{NARROW}»"


def _may_open(text: str, at: int) -> bool:
    after = text[at + 1 : at + 2]
    return (at == 0 or text[at - 1] in _OPENS) and bool(after) and after not in _NOT_QUOTED


def _may_close(text: str, at: int) -> bool:
    after = text[at + 1 : at + 2]
    return text[at - 1] not in SP and (not after or after in _CLOSES)


def _french_spaces(text: str) -> Iterator[Edit]:
    for match in _BEFORE_SIGN.finditer(text):
        yield from _run(match.start(), match.end(), WIDE if match[1] else NARROW)
    for match in _BARE_SIGN.finditer(text):
        if match[0] != ";" or not _ENTITY.search(text, max(0, match.start() - 12), match.start()):
            yield match.start(), NARROW + match[0]
    for match in _BARE_COLON.finditer(text):
        yield match.start(), f"{WIDE}:"
    if "«" in text or "»" in text:
        yield from _inside_guillemets(text)
    if _FIGURE.search(text):
        yield from _with_figures(text)


def _inside_guillemets(text: str) -> Iterator[Edit]:
    for match in _OPENING.finditer(text):
        yield from _run(*match.span(1), NARROW) if match[1] else [(match.start(), f"«{NARROW}")]
    for match in _BARE_CLOSING.finditer(text):
        yield match.start(), f"{NARROW}»"


def _with_figures(text: str) -> Iterator[Edit]:
    """Keep a number together, and a number with its unit, month or abbreviation."""
    for pattern, space in _SPACES_AFTER:
        for match in pattern.finditer(text):
            yield from _run(*match.span(1), space)
    for pattern, space in ((_TELEPHONE, WIDE), (_THOUSANDS, NARROW)):
        for match in pattern.finditer(text):
            yield from ((at, space) for at in range(*match.span()) if text[at] in SP)


def _run(start: int, end: int, space: str) -> Iterator[Edit]:
    """Make one space of a run of them."""
    yield start, space
    yield from ((at, "") for at in range(start + 1, end))
