"""What a rate limit counts: senders by their address, people by their e-mail address."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask_limiter.util import get_remote_address

from academy.domain.accounts import clean_email
from academy.extensions import limiter
from academy.web import identity


def by_email() -> str:
    """Count the posts about one e-mail address, however it is spelt; without one, those of the sender."""
    email = clean_email(request.form.get("email", ""))
    return f"email:{hashlib.sha256(email.encode()).hexdigest()}" if email else get_remote_address()


View = TypeVar("View", bound=Callable[..., Any])


def takes_files(most: int) -> Callable[[View], View]:
    """Let a view read forms of up to *most* bytes; all others read the little that typed words need."""

    def mark(view: View) -> View:
        view.most_bytes = most  # pyright: ignore[reportFunctionMemberAccess]
        return view

    return mark


def init_app(app: Flask) -> None:
    app.before_request(_widen)  # before anything reads the form
    # Every limit of ours is written on what it limits, which checks it by itself. The hooks around each
    # request are for limits of whole blueprints, headers and deductions by answer: there are none.
    for hooks in (app.before_request_funcs[None], app.after_request_funcs[None], app.teardown_request_funcs[None]):
        for hook in [hook for hook in hooks if _is_of_limiter(hook)]:
            hooks.remove(hook)  # pyright: ignore[reportArgumentType]


def _is_of_limiter(hook: Callable[..., Any]) -> bool:
    """Whether the hook is a method of the limiter, or one that was given it as `self`."""
    return limiter in (getattr(hook, "__self__", None), *getattr(hook, "args", ()))


def _widen() -> None:
    most = getattr(current_app.view_functions.get(request.endpoint or ""), "most_bytes", None)
    if most is not None and identity.token() is not None:
        request.max_content_length = most
