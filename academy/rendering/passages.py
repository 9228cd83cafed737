"""Read the outline, the plain text and the passages off the tokens of a page."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape

import nh3
from markdown_it.token import Token

from academy.rendering.results import Heading, Passage

MAX_WORDS = 150  # of a passage
MIN_WORDS = 60  # of a passage, unless its section is shorter
PIECE = MAX_WORDS - MIN_WORDS  # a paragraph is cut into pieces of this length: then every full passage has MIN_WORDS
INVISIBLE = re.compile("[\u00ad\u200b\ufeff]")
SENTENCE = re.compile(r"(?<=[.!?…])[ \n]+(?=[A-ZÀ-Þ«\"“(])")
SPACES = re.compile(r"[ \t]+")
BREAKS = frozenset(("softbreak", "hardbreak", "figcaption_open"))
WRITTEN = frozenset(("text", "code_inline", "math_inline"))
# A block of text; with its token if it opens a section: a heading of the page, or the footnotes.
Block = tuple[Token | None, str]
DRAWN = frozenset(("math_block", "chart", "transcript"))
CODE = frozenset(("fence", "code_block"))


@dataclass
class Section:
    """A heading with the blocks under it, up to the next heading."""

    anchor: str
    path: tuple[str, ...]
    blocks: list[str] = field(default_factory=list)


def clean(text: str) -> str:
    """Normalise to NFC without soft hyphens, zero-width spaces and byte order marks."""
    return text if text.isascii() else unicodedata.normalize("NFC", INVISIBLE.sub("", text))


def words_of(children: Iterable[Token] | None) -> str:
    """Give the readable text of inline tokens; an image counts by its alternative text."""
    parts = []
    for token in children or ():
        if token.type in WRITTEN:
            parts.append(token.content)
        elif token.type in BREAKS:
            parts.append(" ")
        elif token.type == "image":
            parts.append(words_of(token.children))
    return SPACES.sub(" ", clean("".join(parts))).strip()


def outline_of(tokens: list[Token]) -> tuple[Heading, ...]:
    """List the headings of the page itself: not those in a quotation, a list or a callout."""
    return tuple(
        Heading(int(token.tag[1]), token.meta["anchor"], token.meta["title"])
        for token in tokens
        if token.type == "heading_open" and token.level == 0 and token.meta["title"]
    )


def blocks_of(tokens: list[Token]) -> list[Block]:
    """List the blocks of text in order; code keeps its lines, a row of a table is one line."""
    return list(_blocks(tokens))


def plain_text_of(blocks: list[Block]) -> str:
    """Give the text of the page, each block on a line of its own."""
    return "\n".join(text for _, text in blocks if text)


def passages_of(blocks: list[Block]) -> tuple[Passage, ...]:
    """Cut at headings, then at paragraphs, into units of 60 to 150 words (a short section is a unit)."""
    return tuple(
        Passage(section.anchor, section.path, unit) for section in _sections(blocks) for unit in _units(section.blocks)
    )


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    heading, cells, in_row = None, [], False
    for token in tokens:
        if token.type == "heading_open":
            heading = token
        elif token.type == "tr_open":
            cells, in_row = [], True
        elif token.type == "tr_close":
            in_row = False
            if line := " | ".join(cell for cell in cells if cell):
                yield None, line
        elif text := _text_of(token):
            if in_row:
                cells.append(text)
            else:
                yield (heading if heading and heading.level == 0 else None), text
            heading = None
        elif token.type == "footnote_block_open":
            yield token, ""


def _text_of(token: Token) -> str:
    if token.type == "inline":
        return words_of(token.children)
    if token.type in DRAWN:
        return clean(token.content)
    if token.type in CODE:
        return clean(token.content.strip("\n"))
    if token.type == "html_block":
        return " ".join(clean(unescape(nh3.clean(token.content, tags=set()))).split())
    return ""


def _sections(blocks: list[Block]) -> Iterator[Section]:
    section, path = Section("", ()), {}
    for token, text in blocks:
        if token is None:
            section.blocks.append(text)
            continue
        yield section
        if token.type == "footnote_block_open":
            section = Section("", ())
            continue
        level = int(token.tag[1])
        path = {depth: title for depth, title in path.items() if depth < level} | {level: text}
        section = Section(token.meta["anchor"], tuple(path.values()))
    yield section


def _units(blocks: list[str]) -> list[str]:
    """Fill units of at most MAX_WORDS with the pieces of the blocks, in order."""
    units: list[list[tuple[str, str]]] = []
    count = 0
    for block in blocks:
        mark = "\n"  # a new block starts a line, a piece of the same block goes on in it
        for piece in _pieces(block):
            size = _size(piece)
            if count + size > MAX_WORDS or not units:  # a sign that is no word counts for none
                units.append([])
                count = 0
            units[-1].append((mark, piece))
            count, mark = count + size, " "
    _balance(units)
    return ["".join(mark + piece for mark, piece in unit)[1:] for unit in units]


def _balance(units: list[list[tuple[str, str]]]) -> None:
    """Give a last unit that is too short what the one before can spare."""
    if len(units) < 2:
        return
    last, before = _count(units[-1]), _count(units[-2])
    while last < MIN_WORDS:
        size = _size(units[-2][-1][1])
        if before - size < MIN_WORDS or last + size > MAX_WORDS:
            return
        units[-1].insert(0, units[-2].pop())
        last, before = last + size, before - size


def _count(unit: list[tuple[str, str]]) -> int:
    return sum(_size(piece) for _, piece in unit)


def _size(text: str) -> int:
    """Count the words of a text; what a no-break space holds together is one, for it is not cut there."""
    return len(text.replace("\u00a0", "").replace("\u202f", "").split())


def _pieces(block: str) -> Iterator[str]:
    """Cut a long block between sentences, and a long sentence between words."""
    if _size(block) <= PIECE:
        yield block
        return
    pending: list[str] = []
    for sentence in SENTENCE.split(block):
        words = sentence.split(" ")
        if pending and len(pending) + len(words) > PIECE:
            yield " ".join(pending)
            pending = []
        pending += words
        while len(pending) > PIECE:
            yield " ".join(pending[:PIECE])
            pending = pending[PIECE:]
    if pending:
        yield " ".join(pending)
