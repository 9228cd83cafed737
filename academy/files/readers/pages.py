"""Read a Word file section by section: a section is what stands under a heading."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from docx import Document
from docx.text.paragraph import Paragraph

from academy.files import cutting
from academy.files.cutting import Part

_HEADING = re.compile(r"Heading ([1-9])")


def read(file: BinaryIO) -> tuple[str, Iterator[Part]]:
    """The title in its properties, and a part for each section; its path are the headings above it and its own."""
    document = Document(file)
    return cutting.title(document.core_properties.title or ""), _sections(document)


def _sections(document: Any) -> Iterator[Part]:
    number, path, lines = 1, (), []
    for block in document.iter_inner_content():
        level = _level(block) if isinstance(block, Paragraph) else 0
        if not level:
            lines += [block.text] if isinstance(block, Paragraph) else _rows(block)
            continue
        if any(line.strip() for line in lines):
            yield Part(f"section-{number}", path, "\n".join(lines))
            number += 1
        path, lines = (*path[: level - 1], cutting.title(block.text)), []
    text = "\n".join(lines)
    yield Part(f"section-{number}", path, text if text.strip() or not path else path[-1])


def _level(paragraph: Paragraph) -> int:
    """The level of a heading, 0 for other paragraphs; an empty heading is none."""
    found = _HEADING.fullmatch(paragraph.style.name or "") if paragraph.style else None
    return int(found[1]) if found and paragraph.text.strip() else 0


def _rows(table: Any) -> list[str]:
    """A line for each row; a cell that spans several is said once."""
    return [" | ".join(dict.fromkeys(cell.text for cell in row.cells if cell.text)) for row in table.rows]
