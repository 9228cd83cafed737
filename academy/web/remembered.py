"""Keep in memory what is the same for all who may read the same, until the content version changes.

The key of everything kept is the content version, the language, the side of the site and the
audiences of who asks: what depends on one person carries the id of that person in its key too.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, current_app, has_request_context, request
from sqlalchemy.exc import SQLAlchemyError

from academy.policies import audiences_of
from academy.web.identity import asker
from academy.web.locale import language, this_request

MOST = 250  # values of one kind; the one unused for longest goes first
ASKED_WITHOUT_DATABASE = ("/healthz", "/readyz", "/assets/", "/art/")
P = ParamSpec("P")
T = TypeVar("T")


class Memory:
    """Values of one content version, in rooms: a flood of one kind never pushes out another."""

    def __init__(self) -> None:
        self._version = ""
        self._rooms: dict[str, OrderedDict[Hashable, Any]] = {}
        self._lock = threading.Lock()

    def find(self, version: str, room: str, key: Hashable) -> Any:
        """The value kept under the key, or None."""
        with self._lock:
            kept = self._rooms.get(room) if version == self._version else None
            if kept is None or key not in kept:
                return None
            kept.move_to_end(key)
            return kept[key]

    def keep(self, version: str, room: str, key: Hashable, value: object, *, most: int = MOST) -> None:
        with self._lock:
            if version != self._version:
                self._version, self._rooms = version, {}
            kept = self._rooms.setdefault(room, OrderedDict())
            kept[key] = value
            while len(kept) > most:
                kept.popitem(last=False)

    def forget(self) -> None:
        """Start with nothing, as after a change."""
        with self._lock:
            self._rooms = {}

    def __len__(self) -> int:
        return sum(len(kept) for kept in self._rooms.values())


def remember(
    room: str,
    *key: Hashable,
    make: Callable[[], T],
    lasting: Callable[[T], bool] = lambda _: True,
    most: int = MOST,
) -> T:
    """The value kept under the key, else what *make* gives; None and what is not *lasting* are made each time."""
    asked = this_request() if has_request_context() else None
    if asked is None or asked.method not in {"GET", "HEAD"}:  # who writes may see what is not committed
        return make()
    version = asked.environ.get("academy.content_version")
    if version is None:
        return make()
    whole = (language(), asked.script_root, audiences_of(asker()), *key)
    memory: Memory = current_app.extensions["memory"]
    found: T | None = memory.find(version, room, whole)
    if found is not None:
        return found
    made = make()
    if made is not None and lasting(made):
        memory.keep(version, room, whole, made, most=most)
    return made


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """Remember what a function of hashable arguments returns: plain values, never rows of the ORM."""
    room = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def kept(*args: P.args, **kwargs: P.kwargs) -> T:
        key = (args, tuple(sorted(kwargs.items())))
        return remember(room, cast("Hashable", key), make=lambda: function(*args, **kwargs))

    return kept


def init_app(app: Flask) -> None:
    """Read the version before anything else: data read earlier could be older than their version."""
    app.extensions["memory"] = Memory()
    app.before_request_funcs.setdefault(None, []).insert(0, _read_version)


def _read_version() -> None:
    environ = request.environ
    if "academy.content_version" in environ or request.path.startswith(ASKED_WITHOUT_DATABASE):
        return
    with suppress(SQLAlchemyError):  # nothing is remembered then; the query that fails next says what is wrong
        environ["academy.content_version"] = current_app.extensions["content_version"]()
