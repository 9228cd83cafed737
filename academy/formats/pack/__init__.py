"""An offline pack: pages and files in a ZIP that opens from a disk. The same entries give the same bytes."""

import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

__all__ = ["CONTENT_TYPE", "Entry", "UnmadeError", "search_script", "write"]

CONTENT_TYPE = "application/zip"
MOST_SECONDS = 60.0  # to copy the files: a store that is slow gives up its turn
_PRESSED = (".pdf", ".pptx", ".docx", ".xlsx", ".odt", ".odp", ".ods", ".png", ".jpg", ".webp")  # packed again: no gain
_SCRIPT = (Path(__file__).parent / "search.js").read_text("utf-8")


class UnmadeError(Exception):
    """The pack could not be made: a file is lost, its store is slow, or the machine is busy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file of the pack; `parts` opens its bytes, read one part at a time."""

    name: str
    digest: str  # SHA-256 of the bytes
    parts: Callable[[], Iterable[bytes]]


def search_script() -> str:
    """The search of a pack, to run in the reader's browser."""
    return _SCRIPT


def write(target: BinaryIO, entries: Sequence[Entry], *, folder: str, day: date) -> None:
    """Write the ZIP: sorted names below *folder*, all dated *day*; raise UnmadeError beyond a minute."""
    until = time.monotonic() + MOST_SECONDS
    with zipfile.ZipFile(target, "w") as pack:
        for entry in sorted(entries, key=lambda it: it.name):
            about = zipfile.ZipInfo(f"{folder}/{entry.name}", (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            about.create_system, about.external_attr = 3, 0o644 << 16
            about.compress_type = zipfile.ZIP_STORED if entry.name.endswith(_PRESSED) else zipfile.ZIP_DEFLATED
            with pack.open(about, "w") as file:
                for part in entry.parts():
                    file.write(part)
                    if time.monotonic() > until:
                        raise UnmadeError("too slow")
