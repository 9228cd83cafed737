"""Set one text in a process of its own: the other end of `pdf.write`, run as a script that imports nothing of the academy."""

import json
import os
import resource
import sys
from contextlib import suppress
from types import ModuleType
from typing import Any

CPU_SECONDS = 20  # for one text, of all threads; a usual one takes a tenth of a second
MEMORY_BYTES = 2 * 1024 * 1024 * 1024  # of address space, most of which is never touched


def main() -> None:
    """Read what to set from the standard input, write the PDF to the standard output."""
    os.environ["RAYON_NUM_THREADS"] = "1"
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    with suppress(ValueError, OSError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    asked = json.load(sys.stdin.buffer)
    import typst  # only now: its own start counts too

    try:
        pdf = _set(typst, asked, standards=["ua-1"])
    except typst.TypstError:  # a sign that no font of ours has: the PDF is tagged all the same
        pdf = _set(typst, asked, standards=[])
    sys.stdout.buffer.write(pdf)


def _set(typst: ModuleType, asked: dict[str, Any], *, standards: list[str]) -> bytes:
    return typst.compile(
        asked["template"].encode(),
        font_paths=asked["fonts"],
        ignore_system_fonts=True,
        sys_inputs={"data": asked["data"]},
        timestamp=asked["timestamp"],
        pdf_standards=standards,
    )


if __name__ == "__main__":
    main()
