"""The Flask of this academy."""

from collections.abc import Callable
from typing import Any

from flask import Flask


class Application(Flask):
    """No view or hook of ours is a coroutine: Flask need not look at each function of each request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func
