"""Read a PowerPoint file slide by slide, speaker's notes included."""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from pptx import Presentation

from academy.files import cutting
from academy.files.cutting import Part

MAX_DEPTH = 20  # of groups inside groups


def read(file: BinaryIO) -> tuple[str, Iterator[Part]]:
    """The title in its properties, and a part for each slide."""
    presentation = Presentation(file)
    return cutting.title(presentation.core_properties.title or ""), _slides(presentation)


def _slides(presentation: Any) -> Iterator[Part]:
    for number, slide in enumerate(presentation.slides, 1):
        heading = slide.shapes.title
        title = cutting.title(heading.text_frame.text) if heading is not None else ""
        lines = [line for shape in slide.shapes if not _is(shape, heading) for line in _lines([shape])]
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            lines.append(slide.notes_slide.notes_text_frame.text)
        text = "\n".join(lines)
        yield Part(f"slide-{number}", (title,) if title else (), text if text.strip() else title)


def _is(shape: Any, heading: Any) -> bool:
    return heading is not None and shape.shape_id == heading.shape_id


def _lines(shapes: Iterable[Any], depth: int = 0) -> Iterator[str]:
    for shape in shapes:
        if hasattr(shape, "shapes") and depth < MAX_DEPTH:
            yield from _lines(shape.shapes, depth + 1)
        elif getattr(shape, "has_table", False):
            for row in shape.table.rows:
                yield " | ".join(cell.text_frame.text for cell in row.cells)
        elif shape.has_text_frame:
            yield shape.text_frame.text
