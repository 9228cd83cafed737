"""Read a PDF page by page."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError

from academy.files import cutting
from academy.files.cutting import Part
from academy.files.reading import Unreadable

MAX_PAGES = 2_000
_HYPHENATED = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010] ?\n(?=[a-z\u00df-\u00f6\u00f8-\u00ff\u0153])")
_PARAGRAPH = re.compile(r"\n\s*\n")
_FULL_STOPS = tuple(".!?…:")
_LAST, _HEADING = 0.9, 0.6  # of the widest line: a last line, a heading or the item of a list is shorter


def read(file: BinaryIO) -> tuple[str, Iterator[Part]]:
    """The title in its properties, and a part for each page; the anchor is the one that PDF viewers know."""
    reader = PdfReader(file)
    try:
        # Many files are encrypted with an empty password, only to forbid printing.
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("encrypted")
        title = reader.metadata.title if reader.metadata else ""
    except (DependencyError, FileNotDecryptedError, WrongPasswordError) as error:
        raise Unreadable("encrypted") from error
    return cutting.title(str(title or "")), _pages(reader)


def _pages(reader: PdfReader) -> Iterator[Part]:
    is_marked = False
    for number, page in enumerate(reader.pages, 1):
        if number > MAX_PAGES:
            raise Unreadable("too_long")
        text = page.extract_text()
        is_marked = is_marked or " \n" in text
        yield Part(f"page={number}", (), _paragraphs(text, number, is_marked=is_marked))


def _paragraphs(text: str, number: int, *, is_marked: bool) -> str:
    """Lines are those of the layout: a paragraph is made one line, words cut at a line's end are joined.

    The number of the page, alone on its last line, is left out. *is_marked*: a line that goes on ends with a space, as
    some programs write it.
    """
    joined = _HYPHENATED.sub("", text)
    found = [said for block in _PARAGRAPH.split(joined) for said in _joined(block.split("\n"), is_marked=is_marked)]
    return "\n".join(found[:-1] if found and found[-1] == str(number) else found)


def _joined(lines: list[str], *, is_marked: bool) -> Iterator[str]:
    """The lines that belong together: most files have no empty line between a heading, a paragraph and the next."""
    widest = max(map(len, lines))
    kept: list[str] = []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        kept += line.split()
        if not after.strip() or _ends(line, after, widest, is_marked=is_marked):
            yield " ".join(kept)
            kept = []


def _ends(line: str, after: str, widest: int, *, is_marked: bool) -> bool:
    """Whether a line ends a paragraph: it is marked so, or shorter than others."""
    if after.lstrip()[:1].islower():
        return False
    if is_marked:
        return not line.endswith(" ")
    return len(line) < widest * (_LAST if line.rstrip().endswith(_FULL_STOPS) else _HEADING)
