"""Texts of a segment that come up again and again: read once, kept within a budget."""

from typing import Any

KEPT = 1 << 20  # bytes


def read(column: Any, row: int) -> bytes:
    """Read what a column of a segment holds of a row, in one step and without a lock."""
    return column._dbfile.file.at(column._basepos + column._offsets[row], column._lengths[row])


class Texts(dict[int, bytes]):
    """What a column holds of each row; a text that is missing here is read from the file."""

    def __init__(self, column: Any):
        super().__init__()
        self._column, self._size = column, 0

    def __missing__(self, row: int) -> bytes:
        text = read(self._column, row)
        if self._size > KEPT:
            self.forget()
        self[row] = text
        self._size += len(text)
        return text

    def forget(self) -> None:
        """Drop what was read."""
        self.clear()
        self._size = 0
