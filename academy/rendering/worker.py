"""Render in a killable process: whatever a text costs, the server goes on.

One child (see `child`) per server process, started at the first text and kept: a call then costs some tenths
of a millisecond on top of the rendering. Threads take turns; a forked process starts a child of its own.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path

from academy.rendering.child import CPU_SECONDS, LENGTH, MEMORY_BYTES, OUT_OF_MEMORY
from academy.rendering.limits import check_source
from academy.rendering.results import NOTHING, Lent, Rendered, RenderingRefused, from_plain

__all__ = ["CPU_SECONDS", "MEMORY_BYTES", "WALL_SECONDS", "render_safely", "stop"]

WALL_SECONDS = 10.0  # for one text: a busy machine may take its time over two seconds of CPU
TURN_SECONDS = 20.0  # for the texts of other threads
COMMAND = [sys.executable, "-P", str(Path(__file__).with_name("child.py"))]

_turn = threading.Lock()
_child: subprocess.Popen[bytes] | None = None


class _Gone(Exception):
    """The child ended before its answer; `args` holds its return code, or None after the wall limit."""


def render_safely(source: str, *, first_line: int = 1, lent: Lent = NOTHING, **settings: str) -> Rendered:
    """Do what `markdown.render` does, with the same *settings*, within 2 s of CPU, 512 MiB of memory and 10 s in all.

    Raise `RenderingRefused`, also with the codes too_slow, too_big, busy (other texts held the renderer up) and
    failed (an unforeseen error, whose traceback is on the standard error).
    """
    check_source(source, first_line)
    request = {"source": source, "first_line": first_line, "lent": asdict(lent), **settings}
    answer = json.loads(_ask(json.dumps(request).encode()))
    if "refused" in answer:
        raise RenderingRefused(*answer["refused"])
    return from_plain(answer)


def stop() -> None:
    """End the child, if there is one; the next text starts another."""
    with _turn:
        _discard()


def _ask(request: bytes) -> bytes:
    """Send a request. A child that was killed for no fault of the text is replaced, once."""
    if not _turn.acquire(timeout=TURN_SECONDS):
        raise RenderingRefused("busy")
    try:
        try:
            return _exchange(request)
        except _Gone as gone:
            _refuse_if_spent(gone)
        try:
            return _exchange(request)
        except _Gone as gone:
            _refuse_if_spent(gone)
            raise RenderingRefused("too_big") from gone
    finally:
        _turn.release()


def _refuse_if_spent(gone: _Gone) -> None:
    """Raise if it was the text that ended the child."""
    (code,) = gone.args
    if code is None or code == -signal.SIGPROF:
        raise RenderingRefused("too_slow", limit=int(CPU_SECONDS)) from gone
    if code in (OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGSEGV):
        raise RenderingRefused("too_big", limit=MEMORY_BYTES) from gone


def _exchange(request: bytes) -> bytes:
    """Write one request and read its answer; end the child at the wall limit."""
    child = _started()
    late = threading.Event()

    def kill() -> None:
        late.set()
        child.kill()

    alarm = threading.Timer(WALL_SECONDS, kill)
    alarm.start()
    try:
        _write(child, LENGTH.pack(len(request)) + request)
        return _read(child, *LENGTH.unpack(_read(child, LENGTH.size)))
    except (OSError, EOFError) as error:
        code = child.wait()
        _discard()
        raise _Gone(None if late.is_set() else code) from error
    finally:
        alarm.cancel()


def _write(child: subprocess.Popen[bytes], data: bytes) -> None:
    assert child.stdin is not None
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(child.stdin.fileno(), rest) :]


def _read(child: subprocess.Popen[bytes], size: int) -> bytes:
    assert child.stdout is not None
    data = bytearray()
    while len(data) < size:
        if not (part := os.read(child.stdout.fileno(), size - len(data))):
            raise EOFError
        data += part
    return bytes(data)


def _started() -> subprocess.Popen[bytes]:
    """Give the living child, or a new one."""
    global _child  # noqa: PLW0603 (one per process)
    if _child is None:
        # Unbuffered: a process forked in the middle of a request must have nothing left to write.
        _child = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)  # noqa: S603
    return _child


def _discard() -> None:
    """End the child and forget it."""
    global _child
    child, _child = _child, None
    if child is not None:
        child.kill()
        _close(child)
        child.wait()


def _close(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        assert pipe is not None
        pipe.close()


def _forget_in_fork() -> None:
    """Let the parent keep its child: a forked process drops its copies of the pipes and starts afresh."""
    global _child, _turn
    child, _child, _turn = _child, None, threading.Lock()
    if child is not None:
        child.returncode = 0  # not ours to wait for
        _close(child)


os.register_at_fork(after_in_child=_forget_in_fork)
atexit.register(stop)
