"""Servers as whole processes: start, ask, read the CPU that they spent."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """What one request costs."""

    cpu_ms: float  # user and system time of the server
    per_second: float
    size: int  # bytes of the body as sent


class Server:
    def __init__(self, name: str, environ: dict[str, str]):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "tests.bench.serve", name, str(self.port)]
        self.process = subprocess.Popen(command, env=os.environ | environ, stdout=subprocess.DEVNULL)
        self._wait()

    def _wait(self) -> None:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the server did not start")

    def cpu(self) -> float:
        """Seconds of CPU so far, of the process and its children."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return sum(map(int, fields[11:15])) / TICK

    def cost(self, path: str, *, count: int, headers: dict[str, str] | None = None) -> Cost:
        """Ask *count* times over one kept connection, after a warm-up."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        sent = {"Accept-Encoding": "gzip"} | (headers or {})
        size = 0
        for index in range(count + 20):
            if index == 20:
                began, spent = time.perf_counter(), self.cpu()
            connection.request("GET", path, headers=sent)
            answer = connection.getresponse()
            size = len(answer.read())
            if answer.status not in {200, 304}:
                raise RuntimeError(f"{path}: {answer.status}")
        took = time.perf_counter() - began
        connection.close()
        return Cost((self.cpu() - spent) * 1000 / count, count / took, size)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


@contextmanager
def running(name: str, environ: dict[str, str] | None = None) -> Iterator[Server]:
    server = Server(name, environ or {})
    try:
        yield server
    finally:
        server.stop()
