"""What a rate limit counts: senders by their address, people by their e-mail address."""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Flask, request
from flask_limiter.util import get_remote_address

from academy.domain.accounts import clean_email
from academy.extensions import limiter


def by_email() -> str:
    """Count the posts about one e-mail address, however it is spelt; without one, those of the sender."""
    email = clean_email(request.form.get("email", ""))
    return f"email:{hashlib.sha256(email.encode()).hexdigest()}" if email else get_remote_address()


def init_app(app: Flask) -> None:
    # Every limit of ours is written on what it limits, which checks it by itself. The hooks around each
    # request are for limits of whole blueprints, headers and deductions by answer: there are none.
    for hooks in (app.before_request_funcs[None], app.after_request_funcs[None], app.teardown_request_funcs[None]):
        for hook in [hook for hook in hooks if _is_of_limiter(hook)]:
            hooks.remove(hook)  # pyright: ignore[reportArgumentType]


def _is_of_limiter(hook: Callable[..., Any]) -> bool:
    """Whether the hook is a method of the limiter, or one that was given it as `self`."""
    return limiter in (getattr(hook, "__self__", None), *getattr(hook, "args", ()))
