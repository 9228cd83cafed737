"""Read one file in a process of its own: the other end of `words`, run as a script with the suffix of the file.

The file is the standard input, the answer the standard output. As for `rendering.child`, nothing of the academy is
imported but this package.
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
    """Answer with title, passages and fault as JSON."""
    sys.modules["academy"] = academy = types.ModuleType("academy")
    academy.__path__ = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
    from academy.files import reading  # only now is there an academy to import from

    data = sys.stdin.buffer.read()
    answers = os.fdopen(os.dup(1), "wb")
    sys.stdout = sys.stderr  # a stray print must not break the answer
    logging.disable()  # libraries remark on every oddity of a file
    _set_limits(reading.MAX_OUTPUT)
    try:
        answer = json.dumps(reading.read(sys.argv[1], io.BytesIO(data)), ensure_ascii=False).encode()
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
