"""Read the words inside a file in a killable process: whatever a file costs, the academy goes on."""

import json
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from academy.files.kinds import FileKind
from academy.files.reading import MAX_OUTPUT, OUT_OF_MEMORY

WALL_SECONDS = 60.0  # for one file: a busy machine may take its time over the child's seconds of CPU
COMMAND = [sys.executable, "-P", str(Path(__file__).with_name("child.py"))]
# Why a file has no words, or not all of them: as they stand in `Attachment.fault`.
FAULTS = ("encrypted", "broken", "no_words", "too_long", "too_slow", "too_big", "failed")
_SPENT = {
    -signal.SIGXCPU: "too_slow",
    -signal.SIGXFSZ: "too_big",
    -signal.SIGABRT: "too_big",
    -signal.SIGSEGV: "too_big",
    -signal.SIGKILL: "too_big",  # the system's own cure for lack of memory
    OUT_OF_MEMORY: "too_big",
}


@dataclass(frozen=True, slots=True)
class FileWords:
    """What a file says: the title that it gives itself, its passages, and why there are no more of them."""

    title: str = ""
    passages: list[dict[str, Any]] = field(default_factory=list)  # anchor, path, text
    fault: str = ""  # one of FAULTS


class Spent(Exception):
    """A file cost too much, or its reader failed; `fault` is one of FAULTS."""

    def __init__(self, fault: str):
        super().__init__(fault)
        self.fault = fault


def words_of(kind: FileKind, data: bytes) -> FileWords:
    """Read a file within 20 s of CPU, 768 MiB of memory and 60 s in all; a fault instead of an exception."""
    if not kind.is_read:
        return FileWords()
    try:
        return FileWords(**json.loads(ask(kind.suffix, data, MAX_OUTPUT)))
    except Spent as spent:
        return FileWords(fault=spent.fault)


def ask(suffix: str, data: bytes, most: int) -> bytes:
    """What the child answers to a file, *most* bytes of it; raise Spent when it did not."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(data)
        given.seek(0)
        child = subprocess.Popen([*COMMAND, suffix], stdin=given, stdout=answer)  # noqa: S603
        try:
            code = child.wait(WALL_SECONDS)
        except subprocess.TimeoutExpired:
            raise Spent("too_slow") from None
        finally:
            child.kill()
            child.wait()
        if code:
            raise Spent(_SPENT.get(code, "failed"))
        answer.seek(0)
        return answer.read(most)
