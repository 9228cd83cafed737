"""Pages made in this process, page cache off: CPU as multiples of a Flask hello measured in the same run."""

import time
from collections.abc import Callable, Sequence
from itertools import count
from statistics import median
from typing import Protocol

from flask import Flask
from werkzeug.test import EnvironBuilder

from tests.bench.serve import hello
from tests.bench.tables import table

COUNT, ROUNDS = 60, 7


class Page(Protocol):
    """What is measured: a name and its address."""

    name: str
    path: str


def report(app: Flask, pages: Sequence[Page], cookie: str) -> None:
    """Print the CPU of each page for a visitor and for somebody signed in; *app* has no page cache."""
    rows = []
    for page in pages:
        visitor, member = asking(app, page.path), asking(app, page.path, _with_session(app, page.path, cookie))
        base, made, mine, first = cpu_ms([asking(hello(), "/"), visitor, member, _forgetting(app, visitor)])
        ratios = [f"{cost / base:.1f}" for cost in (made, mine, first)]
        rows.append([page.name, f"{base:.3f}", f"{made:.2f}", *ratios])
    heads = ["page", "hello CPU ms", "page CPU ms", "visitor (≤ 7)", "signed in (≤ 12)", "first after a change"]
    table("Pages in process without the page cache, CPU as multiples of Flask hello", heads, rows)


def _with_session(app: Flask, path: str, cookie: str) -> str:
    """The cookie and those that the first answer sets, as a browser sends them afterwards."""
    answer = app.test_client(use_cookies=False).get(path, base_url="http://127.0.0.1", headers={"Cookie": cookie})
    return "; ".join([cookie, *(line.split(";")[0] for line in answer.headers.getlist("Set-Cookie"))])


_senders = count()


def asking(app: Flask, path: str, cookie: str = "", *, query: str = "") -> Callable[[], None]:
    """One request at the WSGI door, as cheap to send as it can be."""
    headers = {"Cookie": cookie} if cookie else {}
    builder = EnvironBuilder(path=path, base_url="http://127.0.0.1", headers=headers, query_string=query or None)
    environ = builder.get_environ()

    def ask() -> None:
        started, sender = [], next(_senders) % 60000  # from many addresses: the rate limits stay on
        asked = environ | {"REMOTE_ADDR": f"127.1.{sender // 250}.{sender % 250 + 1}"}
        chunks = app.wsgi_app(asked, lambda status, headers, exc_info=None: started.append(status))
        body = b"".join(chunks)
        if hasattr(chunks, "close"):
            chunks.close()  # pyright: ignore[reportAttributeAccessIssue]
        assert started == ["200 OK"], (path, started, body[:200])

    return ask


def _forgetting(app: Flask, ask: Callable[[], None]) -> Callable[[], None]:
    """The same with all that is kept for a content version forgotten: what the first visitor after a change costs."""

    def ask_anew() -> None:
        app.extensions["memory"].forget()
        ask()

    return ask_anew


def cpu_ms(works: list[Callable[[], None]], *, rounds: int = ROUNDS, count: int = COUNT) -> list[float]:
    """The median CPU of each, warm and measured turn by turn: what slows the machine slows all."""
    for work in works:
        for _ in range(5):
            work()
    spent: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, costs in zip(works, spent, strict=True):
            work()  # what the turn of another made forget is kept again
            began = time.process_time()
            for _ in range(count):
                work()
            costs.append((time.process_time() - began) * 1000 / count)
    return [median(costs) for costs in spent]
