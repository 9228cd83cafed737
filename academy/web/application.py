"""The Flask of this academy."""

from collections.abc import Callable, MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment


class Templates(Environment):
    """A template has the globals of all: each import of each page would look them up in a chain one by one."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


class Application(Flask):
    """No view or hook of ours is a coroutine: Flask need not look at each function of each request."""

    jinja_environment = Templates

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func
