"""A ZIP that is sent while it is made: one part of one file in memory at a time."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime

CONTENT_TYPE = "application/zip"
_PRESSED = (".pdf", ".pptx", ".docx", ".xlsx", ".odt", ".odp", ".ods", ".png", ".jpg", ".webp")  # packed again: no gain
_OLDEST = 1980  # the first year that the format knows


class _Pipe:
    """What a ZipFile writes to when nothing can be sought: the bytes wait here to be taken."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits but for `taken`."""

    def taken(self) -> bytes:
        taken, self._waiting = b"".join(self._waiting), []
        return taken


def stream(entries: Iterable[tuple[str, datetime, Iterable[bytes]]]) -> Iterator[bytes]:
    """The bytes of a ZIP with these files (path, UTC instant, parts); the same entries give the same bytes."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:  # pyright: ignore[reportArgumentType, reportCallIssue]
        for path, at, parts in entries:
            when = (max(at.year, _OLDEST), at.month, at.day, at.hour, at.minute, at.second)
            about = zipfile.ZipInfo(path, when)
            about.create_system, about.external_attr = 3, 0o100644 << 16
            about.compress_type = zipfile.ZIP_STORED if path.endswith(_PRESSED) else zipfile.ZIP_DEFLATED
            with archive.open(about, "w") as file:
                for part in parts:
                    file.write(part)
                    if waiting := pipe.taken():
                        yield waiting
    yield pipe.taken()
