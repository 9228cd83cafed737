"""Turn a file into passages, inside the child process: caps first, then the reader of its kind."""

import importlib
import time
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from academy.files.cutting import Part, cut

MAX_UNPACKED = 200 * 1024 * 1024  # bytes that the parts of a zip may declare together
MAX_PASSAGES = 1_500  # of one file: what comes after is not read
MAX_CHARACTERS = 600_000
MAX_OUTPUT = 8 * 1024 * 1024  # bytes of the answer
MAX_SECONDS = 15.0  # of CPU: what was read until then is kept
MAX_TITLE = 300  # characters
OUT_OF_MEMORY = 77  # exit code
READERS = {"pdf": "pdf", "pptx": "slides", "docx": "pages", "vtt": "captions"}  # suffix -> module of readers/


class Unreadable(Exception):
    """A file that has no words for us; `fault` is one of `words.FAULTS`."""

    def __init__(self, fault: str):
        super().__init__(fault)
        self.fault = fault


def read(suffix: str, file: BinaryIO) -> dict[str, Any]:
    """Give the title, the passages and the fault of a file as `words.FileWords` takes them."""
    reader = importlib.import_module(f"academy.files.readers.{READERS[suffix]}")
    passages: list[dict[str, Any]] = []
    title, fault = "", ""
    try:
        if suffix in ("pptx", "docx"):
            _refuse_bomb(file)
        title, parts = reader.read(file)
        fault = _collect(parts, passages)
    except Unreadable as unreadable:
        fault = unreadable.fault
    except (MemoryError, RecursionError):
        raise
    except Exception:  # libraries fail on bad files in every possible way
        fault = "broken"
    if not passages:
        fault = fault or "no_words"
    return {"title": title[:MAX_TITLE], "passages": passages, "fault": fault}


def _collect(parts: Iterator[Part], passages: list[dict[str, Any]]) -> str:
    """Add the passages of the parts; say why when a cap was reached before the end."""
    characters = 0
    for part in parts:
        if time.process_time() > MAX_SECONDS:
            return "too_slow"
        for text in cut(part.text):
            characters += len(text)
            if len(passages) >= MAX_PASSAGES or characters > MAX_CHARACTERS:
                return "too_long"
            passages.append({"anchor": part.anchor, "path": list(part.path), "text": text})
    return ""


def _refuse_bomb(file: BinaryIO) -> None:
    """Refuse a zip that unpacks to too much; its reader never takes more of a part than the part declares."""
    try:
        with zipfile.ZipFile(file) as parts:
            infos = parts.infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise Unreadable("broken") from error
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise Unreadable("too_big")
    if any(info.flag_bits & 1 for info in infos):
        raise Unreadable("encrypted")
    file.seek(0)
