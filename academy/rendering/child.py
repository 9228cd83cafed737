"""Render in a process of its own: the other end of `worker`, run as a script.

It imports `academy.rendering` and nothing else of the academy: the package is registered here without running
`academy/__init__.py`, which would bring Flask and the database along (time, memory, and more to attack).
"""

import json
import os
import resource
import select
import signal
import struct
import sys
import traceback
import types
from collections.abc import Callable
from contextlib import suppress

CPU_SECONDS = 2.0  # for one text, measured by the system
MEMORY_BYTES = 512 * 1024 * 1024  # of address space
IDLE_SECONDS = 600.0  # then the process ends; the next text starts another
TEXTS = 1_000  # then too, so that nothing can pile up
OUT_OF_MEMORY = 77  # exit code
LENGTH = struct.Struct("!I")


def main() -> None:
    """Answer one text after the other, until the parent goes away."""
    sys.modules["academy"] = academy = types.ModuleType("academy")
    academy.__path__ = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
    from academy.rendering import markdown, results  # only now is there an academy to import from

    def answer(request: dict) -> dict:
        try:
            lent = results.Lent(**request.pop("lent", {}))
            return results.to_plain(markdown.render(**request, lent=lent))
        except results.RenderingRefused as refusal:
            return {"refused": [refusal.code, refusal.line, refusal.limit]}

    _set_limits()
    _serve(answer)


def _set_limits() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the server
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGPROF})
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _serve(answer: Callable[[dict], dict]) -> None:
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    sys.stdout = sys.stderr  # a stray print must not break the protocol
    for _ in range(TEXTS):
        ready, _, _ = select.select([requests], [], [], IDLE_SECONDS)
        header = requests.read(LENGTH.size) if ready else b""
        if len(header) < LENGTH.size:
            return
        request = json.loads(requests.read(*LENGTH.unpack(header)))
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)  # its signal ends the process, even inside C code
        reply = _guarded(answer, request)
        signal.setitimer(signal.ITIMER_PROF, 0)
        answers.write(LENGTH.pack(len(reply)) + reply)
        answers.flush()


def _guarded(answer: Callable[[dict], dict], request: dict) -> bytes:
    """Give the answer as JSON; end the process when memory ran out, which gives it back."""
    try:
        return json.dumps(answer(request)).encode()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception:  # a bug of ours or of a library: this text is refused, the next one is not
        traceback.print_exc()
        return json.dumps({"refused": ["failed", None, None]}).encode()


if __name__ == "__main__":
    main()
