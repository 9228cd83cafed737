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
    for number, page in enumerate(reader.pages, 1):
        if number > MAX_PAGES:
            raise Unreadable("too_long")
        yield Part(f"page={number}", (), _paragraphs(page.extract_text()))


def _paragraphs(text: str) -> str:
    """Lines are those of the layout: a paragraph is made one line, words cut at a line's end are joined."""
    joined = _HYPHENATED.sub("", text)
    return "\n".join(" ".join(block.split()) for block in _PARAGRAPH.split(joined))
