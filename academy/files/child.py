"""Read one file in a process of its own: the other end of `words.ask`, run as a script with the suffix of the file.

The file is the standard input, the answer the standard output: the words of a document as JSON, or the widths of a
picture. As for `rendering.child`, nothing of the academy is imported but this package.
"""

import io
import json
import logging
import os
import resource
import sys
import traceback
import types
from contextlib import suppress

CPU_SECONDS = 20
MEMORY_BYTES = 768 * 1024 * 1024  # of address space


def main() -> None:
    """Answer with what the reader of that suffix makes of the file."""
    sys.modules["academy"] = academy = types.ModuleType("academy")
    academy.__path__ = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
    from academy.files import picturing, reading  # only now is there an academy to import from

    suffix = sys.argv[1]
    is_picture = suffix in picturing.FORMATS
    data = sys.stdin.buffer.read()
    answers = os.fdopen(os.dup(1), "wb")
    sys.stdout = sys.stderr  # a stray print must not break the answer
    logging.disable()  # libraries remark on every oddity of a file
    _set_limits(picturing.MAX_ANSWER if is_picture else reading.MAX_OUTPUT)
    try:
        if is_picture:
            answer = picturing.answer(suffix, data)
        else:
            answer = json.dumps(reading.read(suffix, io.BytesIO(data)), ensure_ascii=False).encode()
    except MemoryError:
        os._exit(reading.OUT_OF_MEMORY)
    except Exception:
        traceback.print_exc()
        os._exit(1)
    answers.write(answer)
    answers.flush()


def _set_limits(output: int) -> None:
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: output,
        resource.RLIMIT_AS: MEMORY_BYTES,
    }
    for limit, value in limits.items():
        with suppress(ValueError, OSError):  # macOS has not all of them
            resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    main()
